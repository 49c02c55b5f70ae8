"""Whole files as people decide about them: one that waits is taken, one that should not have come is retracted.

A decision and all that follows from it are one transaction: the files concerned are read again from the bytes they came
in, so that the warehouse is what it would be had the decision been known when they came (docs/decisions/0043).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.coverage import covered, covered_from
from xiezuo.conform.intake import Intake, Landed, place_of
from xiezuo.load.load import Loader
from xiezuo.load.reread import lock_datasets, reread
from xiezuo.load.taker import landings_of
from xiezuo.values import contains_identity_number
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access, word_log

Standing = Literal["stands", "retracted", "whole", "part"]

_log = logging.getLogger("xiezuo.deliveries")


@dataclass(frozen=True)
class Decided:
    """What a decision did: the file it is about, files read again, and how many batches of it are loaded now."""

    county_code: str
    landing_id: str
    place: str
    is_new: bool
    files_read: int = 0
    batches_loaded: int = 0
    reasons_zh: Sequence[str] = ()


def listed(settings: Settings, county: str | None, *, waiting: bool = False) -> list[dict[str, Any]]:
    """Return the files that came in, the newest first; of those ``waiting``, what a gate holds back."""
    with access.connect(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(read_sql(settings.root, "deliveries/listed"), {"county_code": county}).fetchall()
    return [row for row in rows if row["state"] == "waits" or not waiting]


def decide(
    settings: Settings, county: str, delivery: str, standing: Standing, *, by: str, reason: str
) -> Decided:  # fmt: skip
    """Decide where a file stands, and load what follows; ``delivery`` is its place, or the start of its identifier.

    Touched months are built by what comes after.

    Raises:
        ConfigError: there is no such file, or more than one; its bytes are no longer kept; nobody decides or no
            reason is given.
    """
    if not by.strip() or not reason.strip() or contains_identity_number(reason + by):
        said = "who decides and why are needed, and no personal number"
        raise ConfigError(said, zh="请写明决定人和理由，且不得含个人证件号码")
    with access.connect(settings) as connection, connection.transaction():
        connection.prepare_threshold = None  # a plan made for one delivery need not serve the next
        intake = Intake(settings, word_log.decisions(connection, settings))
        lock_datasets(connection, intake, county)
        intake.learn(word_log.decisions(connection, settings))
        landing = _found(connection, settings, county, delivery)
        if landing["standing"] == standing:
            return Decided(county, landing["landing_id"], place_of(landing), is_new=False)
        if landing.get("bytes_purged_at"):
            raise ConfigError("its bytes are no longer kept", zh="该报表的原件已按保存期限清理，不能再处理")
        facts = {
            "county_code": county, "landing_id": landing["landing_id"], "standing": standing,
            "sha256": landing["sha256"], "reason_zh": Privacy.of(settings).mask_free_text(reason.strip()),
            "decided_by": by.strip(),
            "decided_at": settings.now(),
        }  # fmt: skip
        before = _rows(connection, settings, "load/reread_batches", facts)
        connection.execute(read_sql(settings.root, "deliveries/decide"), facts)
        connection.execute(read_sql(settings.root, "deliveries/stand"), facts)
        copies = [row["landing"] for row in _rows(connection, settings, "deliveries/copies", facts)]
        again = [copy for copy in copies if copy["state"] == "done"]
        batches = _settled(connection, settings, intake, again, before) if again else []
        _log.info("%s: a delivery is %s, %d files of the same content", county, standing, len(copies))
        return Decided(
            county, landing["landing_id"], place_of(landing), is_new=True, files_read=len(again),
            batches_loaded=sum(batch["state"] == "loaded" for batch in batches),
            reasons_zh=[batch["refusal_zh"] for batch in batches if batch.get("refusal_zh")],
        )  # fmt: skip


def _settled(
    connection: psycopg.Connection, settings: Settings, intake: Intake, landings: Sequence[Landed],
    before: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:  # fmt: skip
    """Read a file, in all its copies, again by its new standing; return the batches of it.

    Had rows of it been loaded, all other files of its datasets are read with it.
    """
    county, sha256 = landings[0]["county_code"], landings[0]["sha256"]
    again, datasets = list(landings), sorted({batch["dataset"] for batch in before if batch["state"] == "loaded"})
    if datasets:
        others = landings_of(connection, settings, county, datasets)
        again += [one for one in others if one["kind"] == "file" and one["sha256"] != sha256]
        years = {batch["covers_to"].year for batch in before if batch["covers_to"]}
        _uncover(connection, settings, county, datasets, years)
    return [batch for batch in reread(connection, settings, intake, county, again) if batch["sha256"] == sha256]


def _uncover(
    connection: psycopg.Connection, settings: Settings, county: str, datasets: Sequence[str], years: Collection[int]
) -> None:
    """Forget what was spoken of in some years and the ones before; files tell it as they are read again."""
    around = sorted({*years, *(year - 1 for year in years)})
    facts = {"county_code": county, "datasets": list(datasets), "years": around}
    connection.execute(read_sql(settings.root, "deliveries/uncover"), facts)
    connection.execute(read_sql(settings.root, "deliveries/touch"), facts)
    loader = Loader(connection, settings, Intake(settings).privacy)
    for (landing,) in connection.execute(read_sql(settings.root, "deliveries/not_files"), facts).fetchall():
        details = landing["details"]
        loader.cover(county, details["dataset"], covered(details), covered_from(details))


def _found(connection: psycopg.Connection, settings: Settings, county: str, delivery: str) -> Landed:
    found = _rows(connection, settings, "deliveries/found", {"county_code": county, "delivery": delivery})
    if len(found) != 1:
        said = "no delivery" if not found else f"{len(found)} deliveries"
        word = "没有找到" if not found else f"有 {len(found)} 份"
        raise ConfigError(
            f"{said} called {delivery}", zh=f"{word}报表“{delivery}”",
            next_step="用 xiezuo delivery list 查看编号",
        )  # fmt: skip
    landing: Landed = found[0]["landing"]
    return landing


def _rows(
    connection: psycopg.Connection, settings: Settings, statement: str, facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, statement), facts).fetchall()
