"""The pages as an application that Airflow mounts at ``/xiezuo``: who asks is Airflow's to say, what he sees is ours.

Everything but ``healthz`` refuses whoever is not logged in; Airflow itself leaves a plugin's addresses open. What
changes anything is a run of the Dag ``office``, started under the name of whoever asks: this process only reads.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from airflow.api.common.trigger_dag import trigger_dag
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.exceptions import AirflowNotFoundException
from airflow.models.connection import Connection
from airflow.utils.types import DagRunTriggeredByType
from fastapi import Depends, FastAPI, HTTPException, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException as StarletteError

from xiezuo.base.errors import SourceDown, XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import load_counties
from xiezuo.declared.people import MACHINE, load_people
from xiezuo.operations.acts import ACTS, tells_a_number
from xiezuo.pages import releases
from xiezuo.pages.asked import Asked, Given, NotFound, Shown, Visitor
from xiezuo.pages.rendering import HEADERS, fault, html
from xiezuo.pages.routes import ROUTES
from xiezuo.warehouse import access
from xiezuo_airflow.connections import warehouse_url

OFFICE = "office"
"""The Dag that carries out what somebody asks for on a page."""
_VIEW = "Xiezuo"
_LANGUAGE = "xiezuo_language"
_LARGEST_FORM = 100_000
_log = logging.getLogger("xiezuo.pages")


def _seeing(user: GetUserDep) -> Any:
    """Return who asks, whom Airflow lets see the pages."""
    if not get_auth_manager().is_authorized_custom_view(method="GET", resource_name=_VIEW, user=user):
        raise HTTPException(403, "无权查看")
    return user


def _acting(user: Annotated[Any, Depends(_seeing)]) -> Any:
    """Return who asks, whom Airflow lets start the Dag that changes something."""
    if not _may_act(user):
        raise HTTPException(403, "只能查看，不能办理；办理须使用登记的个人账号")
    return user


Seeing = Annotated[Any, Depends(_seeing)]
Acting = Annotated[Any, Depends(_acting)]


@cache
def app() -> FastAPI:
    """Return the application."""
    pages = FastAPI(title="Xiezuo pages", docs_url=None, redoc_url=None, openapi_url=None)
    pages.get("/healthz")(healthz)
    pages.get("/style.css")(style)
    pages.get("/language")(language)
    pages.post("/acts/{act}")(act)
    pages.post("/releases/verify")(verify)
    for address, show in ROUTES.items():
        pages.get(f"/{address}", response_class=Response)(_page(address, show))
    pages.exception_handler(StarletteError)(_refused)
    pages.exception_handler(XiezuoError)(_impossible)
    pages.exception_handler(RequestValidationError)(_incomplete)
    return pages


def healthz() -> Response:
    """Say whether the warehouse answers; machines ask, without a login."""
    return Response(status_code=204 if access.answers(_settings()) else 503)


def style(_: Seeing) -> Response:
    """Return the stylesheet."""
    text = (_settings().root / "include" / "pages" / "style.css").read_text(encoding="utf-8")
    return Response(text, media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


def language(_: Seeing, to: str = "zh", back: str = "") -> Response:
    """Remember in which language pages are read, and go back to one."""
    answer = Response(status_code=303, headers={"Location": f"./{quote(back, safe='/?=&%+')}"})
    answer.set_cookie(
        _LANGUAGE, "en" if to == "en" else "zh", max_age=31_536_000, samesite="lax", httponly=True
    )
    return answer


async def act(act: str, request: Request, user: Acting) -> Response:
    """Start what somebody asks for, and go to the page that says what becomes of it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or act not in ACTS:
        raise HTTPException(404 if act not in ACTS else 403, "没有这一项办理")
    if int(request.headers.get("content-length") or 0) > _LARGEST_FORM:
        raise HTTPException(413, "填写的内容过长")
    form = {name: str(value).replace("\0", "") for name, value in (await request.form()).items()}
    county = form.pop("county", "")
    if not _visitor(user).sees(county) or county not in load_counties(_settings().counties_path):
        raise HTTPException(404, "没有这个县，或不在您的工作范围内")
    if tells_a_number(form):  # what Airflow keeps of a run, others read
        raise HTTPException(400, "填写的内容含有证件号码或电话，请去掉后再提交")
    conf = {
        "act": act,
        "county": county,
        "facts": json.dumps(form, ensure_ascii=False),
        "account": user.get_id(),
    }
    run = trigger_dag(
        OFFICE, triggered_by=DagRunTriggeredByType.UI, triggering_user_name=user.get_name(), conf=conf
    )
    told = {"run": "" if run is None else run.run_id, "county": county, "back": form.get("back", "")}
    return Response(status_code=303, headers={"Location": f"../done?{urlencode(told)}"})


