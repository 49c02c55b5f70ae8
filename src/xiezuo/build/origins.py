"""Where the columns of ``mart`` come from: view by view back to the tables, and from there to the ledgers.

All of it follows from the files that make them: the SELECT of each view, contracts, and headers of indicators. No
database is asked (docs/decisions/0055-analysts-tools.md says why a parser reads the views).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.indicators import load_indicators
from xiezuo.warehouse.views import View, load_views

Column = tuple[str, str]
"""A relation and a column of it: ``("mart.progress", "target")``. A ledger's: ``("劳务输转台账", "务工月收入")``."""

How = Literal["same", "computed", "counted", "read"]

FIGURES = "mart.indicator_value"
_COUNTED = ("value", "qualifier", "as_of")


@dataclass(frozen=True)
class Edge:
    """``column`` is the ``same`` as ``source``, ``computed`` from it, ``counted`` over its rows, or ``read`` from it.

    What is counted over rows has a relation without a column as its source: ``("core.sales_order", "")``.
    """

    column: Column
    source: Column
    how: How


def edges(root: Path, column: Column) -> list[Edge]:
    """Return all that a column of ``mart`` comes from, step by step, the nearest first; each edge once.

    It ends at ledgers, at what the loader itself notes (``batch_id``), and at constants, of which there is no edge.
    A column that nothing is known of has none.

    Raises:
        ConfigError: a view's, a contract's or an indicator's file is no such thing.
    """
    found: dict[Edge, None] = {}
    waiting, seen = [column], {column}
    while waiting:
        for edge in _of(root, waiting.pop(0)):
            found[edge] = None
            if edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    return list(found)


@lru_cache(maxsize=1024)
def _of(root: Path, column: Column) -> tuple[Edge, ...]:
    """Return the edges of one column: one step back."""
    relation, name = column
    schema, _, bare = relation.partition(".")
    contract = load_contracts(root).get(bare)
    if relation == FIGURES:
        datasets = {dataset for indicator in load_indicators(root) for dataset in indicator.header.datasets}
        counted = sorted(datasets) if name in _COUNTED else ()
        return tuple(Edge(column, (f"core.{dataset}", ""), "counted") for dataset in counted)
    if schema == "core" and contract is not None:
        return tuple(_of_table(contract, name))
    if schema == "mart" and contract is not None:
        return (Edge(column, (f"core.{bare}", name), "same"),)
    view = load_views(root).get(bare) if schema == "mart" else None
    if view is None or name not in view.header.columns:
        return ()
    return tuple(_of_view(view, name))


def _of_view(view: View, name: str) -> Iterator[Edge]:
    import sqlglot.lineage  # takes as long to load as all the rest of a page
    from sqlglot import exp

    column = (f"mart.{view.name}", name)
    node = sqlglot.lineage.lineage(name, view.select, schema={}, dialect="postgres")
    leaves = ((one.source, one.name.rpartition(".")[2]) for one in node.walk() if not one.downstream)
    sources = sorted({(f"{one.db}.{one.name}", leaf) for one, leaf in leaves if isinstance(one, exp.Table) and one.db})
    if not sources and list(node.expression.find_all(exp.Count)):
        yield from (Edge(column, (relation, ""), "counted") for relation in view.reads)
        return
    is_handed_on = all(isinstance(one.expression.unalias(), exp.Column) for one in node.walk() if one.downstream)
    how: How = "same" if len(sources) == 1 and is_handed_on else "computed"
    yield from (Edge(column, source, how) for source in sources)


def _of_table(contract: Contract, name: str) -> Iterator[Edge]:
    """Yield what a dataset's column is read or computed from: a ledger's column by its canonical header."""
    table = f"core.{contract.dataset}"
    for field, spec in contract.fields.items():
        header = (contract.zh, spec.zh[0] if spec.zh else field)
        is_person = spec.type == "identity_number"
        own = ("person_key", "birth_date_year", "sex") if is_person else (field, f"{field}_at_least")
        if name in own or not name:
            yield Edge((table, name), header, "read")
    computed = contract.computed.get(name)
    if computed is not None and name not in contract.fields:
        yield from (Edge((table, name), (table, source), "computed") for source in computed.from_)
