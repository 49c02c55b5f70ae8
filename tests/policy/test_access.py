"""Every table and view has a line that says who reads it: what a later migration adds is not read by accident."""

from __future__ import annotations

import re
from pathlib import Path

from xiezuo.declared.access import load_access
from xiezuo.declared.contracts import load_contracts
from xiezuo.warehouse.views import load_views

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "src/xiezuo/warehouse/migrations/sql").glob("*.sql"))
MATRIX = [line.split() for line in (ROOT / "tests/data/access_matrix.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
MADE = re.compile(r"^create (?:unlogged )?(?:table|view) (?:if not exists )?((?:core|mart|publish|audit|vault)\.\w+)", re.MULTILINE)
GONE = re.compile(r"^drop (?:table|view) (?:if exists )?((?:core|mart|publish|audit|vault)\.\w+)", re.MULTILINE)


def relations() -> set[str]:
    """Return the tables and views that migrations and files make; alembic's own among them."""
    found = {"audit.schema_version"} | {f"mart.{name}" for name in load_views(ROOT)}
    for path in MIGRATIONS:
        text = path.read_text(encoding="utf-8")
        found = found - set(GONE.findall(text)) | set(MADE.findall(text))
    return found - {f"mart.{dataset}" for dataset in load_contracts(ROOT)}


def test_every_table_and_view_has_a_decision_who_reads_it() -> None:
    found = relations()
    assert len(found) > 40
    assert set(load_access(ROOT).relations) == found, "include/access.yaml: a line for each, and for nothing else"


def test_the_matrix_of_rights_is_written_down_for_every_one_of_them() -> None:
    assert {name for name, *_ in MATRIX} == relations() | {f"{schema}.<dataset>" for schema in ("core", "mart", "staging")}
    assert {len(words) for _, *words in MATRIX} == {7}


def test_the_vault_is_read_by_the_corrector_alone() -> None:
    declared = load_access(ROOT)
    for name, readers in declared.relations.items():
        if name.startswith("vault."):
            assert {readers.office, readers.station, readers.auditor} == {"none"}, name
    assert declared.relations["core.person"].office == "none"
