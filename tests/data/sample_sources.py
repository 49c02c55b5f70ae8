"""What a generated sample is connected by: its platforms over HTTP and its finance ledger, as variables."""

from __future__ import annotations

import json
from pathlib import Path

from xiezuo_sample.platforms.server import PlatformServer


def platform(name: str, port: int, county: str = "620422") -> tuple[str, str]:
    """Return the variable of one sample platform of a county, and its value."""
    extra = {"profile": "doudian" if name == "douyin" else "top", "platform": name, "county_code": county,
             "session": "sample-session", "sign_method": "md5"}  # fmt: skip
    document = {"conn_type": "http", "host": "127.0.0.1", "port": port, "schema": "http", "login": name,
                "password": "sample-secret", "extra": extra}  # fmt: skip
    return f"AIRFLOW_CONN_SALES_{county}_{name.upper()}", json.dumps(document)


def finance_ledger(data: Path) -> dict[str, str]:
    """Return the variable of the finance ledger of the sample in ``data``."""
    extra = {"sqlalchemy_url": f"sqlite:///{data / 'fund.db'}"}
    return {"AIRFLOW_CONN_FUND_LEDGER": json.dumps({"conn_type": "generic", "extra": extra})}


def sources(data: Path, server: PlatformServer, county: str = "620422") -> dict[str, str]:
    """Return the variables of everything that the sample of a county has."""
    return finance_ledger(data) | dict(platform(name, server.port, county) for name in server.names)
