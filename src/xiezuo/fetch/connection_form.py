"""What Airflow shows of a sales platform's connection: its type and the fields of its form.

Airflow calls :func:`get_provider_info` through the package's entry point ``apache_airflow_provider``, in every process
of an Airflow that the package is installed beside. So it is plain data, made of nothing that could be missing.
"""

from __future__ import annotations

from typing import Any

CONN_TYPE = "sales_platform"
"""Airflow's name of the type."""
HOOK = "xiezuo_airflow.sales_platform.SalesPlatformHook"


def get_provider_info() -> dict[str, Any]:
    """Return what Airflow's ``provider_info.schema.json`` asks for."""
    return {
        "package-name": "xiezuo",
        "name": "协作 Xiezuo",
        "description": "Connections to sales platforms of the East–West Collaboration pipeline.",
        "connection-types": [
            {
                "connection-type": CONN_TYPE,
                "hook-class-name": HOOK,
                "hook-name": "销售平台 Sales platform",
                "conn-fields": {
                    "profile": _text("接口类型 profile", f"include/platforms 下的文件名，如 top、doudian。{_NAMING}"),
                    "county_code": _text("县代码 county", "六位区划代码，与连接 ID 中的一致 / as in the connection id"),
                    "platform": _text("平台 platform", "订单以此名入库，如 taobao / the name orders are stored under"),
                    "session": _secret("授权 session", "店铺授权，部分平台需要 / the shop's authorisation"),
                    "refresh_token": _secret("续期 refresh token", "用于续期授权 / renews the session"),
                    "sign_method": _text("签名方法 sign method", "留空 = 该接口的默认方法 / empty = the profile's own"),
                    "history_days": {
                        "label": "可查天数 history days",
                        "schema": {"type": ["integer", "null"]},
                        "description": "平台可查多久以前的订单；留空 = 该接口的默认值 / empty = the profile's own",
                    },
                    "method": _text("接口方法 method", "留空 = 该接口的默认方法 / empty = the profile's own"),
                },
                "ui-field-behaviour": {
                    "hidden-fields": [],
                    "relabeling": {
                        "host": "接口地址 host",
                        "schema": "协议 http / https",
                        "login": "应用标识 app key",
                        "password": "应用密钥 app secret",
                    },
                    "placeholders": {"schema": "https", "host": "gateway.example"},
                },
            }
        ],
    }


_NAMING = (
    "连接 ID 写作 sales_<六位区划代码>_<名称>，如 sales_620422_taobao；保存后由下一次运行采用，无需重启。"
    "放在密钥后端的，把 ID 写进变量 xiezuo_connections / the next run uses it, no restart; ids that stand in a "
    "secrets backend go into the variable xiezuo_connections"
)


def _text(label: str, description: str) -> dict[str, Any]:
    return {"label": label, "schema": {"type": ["string", "null"]}, "description": description}


def _secret(label: str, description: str) -> dict[str, Any]:
    return {
        "label": label, "schema": {"type": ["string", "null"], "format": "password"}, "description": description
    }  # fmt: skip
