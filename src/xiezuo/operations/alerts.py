"""Alerts: repeated trouble is one message.

``audit.alert`` remembers every trouble. A message goes out when one is first met, when what it says changes,
when it has lasted for some days more, and once it is gone; a muted one waits for its end date. What could not
be sent is sent the next time. That nobody can be told never fails what was being done.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Literal

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.counties import load_counties
from xiezuo.declared.operations import AlertTerms, load_operations
from xiezuo.declared.people import People, load_people
from xiezuo.values.privacy import Privacy, content_id
from xiezuo.warehouse import access

# How alerts are worded: one message a county, cut where WeCom would cut it in the middle of a word.
LONGEST = 600
"""Characters of a message: WeCom takes 2,048 bytes, and a Chinese character has three."""
MOST = 5
"""Messages of one county at a time; what is left over is counted, and listed by ``xiezuo alerts list``."""

_HEADINGS = {"new": "新发现", "changed": "有变化", "lasting": "仍未解决", "resolved": "已解除"}


@dataclass(frozen=True)
class Message:
    """One message, and the rows of ``audit.alert`` it is about."""

    title: str
    body: str
    severity: str
    about: tuple[dict[str, Any], ...]
    told_to: tuple[str, ...] = ()


def messages(due: Sequence[dict[str, Any]], counties: Mapping[str, str]) -> Iterator[Message]:
    """Yield the messages about alerts that are due (rows of ``alert_due.sql``, by county and whom they are for)."""
    for (code, told_to), rows in groupby(due, key=lambda row: (row["county_code"], tuple(row["told_to"]))):
        yield from _of_county(counties.get(code, ""), list(rows), told_to)


def _of_county(county: str, rows: list[dict[str, Any]], told_to: tuple[str, ...]) -> Iterator[Message]:
    order = list(_HEADINGS)
    parts = _cut(sorted(rows, key=lambda row: order.index(row["event"])))
    shown, rest = parts[:MOST], [row for part in parts[MOST:] for row in part]
    for number, part in enumerate(shown, 1):
        last = number == len(shown)
        about = [*part, *rest] if last else part
        count = f"（{number}/{len(shown)}）" if len(shown) > 1 else ""
        body = "\n".join(_lines(part))
        if last and rest:
            body += f"\n另有 {len(rest)} 项，请运行 xiezuo alerts list 查看"
        title = f"【协作数据】{county}{'：' if county else ''}{_summary(rows)}{count}"
        yield Message(title, body, _severity(rows), tuple(about), told_to)


def _summary(rows: list[dict[str, Any]]) -> str:
    if all(row["kind"] == "signature_waiting" for row in rows):
        return "结账签审"
    gone = sum(row["event"] == "resolved" for row in rows)
    words = [f"{len(rows) - gone} 项告警"] if len(rows) > gone else []
    return "，".join([*words, *([f"{gone} 项已解除"] if gone else [])])


def _severity(rows: list[dict[str, Any]]) -> str:
    found = {row["severity"] for row in rows if row["event"] != "resolved"}
    return "error" if "error" in found else "warning" if found else "resolved"


def _cut(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    parts: list[list[dict[str, Any]]] = [[]]
    size = 0
    for row in rows:
        length = len(_line(row)) + 6
        if parts[-1] and size + length > LONGEST:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return parts


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for event, group in groupby(rows, key=lambda row: row["event"]):
        yield f"{_HEADINGS[event]}："
        yield from map(_line, group)


def _line(row: dict[str, Any]) -> str:
    if row["event"] == "resolved":
        return f"· {row['title_zh']}"
    since = f"（自 {row['first_seen']:%Y-%m-%d} 起）" if row["event"] == "lasting" else ""
    whole = f"· {row['title_zh']}{since}：{row['body_zh']}"
    return f"{whole[: LONGEST - 60]} 〔{row['alert_key']}〕"


# Takes a message to whoever is on duty, through apprise: DingTalk, Feishu, WeCom, mail and many more.
# ``XIEZUO_NOTIFY_URLS`` holds apprise URLs, separated by white space. They are secret (a DingTalk or WeCom
# URL is all that is needed to write into a group): no log, error or table names more than the service and the
# position in the list.
VARIABLE = "XIEZUO_NOTIFY_URLS"


@dataclass(frozen=True)
class Outcome:
    """What became of a message at one target; ``target`` is safe to show: ``2 DingTalk``."""

    target: str
    taken: bool
    reason: str = ""


def addressed(environ: Mapping[str, str]) -> bool:
    """Whether anybody is to be told at all."""
    return bool(environ.get(VARIABLE, "").split())


def post(environ: Mapping[str, str], title: str, body: str, severity: str) -> list[Outcome]:
    """Hand one message to every group on duty, see :func:`post_to`."""
    return post_to(environ.get(VARIABLE, "").split(), title, body, severity)


def post_to(urls: Sequence[str], title: str, body: str, severity: str) -> list[Outcome]:
    """Hand one message to every target; a dead or misspelt one is told of and stops no other.

    ``urls`` are apprise URLs, ``severity`` is warning, error or resolved.
    """
    import apprise

    # apprise names URLs, tokens included, in what it logs.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    kind = {
        "error": apprise.NotifyType.FAILURE,
        "warning": apprise.NotifyType.WARNING,
        "resolved": apprise.NotifyType.SUCCESS,
    }[severity]
    found = []
    for number, url in enumerate(urls, 1):
        target = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if not isinstance(target, apprise.NotifyBase):
            found.append(Outcome(f"{number}", taken=False, reason="not a URL apprise understands"))
            continue
        found.append(_one(f"{number} {target.service_name}", target, title, body, kind))
    return found


def _one(name: str, target: Any, title: str, body: str, kind: Any) -> Outcome:
    try:
        taken = bool(target.notify(body=body, title=title, notify_type=kind))
    except Exception as error:  # noqa: BLE001  (whatever a plugin of a service raises, the others are told)
        return Outcome(name, taken=False, reason=type(error).__name__)
    return Outcome(name, taken=taken, reason="" if taken else "did not take it")


Kind = Literal[
    "source_down", "file_refused", "gate_closed", "quarantine_growing", "arrival_missed", "reconciliation_differs",
    "run_failed", "delivery_warned", "signature_waiting", "target_behind"
]  # fmt: skip
_LOCK = 620426

_log = logging.getLogger("xiezuo.alerts")


@dataclass(frozen=True)
class Alert:
    """One trouble. ``subject`` tells it from others of its kind and county.

    ``fact`` is what makes it another matter when it changes (a further month missed); numbers that merely
    grow belong into ``body_zh``. ``told_to`` are accounts of the people it is for; without any, it is for the groups
    that are told of everything.
    """

    kind: Kind
    county_code: str
    subject: str
    title_zh: str
    body_zh: str
    severity: Literal["warning", "error"] = "warning"
    fact: str = ""
    told_to: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the alert is muted by; short enough to type."""
        return f"{self.kind}.{content_id(self.county_code, self.kind, self.subject, size=8)}"


