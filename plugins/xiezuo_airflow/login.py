"""The pages of the login, in Chinese: name and password, and the page of a link by which a password is set.

No script is needed to log in. What was typed is neither logged nor shown again; the code of a link stands behind the #
of its address, which a browser sends to no server.
"""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Annotated
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager, get_cookie_path
from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.api_fastapi.auth.managers.simple.datamodels.login import LoginBody
from airflow.api_fastapi.auth.managers.simple.services.login import SimpleAuthManagerLogin
from airflow.api_fastapi.auth.managers.simple.utils import parse_login_body
from airflow.api_fastapi.core_api.security import is_safe_url
from airflow.configuration import conf
from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.declared.people import MACHINE
from xiezuo.operations.accounts import SHORTEST, logged_in, set_password
from xiezuo_airflow.accounts import AIRFLOW_ROLES, NamedUser

WRONG_AT_MOST, PAUSE_SECONDS = 5, 300
"""After so many wrong passwords in a row an account is let in again after the pause only."""
_TAKE_CODE = "document.forms[0].code.value=location.hash.slice(1);history.replaceState(null,'',location.pathname)"
_OUR_TIME = "try{localStorage.timezone??='\"Asia/Shanghai\"'}catch{}"
"""Airflow's pages show times in the browser's zone, and have no setting of the server's for it: whoever has chosen no
zone of his own in them is given the office's."""


def _hashed(script: str) -> str:
    """Return how the pages' policy names a script that may run."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


_HEADERS = {
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    f"script-src {_hashed(_TAKE_CODE)} {_hashed(_OUR_TIME)}; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
}  # fmt: skip
_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · 协作 Xiezuo</title><style>
body{{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;background:#f4f6f8;color:#1a2733}}
main{{max-width:22rem;margin:12vh auto;padding:2rem;background:#fff;border:1px solid #d5dde5;border-radius:6px}}
h1{{font-size:1.3rem;margin:0 0 1rem}}label{{display:block;margin-top:.8rem}}.said{{color:#a01818}}
input{{width:100%;box-sizing:border-box;padding:.5rem;font:inherit;border:1px solid #8595a5;border-radius:4px}}
button{{margin-top:1.2rem;width:100%;padding:.6rem;font:inherit;color:#fff;background:#0b5cad;border:0}}
</style></head><body><main><h1>{title}</h1>{said}
<form method="post"{action}>{fields}</form>{after}</main></body></html>"""
_FIELD = '<label>{zh}<input name="{name}" type="{kind}" autocomplete="{complete}" required value="{value}"></label>'


class Attempts:
    """Counts wrong passwords for each account from each address, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: dict[str, tuple[int, float]] = {}

    def pauses(self, who: str) -> bool:
        """Whether somebody has to wait."""
        with self._lock:
            count, at = self._wrong.get(who, (0, 0.0))
            return count >= WRONG_AT_MOST and time.monotonic() - at < PAUSE_SECONDS

    def note(self, who: str, *, right: bool) -> None:
        """Note how an attempt ended."""
        with self._lock:
            if right:
                self._wrong.pop(who, None)
                return
            if len(self._wrong) > 10_000:  # whoever types invented names fills no memory
                self._wrong.clear()
            count, at = self._wrong.get(who, (0, 0.0))
            fresh = time.monotonic() - at >= PAUSE_SECONDS
            self._wrong[who] = (1 if fresh else count + 1, time.monotonic())


router, _attempts = APIRouter(), Attempts()


def app() -> FastAPI:
    """Return the login as an application that Airflow mounts at ``/auth``."""
    pages = FastAPI(title="Xiezuo login", docs_url=None, redoc_url=None, openapi_url=None)
    pages.include_router(router)
    return pages


@router.get("/login")
def login_page() -> HTMLResponse:
    """Show the form."""
    return _login_page("")


@router.post("/login")
def login(request: Request, username: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
    """Let somebody in, or say why not."""
    account = username.strip().casefold()
    try:
        token = _session(request, account, password, "jwt_expiration_time")
    except HTTPException as error:
        return _login_page(str(error.detail), error.status_code, account)
    answer = RedirectResponse(_inside(request.query_params.get("next"), request), 303)
    answer.set_cookie(
        COOKIE_NAME_JWT_TOKEN, token, path=get_cookie_path(), httponly=True, samesite="lax",
        secure=request.base_url.scheme == "https" or bool(conf.get("api", "ssl_cert", fallback="")),
    )  # fmt: skip
    return answer


@router.get("/first")
def first_page() -> HTMLResponse:
    """Show the form by which a password is set."""
    return _first_page("", "", f"<script>{_TAKE_CODE}</script>")


@router.post("/first")
def first(
    code: Annotated[str, Form()], password: Annotated[str, Form()], again: Annotated[str, Form()]
) -> HTMLResponse:
    """Set a password by the code of a link."""
    if password != again:
        return _first_page("两次输入的密码不一致", code, "", 400)
    try:
        account = set_password(Settings.from_env(), code, password)
    except XiezuoError as error:
        return _first_page(f"{error.zh}{f'：{error.next_step}' if error.next_step else ''}", code, "", 400)
    return _login_page("密码已设置，请登录", account=account, action=' action="login"')


@router.post("/token", status_code=201)
def token(request: Request, body: Annotated[LoginBody, Depends(parse_login_body)]) -> dict[str, str]:
    """Return a session for programs."""
    return {"access_token": _session(request, body.username, body.password, "jwt_expiration_time")}


@router.post("/token/cli", status_code=201)
def token_cli(request: Request, body: LoginBody) -> dict[str, str]:
    """Return a session for Airflow's own command line."""
    return {"access_token": _session(request, body.username, body.password, "jwt_cli_expiration_time")}


