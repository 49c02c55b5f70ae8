"""Files as PDF by LibreOffice, and the workbook as LibreOffice reads and saves it."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pypdfium2
import pytest
from openpyxl import load_workbook

from tests.data import report_contents, workbook_contents
from xiezuo.publish.documents import pdf
from xiezuo.publish.documents.content import Check, Content
from xiezuo.publish.documents.word import render as word
from xiezuo.publish.documents.workbook import render

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: docs/pdf.md"
)
needs_fontconfig = pytest.mark.skipif(shutil.which("fc-match") is None, reason="fontconfig is not installed")

A_FAKE_OFFICE = """#!/bin/sh
env > "$TOLD"
for last; do :; done
while [ "$1" != --outdir ]; do shift; done
{work}
"""
MAKES_ONE = 'cmp -s "$last" "$last" && printf "%%PDF-1.6 of it" > "$2/document.pdf"'


def content_with_traps() -> Content:
    content = workbook_contents.year_content("530999")
    donations = workbook_contents.donations()
    texts = [
        "=1+1",
        "+1",
        "-建设内容",
        "@SUM(A1)",
        "\t=1",
        "＝1+1",
        "00123",
        "1e5",
        "TRUE",
        "2022-01-01",
        "甲\x00乙",
        "多\n行",
        "a<b&c>",
    ]
    rows = tuple(
        row.model_copy(update={"cells": (text, "2022-06-01", "0.10")})
        for text in texts
        for row in donations.rows
    )
    return content.model_copy(
        update={"tables": (*content.tables[:-1], donations.model_copy(update={"rows": rows}))}
    )


def written(folder: Path, content: Content) -> Path:
    path = folder / "年度 报表.xlsx"
    path.write_bytes(render.render(content, workbook_contents.stamp_of(content)))
    return path


def office(folder: Path, form: str, source: Path) -> list[Path]:
    """Return what LibreOffice saves of a file in another form."""
    out = folder / "out"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    soffice = shutil.which("soffice")
    assert soffice
    command = [soffice, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return sorted(out.iterdir())


def fake_office(monkeypatch: pytest.MonkeyPatch, folder: Path, work: str) -> Path:
    """Put a program in LibreOffice's place; return where it writes what it was told."""
    programs, told = folder / "programs", folder / "told"
    programs.mkdir()
    script = A_FAKE_OFFICE.replace("{work}", work).replace("$TOLD", str(told))
    (programs / "soffice").write_text(script, encoding="utf-8")
    (programs / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return told


@needs_office
def test_libreoffice_finds_every_cell_as_it_was_written(tmp_path: Path) -> None:
    source = written(tmp_path, content_with_traps())
    (saved,) = office(tmp_path, "xlsx", source)
    ours, theirs = load_workbook(source), load_workbook(saved)
    assert ours.sheetnames == theirs.sheetnames
    compared = 0
    for sheet in ours:
        again = theirs[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    found = again[cell.coordinate]
                    assert (found.value, found.data_type) == (cell.value, cell.data_type), (
                        f"{sheet.title} {cell.coordinate}"
                    )
                    compared += 1
        assert len(again._charts) == len(sheet._charts)
    assert compared > 300


@needs_office
def test_texts_are_texts_in_what_libreoffice_writes_as_csv(tmp_path: Path) -> None:
    content = content_with_traps()
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    files = {
        path.stem.rpartition("-")[2]: path.read_text(encoding="utf-8")
        for path in office(tmp_path, every_sheet, written(tmp_path, content))
    }
    assert len(files) == 11
    lines = files["社会捐赠"].replace("多\n行", "多行")
    for text in ("=1+1", "+1", "-建设内容", "@SUM(A1)", "＝1+1", "00123", "1e5", "TRUE", "甲�乙"):
        assert f"\n{text},2022-06-01" in lines.replace('"', "")
    assert "26,000,000.00" not in files["主要指标"], "another county has numbers of its own"


@needs_office
def test_a_workbook_becomes_a_pdf_of_a_page_or_more_a_sheet(tmp_path: Path) -> None:
    content = workbook_contents.month_content()
    target = tmp_path / "out" / "月报.pdf"
    assert pdf.to_pdf(written(tmp_path, content), target)
    assert target.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in target.parent.iterdir()] == ["月报.pdf"]
    pages = target.read_bytes().count(b"/Type/Page/")
    assert pages == 10, "each sheet of this month fits a page"


@needs_office
@pytest.mark.parametrize("checks", [1, 2, 3])
def test_who_signs_is_never_alone_on_a_page(checks: int, tmp_path: Path) -> None:
    """With one of these texts the page is full where the signature would begin."""
    said = "本项数据由县农业农村局会同有关单位逐条核对，并与上年台账比较。"
    content = report_contents.month_content(tables=(), checks=tuple(
        Check(kind="warning", state="explained", subject_zh=f"第{number}项", detail_zh=said, count=1)
        for number in range(checks)
    ))  # fmt: skip
    stamp, template = report_contents.stamp_of(content, is_draft=True), report_contents.template_of(content)
    source = tmp_path / "a.docx"
    source.write_bytes(word.render(content, stamp, template, report_contents.CATALOGUE))
    assert pdf.to_pdf(source, tmp_path / "a.pdf")
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(tmp_path / "a.pdf")]
    (signed,) = (page for page in pages if "农村工作领导小组\r\n草稿" in page)
    assert "并与上年台账比较" in signed.partition("中共会宁县委")[0]


