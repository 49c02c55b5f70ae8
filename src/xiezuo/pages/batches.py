"""批次: every delivery that came in, and what became of all of it; why a row was held back, and how it is mended."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.suites import load_rules
from xiezuo.pages.asked import PAGE_ROWS, Asked, Given, NotFound, Shown, page_of, rows_of
from xiezuo.pages.rendering import fault
from xiezuo.publish.outfiles import receipt_files, unit_folder
from xiezuo.publish.remedies import remedy_under, spelt
from xiezuo.warehouse import access

_log = logging.getLogger("xiezuo.pages.batches")

SOURCES = {
    "labour": ("劳务", "labour"),
    "sales": ("消费", "sales"),
    "fund": ("资金", "funds"),
    "work": ("工作", "work"),
}
STATES = {
    "loaded": ("已装载", "loaded", "good"),
    "refused": ("拒收", "refused", "bad"),
    "gated": ("待定（被拦截）", "held back by a gate", "bad"),
    "retracted": ("已撤回", "retracted", "idle"),
    "open": ("有待更正行", "with rows to correct", "warn"),
    "warned": ("有提示", "with warnings", "warn"),
}
"""What a list can be of: states of a batch, then files of which none is left, then what of a batch wants a look."""
FATES = {
    "loaded": ("入库", "loaded", "good"),
    "unchanged": ("未变", "unchanged", "accent"),
    "superseded": ("被较新的取代", "superseded by a newer one", "quiet"),
    "duplicate": ("本批内重复", "duplicate within the batch", "warn"),
    "quarantined": ("隔离", "held back", "bad"),
    "ignored": ("标题、合计、空行", "titles, totals, blank rows", "idle"),
}
"""What becomes of a row that was read, as ``audit.batch`` counts it; each row has one fate."""
ROW_STATES = {
    "open": ("待更正", "to correct", "bad"),
    "explained": ("已说明", "explained", "idle"),
    "corrected": ("已更正", "corrected", "good"),
    "repeated": ("同一事项列在最新一份中", "listed in the newest delivery", "idle"),
}
SEVERITIES = {
    ("rows", "critical"): ("隔离该行", "the row is held back", "bad"),
    ("gate", "critical"): ("拦截整份", "all of it is held back", "bad"),
    ("rows", "warning"): ("只提示", "told only", "warn"),
    ("gate", "warning"): ("只提示", "told only", "warn"),
}
"""What a rule of a suite does with what breaks it, by severity: Chinese, English, and how it is marked."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_FOR_A_PERSON = ("SAME_DATE", "ROWS_MISSING", "RETRACTED_BEFORE")
"""Refusals that a decision lifts (docs/operations.md, “files that wait”); any other is mended in the file."""


def batches(asked: Asked) -> Shown:
    """List batches, the newest first, of one county or of all that are the visitor's; or files that were retracted."""
    query = {name: asked.query.get(name, "").strip() for name in ("source", "dataset", "unit", "q", "state", "run")}
    county = asked.county_or_none
    codes = list(asked.counties) if county is None else [county]
    facts = {"counties": codes, "named": query["q"], "most": PAGE_ROWS + 1, "after": asked.after}
    contracts = load_contracts(asked.settings.root)
    units = [row["reporting_unit"] for row in asked.rows("pages/units", county_code=county)] if county else []
    if query["state"] == "retracted":
        found = [_placed(row) for row in asked.rows("pages/retracted", **facts)]
    else:
        also = {name: query[name] for name in ("source", "dataset", "unit", "state", "run")}
        found = [_listed(row, contracts) for row in asked.rows("pages/batches", **facts, **also)]
    lines, following = page_of(found, asked.after)
    return Shown(
        "batches.html",
        {
            "lines": lines, "next": following, "asked_for": query, "county": county, "units": units,
            "states": STATES, "sources": SOURCES, "datasets": {name: one.zh for name, one in contracts.items()},
        },
    )  # fmt: skip


def batch(asked: Asked) -> Shown:
    """Show one batch: that nothing of it was lost, what was held back and why, and what can be decided about it."""
    found, county = _batch(asked), asked.counties[asked.county]
    contract = load_contracts(asked.settings.root).get(found["dataset"])
    facts = {"county_code": county.code, "batch_id": found["batch_id"]}
    row_no, named = _row_asked(asked)
    with access.connect(asked.settings) as connection:
        root = asked.settings.root
        held = rows_of(
            connection, root, "pages/batch_rows", **facts, row_no=row_no, most=PAGE_ROWS + 1, after=asked.after
        )
        beside = rows_of(connection, root, "pages/batch_beside", **facts)
        said = rows_of(connection, root, "pages/batch_rules", **facts)
    (lines, following), fates = page_of(held, asked.after), _fates(found)
    names = {} if contract is None else spelt(contract, found["feed"], county)
    for line in lines:
        for reason in line["reasons"]:
            reason["remedy"] = remedy_under(reason["column"], names, county)
    return Shown(
        "batch.html",
        {
            "batch": _listed(found, {} if contract is None else {contract.dataset: contract}),
            "county": county, "states": STATES, "sources": SOURCES, "row_states": ROW_STATES, "severities": SEVERITIES,
            "fates": fates, "drawn": [(one["zh"], one["colour"], one["rows"]) for one in fates],
            "has_amount": contract is not None and contract.amount is not None, "lost": _lost(found),
            "rows": lines, "next": following, "row_asked": named,
            "beside": [_told(row, asked) for row in beside],
            "rules": [row | _sentence(asked, found["dataset"], row["rule_id"], row["suite"]) for row in said],
            "is_for_a_person": found["refusal_code"] in _FOR_A_PERSON,
            "has_return": bool((found["receipt"] or {}).get("returned")), "has_receipt": bool(found["receipt"]),
        },
    )  # fmt: skip


