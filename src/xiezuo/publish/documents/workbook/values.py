"""A content's values as a workbook lists them: side by side, under their chapters, by township, with their change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from xiezuo.publish.documents.content import Content, Value
from xiezuo.values.periods import Kind

OTHER = "其他"
SO_FAR = "本年累计"
RANKED_BY = "LAB1"
"""Townships are ranked by the people in jobs; where no township has any, by what else is told by township."""
NOTES_ZH = {"exact": "", "at_least": "约数下限", "not_reported": "未报送"}
_ORDINALS = "一二三四五六七八九十"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Side:
    """Values of one kind of period, by indicator and (empty for the whole county) township."""

    name: str
    kind: Kind
    values: Mapping[tuple[str, str], Value]

    def whole(self, indicator_id: str) -> Value | None:
        """Return the whole county's value."""
        return self.values.get((indicator_id, ""))

    def of_town(self, indicator_id: str, town: str) -> tuple[Decimal | None, str]:
        """Return a township's value and qualifier: 0 where nothing is listed, nothing where nothing was reported."""
        own, whole = self.values.get((indicator_id, town)), self.whole(indicator_id)
        if own is not None:
            return own.value, own.qualifier
        if whole is None or whole.value is None:
            return None, "not_reported"
        return Decimal(0), "exact"


def is_whole_year(content: Content) -> bool:
    """Whether what was reported of a year goes to its last day."""
    return content.is_annual and content.as_of >= content.span.last_day


def sides(content: Content) -> list[Side]:
    """Return what stands side by side: month and year to date, or the year; it is whole when its data are."""
    kinds: list[tuple[str, Kind]] = (
        [("全年" if is_whole_year(content) else SO_FAR, "year")]
        if content.is_annual
        else [("本月", "month"), (SO_FAR, "year_to_date")]
    )
    return [
        Side(name, kind, {(v.indicator_id, v.breakdown): v for v in content.of_kind(kind)})
        for name, kind in kinds
    ]


def indicators(content: Content) -> list[str]:
    """Return the indicators that have a row, in order; some are told by the year to date only."""
    found: list[str] = []
    lists = [[v.indicator_id for v in content.of_kind(side.kind)] for side in sides(content)]
    for listed in sorted(lists, key=lambda keys: -len(set(keys))):
        at = 0
        for key in listed:
            if key in found:
                at = found.index(key) + 1
            else:
                found.insert(at, key)
                at += 1
    return found


def chapters(content: Content, listed: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each chapter that has indicators: ``一、组织领导`` and what stands under it."""
    under: dict[str, list[str]] = {heading: [] for heading in [*dict(content.chapters).values(), OTHER]}
    for key in listed:
        under[content.heading(key) or OTHER].append(key)
    shown = [(heading, keys) for heading, keys in under.items() if keys]
    for number, (heading, keys) in enumerate(shown):
        ordinal = _ORDINALS[number] if number < len(_ORDINALS) else str(number + 1)
        yield f"{ordinal}、{heading}", keys


def is_part(indicator_id: str, listed: Sequence[str]) -> bool:
    """Whether it is a part (LAB2.lifted) of something that is listed too."""
    parent, dot, _ = indicator_id.partition(".")
    return bool(dot) and parent in listed


def full_name(value: Value, content: Content) -> str:
    """Return a name that is clear where it stands alone: 其中：… is told with what it is part of."""
    parent_id, dot, _ = value.indicator_id.partition(".")
    if not dot or not value.name_zh.startswith("其中"):
        return value.name_zh
    parent = next((v.name_zh for v in content.values if v.indicator_id == parent_id), "")
    return f"{parent}（{value.name_zh}）" if parent else value.name_zh


def change_pct(value: Value | None) -> Decimal | None:
    """Return the change against a year earlier in percent, two decimals, half up.

    None where either number is a bound or was not reported, or where there was nothing a year earlier.
    """
    if value is None or value.value is None or value.last_year is None or value.last_year <= 0:
        return None
    if value.qualifier != "exact" or value.last_year_qualifier != "exact":
        return None
    return (100 * (value.value - value.last_year) / value.last_year).quantize(_HUNDREDTH, ROUND_HALF_UP)


def told_by_town(content: Content) -> list[str]:
    """Return the indicators that some township has a value of, in order."""
    told = {value.indicator_id for value in content.values if value.breakdown}
    return [key for key in indicators(content) if key in told]


def ranked_by(told: Sequence[str]) -> str | None:
    """Return the indicator that orders the townships."""
    return RANKED_BY if RANKED_BY in told else next(iter(told), None)


def ranking(content: Content) -> list[tuple[int | None, str, str]]:
    """Return (rank, code, name) of every township, the largest value so far first; equal values share a rank.

    A code that the content does not name stands under its code. Nobody has a rank where nothing was reported.
    """
    known = dict(content.towns)
    unknown = sorted({value.breakdown for value in content.values if value.breakdown} - {"", *known})
    towns = [*known.items(), *((code, code) for code in unknown)]
    key, so_far = ranked_by(told_by_town(content)), sides(content)[-1]
    amounts = {code: so_far.of_town(key, code)[0] if key else None for code, _ in towns}
    in_order = sorted(towns, key=lambda town: -(amounts[town[0]] or Decimal(0)))
    ranked: list[tuple[int | None, str, str]] = []
    for code, name in in_order:
        amount = amounts[code]
        above = sum(
            1 for other in amounts.values() if other is not None and amount is not None and other > amount
        )
        ranked.append((None if amount is None else above + 1, code, name))
    return ranked
