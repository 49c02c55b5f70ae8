"""字典: every table, view and column with its labels, every indicator, and where a column comes from, drawn.

All of it follows from the files that make the warehouse; no database is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xiezuo.build.checks import load_checks
from xiezuo.build.figures import order_of
from xiezuo.build.origins import FIGURES, Edge, How, edges
from xiezuo.declared.access import load_access
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import load_indicators
from xiezuo.pages.asked import PAGE_ROWS, Asked, NotFound, Shown, page_of
from xiezuo.publish.dictionary import Relation, relations
from xiezuo.warehouse.tables import HIDDEN_COLUMNS

SCHEMAS = ("mart", "core", "publish", "audit")
"""What the dictionary shows; the vault is nobody's to look into."""
_DRAWN = 60
"""So many steps are drawn; the table beside them has all."""
_SHOWN_COLUMNS = 6
HOW = {
    "same": ("原样", "the same"), "computed": ("算出", "computed"), "counted": ("逐行统计", "counted over its rows"),
    "read": ("读自报表栏目", "read from the ledger's column"),
}  # fmt: skip
"""How a column comes from another: Chinese and English."""
_ROWS = {
    "all": ("全部", "all"), "county": ("本县", "own county's"), "unit": ("本单位", "own unit's"),
    "delivery": ("本单位报送", "own deliveries'"), "none": ("不可", "none"),
}  # fmt: skip


def dictionary(asked: Asked) -> Shown:
    """Show tables and views by what they are called, their columns included, and the catalogue of indicators."""
    named = (asked.query.get("q") or "").strip()
    words, root = named.casefold().split(), asked.settings.root
    found = [
        {"relation": one, "columns": [c for c in one.columns if words and _has(f"{c.name} {c.zh} {c.en}", words)]}
        for one in _shown(root).values()
        if _has(_text(one), words)
    ]
    order = order_of(root)
    listed = sorted(
        (
            (entry, one) for one in load_indicators(root) for entry in one.entries
            if _has(f"{entry.indicator_id} {entry.zh} {entry.en} {one.header.definition_zh}", words)
        ),
        key=lambda pair: order(pair[0].indicator_id),
    )  # fmt: skip
    of_indicators = asked.query.get("of") == "indicators"
    lines: list[object] = [*listed] if of_indicators else [*found]
    shown, following = page_of(lines[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    return Shown(
        "dictionary.html",
        {
            "named": named, "lines": shown, "next": following, "of": "indicators" if of_indicators else "",
            "tables_count": len(found), "indicators_count": len(listed), "county": asked.county_or_none,
        },
    )  # fmt: skip


def relation(asked: Asked) -> Shown:
    """Show a table or view: what a row of it is, its columns, who reads it, an example, and where a column comes from.

    Raises:
        NotFound: there is none of this name, or it has no such column.
    """
    root, name = asked.settings.root, asked.path["name"]
    one = _shown(root).get(name)
    if one is None:
        raise NotFound(f"no relation {name!r}", zh=f"没有表或视图“{name}”")
    column = asked.query.get("column") or ""
    if column and column not in {c.name for c in one.columns}:
        raise NotFound(f"{name} has no column {column!r}", zh=f"“{name}”没有列“{column}”")
    steps = edges(root, (name, column)) if column else _made_of(root, name)
    names = {"ledger": {one.zh: dataset for dataset, one in load_contracts(root).items()}}
    lines = list(dict.fromkeys((_told(e.column), _told(e.source), e.how) for e in steps if not _is_detail(e)))
    shown, following = page_of(lines[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    readers = load_access(root).of(name, load_contracts(root))
    return Shown(
        "relation.html",
        {
            "one": one, "column": column, "steps": shown, "next": following, "count": len(lines), "how": HOW,
            "drawn": [(thing, source) for thing, source, _ in lines[:_DRAWN]], "names": names,
            "example": _example(one), "used_by": _used_by(root, name), "county": asked.county_or_none,
            "readers": [
                (zh, en, _ROWS[rows]) for zh, en, rows in (
                    ("县办账号", "accounts of offices", readers.office),
                    ("乡镇账号", "accounts of stations", readers.station), ("审计", "auditor", readers.auditor),
                )
            ],
        },
    )  # fmt: skip


def _shown(root: Path) -> dict[str, Relation]:
    known = relations(root)
    return {
        name: one
        for schema in SCHEMAS
        for name, one in known.items()
        if name.partition(".")[0] == schema
    }  # fmt: skip


def _text(one: Relation) -> str:
    columns = " ".join(f"{column.name} {column.zh} {column.en}" for column in one.columns)
    return f"{one.name} {one.zh} {one.en} {columns}"


def _has(text: str, words: Sequence[str]) -> bool:
    text = text.casefold()
    return all(word in text for word in words)


def _made_of(root: Path, name: str) -> list[Edge]:
    """Return what a table or view is made of, relation by relation, down to the ledgers."""
    known, contracts = relations(root), load_contracts(root)
    found: dict[Edge, None] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        dataset = one.removeprefix("core.")
        sources = known[one].reads if one in known else ()
        how: How = "same" if sources == (f"core.{one.removeprefix('mart.')}",) else "computed"
        if one == FIGURES:
            how = "counted"
            sources = tuple(f"core.{d}" for d in sorted({d for i in load_indicators(root) for d in i.header.datasets}))
        elif one.startswith("core.") and dataset in contracts:
            how, sources = "read", (contracts[dataset].zh,)
        for source in sources:
            if (edge := Edge((one, ""), (source, ""), how)) not in found:
                found[edge] = None
                waiting.append(source)
    return list(found)


def _is_detail(edge: Edge) -> bool:
    """Whether a step says only that a table, of which every row is counted, has all of its ledger's columns."""
    return edge.column[1] == "" and edge.source[1] != "" and edge.how == "read"


def _told(column: tuple[str, str]) -> str:
    relation, name = column
    return f"{relation}{'.' if relation.isascii() else '：'}{name}" if name else relation


def _used_by(root: Path, name: str) -> dict[str, list[tuple[str, str]]]:
    """Return what reads a relation, each with its address: views, indicators and checks."""
    dataset = name.removeprefix("core.") if name.startswith("core.") else ""
    return {
        "views": [(one.name, one.name) for one in relations(root).values() if name in one.reads],
        "indicators": [
            (one.file_id, f"{one.file_id} {one.header.zh}") for one in load_indicators(root) if dataset in one.reads
        ],
        "checks": [
            (one.check_id, one.header.zh) for one in load_checks(root)
            if name in [read.strip() for read in one.header.reads.split(",")]
        ],
    }  # fmt: skip


def _example(one: Relation) -> str:
    """Return a query that answers with a few rows, as an analyst may ask it."""
    schema, _, bare = one.name.partition(".")
    is_fact = schema == "core" and any(column.name == "row_no" for column in one.columns)
    asked_of = f"mart.{bare}" if is_fact else one.name
    shown = [column.name for column in one.columns if not (is_fact and column.name in HIDDEN_COLUMNS)]
    columns = shown[:_SHOWN_COLUMNS]
    where = "\nwhere county_code = '620422'" if "county_code" in columns else ""
    return f"select {', '.join(columns)}\nfrom {asked_of}{where}\nlimit 20;"