def return_workbook(asked: Asked) -> Shown | Given:
    """Give the return workbook of a batch's file, as the night wrote it, to who may act."""
    return _written(asked, "退回修改表")


def receipt(asked: Asked) -> Shown | Given:
    """Give the receipt of a batch's file, as the night wrote it, to who may act."""
    return _written(asked, "回执")


def _written(asked: Asked, kind: str) -> Shown | Given:
    """Give a file that was written for a station; where it lies is what the warehouse has on record."""
    found = _batch(asked)
    if not asked.visitor.may_act:
        said = "退回修改表和回执是给填报单位的，含个人信息；只有登记的办理人员可以下载"
        return fault(asked, ConfigError("only who may act is given files of stations", zh=said), 403)
    noted = found["receipt"] or {}
    wanted = noted.get("returned") if kind == "退回修改表" else noted
    if not wanted:
        is_file = found["kind"] == "file"
        why = "没有等待更正的行，或今晚才写出" if is_file else "只有收件夹里的报表才有"
        raise NotFound(f"no {kind} is on record for {found['batch_id']}", zh=f"没有{kind}：{why}")
    slip, book = receipt_files(asked.settings, asked.county, noted["unit"], found["place"])
    shelf = unit_folder(asked.settings, asked.county, noted["unit"]).parent
    path = book if kind == "退回修改表" else slip
    if slip.relative_to(shelf).as_posix() != noted["at"] or not path.is_file():
        said = f"{kind}已登记，但不在发放文件夹中，请联系运维"
        raise NotFound(f"{kind} of {found['batch_id']} is not there", zh=said)
    _log.info("%s of landing %s given to %s", kind, found["landing_id"], asked.visitor.account)
    return Given(path, path.name)


def _batch(asked: Asked) -> dict[str, Any]:
    """Return the batch asked for.

    Raises:
        NotFound: the county has none of this number.
    """
    found = asked.rows("pages/batch", county_code=asked.county, batch_id=asked.path["batch_id"])
    if not found:
        said = "没有这个批次：报表重读后批次号会变，请在“批次”中按文件名查找"
        raise NotFound(f"no batch {asked.path['batch_id']!r} in {asked.county}", zh=said)
    return found[0]


def _row_asked(asked: Asked) -> tuple[int | None, str]:
    """Return the number of the row that is looked for, and how it was typed; what is no number finds no row."""
    typed = asked.query.get("row", "").strip()
    if not typed:
        return None, ""
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else -1
    return number, typed[:20]


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    """Add what a file is called, without the folders of its county."""
    place = PurePosixPath(row["place"])
    return row | {"file": place.name if len(place.parts) > 1 else row["place"], "place": str(place)}


def _listed(row: dict[str, Any], contracts: Mapping[str, Contract]) -> dict[str, Any]:
    contract = contracts.get(row["dataset"])
    return _placed(row) | {
        "ledger_zh": contract.zh if contract else row["dataset"] or "未识别的报表",
        "ledger_en": contract.en if contract else row["dataset"] or "not recognised",
    }


def _told(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    contract = load_contracts(asked.settings.root).get(row["dataset"])
    return row | {"ledger": contract.zh if contract else row["dataset"], "uri": row["uri"].rpartition("/")[2]}


def _fates(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each fate with its rows and 元, and the share of the rows read."""
    read = found["rows_read"] or 1
    return [
        {
            "zh": zh, "en": en, "colour": colour, "rows": found[f"rows_{fate}"], "yuan": found[f"yuan_{fate}"],
            "share": Decimal(100 * found[f"rows_{fate}"]) / read,
        }
        for fate, (zh, en, colour) in FATES.items()
    ]  # fmt: skip


def _lost(found: Mapping[str, Any]) -> tuple[int, Decimal]:
    """Return how many of the rows and 元 that were read have no fate: none of them, unless something is broken."""
    rows = found["rows_read"] - sum(found[f"rows_{fate}"] for fate in FATES)
    yuan = found["yuan_read"] - sum(found[f"yuan_{fate}"] for fate in FATES)
    return rows, yuan


def _sentence(asked: Asked, dataset: str, rule_id: str, suite: str) -> dict[str, str]:
    """Return what a rule says, where its suite still has it."""
    rules = load_rules(asked.settings.root, dataset, suite) if dataset in load_contracts(asked.settings.root) else ()
    rule = next((one for one in rules if one.rule_id == rule_id), None)
    return {"zh": plain(rule.zh), "en": rule.en} if rule else {"zh": rule_id, "en": rule_id}


def plain(sentence: str) -> str:
    """Return a rule's sentence without the figures that a delivery puts into it."""
    return _PLACEHOLDER.sub("…", sentence)
