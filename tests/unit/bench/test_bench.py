"""The bench's orders are what they are said to be, and its report is what is documented."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from bench.delivery import expected, items
from bench.measure import Measured
from bench.orders import CHUNK, Orders
from bench.plan import NAMES, Sizes
from bench.report import Row, short, table, write
from bench.spoiling import KINDS
from bench.stored import MONTH, Extent
from xiezuo.values import uscc

ROOT = Path(__file__).parents[3]
SOME = Orders(3000, bad_share=0.01)


def test_orders_are_the_same_every_time() -> None:
    assert list(items(SOME, with_bad=True)) == list(items(SOME, with_bad=True))
    assert list(items(SOME, with_bad=True)) != list(items(Orders(3000, bad_share=0.01, seed=2), with_bad=True))


def test_orders_have_numbers_of_their_own_across_chunks_and_nights() -> None:
    numbers = [json.loads(item)["order_no"] for item in items(Orders(CHUNK + 1000), with_bad=True)]
    numbers += [json.loads(item)["order_no"] for item in items(Orders(1000, first_serial=1_000_000), with_bad=True)]
    assert len(set(numbers)) == CHUNK + 2000


def test_an_order_is_as_large_as_a_platforms() -> None:
    sizes = [len(item.encode()) for item in items(SOME, with_bad=False)]
    assert 420 < sum(sizes) / len(sizes) < 600
    assert {len(json.loads(item)) for item in items(SOME, with_bad=False)} == {15}


def test_the_share_of_bad_orders_is_exact_and_of_every_kind() -> None:
    want = expected(SOME)
    assert (want.read, want.good) == (3000, 2970)
    assert sum(want.reasons.values()) == 30
    assert set(want.reasons) == {kind.rule_id for kind in KINDS}
    assert want.by_rule + sum(want.reasons_of_parsers.values()) == 30
    assert len(list(items(SOME, with_bad=False))) == 2970


def test_good_orders_add_up_to_what_is_expected() -> None:
    yuan = [json.loads(item)["payment"] for item in items(SOME, with_bad=False)]
    assert sum(round(float(text) * 100) for text in yuan) == expected(SOME).good_fen


def test_every_kind_of_bad_order_differs_from_a_good_one() -> None:
    good = json.loads(next(items(SOME, with_bad=False)))
    assert uscc(good["shop_uscc"]) == good["shop_uscc"]
    assert all(kind.edit(good) != good for kind in KINDS)


@pytest.mark.parametrize("orders", [240_000, 2_400_000])
def test_the_county_and_year_that_nights_change_are_the_same_whatever_is_stored(orders: int) -> None:
    extent = Extent(orders, 10_000, 5)
    months = extent.months()
    assert len(months) * 10_000 == orders
    assert len(set(months)) == len(months)
    assert Counter(month.year for month, county in months if county == extent.county(0))[MONTH.year] == 12


def test_one_county_alone_can_store_everything() -> None:
    assert {county for _, county in Extent(2_400_000, 10_000, 50).months()} == {Extent.county(0)}


def test_the_report_has_medians_and_the_most_memory(tmp_path: Path) -> None:
    runs = [Measured(3.0, 1.0, 0.5, 100.0), Measured(9.0, 3.0, 0.5, 120.0), Measured(4.0, 2.0, 0.5, 110.0)]
    rows = {"ours": Row.of(runs, 1000, base=2.0), "airflow_share": Row(1.5, None, 1)}
    write(tmp_path / "bench.json", rows)
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == {
        "ours": {"ratio": 2.0, "seconds": 4.0, "rss_mb": 120.0, "rows": 1000},
        "airflow_share": {"ratio": None, "seconds": 1.5, "rss_mb": None, "rows": 1},
    }
    assert "2.00×" in table(rows)


def test_sizes_are_short_in_names() -> None:
    assert [short(n) for n in (5_000_000, 500_000, 1_500_000, 1_234)] == ["5m", "500k", "1500k", "1234"]


def test_every_row_and_size_is_documented() -> None:
    page = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    assert not [name for name in NAMES if f"`{name}`" not in page]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    sizes = re.findall(r"\$\(if \$\((\w+)\),--([a-z-]+) '\$\(\1\)'\)", makefile.split("BENCH =")[1].split("\n\n")[0])
    assert {word.replace("-", "_") for _, word in sizes} == {
        *(field.name for field in fields(Sizes)), "only", "folder", "out",
    }  # fmt: skip
    assert not [variable for variable, _ in sizes if f"`{variable}`" not in page]
