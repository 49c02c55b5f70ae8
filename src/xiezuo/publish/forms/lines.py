"""What is said of a form: its blank cells, and the lines about them that the office confirms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from xiezuo.publish.forms.heads import Unit, When
from xiezuo.publish.forms.layout import Slot

State = Literal["sure", "asked", "none"]
LineKind = Literal["item", "time", "place"]


@dataclass(frozen=True)
class Line:
    """One thing about a form that the office confirms; ``answer`` is what its words say, or what the office says.

    Of an item the answer is an indicator's identity, '' for none; of a time one of :data:`TIMES`; of a place a
    township's code, '' for the whole county, ``-`` for not ours. ``choices`` are answers that are as likely.
    """

    kind: LineKind
    key: str
    words: str
    where: str
    state: State
    answer: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Asked:
    """A blank cell and the keys of its lines; ``town`` is '' for the whole county, None when a place line says it.

    ``decimals`` are those that the notes of its table want.
    """

    slot: Slot
    item: str
    time: str
    when: When
    town: str | None
    place: str
    unit: Unit | None
    decimals: int | None = None


@dataclass
class Reading:
    """A form as read: its cells, and its lines by kind and key."""

    cells: list[Asked] = field(default_factory=list)
    lines: dict[tuple[LineKind, str], Line] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


TIMES: dict[str, When] = {
    "本期": When(role="value"),
    "当月": When(span="month"),
    "本年累计": When(span="year_to_date"),
    "本年至今": When(span="so_far"),
    "全年": When(span="year"),
    "上年同月": When(span="month", role="last_year"),
    "上年同期累计": When(span="year_to_date", role="last_year"),
    "上年同期": When(role="last_year"),
    "上年全年": When(role="year_before"),
    "年度任务": When(role="target"),
    "完成率": When(role="completion"),
    "当月同比": When(span="month", role="change"),
    "累计同比": When(span="year_to_date", role="change"),
    "同比": When(role="change"),
    "不填": When(doubt="不填"),
}
"""What a column can be of, as the office reads it."""
