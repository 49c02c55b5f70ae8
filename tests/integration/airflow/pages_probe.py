"""Walks every route of the pages as several visitors, in a process whose Airflow is this test's; answers in answer.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from airflow.api_fastapi.app import create_auth_manager
from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from fastapi import FastAPI
from fastapi.testclient import TestClient

from xiezuo.base.settings import Settings
from xiezuo.declared.people import Person
from xiezuo.operations import accounts

PASSWORD = "山海-xie-zuo-2022"
PEOPLE = {"chakan": "viewer", "banshi": "clerk", "yunwei": "ops"}


def main() -> None:
    """Name three people, log each in by the real login, and ask every route, with and without a session."""
    sys.path.insert(0, str(Path(__file__).parents[3] / "plugins"))
    from xiezuo_airflow.login import app as login_app
    from xiezuo_airflow.pages import app as pages_app

    create_auth_manager().init()
    whole = FastAPI()
    whole.mount("/auth", login_app())
    whole.mount("/xiezuo", pages_app())
    settings = Settings.from_env()
    tokens = {"nobody": "", "forged": "eyJhbGciOiJIUzUxMiJ9.e30.AAAA"}
    with TestClient(whole) as client:
        for number, (account, role) in enumerate(PEOPLE.items()):
            person = Person(account=account, name="甲乙丙"[number] + "某", role=role, counties=["620422"])
            accounts.set_password(settings, accounts.add(settings, person), PASSWORD)
            said = client.post("/auth/token", json={"username": account, "password": PASSWORD})
            tokens[account] = said.json()["access_token"]
        client.cookies.clear()
        answer = {who: _walk(client, token) for who, token in tokens.items()}
        elsewhere = client.post(
            "/xiezuo/acts/waive", headers={"Sec-Fetch-Site": "cross-site"}, data={"county": "620422"},
            cookies={COOKIE_NAME_JWT_TOKEN: tokens["banshi"]},
        )  # fmt: skip
        answer["cross-site"] = {"POST /acts/waive": elsewhere.status_code}
    Path("answer.json").write_text(json.dumps(answer), encoding="utf-8")


def _walk(client: TestClient, token: str) -> dict[str, Any]:
    from xiezuo_airflow.pages import app as pages_app

    found = {}
    for route in pages_app().routes:
        path = str(route.path)  # type: ignore[attr-defined]
        # A county and an act that are not there: what is asked is who may ask, not what is answered.
        place = path.format_map(_Anything())
        for method in sorted(route.methods):  # type: ignore[attr-defined]
            cookies = {COOKIE_NAME_JWT_TOKEN: token} if token else {}
            file = {"document": ("a.docx", b"no document")} if path.endswith("verify") else None
            said = client.request(
                method, f"/xiezuo{place}?county=999999", cookies=cookies, files=file, follow_redirects=False
            )
            found[f"{method} {path}"] = said.status_code
    return found


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "999999"


main()
