"""Whatever way a value is written, it comes back; whatever is written, nothing but a refusal is raised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import Unreadable
from xiezuo.declared.divisions import Divisions
from xiezuo.values import bare, boolean, choice, day_or_month, integer, money, percent, phone, uscc
from xiezuo.values.choices import TAKEN_BACK

HUINING = Divisions.load(Path(__file__).resolve().parents[3] / "include/divisions/620422.csv", "620422")
WIDE = str.maketrans("0123456789.,%-+()", "０１２３４５６７８９．，％－＋（）")
EVERYDAY = "零一二三四五六七八九"
CAPITAL = "零壹贰叁肆伍陆柒捌玖"
PLACES_OF_EVERYDAY = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
PLACES_OF_CAPITAL = (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10))


def spelt(number: int, digits: str, places: tuple[tuple[str, int], ...]) -> str:
    if number < 10:
        return digits[number]
    word, value = next((word, value) for word, value in places if number >= value)
    head, rest = divmod(number, value)
    gap = digits[0] if 0 < rest < value // 10 else ""
    return spelt(head, digits, places) + word + (gap + spelt(rest, digits, places) if rest else "")


@given(st.integers(1, 10**9), st.integers(0, 9), st.integers(0, 9))
def test_an_amount_comes_back_from_figures_words_and_both(yuan: int, tenths: int, cents: int) -> None:
    amount = yuan + Decimal(tenths) / 10 + Decimal(cents) / 100
    words = spelt(yuan, CAPITAL, PLACES_OF_CAPITAL) + "元"
    words += f"{CAPITAL[tenths]}角{CAPITAL[cents]}分" if cents else f"{CAPITAL[tenths]}角整" if tenths else "整"
    figures = f"{amount:,.2f}"
    wan, thousand = amount / 10**4, amount / 1000
    for typed in (
        words, f"人民币{words}", f"{words}（￥{figures}）", f"￥{figures}（{words}）", f"{figures}元".translate(WIDE),
        f"{wan:f}万", f"{wan:f} 万元", f"{thousand:f}千元", f"{figures}（已到账）", f"{figures}元。", f"RMB{figures}",
    ):  # fmt: skip
        found = money(typed)
        assert found is not None, typed
        assert (found.yuan, found.at_least) == (amount, False), typed


@given(st.integers(1, 10**6))
def test_a_bound_is_a_bound_and_a_guess_is_refused(wan: int) -> None:
    for typed in (f"{wan}余万元", f"超过{wan}万元", f"{wan}万元以上", f"不少于{wan}万", f"{wan}多万元"):
        found = money(typed)
        assert found is not None
        assert (found.yuan, found.at_least) == (wan * 10**4, True), typed
    for typed in (f"约{wan}万", f"近{wan}万元", f"{wan}万左右", f"{wan}万以内", f"{wan}-{wan + 1}万", f"{wan}万（约）"):
        with pytest.raises(Unreadable) as refused:
            money(typed)
        assert refused.value.code == "MONEY_APPROXIMATE", typed


@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_a_day_comes_back_with_whatever_stands_around_it(wanted: date) -> None:
    year, month, day = wanted.year, wanted.month, wanted.day
    core = f"{year}年{month}月{day}日"
    for typed in (
        core, f"自{core}起", f"{core}止", f"{core}（入职）", f"{year},{month},{day}", f"{year}\\{month}\\{day}",
        f"{core}。", f"{year}/{month:02d}/{day:02d} 00:00:00", f"{year}年{month}月{day}号".translate(WIDE),
        f"{year}年{spelt(month, EVERYDAY, PLACES_OF_EVERYDAY).removeprefix('一') or '一'}月{day}号",
    ):  # fmt: skip
        assert day_or_month(typed) == wanted, typed
    for typed in (f"{year}.{month}", f"{year}年{month}月份", f"{year}年{month}月中旬", f"{year}年{month}月底"):
        assert day_or_month(typed) == wanted.replace(day=1), typed
    for typed in (f"{core}至{year}年12月31日", f"{year}.{month}-{year}.12", f"{core}至今", f"{year}年{month}月—12月"):
        with pytest.raises(Unreadable) as refused:
            day_or_month(typed)
        assert refused.value.code == "DATE_SPAN", typed


@given(st.integers(0, 10**7))
def test_a_count_comes_back_with_its_counter(number: int) -> None:
    for typed in (number, float(number), f"{number}", f"{number}.0", f"{number:,}人", f" {number} 人", f"{number}人".translate(WIDE)):
        assert integer(typed, units=("人",)) == number, typed
    assert integer(spelt(number, EVERYDAY, PLACES_OF_EVERYDAY) + "人", units=("人",)) == number
    for typed in (f"{number}人次", f"约{number}人", f"{number}余人"):
        with pytest.raises(Unreadable):
            integer(typed, units=("人",))


@given(st.decimals(0, 300, places=2))
def test_a_share_comes_back(number: Decimal) -> None:
    for typed in (f"{number}%", f"{number} %", f"{number}％".translate(WIDE), f"百分之{number}"):
        assert percent(typed) == number / 100, typed


@given(st.sampled_from(["完成", "就业", "到位", "签约", "脱贫", "返乡"]), st.sampled_from(["", " ", "（核实）", "(见附件)"]))
def test_done_and_not_done_are_yes_and_no(verb: str, after: str) -> None:
    assert boolean(f"已{verb}{after}") is True
    assert boolean(f"未{verb}{after}") is False


@given(st.text(alphabet="√✓✔☑○●〇×xX□■是否有无对错已未YNyn10?待定（） ", max_size=6))
def test_a_mark_is_yes_no_unknown_or_refused(typed: str) -> None:
    try:
        assert boolean(typed) in (True, False, None)
    except Unreadable as refused:
        assert refused.code == "BOOLEAN_FORMAT"


KINDS = {"脱贫户": "lifted", "监测户": "monitored", "一般农户": "ordinary"}
KNOWN = {bare(spelling): slug for spelling, slug in KINDS.items()}


@given(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["{}", "1.{}", "①{}", "（2）{}", "3、{}", "A.{}", "一、{}", "√{}", "【1】{}", "4 {}", "5{}", "{} ", " {}"]),
    st.sampled_from(["", "（已核实）", "(2021年认定)", " （见附件）"]),
    st.booleans(),
)
def test_a_choice_comes_back_from_its_number_and_its_note(kind: str, number: str, note: str, spaced: bool) -> None:
    typed = number.format(" ".join(kind) if spaced else kind) + note
    assert choice(typed, KNOWN) == KINDS[kind], typed


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(KINDS)), st.text(max_size=4))
def test_a_note_that_says_something_else_makes_no_choice(kind: str, other: str, note: str) -> None:
    assert choice(f"{kind}（{other}）", KNOWN) == (KINDS[kind] if kind == other else None)
    assert choice(f"{kind}（非{kind}）", KNOWN) is None
    if TAKEN_BACK.search(note):
        assert choice(f"{kind}（{note}）", KNOWN) is None


@given(st.text(alphabet="脱贫监测户（）()【】1①.、非 A", max_size=10))
def test_no_text_chooses_what_is_not_in_it(typed: str) -> None:
    found = choice(typed, KNOWN)
    assert found is None or any(kind in bare(typed) for kind, slug in KINDS.items() if slug == found)


TOWNS = [row for row in HUINING.rows if row.level == "township"]
VILLAGES = [row for row in HUINING.rows if row.level == "village" and row.parent_code in {t.code for t in TOWNS}]
BEFORE = ["", "会宁县", "会宁", "甘肃省会宁县", "甘肃省白银市会宁县", "甘肃省/白银市/会宁县/", "白银市会宁县 "]


@given(st.sampled_from(TOWNS), st.sampled_from(BEFORE), st.sampled_from(["", "人民政府", " "]))
def test_a_town_comes_back_behind_its_county(town: object, before: str, after: str) -> None:
    assert HUINING.town(f"{before}{town.name}{after}") == town.code  # type: ignore[attr-defined]


@given(st.sampled_from(VILLAGES), st.sampled_from(BEFORE), st.booleans(), st.sampled_from(["", "委会", "民委员会"]))
def test_a_village_comes_back_in_its_town(village: object, before: str, with_town: bool, office: str) -> None:
    """村, 村委会 and 村民委员会 behind it, county and town before it; never in another town."""
    row = HUINING.by_code[village.code]  # type: ignore[attr-defined]
    town = HUINING.by_code[row.parent_code]
    name = row.name + office if row.name.endswith("村") else row.name
    typed = f"{before}{town.name}{name}" if with_town or before else name
    assert HUINING.village(typed, town.code) == row.code, typed
    elsewhere = next(other for other in TOWNS if other.code != town.code)
    assert HUINING.village(typed, elsewhere.code) != row.code


@given(st.integers(0, 9999), st.sampled_from(["{}", "+86{}", "+86 {}", "0086-{}", "86{}", "{} "]))
def test_a_telephone_comes_back_without_its_country(last: int, around: str) -> None:
    mobile = f"1910000{last:04d}"
    grouped = f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}"
    assert phone(around.format(mobile)) == phone(around.format(grouped)) == mobile
    landline = f"322{last:04d}"
    assert phone(f"0943-{landline}") == phone(f"（0943）{landline}") == f"0943-{landline}"
    assert phone(f"+86 943 {landline}") == phone(f"86-0943-{landline}") == f"0943-{landline}"


@given(st.text(max_size=20))
def test_no_text_breaks_the_new_readings(typed: str) -> None:
    for parse in (phone, uscc, percent, boolean, money, day_or_month, integer):
        try:
            parse(typed)
        except Unreadable as refused:
            assert refused.zh
    assert choice(typed, KNOWN) in {None, *KINDS.values()}
