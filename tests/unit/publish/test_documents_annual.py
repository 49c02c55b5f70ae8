"""Where the office's own words go in the annual report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.report_contents import ROOT, passage
from xiezuo.base.errors import ConfigError
from xiezuo.publish.documents.annual import (
    bare_section,
    load_sections,
    placed,
    unplaced_sections,
    unwritten_sections,
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("典型案例", "工作创新"),
        ("工作创新", "工作创新"),
        ("二、工作创新情况", "工作创新"),
        ("（二）典型案例：", "工作创新"),
        ("2．工作 亮点", "工作创新"),
        ("三、存在的问题", "问题建议"),
        ("存在问题及意见建议", "问题建议"),
        ("下步打算", "工作思路"),
        ("四、2023年东西部协作工作思路", "工作思路"),
        ("2023年度工作思路", "工作思路"),
        ("一、（一）１.工作推动部署情况", "工作推动部署"),
        ("劳务协作", "劳务协作"),
        ("产业协作", "区域协作"),
    ],
)
def test_a_section_is_known_by_any_of_its_names_and_numberings(written: str, key: str) -> None:
    assert list(placed([passage(written, "文字")], ROOT)) == [key]


def test_what_fits_no_section_is_named_and_kept() -> None:
    passages = [passage("奇怪的章节", "一"), passage("典型案例", "二"), passage("奇怪的章节", "三", seq=2)]
    assert unplaced_sections(passages, ROOT) == ["奇怪的章节"]
    assert [one.text for one in placed(passages, ROOT)[""]] == ["一", "三"]


def test_what_is_still_to_be_written_is_named_until_somebody_writes_it() -> None:
    assert unwritten_sections([], ROOT) == ["工作创新情况", "存在问题及意见建议", "下一年度工作思路"]
    written = [passage("典型案例", "文字"), passage("意见建议", "  \n"), passage("工作打算", "文字")]
    assert unwritten_sections(written, ROOT) == ["存在问题及意见建议"]


def test_passages_of_a_section_stand_in_their_own_order() -> None:
    passages = [
        passage("典型案例", "乙", seq=2),
        passage("典型案例", "甲", seq=1),
        passage("工作创新", "丙", seq=1),
    ]
    assert [one.text for one in placed(passages, ROOT)["工作创新"]] == ["甲", "乙", "丙"]


def test_no_name_is_of_two_sections() -> None:
    sections = load_sections(ROOT)
    names = [(bare_section(name), one.key) for one in sections for name in (one.key, one.zh, *one.aliases)]
    assert len(sections) > 10
    assert len({name for name, _ in names}) == len(set(names))


@pytest.mark.parametrize(
    "text",
    ["", "sections: 1", "sections: {甲: {zh: 一, aliases: [同]}, 乙: {zh: 二, aliases: [同]}}", "a: [\n"],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "include/reports/annual.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"annual\.yaml"):
        load_sections(tmp_path)