@dataclass(frozen=True)
class Sent:
    """What became of the messages of one call: how many troubles each way, and which targets failed."""

    met: int
    told: int
    untold: int
    dead_targets: tuple[str, ...] = ()


def settle(
    settings: Settings, met: Sequence[Alert], kinds: Iterable[Kind], *, county: str | None = None
) -> Sent:
    """Record what was met and send what is due; troubles of ``kinds`` not among ``met`` are gone.

    Callers take turns, so that two of them never send the same message.
    """
    terms = load_operations(settings.root).alerts
    with access.connect(settings, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        with connection.transaction():
            _record(connection, settings, met, sorted(set(kinds)), county)
            due = _due(connection, settings, terms)
        if not due:
            return Sent(len(met), 0, 0)
        return _send(connection, settings, len(met), due)


def send(settings: Settings, alerts: Sequence[Alert]) -> Sent:
    """Record alerts and send what is due, without a judgement of what is gone."""
    return settle(settings, alerts, ())


def listed(settings: Settings, *, county: str | None = None, with_resolved: bool = False) -> list[dict[str, Any]]:
    """Return the alerts on record, open ones first, as ``audit.alert`` has them."""
    names = {"county_code": county, "with_resolved": with_resolved}
    with access.connect(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, "operations/alert_list"), names).fetchall()


def mute(settings: Settings, key: str, *, reason: str, until: date, county: str | None = None) -> None:
    """Send nothing about an alert until the end of a day.

    Raises:
        ConfigError: there is no such alert, no reason, or the day is past or too far away.
    """
    terms, today = load_operations(settings.root).alerts, settings.now().date()
    latest = today + timedelta(days=terms.mute_at_most_days)
    if not reason.strip():
        raise ConfigError("muting needs a reason", zh="静默必须写明原因")
    if not today <= until <= latest:
        raise ConfigError(
            f"an alert can be muted until {latest} at most", zh=f"静默截止日期须在 {today} 至 {latest} 之间"
        )
    _mute(settings, key, Privacy.of(settings).mask_free_text(reason.strip()), until, county)