@needs_office
def test_several_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    source = written(tmp_path, workbook_contents.month_content("530999"))
    targets = [tmp_path / f"{number}.pdf" for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda target: pdf.to_pdf(source, target), targets)) == [True] * 3
    assert all(target.read_bytes().startswith(b"%PDF-") for target in targets)


@needs_office
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
@pytest.mark.parametrize("data", [b"", b"plain text that is no document", b"PK\x03\x04 broken"])
def test_a_broken_file_is_an_error_and_no_page_of_letters(tmp_path: Path, suffix: str, data: bytes) -> None:
    source, target = tmp_path / f"broken{suffix}", tmp_path / "broken.pdf"
    source.write_bytes(data)
    target.write_bytes(b"the one before")
    with pytest.raises(pdf.PdfNotMade) as caught:
        pdf.to_pdf(source, target)
    assert "broken" in caught.value.zh
    assert target.read_bytes() == b"the one before"


def test_without_libreoffice_there_is_no_pdf_and_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert pdf.to_pdf(written(tmp_path, workbook_contents.month_content()), tmp_path / "a.pdf") is False
    (record,) = caplog.records
    assert "未安装 LibreOffice" in record.getMessage()
    assert "not installed" in record.getMessage()
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("name", ["missing.xlsx", "notes.txt", "folder.docx"])
def test_only_documents_that_are_there_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fake_office(monkeypatch, tmp_path, MAKES_ONE)
    (tmp_path / "notes.txt").write_text("a", encoding="utf-8")
    (tmp_path / "folder.docx").mkdir()
    with pytest.raises(pdf.PdfNotMade):
        pdf.to_pdf(tmp_path / name, tmp_path / "a.pdf")


