"""Rows that reach their date through another dataset, and find nothing there: figures say that they are not known."""

from __future__ import annotations

from typing import Any

from xiezuo import pipeline
from xiezuo_sample.codes import identity_number

LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "二级类别", "建设地点", "安排文号", "安排资金（万元）"]
SEVEN = ["甲财农〔2022〕7号", "2022-03-10", "2022", 300]
EIGHT = ["甲财农〔2022〕8号", "2022-06-10", "2022", 50]


def project(number: str, letter: str, wan: int = 100, category: str = "产业培育", town: str = "会师镇") -> list[Any]:
    return [number, f"{number}项目", category, "", town, letter, wan]


def built(office: Any, place: str, rows: list[Any]) -> None:
    office.deliver(f"fund/{place}.csv", rows)
    pipeline.build(office.settings)


def value(office: Any, indicator_id: str, period: str = "2022", kind: str = "year", breakdown: str = "") -> tuple[Any, ...]:
    rows = office.ask(
        "select value, qualifier from mart.indicator_value where indicator_id = %s and period = %s and period_kind = %s"
        " and breakdown = %s",
        indicator_id, period, kind, breakdown,
    )  # fmt: skip
    return rows[0] if rows else ()


def figures(office: Any) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = office.ask("select period_kind, period, indicator_id, breakdown, value, qualifier from mart.indicator_value where period_kind <> 'cumulative'")
    return {row[:4]: row[4:] for row in rows}


def test_projects_without_any_letter_leave_figures_unreported(office: Any) -> None:
    """Ten projects worth 2,613万元 are no zero: neither their number nor the money of their categories is known."""
    rows = [project(f"P{n}", "", 261 if n else 264, "教育培训" if n else "产业培育") for n in range(10)]
    built(office, "项目_2022-11", [PROJECTS, *rows])
    for indicator_id in ("FUN2", "FUN1.industry", "FUN1.education"):
        for period, kind in (("2022", "year"), ("2022-05", "month"), ("2022-11", "year_to_date")):
            assert value(office, indicator_id, period, kind) == (None, "not_reported"), (indicator_id, period)
        assert value(office, indicator_id, breakdown="620422100") in ((None, "not_reported"), ())
    assert value(office, "FUN1.school") == (0, "exact")
    [(status, left, right, detail)] = office.ask(
        "select status, left_value, right_value, detail from audit.reconciliation where check_id = 'fund_project_unallocated'"
    )
    assert (status, left, right) == ("differs", 26_130_000, 0)
    assert detail.startswith("10 个项目共 26130000 元没有对应的下达文件（10 个未填文号，0 个所填文号不在本县下达文件中）")


def test_what_part_can_be_joined_is_a_lower_bound(office: Any) -> None:
    """Of two industry projects one has its letter; the other is of a letter nobody has."""
    built(office, "下达_2022-11", [LETTERS, SEVEN])
    built(office, "项目_2022-11", [PROJECTS, project("P1", SEVEN[0]), project("P2", EIGHT[0], 50)])
    assert value(office, "FUN2") == (1, "at_least")
    assert value(office, "FUN1.industry") == (1_000_000, "at_least")
    assert value(office, "FUN2", "2022-03", "month") == (1, "at_least")
    assert value(office, "FUN2", "2022-06", "month") == (None, "not_reported")
    assert value(office, "FUN1.school") == (0, "exact")
    assert value(office, "FUN1") == (3_000_000, "exact")