def unmute(settings: Settings, key: str, *, county: str | None = None) -> None:
    """Let an alert be heard again.

    Raises:
        ConfigError: there is no such alert.
    """
    _mute(settings, key, None, None, county)


def _mute(settings: Settings, key: str, reason: str | None, until: date | None, county: str | None) -> None:
    names = {"alert_key": key, "reason": reason, "until": until, "county_code": county}
    with access.connect(settings) as connection:
        if not connection.execute(read_sql(settings.root, "operations/alert_mute"), names).rowcount:
            raise ConfigError(
                f"no alert {key}", zh=f"没有编号为 {key} 的提醒", next_step="编号见 xiezuo alerts list"
            )


def _record(
    connection: psycopg.Connection[Any],
    settings: Settings,
    met: Sequence[Alert],
    kinds: list[Kind],
    county: str | None,
) -> None:
    now, mask = settings.now(), Privacy.of(settings).mask_free_text
    with connection.cursor() as cursor:
        cursor.executemany(
            read_sql(settings.root, "operations/alert_seen"),
            [
                {
                    "county_code": alert.county_code, "alert_key": alert.key, "kind": alert.kind,
                    "subject": mask(alert.subject), "severity": alert.severity, "title_zh": mask(alert.title_zh),
                    "body_zh": mask(alert.body_zh), "content": content_id(alert.severity, alert.fact, size=16),
                    "told_to": list(alert.told_to), "now": now,
                }
                for alert in met
            ],
        )  # fmt: skip
    if kinds:
        names = {
            "kinds": kinds, "county_code": county, "now": now,
            "met": [alert.county_code + alert.key for alert in met],
        }  # fmt: skip
        connection.execute(read_sql(settings.root, "operations/alert_resolved"), names)


def _due(connection: psycopg.Connection[Any], settings: Settings, terms: AlertTerms) -> list[dict[str, Any]]:
    now = settings.now()
    names = {"today": now.date(), "remind_before": now - timedelta(days=terms.remind_after_days)}
    connection.execute(read_sql(settings.root, "operations/alert_muted"), names)
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, "operations/alert_due"), names).fetchall()


def _send(connection: psycopg.Connection[Any], settings: Settings, met: int, due: list[dict[str, Any]]) -> Sent:
    counties = {code: county.name for code, county in load_counties(settings.counties_path).items()}
    told, dead, people = 0, set[str](), _people(settings)
    for message in messages(due, counties):
        targets = _targets(settings, people, message.told_to)
        if not targets:
            _mark(connection, settings, list(message.about), "unaddressed")
            _log.warning("%d alert(s), and XIEZUO_NOTIFY_URLS names nobody to tell", len(message.about))
            continue
        outcomes = post_to(targets, message.title, message.body, message.severity)
        dead |= {f"{outcome.target}: {outcome.reason}" for outcome in outcomes if not outcome.taken}
        taken = any(outcome.taken for outcome in outcomes)
        told += len(message.about) if taken else 0
        _mark(connection, settings, list(message.about), "sent" if taken else "failed")
    for target in sorted(dead):
        _log.error("a notification target failed: %s", target)
    return Sent(met, told, len(due) - told, tuple(sorted(dead)))


def _people(settings: Settings) -> People:
    """Return who is named; nobody where that cannot be read, so that the groups are told of it and everything else."""
    try:
        return load_people(settings)
    except ConfigError as error:
        _log.error("%s", error.zh)
        return People()


def _targets(settings: Settings, people: People, told_to: Sequence[str]) -> list[str]:
    """Return where a message goes: to the contacts of whom it is for; to the groups when one of them has none."""
    contacts = [person.contact for account in told_to if (person := people.of(account)) is not None]
    groups = settings.environ.get(VARIABLE, "").split()
    return list(dict.fromkeys([*filter(None, contacts), *(groups if not contacts or not all(contacts) else ())]))


def _mark(
    connection: psycopg.Connection[Any], settings: Settings, rows: Sequence[dict[str, Any]], state: str
) -> None:
    """Note what became of the messages; what was last said decides what the next one is about."""
    now = settings.now()
    with connection.cursor() as cursor:
        cursor.executemany(
            read_sql(settings.root, "operations/alert_sent"),
            [
                {
                    "county_code": row["county_code"], "alert_key": row["alert_key"], "state": state, "now": now,
                    "sent_content": "" if row["event"] == "resolved" else row["content"],
                }
                for row in rows
            ],
        )  # fmt: skip
