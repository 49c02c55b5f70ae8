"""What somebody changed in a document is named, number by number, and nothing else is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from tests.data.report_contents import (
    CATALOGUE,
    TOWNS,
    edited,
    made_template,
    month_content,
    projects,
    stamp_of,
    template_of,
    without_tags,
    year_content,
)
from xiezuo.base.errors import FileRefused
from xiezuo.publish.documents.content import Content
from xiezuo.publish.documents.proof.verify import Discrepancy, verify
from xiezuo.publish.documents.proof.verify import stamp_of as release_of
from xiezuo.publish.documents.word import package
from xiezuo.publish.documents.word.render import render


@dataclass(frozen=True)
class Released:
    """A document with what it was made from."""

    content: Content
    document: bytes

    def check(self, document: bytes) -> list[Discrepancy]:
        """Compare a document with this release."""
        stamp = stamp_of(self.content)
        return verify(document, self.content, stamp, template_of(self.content), CATALOGUE)

    def changed(self, change: Callable[[str], str]) -> list[Discrepancy]:
        """Compare this document after a change of its XML, which must change it."""
        document = edited(self.document, change)
        assert document != self.document
        return self.check(document)


@cache
def released(kind: str = "year") -> Released:
    """Return a released document, made once."""
    content = year_content(tables=(projects(12),)) if kind == "year" else month_content()
    return Released(content, render(content, stamp_of(content), template_of(content), CATALOGUE))


def control(text: str, xml: str, place: int = 0) -> str:
    """Return the XML of a control by its text."""
    found = [one for one in re.findall(r"<w:sdt>.*?</w:sdt>", xml) if f">{text}<" in one]
    return found[place]


def swap(text: str, instead: str, place: int = 0) -> Callable[[str], str]:
    """Return a change that types something over the text of a control."""

    def change(xml: str) -> str:
        old = control(text, xml, place)
        return xml.replace(old, old.replace(f">{text}<", f">{instead}<"), 1)

    return change


@pytest.mark.parametrize("kind", ["year", "month"])
def test_an_untouched_document_is_as_released(kind: str) -> None:
    assert released(kind).check(released(kind).document) == []


def test_one_digit_changed_is_named_and_nothing_else() -> None:
    (found,) = released().changed(swap("822人", "823人"))
    assert (found.kind, found.indicator_id, found.breakdown, found.period) == ("changed", "LAB3", "", "2022")
    assert (found.stated, found.expected) == ("823人", "822人")
    assert found.paragraph > 10
    assert found.zh.endswith(
        "内就近就业【823人】（其中脱贫人口468人）…”：省内就近就业（2022年度）应为“822人”，被改为“823人”"
    )


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("1.18亿元", "1.19亿元"),
        ("1.18亿元", "11800万元"),
        ("1.18亿元", "1.18万元"),
        ("2625人", "2,625人"),
        ("2625人", "2625人次"),
        ("2625人", "2625"),
        ("2625人", "26 25人"),
        ("500余万元", "500万元"),
        ("144.01", "144.02"),
        ("49.88%", "49.87%"),
        ("2022年12月31日", "2022年12月30日"),
        ("620422-2022-r1", "620422-2022-r2"),
        ("0f" * 32, "0f" * 31 + "00"),
    ],
)
def test_every_kind_of_number_is_watched(text: str, instead: str) -> None:
    (found,) = released().changed(swap(text, instead))
    assert (found.kind, found.stated, found.expected) == ("changed", instead, text)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("2625人", "２６２５人"),
        ("2625人", " 2625人 "),
        ("2625人", "2625 人"),
        ("2625人", "26\u200b25人"),
        ("1.18亿元", "１．１８亿元"),
    ],
)
def test_the_same_number_typed_in_other_signs_is_no_change(text: str, instead: str) -> None:
    assert released().changed(swap(text, instead)) == []


def test_words_around_the_numbers_may_be_rewritten() -> None:
    assert (
        released().changed(lambda xml: xml.replace("帮助农村劳动力转移就业", "帮助农村劳动力实现就业")) == []
    )
    assert (
        released().changed(
            lambda xml: xml.replace("<w:body>", "<w:body><w:p><w:r><w:t>加一段，2023年。</w:t></w:r></w:p>")
        )
        == []
    )


def test_several_changes_are_named_in_order() -> None:
    found = released().changed(lambda xml: swap("9849人", "9850人")(swap("35对", "36对")(xml)))
    assert [(one.indicator_id, one.stated) for one in found] == [
        ("ORG3.school", "36对"),
        ("CON4.people", "9850人"),
    ]


def test_a_removed_control_is_named() -> None:
    (found,) = released().changed(lambda xml: xml.replace(control("35对", xml), "", 1))
    assert (found.kind, found.indicator_id, found.stated, found.expected) == (
        "removed",
        "ORG3.school",
        "",
        "35对",
    )
    assert "学校结对" in found.zh


def test_a_number_typed_in_place_of_its_control_is_a_removed_control() -> None:
    (found,) = released().changed(
        lambda xml: xml.replace(control("35对", xml), "<w:r><w:t>36对</w:t></w:r>", 1)
    )
    assert (found.kind, found.indicator_id) == ("removed", "ORG3.school")


@pytest.mark.parametrize("emptied", ["<w:r><w:t></w:t></w:r>", ""])
def test_an_emptied_control_is_a_removed_number(emptied: str) -> None:
    def change(xml: str) -> str:
        old = control("35对", xml)
        return xml.replace(
            old, re.sub("<w:sdtContent>.*</w:sdtContent>", f"<w:sdtContent>{emptied}</w:sdtContent>", old), 1
        )

    (found,) = released().changed(change)
    assert (found.kind, found.indicator_id, found.expected) == ("removed", "ORG3.school", "35对")


def test_words_own_invitation_to_type_is_no_text() -> None:
    def change(xml: str) -> str:
        old = control("35对", xml)
        return xml.replace(
            old,
            old.replace("</w:sdtPr>", "<w:showingPlcHdr/></w:sdtPr>").replace("35对", "单击此处输入文字。"),
            1,
        )

    (found,) = released().changed(change)
    assert (found.kind, found.stated) == ("removed", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("xz1|ORG3.school||2022|v|620422-2022-r1|35", "xz1|ORG3.school||2022|v|620422-2022-r1|36"),
        ("xz1|ORG3.school||2022|v|620422-2022-r1|35", "xz1|ORG3.hospital||2022|v|620422-2022-r1|35"),
        ("xz1|ORG3.school||2022|v|620422-2022-r1|35", "xz1|ORG3.school||2022|v|620422-2021-r1|35"),
    ],
)
def test_a_tag_that_was_tampered_with_is_named_once(old: str, new: str) -> None:
    (found,) = released().changed(lambda xml: xml.replace(old, new, 1))
    assert (found.kind, found.indicator_id, found.expected) == ("tampered", "ORG3.school", "35对")


def test_a_control_copied_with_another_text_is_named() -> None:
    def change(xml: str) -> str:
        old = control("35对", xml)
        return xml.replace(old, old + old.replace("35对", "36对"), 1)

    (found,) = released().changed(change)
    assert (found.kind, found.indicator_id, found.stated) == ("copied", "ORG3.school", "36对")
    assert (
        released().changed(lambda xml: xml.replace(control("35对", xml), control("35对", xml) * 2, 1)) == []
    )


def test_a_control_of_the_staffs_own_is_nobodys_business() -> None:
    own = '<w:sdt><w:sdtPr><w:tag w:val="mine"/></w:sdtPr><w:sdtContent><w:r><w:t>7人</w:t></w:r></w:sdtContent></w:sdt>'
    nameless = own.replace('<w:tag w:val="mine"/>', "")
    assert released().changed(lambda xml: xml.replace("<w:sdt>", own + nameless + "<w:sdt>", 1)) == []


def test_runs_cut_apart_by_a_word_processor_change_nothing() -> None:
    def cut(xml: str) -> str:
        old = control("2625人", xml)
        run = re.search(r"<w:r>(.*?)<w:t[^>]*>2625人</w:t></w:r>", old)
        assert run is not None
        pieces = "".join(
            f'<w:r w:rsidRPr="00A1B2C3">{run[1]}<w:t>{sign}</w:t></w:r><w:proofErr w:type="gramEnd"/>'
            for sign in "2625人"
        )
        return xml.replace(old, old.replace(run[0], pieces), 1)

    assert released().changed(cut) == []


def test_a_control_moved_around_its_paragraph_is_still_read() -> None:
    """Word writes a control that fills its paragraph around it."""

    def lift(xml: str) -> str:
        found = re.search(
            r"<w:p>(<w:pPr>(?:(?!</w:pPr>).)*</w:pPr>)<w:sdt>(<w:sdtPr>.*?</w:sdtPr>)<w:sdtContent>(.*?)</w:sdtContent></w:sdt></w:p>",
            xml,
        )
        assert found is not None
        block = f"<w:sdt>{found[2]}<w:sdtContent><w:p>{found[1]}{found[3]}</w:p></w:sdtContent></w:sdt>"
        return xml.replace(found[0], block, 1)

    assert released().changed(lift) == []


def tracked(old: str, new: str) -> Callable[[str], str]:
    """Return a change made with the tracking of changes on."""

    def change(xml: str) -> str:
        whole = control(old, xml)
        run = re.search(r"<w:r>(?:(?!<w:r>).)*</w:r>", whole)
        assert run is not None
        gone = run[0].replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
        by = 'w:id="9" w:author="某" w:date="2023-01-01T00:00:00Z"'
        both = f"<w:del {by}>{gone}</w:del><w:ins {by}>{run[0].replace(old, new)}</w:ins>"
        return xml.replace(whole, whole.replace(run[0], both), 1)

    return change


def test_a_tracked_change_counts_as_accepted() -> None:
    (found,) = released().changed(tracked("2625人", "2626人"))
    assert (found.kind, found.stated, found.expected) == ("changed", "2626人", "2625人")
    assert released().changed(tracked("2625人", "２６２５人")) == []


@pytest.mark.parametrize("kind", ["year", "month"])
def test_a_document_saved_by_libreoffice_is_read_without_tags(kind: str) -> None:
    """LibreOffice 7.4 keeps controls, and drops their tags, titles and ids."""
    assert released(kind).check(without_tags(released(kind).document)) == []


def test_changes_in_a_document_saved_by_libreoffice_are_named() -> None:
    def change(xml: str) -> str:
        xml = swap("9849人", "9850人")(swap("35对", "36对")(xml))
        return xml.replace(control("44家", xml), "", 1)

    document = without_tags(edited(released().document, change))
    found = released().check(document)
    assert [(one.kind, one.indicator_id, one.stated) for one in found] == [
        ("changed", "ORG3.school", "36对"),
        ("removed", "CON2.firms", ""),
        ("changed", "CON4.people", "9850人"),
    ]


def test_a_township_and_its_rank_are_named_by_place() -> None:
    tag = f"xz1|LAB1|{TOWNS[18][0]}|2022-09|c|"

    def change(xml: str) -> str:
        (old,) = [one for one in re.findall(r"<w:sdt>.*?</w:sdt>", xml) if tag in one]
        return xml.replace(old, old.replace(">90<", ">91<"), 1)

    (found,) = released("month").changed(change)
    assert (found.indicator_id, found.breakdown, found.period) == ("LAB1", TOWNS[18][0], "2022-09")
    assert found.zh.startswith("表格中“")
    assert "第18镇" in found.zh


def test_the_mark_of_a_draft_cannot_be_taken_off_unnoticed() -> None:
    content = month_content()
    stamp = stamp_of(content, is_draft=True)
    document = render(content, stamp, template_of(content), CATALOGUE)
    cut = edited(document, lambda xml: xml.replace(control("草稿，未经审定", xml), ""))
    (found,) = verify(cut, content, stamp, template_of(content), CATALOGUE)
    assert (found.kind, found.expected) == ("removed", "草稿，未经审定")


def test_a_document_of_another_release_is_said_to_be_one() -> None:
    one = released()
    other = stamp_of(one.content).model_copy(update={"release_id": "620422-2022-r2"})
    (found,) = verify(one.document, one.content, other, template_of(one.content), CATALOGUE)
    assert (found.kind, found.stated, found.expected) == ("release", "620422-2022-r1", "620422-2022-r2")


def test_a_document_tells_its_release() -> None:
    document = released().document
    assert release_of(document) == "620422-2022-r1"
    assert release_of(without_tags(document)) == "620422-2022-r1"
    cut = edited(document, lambda xml: re.sub(r"<w:sdt>.*?</w:sdt>", "", xml))
    assert release_of(cut) == "620422-2022-r1"  # the properties say it
    assert release_of(made_template("别的文件")) is None


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused) as error:
        release_of(data)
    assert error.value.code == "NOT_A_DOCX"
    with pytest.raises(FileRefused):
        released().check(data)


def archive_of(parts: dict[str, bytes]) -> bytes:
    """Return an archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return buffer.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": b"<not closed"},
        {"xl/workbook.xml": b"<x/>"},
        {"word/document.xml": b"<x/>"} | {f"word/part{number}.xml": b"" for number in range(2100)},
    ],
    ids=["broken", "another kind", "many parts"],
)
def test_a_hostile_archive_is_refused(parts: dict[str, bytes]) -> None:
    with pytest.raises(FileRefused):
        release_of(archive_of(parts))


def test_a_bomb_is_refused_by_its_own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(FileRefused):
        release_of(archive_of({"word/document.xml": b" " * 1_000_001}))


def test_entities_are_not_resolved() -> None:
    assert release_of(archive_of({"word/document.xml": ENTITIES})) is None
