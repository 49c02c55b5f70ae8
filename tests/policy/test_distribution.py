"""The schema and every statement keep to what Citus takes: docs/scale.md says why, deploy/citus/README.md how it was tried.

Statements are read as text, one query in brackets at a time; what cannot be told from a text is told by a run on a
real Citus, which no continuous integration of ours has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.warehouse.citus import ANCHOR, LOCAL, REFERENCE
from xiezuo.warehouse.star import references
from xiezuo.warehouse.tables import primary_key

ROOT = Path(__file__).parents[2]
CONTRACTS = load_contracts(ROOT)
MIGRATIONS = sorted((ROOT / "src/xiezuo/warehouse/migrations/sql").glob("*.sql"))

# Tables without a county: catalogues, which Citus keeps whole on every node.
CATALOGUES = {
    "audit.check_definition": "the checks there are, the same for every county",
    "audit.indicator_file": "what each indicator's SQL said when it was last computed",
    "audit.schema_part": LOCAL["audit.schema_part"],
    "mart.indicator": "the indicators there are; figures of every county refer to them",
}
WHOLE = {*CATALOGUES, *REFERENCE}

DISTRIBUTED = r"(?:core|audit|mart|vault|staging|publish)\.\w+|\{(?:core|staging|rows)\}"
READ = re.compile(rf"\b(?:from|join|using|update|into)\s+({DISTRIBUTED}|\w+)(?:\s+as\s+(\w+))?|,\s*(\w+)\s+as\s+(\w+)\b")
TEMPORARY = frozenset(
    name
    for path in (ROOT / "src/xiezuo").rglob("*.py")
    for name in re.findall(r"create temporary table (\w+)", path.read_text(encoding="utf-8"))
) | {"traced", "period", "touched_county", "touched_year"}
"""Also what is made elsewhere, or named in front of a file's SELECT: all of it is of one transaction."""
QUERY = re.compile(r"\s*(select|with|insert|update|delete|table|values)\b")
CHANGES = re.compile(r"\s*(update|delete)\b")


@dataclass
class Query:
    """A query and those in brackets within it; ``text`` has the inner ones taken out.

    ``place`` is how it stands in the outer one: statement, cte (with its name), derived, lateral or subquery.
    """

    place: str
    text: str = ""
    name: str = ""
    inner: list[Query] = field(default_factory=list)

    def all(self) -> Iterator[Query]:
        yield self
        for query in self.inner:
            yield from query.all()

    def whole(self) -> str:
        return " ".join(query.text for query in self.all())

    def aliases(self) -> dict[str, str]:
        """Return what stands for which relation, temporary or distributed, in this query alone."""
        found = {}
        for relation, alias, listed, other in READ.findall(self.text):
            name = relation or listed
            if relation or listed in TEMPORARY:  # another one after a comma is a column
                found[alias or other or name] = name
        return found

    def named(self) -> set[str]:
        return set(self.aliases().values())


def plain(text: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"--.*", "", text)).lower()


def read(text: str) -> Query:
    """Read a statement into queries."""
    text = re.sub(r"\b(extract\(\w+|distinct) from\b", r"\1", plain(text))
    top = Query("statement")
    stack: list[tuple[Query, bool]] = [(top, True)]
    for position, sign in enumerate(text):
        query = stack[-1][0]
        if sign == "(" and QUERY.match(text, position + 1):
            query.text += " () "
            stack.append((_opened(query), True))
        elif sign == "(":
            query.text += sign
            stack.append((query, False))
        elif sign == ")" and len(stack) > 1:
            _, is_query = stack.pop()
            stack[-1][0].text += "" if is_query else sign
        else:
            query.text += sign
    return top


def _opened(outer: Query) -> Query:
    before = outer.text.removesuffix(" () ").rstrip()
    cte = re.search(r"(\w+)(?:\s*\([^)]*\))?\s+as(?:\s+(?:not\s+)?materialized)?$", before)
    if cte is not None:
        inner = Query("cte", name=cte[1])
    elif before.endswith("lateral"):
        inner = Query("lateral")
    else:
        inner = Query("derived" if re.search(r"(\bfrom|\bjoin)$", before) else "subquery")
    outer.inner.append(inner)
    return inner


def reads(query: Query, scope: dict[str, Query]) -> set[str]:
    """Return what a query reads, itself or through what its FROM names; not what its subqueries look up."""
    found = query.named() - scope.keys()
    parts = [part for part in query.inner if part.place == "derived"]
    parts += [scope[name] for name in query.named() & scope.keys() if scope[name] is not query]
    rest = {name: part for name, part in scope.items() if part not in parts}
    return found.union(*(reads(part, rest) for part in parts))


def distributed(names: set[str]) -> set[str]:
    return {name for name in names if re.fullmatch(DISTRIBUTED, name)}