def test_libreoffice_gets_our_fonts_folders_of_its_own_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = fake_office(monkeypatch, tmp_path, MAKES_ONE)
    monkeypatch.setenv("XIEZUO_WAREHOUSE_URL", "postgresql://user:secret@invalid/db")
    source = tmp_path / "a.docx"
    with zipfile.ZipFile(source, "w") as file:
        file.writestr("letter", "letter")
    assert pdf.to_pdf(source, tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.6 of it"
    seen = dict(line.split("=", 1) for line in told.read_text(encoding="utf-8").splitlines() if "=" in line)
    assert seen["FONTCONFIG_FILE"] == str(pdf.fonts_file())
    assert not Path(seen["XDG_CACHE_HOME"]).exists(), "what it wrote is gone"
    assert "XIEZUO_WAREHOUSE_URL" not in seen


def test_one_that_takes_too_long_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_office(monkeypatch, tmp_path, f'sleep 600 & echo $! > "{tmp_path}/child"\nsleep 600')
    monkeypatch.setattr(pdf, "TIMEOUT_SECONDS", 1.5)
    monkeypatch.setattr(pdf, "missing_fonts", list)
    source, target = written(tmp_path, workbook_contents.month_content("530999")), tmp_path / "a.pdf"
    target.write_bytes(b"the one before")
    with pytest.raises(pdf.PdfNotMade, match="took more than"):
        pdf.to_pdf(source, target)
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    for _ in range(100):
        if not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    else:
        pytest.fail("its child still runs")
    assert target.read_bytes() == b"the one before"
    assert not list(tmp_path.glob(".a.pdf.*"))


@pytest.mark.parametrize("work", ["exit 77", 'echo "no display" >&2', 'echo not one > "$2/document.pdf"'])
def test_no_pdf_is_an_error_whatever_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    fake_office(monkeypatch, tmp_path, work)
    with pytest.raises(pdf.PdfNotMade, match=r"made no PDF of .*xlsx"):
        pdf.to_pdf(written(tmp_path, workbook_contents.month_content("530999")), tmp_path / "a.pdf")


def test_the_font_map_knows_every_font_the_documents_name() -> None:
    known = pdf.font_map()
    assert {"仿宋_GB2312", "仿宋", "楷体_GB2312", "楷体", "黑体", "方正小标宋简体", "宋体"} <= set(known)
    assert known["仿宋_GB2312"] == "FandolFang"
    assert known["楷体_GB2312"] == "AR PL UKai CN"
    assert known["黑体"] == "Noto Sans CJK SC"
    assert known["方正小标宋简体"] == known["宋体"] == "Noto Serif CJK SC"


@pytest.mark.parametrize("page", ["docs/pdf.md", "docs/pdf.zh-CN.md"])
def test_the_pages_name_every_stand_in(page: str) -> None:
    text = (Path(__file__).parents[3] / page).read_text(encoding="utf-8")
    assert not [stand_in for stand_in in pdf.font_map().values() if stand_in not in text]


def test_without_fontconfig_every_font_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert set(pdf.missing_fonts()) == set(pdf.font_map())


@needs_fontconfig
def test_where_the_page_s_packages_are_installed_no_font_is_missing() -> None:
    page = (Path(__file__).parents[3] / "docs/pdf.md").read_text(encoding="utf-8")
    [packages] = re.findall(r"apt-get install --no-install-recommends (.*?)```", page, re.DOTALL)
    names = [name for name in packages.replace("\\", " ").split() if name.startswith(("fonts-", "texlive-"))]
    assert len(names) == 4
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ", *names]
    if shutil.which("dpkg-query") is None or subprocess.run(query, capture_output=True, text=True, check=False).stdout.split() != ["installed"] * 4:
        pytest.skip(f"not all of {', '.join(names)} are installed")
    assert pdf.missing_fonts() == []


@needs_fontconfig
def test_a_font_whose_stand_in_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts = tmp_path / "include" / "fonts"
    fonts.mkdir(parents=True)
    (tmp_path / "include" / "contracts").mkdir()  # what tells the folder of a project
    text = pdf.fonts_file().read_text(encoding="utf-8").replace("AR PL UKai CN", "No Such Font")
    (fonts / "xiezuo-fonts.conf").write_text(text, encoding="utf-8")
    monkeypatch.setenv("XIEZUO_ROOT", str(tmp_path))
    assert {"楷体", "楷体_GB2312", "KaiTi"} <= set(pdf.missing_fonts())