def _session(request: Request, account: str, password: str, lasts: str) -> str:
    """Return a session; HTTPException 401 or 429 when there is none to be had."""
    who = f"{account} {request.client.host if request.client else ''}"
    if _attempts.pauses(who):
        raise HTTPException(429, "密码连续输错，请 5 分钟后再试")
    token = _token(account, password, conf.getint("api_auth", lasts))
    _attempts.note(who, right=token is not None)
    if token is None:
        raise HTTPException(401, "账号或密码不正确")
    return token


def _token(account: str, password: str, seconds: int) -> str | None:
    """Return a session of whoever these let in; None when they let nobody in."""
    if account == MACHINE:
        try:
            body = LoginBody(username=account, password=password)
            return SimpleAuthManagerLogin.create_token(body, expiration_time_in_seconds=seconds)
        except (HTTPException, FileNotFoundError):
            return None
    try:
        found = logged_in(Settings.from_env(), account, password)
    except XiezuoError as error:
        raise HTTPException(503, error.zh) from error
    if found is None:
        return None
    person, mark = found
    user = NamedUser(account=account, name=person.name, role=AIRFLOW_ROLES[person.role], mark=mark)
    return get_auth_manager().generate_jwt(user=user, expiration_time_in_seconds=seconds)


def _login_page(said: str, status: int = 200, account: str = "", *, action: str = "") -> HTMLResponse:
    fields = (
        _FIELD.format(zh="账号", name="username", kind="text", complete="username", value=escape(account, quote=True))
        + _FIELD.format(zh="密码", name="password", kind="password", complete="current-password", value="")
        + '<button type="submit">登录</button>'
    )
    after = f"<p>忘记密码，请运维人员生成新的首次登录链接。</p><script>{_OUR_TIME}</script>"
    return _answer("登录", said, fields, after, status, action)


def _first_page(said: str, code: str, script: str, status: int = 200) -> HTMLResponse:
    new = {"kind": "password", "complete": "new-password", "value": ""}
    fields = (
        _FIELD.format(zh="一次性代码", name="code", kind="text", complete="off", value=escape(code, quote=True))
        + _FIELD.format(zh=f"新密码（至少 {SHORTEST} 位）", name="password", **new)
        + _FIELD.format(zh="再输入一次", name="again", **new)
        + '<button type="submit">设置密码</button>'
    )
    return _answer("首次登录：设置密码", said, fields, script, status)


def _answer(title: str, said: str, fields: str, after: str, status: int, action: str = "") -> HTMLResponse:
    shown = f'<p class="said" role="alert">{escape(said)}</p>' if said else ""
    page = _PAGE.format(title=title, said=shown, fields=fields, after=after, action=action)
    return HTMLResponse(page, status, headers=_HEADERS)


def _inside(wanted: str | None, request: Request) -> str:
    """Return the page that was wanted before the login, as a path of this server; the first page when there is none."""
    if not wanted or "\\" in wanted or not is_safe_url(wanted, request=request):  # browsers take \ for /
        return get_cookie_path()
    parts = urlsplit(wanted)
    return f"/{parts.path.lstrip('/')}{f'?{parts.query}' if parts.query else ''}"
