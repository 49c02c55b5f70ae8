"""Landed pages: items come back as they were, the bytes they came as are kept beside them."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xiezuo.fetch.platform.pages import lines_of_items, page_lines, read_pages

START, END = datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 3, 2, tzinfo=UTC)
CELLS = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
ITEMS = st.lists(st.dictionaries(st.text(max_size=8), CELLS, max_size=5), max_size=4)


def write(path: Path, *pages: tuple[int, list[dict[str, Any]], bytes]) -> Path:
    with path.open("wb") as file:
        for number, items, body in pages:
            file.writelines(page_lines(START, END, number, items, body))
    return path


@given(pages=st.lists(st.tuples(ITEMS, st.binary()), max_size=4))
def test_items_and_bytes_come_back(tmp_path_factory: Any, pages: list[tuple[list[dict[str, Any]], bytes]]) -> None:
    path = write(tmp_path_factory.mktemp("p") / "landed", *((n, *page) for n, page in enumerate(pages, start=1)))
    found = list(read_pages(path))
    assert [page["rows"] for page in found] == [items for items, _ in pages]
    assert [page["page"] for page in found] == list(range(1, len(pages) + 1))
    kept = [json.loads(line)["body"] for line in path.read_bytes().splitlines()[1::2]]
    assert [zlib.decompress(base64.b64decode(body)) for body in kept] == [body for _, body in pages]


def test_fractions_stay_exact_and_half_a_pair_is_marked(tmp_path: Path) -> None:
    item = {"payment": Decimal("12.10"), "goods_title": "米\ud800"}
    [page] = read_pages(write(tmp_path / "landed", (1, [item], b"{}")))
    assert page["rows"] == [{"payment": "12.10", "goods_title": "米\ufffd"}]


def test_lines_landed_by_earlier_releases_are_read(tmp_path: Path) -> None:
    """They hold a page's bytes in the line of its items."""
    old = {"from": START.isoformat(), "to": END.isoformat(), "page": 1, "body": "e30=", "rows": [{"order_no": "1"}]}
    path = tmp_path / "landed"
    path.write_bytes(json.dumps(old).encode() + b"\n")
    assert len(list(lines_of_items(path))) == 1
    assert next(read_pages(path))["rows"] == [{"order_no": "1"}]
