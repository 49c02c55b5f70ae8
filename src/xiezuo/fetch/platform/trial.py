"""One real, signed request to a platform: does its connection work?"""

from __future__ import annotations

from datetime import timedelta

from xiezuo.base.settings import Settings
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.client import PlatformClient
from xiezuo.fetch.platform.exchange import Limits
from xiezuo.fetch.platform.profile import find_profile
from xiezuo.fetch.platform.retries import Patience

# Somebody looks at the button he has pressed.
_LIMITS = Limits(connect_seconds=5, read_seconds=10, exchange_seconds=15, total_seconds=20)
_ONCE = Patience(attempts=1)
_SPAN = timedelta(hours=1)


def try_out(settings: Settings, connection: PlatformConnection) -> str:
    """Ask for the first page of orders of the last hour; return what came of it, in one sentence of Chinese.

    A session that has expired is renewed for it, as in a run. Nothing is kept.

    Raises:
        ConfigError: there is no such profile, or the platform refuses signature, session or arguments.
        SourceDown: it does not answer, or not in time.
    """
    profile = find_profile(settings.root / "include" / "platforms", connection.profile)
    now = settings.now()
    with PlatformClient(connection, profile, settings.now, limits=_LIMITS, patience=_ONCE) as client:
        page = next(client.fetch_window(now - _SPAN, now))
    return (
        f"连接正常：平台 {connection.platform}（接口类型 {connection.profile}）接受了签名，"
        f"最近一小时的第一页有 {len(page.items)} 个订单"
    )
