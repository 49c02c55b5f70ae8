"""Invented orders of one county and month, as a platform of profile ``top`` answers them, about 500 bytes each.

The same :class:`Orders` gives the same rows on every machine. Order numbers are distinct. Rows are made
in chunks, so that five million of them need no more memory than a hundred thousand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import numpy as np
import yaml

from bench.spoiling import KINDS, Spoiled, spoil
from xiezuo_sample.codes import credit_code

CHUNK = 100_000

_STATUSES = ("TRADE_FINISHED", "WAIT_BUYER_CONFIRM_GOODS", "WAIT_SELLER_SEND_GOODS", "TRADE_CLOSED", "WAIT_BUYER_PAY")
_SHARES = (0.70, 0.12, 0.08, 0.06, 0.04)
_ITEM = (
    '{"order_no": "%s", "shop_name": "%s", "shop_uscc": "%s", "buyer_org": "%s", "buyer_province": "%s",'
    ' "goods_title": "%s", "sku_id": "%s", "num": %s, "payment": "%s", "refund_fee": "%s", "status": "%s",'
    ' "created": "%s", "pay_time": %s, "modified": "%s", "end_time": %s}'
)

Integers = np.ndarray[Any, np.dtype[np.int64]]
Moments = np.ndarray[Any, np.dtype[np.datetime64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]
T = TypeVar("T")


@dataclass(frozen=True)
class Orders:
    """Which orders: ``count`` of them in the month from ``month`` on, ``bad_share`` of them spoiled.

    Orders of one month whose ``first_serial`` lie further apart than their counts share no number.
    """

    count: int
    month: date = date(2022, 6, 1)
    seed: int = 1
    bad_share: float = 0.0
    first_serial: int = 0

    def chunks(self) -> Iterator[Chunk]:
        """Yield the orders in the order they were placed within a chunk, at most :data:`CHUNK` at a time."""
        for start in range(0, self.count, CHUNK):
            end = min(start + CHUNK, self.count)
            bad = round(end * self.bad_share) - round(start * self.bad_share)
            yield _chunk(self, start, end - start, bad)


@dataclass(frozen=True)
class Chunk:
    """Some orders: the items as JSON text, what each was paid in fen, and the spoiled ones by position.

    ``fen`` of a spoiled order is what it was before.
    """

    items: list[str]
    fen: Integers
    spoiled: dict[int, Spoiled]


@dataclass(frozen=True)
class _Known:
    """Everything that repeats: sellers with their codes, buyers, provinces, goods with their SKUs."""

    sellers: list[tuple[str, str]]
    buyers: list[str]
    provinces: list[str]
    goods: list[tuple[str, str]]


@lru_cache(maxsize=1)
def _known() -> _Known:
    words = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    codes = Random(620422)  # invented codes, the same in every run
    places, goods = words["places"], words["goods"]
    return _Known(
        sellers=[
            (f"会宁县{place}{what[:2]}{kind}", credit_code(codes))
            for place, what, kind in product(places, goods[::4], words["sellers"])
        ],
        buyers=["天津市" + "".join(parts) for parts in product(words["districts"], words["streets"], words["buyers"])],
        provinces=words["provinces"],
        goods=[
            (f"{style} 会宁{place}{what} {grams}克×{number}袋", f"HN{turn:02d}-{grams}-{number}")
            for style, place, (turn, what), grams, number in product(
                words["styles"], places[:6], enumerate(goods), (250, 500, 1000, 2500), (1, 2)
            )
        ],
    )


def _chunk(orders: Orders, start: int, count: int, bad: int) -> Chunk:
    rng = np.random.default_rng((orders.seed, orders.first_serial, start))
    known = _known()
    fen = np.maximum(rng.lognormal(8.6, 0.9, count).astype(np.int64), 500)
    refunds = np.where(rng.random(count) < 0.05, fen // rng.integers(1, 5, count), 0)
    status = rng.choice(len(_STATUSES), count, p=_SHARES)
    sellers, goods = _picked(rng, known.sellers, count), _picked(rng, known.goods, count)
    created, paid, modified, ended = _moments(rng, orders.month, status)
    columns = [
        _numbers(rng, orders, start, count), [name for name, _ in sellers], [code for _, code in sellers],
        _picked(rng, known.buyers, count), _picked(rng, known.provinces, count),
        [title for title, _ in goods], [sku for _, sku in goods], rng.integers(1, 20, count).tolist(),
        _yuan(fen), _yuan(refunds), [_STATUSES[i] for i in status], created, paid, modified, ended,
    ]  # fmt: skip
    items = [_ITEM % row for row in zip(*columns, strict=True)]
    spoiled: dict[int, Spoiled] = {}
    for turn, position in enumerate(sorted(rng.choice(count, bad, replace=False).tolist())):
        spoiled[position] = spoil(json.loads(items[position]), KINDS[(start + turn) % len(KINDS)])
        items[position] = json.dumps(spoiled[position].item, ensure_ascii=False)
    return Chunk(items, fen, spoiled)


def _numbers(rng: np.random.Generator, orders: Orders, start: int, count: int) -> list[str]:
    """Return 19 digits each, ascending in time and never twice: the month, a serial number, a random tail.

    933 in their middle keeps any eighteen of them from holding a date, and so from passing for somebody's number.
    """
    serials = range(orders.first_serial + start, orders.first_serial + start + count)
    tails = rng.integers(0, 10**3, count).tolist()
    return [
        f"{orders.month:%y%m}{serial // 1000:06d}933{serial % 1000:03d}{tail:03d}"
        for serial, tail in zip(serials, tails, strict=True)
    ]


def _picked(rng: np.random.Generator, values: Sequence[T], count: int) -> list[T]:
    return [values[i] for i in rng.integers(0, len(values), count).tolist()]


def _yuan(fen: Integers) -> list[str]:
    return [f"{whole}.{part:02d}" for whole, part in zip((fen // 100).tolist(), (fen % 100).tolist(), strict=True)]


def _moments(
    rng: np.random.Generator, month: date, status: Integers
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return created, pay_time, modified and end_time, all within the month."""
    count = len(status)
    opened = np.datetime64(month.isoformat(), "s")
    created = opened + np.sort(rng.integers(0, 24 * 86_400, count)).astype("timedelta64[s]")
    paid = created + rng.integers(20, 7200, count).astype("timedelta64[s]")
    ended = paid + rng.integers(3600, 3 * 86_400, count).astype("timedelta64[s]")
    is_paid, is_finished = status < 4, status == 0
    modified = np.where(is_finished, ended, np.where(is_paid, paid, created))
    return _local(created), _if(is_paid, _local(paid)), _local(modified), _if(is_finished, _local(ended))


def _local(moments: Moments) -> list[str]:
    return [text.replace("T", " ") for text in np.datetime_as_string(moments, unit="s").tolist()]


def _if(happened: Truths, texts: list[str]) -> list[str]:
    """Return the moments as JSON, ``null`` where it has not happened."""
    return [f'"{text}"' if there else "null" for text, there in zip(texts, happened.tolist(), strict=True)]
