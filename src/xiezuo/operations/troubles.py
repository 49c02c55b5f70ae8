"""What is wrong now, as far as the warehouse knows: one function a kind of alert.

Everything follows from what is on record, so that asking twice gives the same, and what was put right is no
longer found; :func:`xiezuo.operations.alerts.settle` turns that into messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.operations import load_operations
from xiezuo.declared.people import ROLES, STEPS, Role, load_people
from xiezuo.fetch.connections import LEDGER, has_fund_ledger, known, platform_names
from xiezuo.fetch.inbox import file_at
from xiezuo.fetch.landing import digest_of
from xiezuo.operations.accounts import address
from xiezuo.operations.alerts import Alert, Kind, Sent, settle
from xiezuo.operations.arrivals import due_soon, missed
from xiezuo.values.periods import Period
from xiezuo.values.privacy import Privacy, content_id
from xiezuo.warehouse import access

Reader = psycopg.Connection[Any]

_NAMED_TARGET = re.compile(r"(?:^|[：、])([^：、（]+)（任务")
"""Which targets a finding names: their numbers move every night, and are no new matter."""


def report(settings: Settings, kinds: Iterable[Kind] | None = None) -> Sent:
    """Find what is wrong now (default: of every kind) and tell whom it concerns."""
    wanted = tuple(FINDERS if kinds is None else kinds)
    return settle(settings, found(settings, wanted), wanted)


def found(settings: Settings, kinds: Iterable[Kind]) -> list[Alert]:
    """Return the troubles of these kinds."""
    with access.connect(settings) as connection:
        return [alert for kind in kinds for alert in FINDERS[kind](settings, connection)]


def _rows(settings: Settings, reader: Reader, name: str, **values: Any) -> list[dict[str, Any]]:
    with reader.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, f"operations/found_{name}"), values).fetchall()


def _source_down(settings: Settings, reader: Reader) -> Iterator[Alert]:
    connected = _connected(settings)
    for row in _rows(settings, reader, "source_down"):
        name = row["part"].split(":")[1] if ":" in row["part"] else row["part"]
        if connected is None or name in connected:
            yield Alert(
                "source_down",
                row["county_code"],
                row["part"],
                f"来源未响应：{name}",
                f"{row['reason_zh']}。已有数据照旧，恢复后会自动补取；持续未恢复请联系对方系统",
                severity="error",
            )


def _connected(settings: Settings) -> set[str] | None:
    """Return the sources connected now, None when that cannot be known: then all that failed count."""
    try:
        connected = {conn_id for conn_id, _ in platform_names(known(settings))}
        return connected | ({LEDGER} if has_fund_ledger(known(settings)) else set())
    except (ConfigError, SourceDown):
        return None


def _run_failed(settings: Settings, reader: Reader) -> Iterator[Alert]:
    hours = load_operations(settings.root).alerts.stale_run_hours
    stale_before = settings.now() - timedelta(hours=hours)
    for row in _rows(settings, reader, "run_failed", stale_before=stale_before):
        more = f"，共 {row['lines']} 处" if row["lines"] > 1 else ""
        yield Alert(
            "run_failed",
            row["county_code"],
            row["runs"],
            f"运行失败：{row['runs']}",
            f"{row['place']}{more}：{row['reason_zh']}。请看该任务日志的“下一步”，处理后清除(Clear)重跑",
            severity="error",
            fact=row["reason_zh"],
        )


def _refused(state: str, kind: Kind, title: str) -> Callable[[Settings, Reader], Iterator[Alert]]:
    def find(settings: Settings, reader: Reader) -> Iterator[Alert]:
        privacy, seen = Privacy.of(settings), set[tuple[str, str]]()
        for row in _rows(settings, reader, "refused"):
            place = row["place"] or row["uri"]
            if row["state"] != state or (row["county_code"], place) in seen:
                continue
            if row["kind"] == "file":
                path = file_at(settings, privacy, row["source"], row["county_code"], row["place"])
                if path is None or digest_of(path) != row["sha256"]:
                    continue  # taken out, or corrected since: the corrected one speaks for itself
            seen.add((row["county_code"], place))
            yield Alert(
                kind,
                row["county_code"],
                place,
                f"{title}：{place}",
                f"{row['refusal_zh']}。请填报单位更正后重新放入收件箱",
                fact=f"{row['sha256']}{row['refusal_code']}",
            )

    return find


def _quarantine_growing(settings: Settings, reader: Reader) -> Iterator[Alert]:
    terms, contracts = load_operations(settings.root).alerts.quarantine, load_contracts(settings.root)
    since = settings.now() - timedelta(days=terms.days)
    rows = _rows(
        settings, reader, "quarantine", since=since, before=since - timedelta(days=terms.days),
        least_rows=terms.least_rows, share_pct=terms.share_pct,
    )  # fmt: skip
    for row in rows:
        contract = contracts.get(row["dataset"])
        ledger = contract.zh if contract else row["dataset"]
        unit = row["reporting_unit"]
        yield Alert(
            "quarantine_growing",
            row["county_code"],
            f"{row['dataset']}/{unit}",
            f"隔离增多：{ledger}{f'（{unit}）' if unit else ''}",
            f"近 {terms.days} 天读取 {row['rows_read']} 行，隔离 {row['held']} 行(此前 {row['held_before']} 行)。"
            "原因见 xiezuo quarantine，请填报单位更正",
        )


def _delivery_warned(settings: Settings, reader: Reader) -> Iterator[Alert]:
    contracts = load_contracts(settings.root)
    since = settings.now() - timedelta(days=load_operations(settings.root).alerts.warned_days)
    for row in _rows(settings, reader, "warned", since=since):
        contract = contracts.get(row["dataset"])
        yield Alert(
            "delivery_warned",
            row["county_code"],
            row["dataset"],
            f"报表有提示：{contract.zh if contract else row['dataset']}",
            f"{row['deliveries']} 份报表已装载，但有 {row['count']} 条提示须核对：{row['warnings'][:300]}",
            fact=content_id(row["warnings"], size=16),
        )


def _arrival_missed(settings: Settings, _: Reader) -> Iterator[Alert]:
    """Yield one alert a unit and dataset: that a file is due, then, where nothing came, that it is overdue."""
    late, soon = missed(settings), due_soon(settings)
    known = {(one.county_code, one.dataset, one.reporting_unit) for one in late}
    soon = [one for one in soon if (one.county_code, one.dataset, one.reporting_unit) not in known]
    for one, what in [*((one, "逾期未报") for one in late), *((one, "即将到期") for one in soon)]:
        yield Alert(
            "arrival_missed",
            one.county_code,
            f"{one.dataset}/{one.reporting_unit}",
            f"{what}：{one.reporting_unit or one.dataset}",
            one.zh.partition("：")[2],
            fact=f"{one.period}{'' if one in late else ' due'}",
        )


def _reconciliation_differs(settings: Settings, reader: Reader) -> Iterator[Alert]:
    for row in _rows(settings, reader, "reconciliation"):
        periods = row["periods"].strip("、")[:120]
        yield Alert(
            "reconciliation_differs",
            row["county_code"],
            row["check_id"],
            f"核对不一致：{row['check_zh']}",
            f"{row['lines']} 处{f'（{periods}）' if periods else ''}：{row['detail'][:160]}",
            fact=content_id(row["periods"], size=16),
        )


def _target_behind(settings: Settings, reader: Reader) -> Iterator[Alert]:
    """Find the targets of the running year that will be missed as things go, with whose move it is."""
    year = settings.now().year
    for row in _rows(settings, reader, "target_behind", year=f"{year:04d}"):
        yield Alert(
            "target_behind",
            row["county_code"],
            f"{year}",
            f"{year}年年度任务进度落后",
            f"{row['detail'][:400]}",
            fact=content_id(*sorted(_NAMED_TARGET.findall(row["detail"])), size=16),
        )


def _signature_waiting(settings: Settings, reader: Reader) -> Iterator[Alert]:
    """Find what waits for a signature: a message at once, reminders, and after a while the next one up is told too."""
    terms, people, pages = load_operations(settings.root).signing, load_people(settings), address(settings)
    for row in _rows(settings, reader, "signature_waiting"):
        step, county = STEPS[min(row["taken"], len(STEPS) - 1)], row["county_code"]
        days = max((settings.now() - row["since"]).days, 0)
        is_escalated = days >= terms.escalate_after_days
        roles: list[Role] = [step.role, ABOVE[step.role]] if is_escalated else [step.role]
        told = [one for role in roles for one in people.having(role, county)] or people.having("ops", county)
        nobody = "" if people.having(step.role, county) else f"，但本县尚未登记{ROLES[step.role]}，请运维登记"
        where = (
            f"{pages}/required_actions?response_received=false" if pages else "Airflow 的“待操作的任务实例”页"
        )
        yield Alert(
            "signature_waiting",
            county,
            row["period"],
            f"{Period.read(row['period']).zh}第{row['draft_no']}稿待{ROLES[step.role]}{step.act}",
            f"已等待 {days} 天{nobody}。请登录办理：{where}（没有该项时请触发 close）",
            fact=f"{row['draft_no']}.{step.number}.{days // terms.remind_after_days}.{is_escalated}",
            told_to=tuple(one.account for one in told),
        )


ABOVE: dict[Role, Role] = {"clerk": "head", "head": "leader", "leader": "ops"}
"""Who is told as well when a step has waited for long."""

FINDERS: dict[Kind, Callable[[Settings, Reader], Iterator[Alert]]] = {
    "run_failed": _run_failed,
    "source_down": _source_down,
    "file_refused": _refused("refused", "file_refused", "文件被拒收"),
    "gate_closed": _refused("gated", "gate_closed", "报表被拦截"),
    "quarantine_growing": _quarantine_growing,
    "delivery_warned": _delivery_warned,
    "arrival_missed": _arrival_missed,
    "reconciliation_differs": _reconciliation_differs,
    "signature_waiting": _signature_waiting,
    "target_behind": _target_behind,
}