def looked_from(inner: Query, outer: Query, scope: dict[str, Query]) -> list[set[str]]:
    """Return, for each alias of the outer query that an inner one mentions, what stands behind that alias."""
    own = {alias for one in inner.all() for alias in one.aliases()}
    behind = {
        alias: reads(scope[name], scope) if name in scope else {name} for alias, name in outer.aliases().items()
    }
    derived = [part for part in outer.inner if part.place in {"derived", "lateral"}]
    behind |= {
        alias: reads(part, scope)
        for part, alias in zip(derived, re.findall(r"(?:from|join|lateral) +\(\)\s+as\s+(\w+)", outer.text), strict=False)
    }
    return [behind[alias] for alias in behind.keys() - own if re.search(rf"\b{alias}\.", inner.whole())]


def statements() -> dict[str, str]:
    """Return every statement by where it stands: files, and texts in the code that begin as one."""
    found = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "include/sql").rglob("*.sql"))
        if "sqlfluff:dialect:duckdb" not in path.read_text(encoding="utf-8")
    }
    for path in sorted((ROOT / "src/xiezuo").rglob("*.py")):
        if "sample" in path.parts or path.name == "export.py":
            continue  # the sample's own ledger database, and DuckDB
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and QUERY.match(node.value):
                found[f"{path.relative_to(ROOT)}:{node.lineno}"] = node.value
    return found


STATEMENTS = statements()
each_statement = pytest.mark.parametrize("text", STATEMENTS.values(), ids=STATEMENTS)
each_migration = pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
each_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)


def test_the_walk_finds_what_there_is() -> None:
    assert {"drained", "figure", "found", "period"} <= TEMPORARY
    assert len(MIGRATIONS) >= 5
    assert sum(name.endswith(".sql") for name in STATEMENTS) >= 150
    assert sum(":" in name for name in STATEMENTS) >= 30
    assert len(CONTRACTS) >= 24


def keys() -> dict[str, list[list[str]]]:
    """Return the columns of every primary key, unique constraint and unique index that the migrations leave."""
    found: dict[str, list[list[str]]] = {}
    for text in (plain(path.read_text(encoding="utf-8")) for path in MIGRATIONS):
        for table, body in re.findall(r"create (?:unlogged )?table ([\w.]+) \((.*?)\n\)", text, re.DOTALL):
            found[table] = [re.findall(r"\w+", k) for k in re.findall(r"(?:primary key|unique) \(([^)]*)\)", body)]
            found[table] += [[c] for c in re.findall(r"^\s+(\w+) [^,\n]*(?:primary key|\bunique\b)(?! \()", body, re.MULTILINE)]
        for table in re.findall(r"alter table ([\w.]+) drop constraint \w+_pkey", text):
            found[table] = []
        for table, key in re.findall(r"alter table ([\w.]+) add (?:constraint \w+ )?(?:primary key|unique) \(([^)]*)\)", text):
            found[table].append(re.findall(r"\w+", key))
        for table, key in re.findall(r"create unique index \w+ on ([\w.]+) (?:using \w+ )?\(([^)]*)\)", text):
            found[table].append(re.findall(r"\w+", key))
    return found


def test_every_key_of_a_table_holds_the_county_and_every_table_has_one() -> None:
    found = keys()
    assert len(found) >= 15
    assert ANCHOR in found
    without = {table for table, of_table in found.items() if not of_table}
    assert not without, "Citus changes rows of a table without a key only whole shards at a time"
    wrong = {table: key for table, of_table in found.items() for key in of_table if "county_code" not in key}
    assert set(wrong) == set(CATALOGUES), "a table without a county is a catalogue, listed above with its reason"


@each_contract
def test_every_key_of_a_dataset_holds_the_county(contract: Contract) -> None:
    assert primary_key(contract)[0] == "county_code"
    for reference in references(contract):
        assert reference.table.split(".")[0] in {"core", "audit"}  # county_code stands first in all of them


@each_migration
def test_a_migration_makes_nothing_that_cannot_be_distributed(path: Path) -> None:
    text = plain(path.read_text(encoding="utf-8"))
    for refused in (r"\btrigger\b", r"\bserial\b", r"\)\s*partition by\b", r"\bpartition of\b", r"\binherits\b", r"\bexclude using\b"):
        assert not re.search(refused, text), refused
    for statement in re.findall(r"alter table [^;]*;", text):
        own = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", statement))
        assert "," not in own, f"one ALTER a statement: {statement}"


@each_statement
def test_a_statement_has_no_word_that_citus_refuses(text: str) -> None:
    words = plain(text)
    for refused in (
        r"\bmerge into\b", r"\bgrouping sets\b", r"\brollup\s*\(", r"\bcube\s*\(", r"\bwith recursive\b",
        r"\bfor (update|share)\b", r"\bcreate trigger\b", r"\bset\s+county_code\s*=", r",\s*county_code\s*=\s*excluded",
    ):  # fmt: skip
        assert not re.search(refused, words), refused


@each_statement
def test_a_conflict_is_looked_for_on_the_county(text: str) -> None:
    words = plain(text)
    for target in re.findall(r"on conflict\s*\(([^)]*)\)", words):
        table = re.search(r"insert into ([\w.{}]+)", words)
        assert table is not None
        assert "county_code" in target or target == "{key}" or table[1] in WHOLE, target


