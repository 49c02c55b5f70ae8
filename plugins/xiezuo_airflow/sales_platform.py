"""The hook behind Airflow's connection type ``sales_platform``: what its test button does.

Runs read platforms through :mod:`xiezuo.fetch.platform`, not through a hook.
"""

from __future__ import annotations

from typing import ClassVar

from airflow.sdk import BaseHook

from xiezuo.fetch.connection_form import CONN_TYPE


class SalesPlatformHook(BaseHook):
    """Tries a connection out; ``conn_id`` is what Airflow calls it while it is tested."""

    conn_name_attr: ClassVar[str] = "conn_id"
    default_conn_name: ClassVar[str] = "sales_platform_default"
    conn_type: ClassVar[str] = CONN_TYPE
    hook_name: ClassVar[str] = "销售平台 Sales platform"

    def __init__(self, conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.conn_id = conn_id

    def test_connection(self) -> tuple[bool, str]:
        """Ask the platform one real, signed request; return whether it works, and a sentence without a secret."""
        from xiezuo.base.errors import XiezuoError
        from xiezuo.base.settings import Settings
        from xiezuo.fetch.connections import platform_of
        from xiezuo.fetch.platform.trial import try_out
        from xiezuo_airflow.connections import as_json

        try:
            text = as_json(self.get_connection(self.conn_id), database=False)
            return True, try_out(Settings.from_env(), platform_of(text, "本连接"))
        except XiezuoError as error:
            return False, f"{error.zh}；{error.next_step}" if error.next_step else error.zh
        except Exception as error:  # noqa: BLE001  (its words may quote the connection, and Airflow would show them)
            return False, f"连接测试未能完成（{type(error).__name__}）"
