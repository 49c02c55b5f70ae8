"""The pages under docs/generated say what contracts, views, migrations and indicators say today."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish import dictionary
from xiezuo.warehouse.views import load_views

ROOT = Path(__file__).parents[2]
PAGES = dictionary.pages(ROOT)


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_a_generated_page_is_not_stale(place: Path) -> None:
    assert (ROOT / place).read_text(encoding="utf-8") == PAGES[place], "run: make docs"


def test_they_are_made_in_a_checkout_only(tmp_path: Path) -> None:
    """An installed package is no place to write to."""
    (tmp_path / "include").symlink_to(ROOT / "include")
    with pytest.raises(ConfigError, match="docs/generated"):
        dictionary.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["include"]


def test_nothing_else_lies_beside_them() -> None:
    """A page that is no longer made would never be renewed."""
    assert {path.relative_to(ROOT) for path in (ROOT / dictionary.FOLDER).iterdir()} == set(PAGES)


def test_the_dictionary_names_every_dataset_view_and_column() -> None:
    text = dictionary.data_dictionary(ROOT)
    for contract in load_contracts(ROOT).values():
        _, _, rest = text.partition(f"\n### core.{contract.dataset}\n")
        section = rest.partition("\n### ")[0]
        for column, kind, zh, _ in contract.columns():
            assert f"| {column} | {kind} | {zh} |" in section
    for view in load_views(ROOT).values():
        _, _, rest = text.partition(f"\n### mart.{view.name}\n")
        assert all(f"| {column} |" in rest.partition("\n### ")[0] for column in view.header.columns)


def test_the_dictionary_labels_every_table_the_migrations_make() -> None:
    """Each has a label in both languages, and so has each of its columns."""
    lines = list(dictionary._fixed_tables())
    assert len([line for line in lines if line.startswith("### ")]) >= 15
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| column")]
    assert len(rows) > 100
    assert not [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))]


def test_the_catalogue_has_every_figure_once() -> None:
    text = dictionary.catalogue(ROOT)
    entries = [entry.indicator_id for indicator in load_indicators(ROOT) for entry in indicator.entries]
    assert {entry: text.count(f"| `{entry}` |") for entry in entries} == dict.fromkeys(entries, 1)