def verify(request: Request, user: Acting, document: UploadFile) -> Response:
    """Say whether an uploaded document is as it was released; nothing of it is kept."""
    upload = document.file.read(releases.LARGEST_DOCUMENT + 1)
    if len(upload) > releases.LARGEST_DOCUMENT:
        raise HTTPException(413, "文件过大")
    name = document.filename or ""
    return _answer(_asked(request, user, "releases/verify"), lambda asked: releases.verify(asked, name, upload))


def _page(address: str, show: Callable[[Asked], Shown | Given]) -> Callable[[Request, Any], Response]:
    def page(request: Request, user: Seeing) -> Response:
        return _answer(_asked(request, user, address), show)

    return page


def _answer(asked: Asked, show: Callable[[Asked], Shown | Given]) -> Response:
    try:
        shown = show(asked)
    except NotFound as error:
        shown = fault(asked, error, 404)
    except SourceDown as error:
        shown = fault(asked, error, 503)
    except XiezuoError as error:
        shown = fault(asked, error, 400)
    if isinstance(shown, Given):
        return FileResponse(shown.path, filename=shown.name, headers={"Cache-Control": "no-store"})
    return HTMLResponse(html(asked, shown), shown.status, headers=HEADERS)


def _asked(request: Request, user: Any, address: str) -> Asked:
    here = address.format(**{name: quote(value, safe="") for name, value in request.path_params.items()})
    return Asked(
        _settings(), _visitor(user), here, dict(request.path_params), dict(request.query_params),
        "en" if request.cookies.get(_LANGUAGE) == "en" else "zh",
    )  # fmt: skip


def _visitor(user: Any) -> Visitor:
    """Return who a user of Airflow's is here; the installation's own account sees every county and changes nothing."""
    person = load_people(_settings()).of(user.get_id())
    if person is None:
        return Visitor(user.get_id(), user.get_name(), "")
    return Visitor(person.account, person.name, person.role_zh, frozenset(person.counties), _may_act(user))


def _may_act(user: Any) -> bool:
    return user.get_id() != MACHINE and get_auth_manager().is_authorized_dag(
        method="POST", access_entity=DagAccessEntity.RUN, details=DagDetails(id=OFFICE), user=user
    )


def _settings() -> Settings:
    """Return settings that log in to read; where the environment does not say where the warehouse is, Airflow does.

    Raises:
        ConfigError: nobody does.
    """
    found = replace(Settings.from_env(), role="pages")
    if found.environ.get("XIEZUO_WAREHOUSE_URL", "").strip():
        return found
    return replace(found, warehouse_url=warehouse_url(_stored))


def _stored(conn_id: str) -> Connection | None:
    """Return a connection as the API server reads it: from a secrets backend, the environment or its own database."""
    try:
        return Connection.get_connection_from_secrets(conn_id)
    except AirflowNotFoundException:
        return None


def _incomplete(_: Request, __: RequestValidationError) -> Response:
    return _plain("提交的内容不完整", 400)


def _impossible(_: Request, error: XiezuoError) -> Response:
    """Answer where it is not even said whom to ask, in one sentence."""
    _log.error("%s", error)
    said = f"{error.zh}{f'：{error.next_step}' if error.next_step else ''}"
    return _plain(escape(said), 503)


def _refused(request: Request, error: StarletteError) -> Response:
    """Answer what is refused: whoever is not logged in finds the way to the login."""
    said = escape(str(error.detail))
    if error.status_code == 401:
        root, here = str(request.scope.get("root_path", "")), request.url.path
        login = f"{root.removesuffix('/xiezuo')}/auth/login?{urlencode({'next': here})}"
        said = f'请先登录。 <a target="_top" href="{escape(login)}">登录 Log in</a>'
    return _plain(said, error.status_code)


def _plain(said: str, status: int) -> Response:
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>协作 Xiezuo</title><p>{said}</p></html>'
    return HTMLResponse(page, status, headers=HEADERS)
