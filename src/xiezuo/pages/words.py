"""词表: the words that rows wait for, to be decided here, and all that are known in a county."""

from __future__ import annotations

from typing import Any

from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.words import NAMES
from xiezuo.operations.words import listed
from xiezuo.pages.asked import PAGE_ROWS, Asked, Shown, page_of

_REGISTERS = {NAMES: "乡镇、村名", "firm": "企业名称", "project": "项目名称"}


def words(asked: Asked) -> Shown:
    """Show what waits for a decision, most rows first, and the register, searched by word or value."""
    county, named = asked.county, (asked.query.get("q") or "").strip()
    waiting = asked.rows("pages/words_waiting", county_code=county)
    titles = _titles(asked)
    values = _values(asked)
    known = [
        line
        | {
            "title": titles.get(line["field"], line["field"]),
            "value_zh": values.get((line["field"], line["value"]), line["value"]),
        }
        for line in listed(asked.settings, county)
    ]
    found = [line for line in known if not named or named in f"{line['word']} {line['value_zh']} {line['title']}"]
    lines, following = page_of(found[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    return Shown(
        "words.html",
        {
            "county": asked.counties[county], "looked_at": waiting[0]["looked_at"] if waiting else None,
            "waiting": [_waiting(one, titles) for one in (waiting[0]["proposals"] if waiting else [])],
            "divisions": asked.rows("pages/divisions", county_code=county), "names": NAMES,
            "lines": lines, "next": following, "named": named, "count": len(found),
        },
    )  # fmt: skip


def _waiting(one: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    """Return a word that waits, with its register in words and the value that the likest known word has."""
    kind = "name" if one["field"] == NAMES else "list"
    likest = one["similar"][0]["value"] if one["similar"] else ""
    likest = likest.partition(" ")[0] if kind == "name" else likest  # of a division: its code, then its name
    return one | {"title": titles.get(one["field"], one["field"]), "kind": kind, "likest": likest}


def _values(asked: Asked) -> dict[tuple[str, str], str]:
    """Return what each value of a list is called, by register and value."""
    return {
        (contract.register_of(name), value): zh
        for contract in load_contracts(asked.settings.root).values()
        for name, spec in contract.fields.items()
        for value, zh in spec.value_names.items()
    }


def _titles(asked: Asked) -> dict[str, str]:
    """Return what each register is called: the ledger and the first header text of its column."""
    contracts = load_contracts(asked.settings.root)
    found = dict(_REGISTERS)
    for contract in contracts.values():
        for name, spec in contract.fields.items():
            found.setdefault(contract.register_of(name), f"{contract.zh}：{spec.zh[0]}")
    return found