def test_a_letter_makes_figures_exact_and_changes_no_other(office: Any) -> None:
    """It comes after its projects, and last year is not concerned."""
    built(office, "下达_2021-11", [LETTERS, ["甲财农〔2021〕1号", "2021-03-10", "2021", 100]])
    built(office, "项目_2021-11", [PROJECTS, project("P0", "甲财农〔2021〕1号")])
    built(office, "下达_2022-11", [LETTERS, SEVEN])
    built(office, "项目_2022-11", [PROJECTS, project("P1", SEVEN[0], 300)])
    before = figures(office)
    built(office, "项目_2022-12", [PROJECTS, project("P2", EIGHT[0], 50)])
    unknown = figures(office)
    changed = {key for key in unknown if unknown[key] != before.get(key)}
    assert {key[1][:4] for key in changed} == {"2022"}
    of_projects = {key[2] for key in changed if key[1] < "2022-12" or key[0] == "year"}
    assert of_projects >= {"FUN2", "FUN1.industry", "FUN1.for_industry", "FUN2.industry"}
    assert of_projects.isdisjoint({"FUN1", "SOC1", "LAB1"})
    built(office, "下达_2022-12", [LETTERS, EIGHT])
    after = figures(office)
    assert value(office, "FUN2") == (2, "exact")
    assert value(office, "FUN2", "2022-05", "month") == (0, "exact")
    assert value(office, "FUN2", "2022-06", "month") == (1, "exact")
    assert value(office, "FUN1.industry") == (3_500_000, "exact")
    assert {q for _, q in after.values() if q == "at_least"} == set()
    grown = {key[2] for key in after if key[0] == "year" and after[key] != before.get(key)}
    assert grown >= {"FUN1", "FUN1.industry", "FUN2", "FUN1.for_industry", "FUN2.industry"}


def test_a_project_that_no_year_dates_stays_unknown_in_every_year_it_was_stated_in(office: Any) -> None:
    """Stated again next year, it does not turn last year's unknown figure into a zero."""
    later = office.at("2023-11-30T12:00:00+08:00")
    built(later, "下达_2022-11", [LETTERS, SEVEN])
    built(later, "项目_2022-11", [PROJECTS, project("P1", "")])
    built(later, "下达_2023-11", [LETTERS, ["甲财农〔2023〕1号", "2023-03-10", "2023", 100]])
    built(later, "项目_2023-11", [PROJECTS, project("P1", ""), project("P2", "甲财农〔2023〕1号")])
    assert value(later, "FUN2", "2022") == (None, "not_reported")
    assert value(later, "FUN2", "2023") == (1, "at_least")


def test_any_order_of_letters_and_projects_ends_in_the_same_figures(office: Any, fresh: Any, tmp_path: Any) -> None:
    """Built after each delivery."""
    steps = [
        ("下达_2022-10", [LETTERS, SEVEN]), ("下达_2022-11", [LETTERS, EIGHT]),
        ("项目_2022-11", [PROJECTS, project("P1", SEVEN[0]), project("P2", EIGHT[0]), project("P3", "")]),
    ]  # fmt: skip
    for place, rows in steps:
        built(office, place, rows)
    first = figures(office)
    again = type(office)(fresh(tmp_path / "again"))
    for place, rows in reversed(steps):
        built(again, place, rows)
    assert figures(again) == first


def test_a_roster_of_no_class_leaves_trainees_unreported(office: Any) -> None:
    """Its number names the year; a class of the same number in another year is none of its."""
    from datetime import date

    roster = ["期次", "班次名称", "姓名", "身份证号", "户类型"]
    classes = ["期次", "班次名称", "开班日期", "参训人数"]
    people = [["2022年第3期", "电焊", "张三", identity_number(n, date(1990, 1, n)), "脱贫户" if n == 1 else "一般农户"] for n in (1, 2)]
    office.deliver("labour/培训班_2022-11.csv", [classes, ["第1期", "月嫂", "2022-04-01", 1]])
    office.deliver("labour/花名册_2022-11.csv", [roster, *people])
    pipeline.build(office.settings)
    assert value(office, "LAB5.trainees") == (None, "not_reported")
    assert value(office, "LAB5.lifted", "2022-04", "month") == (None, "not_reported")
    assert value(office, "LAB5.classes") == (1, "exact")
    [(status, detail)] = office.ask("select status, detail from audit.reconciliation where check_id = 'labour_roster_class'")
    assert status == "differs"
    assert detail.startswith("2 人次的花名册没有对应的培训班")
    office.deliver("labour/培训班_2022-12.csv", [classes, ["第1期", "月嫂", "2022-04-01", 1], ["第3期", "电焊", "2022-05-01", 2]])
    pipeline.build(office.settings)
    assert value(office, "LAB5.trainees") == (2, "exact")
    assert value(office, "LAB5.lifted", "2022-04", "month") == (0, "exact")
    assert value(office, "LAB5.lifted", "2022-05", "month") == (1, "exact")
