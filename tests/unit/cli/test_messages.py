"""What goes wrong is said once, in one language, with what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError, FileRefused, GateClosed, SourceDown, Unreadable, XiezuoError
from xiezuo.cli import _complain, main
from xiezuo.conform.readers.refusals import _SENTENCES


def kinds(base: type[XiezuoError] = XiezuoError) -> Iterator[type[XiezuoError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIEZUO_HOME", str(tmp_path / "home"))


CODED = [FileRefused, GateClosed, Unreadable]
PLAIN = [ConfigError, SourceDown]


def test_no_kind_of_error_is_left_out() -> None:
    ours = {kind for kind in kinds() if kind.__module__ == "xiezuo.base.errors"}
    assert ours == {*CODED, *PLAIN}


@pytest.mark.parametrize("kind", PLAIN)
def test_an_error_the_office_reads_is_chinese_and_said_once(
    kind: type[XiezuoError], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _complain(kind("the thing is broken", zh="东西坏了", next_step="修好它")) == kind.exit_code
    assert capsys.readouterr().err == "xiezuo: 东西坏了\n  → 修好它\n"
    _complain(kind("the thing is broken", next_step="mend it"))
    assert capsys.readouterr().err == "xiezuo: the thing is broken\n  → mend it\n"


@pytest.mark.parametrize("kind", CODED)
@pytest.mark.parametrize("sentence", _SENTENCES.values())
def test_a_refusal_is_said_once_and_its_code_after_it(
    kind: type[FileRefused], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _complain(kind("FILE_CORRUPT", sentence))
    assert capsys.readouterr().err == f"xiezuo: {sentence} [FILE_CORRUPT]\n"


def test_the_other_wording_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="xiezuo.cli"):
        _complain(ConfigError("the thing is broken", zh="东西坏了"))
        _complain(ConfigError("the other is broken"))
    assert [record.getMessage() for record in caplog.records] == ["the thing is broken"]


def test_what_is_no_document_of_ours_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "通报.docx"
    file.write_bytes(b"no zip")
    assert main(["release", "verify", str(file), "--json"]) == 3
    assert capsys.readouterr() == ("", "xiezuo: 不是可以打开的 Word 文件（.docx） [NOT_A_DOCX]\n")