@each_statement
def test_what_changes_rows_asks_no_clock_and_no_time_zone(text: str) -> None:
    """Workers are given values, not functions whose answer depends on who asks and when."""
    top = read(text)
    parts = [one.text for one in top.all() if CHANGES.match(one.text) or re.search(r"\)\s*(update|delete)\b", one.text)]
    parts += [one.text.partition("do update")[2] for one in top.all()]
    for part in parts:
        assert not re.search(r"\bnow\(|\bcurrent_(date|time|timestamp)|\blocaltime|\bclock_timestamp|\bto_char\(", part)
        assert not re.search(r"date_trunc\('', (?![^)]*::timestamp\b)", part), "date_trunc of a day goes through a time zone"
        assert not re.search(r"_(at|seen)\s*[<>=]+\s*%\(\w+\)s::date(?!::timestamptz)", part)


def check_subqueries(text: str) -> None:
    """A temporary table is the coordinator's alone: a join or a CTE takes it to the workers, a correlated look does not."""
    top = read(text)
    scope = {one.name: one for one in top.all() if one.place == "cte"}
    for outer, inner in ((one, part) for one in top.all() for part in one.inner):
        if inner.place not in {"subquery", "lateral"} or not (origins := looked_from(inner, outer, scope)):
            continue
        said = inner.whole()
        there = distributed({name for one in inner.all() for name in one.named()})
        if there:
            assert not any(origin <= TEMPORARY for origin in origins), f"join what is looked up: {said}"
            assert inner.place != "lateral" or not reads(outer, scope) & TEMPORARY, f"join what is looked up: {said}"
        if distributed(outer.named()):
            assert not inner.named() & {*TEMPORARY, "{rows}"}, f"give it a CTE: {said}"
        if there - WHOLE:
            assert not any(origin <= WHOLE for origin in origins), f"a reference table looks into others: {said}"
            assert re.search(r"\.county_code\b|\{", said), said


@each_statement
def test_a_subquery_does_not_look_across_temporary_and_distributed_tables(text: str) -> None:
    check_subqueries(text)


@pytest.mark.parametrize(
    "refused",
    [
        "delete from core.a as t where not exists (select 1 from found as w where w.county_code = t.county_code)",
        "select 1 from due as d where exists (select 1 from core.a as t where t.county_code = d.county_code)",
        ("with w as materialized (select k from due) select (select max(t.k) from core.a as t where t.county_code = w.k)"
        " from w"),
        "delete from mart.indicator as i where not exists (select 1 from core.a as v where v.county_code = i.k)",
        "select 1 from core.county as c where exists (select 1 from core.a as d where d.county_code = c.county_code)",
        ("select 1 from due as d left join core.b as b on b.county_code = d.county_code"
        " cross join lateral (select sum(t.k) from core.a as t where t.county_code = b.county_code) as s"),
        "select 1 from core.a as t where exists (select 1 from core.b as u where u.k = t.k)",
    ],
)
def test_what_a_real_citus_refused_is_refused(refused: str) -> None:
    with pytest.raises(AssertionError):
        check_subqueries(refused)


@each_statement
def test_a_join_of_distributed_tables_is_on_the_county(text: str) -> None:
    for query in read(text).all():
        base = {name for name in query.named() if re.fullmatch(DISTRIBUTED, name)} - WHOLE
        for joined in re.split(r"\bjoin\b", query.text)[1:]:
            relation = READ.match(f"join {joined.strip()}")
            condition = re.split(r"\b(?:left|right|inner|full|cross|where|group|order)\b", joined)[0]
            if relation is None or relation[1] not in base or len(base) < 2 or "{" in condition:
                continue
            assert "county_code" in condition, condition


def check_planned_at_once(text: str) -> None:
    """A parameter that decides a join, or a function over what was written, is refused only when it is planned."""
    for query in read(text).all():
        for joined in re.split(r"\bjoin\b", query.text)[1:]:
            relation = READ.match(f"join {joined.strip()}")
            if relation is None or not distributed({relation[1]}):
                continue
            condition = re.split(r"\b(?:left|right|inner|full|cross|where|group|order)\b", joined)[0]
            bare = re.search(r"\b(?:on|and|or)\s+%\(\w+\)s\s*(?:\band\b|\bor\b|$)", condition)
            assert not bare, f"a join whose condition is false at once is no join on the county: {condition}"
        returned = query.text.partition(" returning ")[2] or query.text.partition("\nreturning ")[2]
        assert "(" not in returned, f"read it again instead: {returned}"


@each_statement
def test_a_statement_is_refused_by_no_parameter(text: str) -> None:
    check_planned_at_once(text)


@pytest.mark.parametrize(
    "refused",
    [
        "select 1 from core.a as s left join core.b as c on %(has)s and s.county_code = c.county_code",
        "insert into audit.batch (county_code) values (%(county_code)s)\nreturning to_jsonb(batch)",
    ],
)
def test_what_a_real_citus_refused_when_planning_is_refused(refused: str) -> None:
    with pytest.raises(AssertionError):
        check_planned_at_once(refused)
