"""A Word or Excel file as PDF, by LibreOffice, in the fonts that official documents name or what stands in for them.

Every run has a folder of its own for LibreOffice's profile and caches: runs do not collide, and the home of whoever
runs it stays as it is. Which font stands in for which is in ``include/fonts/xiezuo-fonts.conf``.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import is_zipfile

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import project_root

_log = logging.getLogger("xiezuo.publish.summarise")

TIMEOUT_SECONDS = 120.0
PROGRAMS = ("soffice", "libreoffice")
READERS = {".docx": "MS Word 2007 XML", ".xlsx": "Calc MS Excel 2007 XML"}
"""How a file is read is said, not guessed: a broken one must not become a page of letters."""


class PdfNotMade(XiezuoError):
    """LibreOffice is there but gave no PDF; what was at the target is as it was."""


def to_pdf(source: Path, target: Path) -> bool:
    """Write the file as PDF to ``target``, in one step; return False, and say so, where LibreOffice is not installed.

    Raises:
        PdfNotMade: the source is missing or no DOCX or XLSX, cannot be read, or took more than two minutes.
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        _log.warning(
            "未安装 LibreOffice，未生成 %s；LibreOffice is not installed: no PDF was made, see docs/pdf.md",
            target.name,
        )
        return False
    reader = READERS.get(source.suffix.lower())
    # An empty file would become an empty page: LibreOffice takes it for a new document.
    if reader is None or not is_zipfile(source):
        raise PdfNotMade(
            f"{source.name} is not there, or is no DOCX or XLSX file",
            zh=f"“{source.name}”不存在，或不是 DOCX、XLSX 文件",
        )
    if lacking := missing_fonts():
        _log.warning("缺少字体 %s，版面会有出入；fonts are missing, see docs/pdf.md", "、".join(lacking))
    with TemporaryDirectory(prefix="xiezuo-pdf-", ignore_cleanup_errors=True) as folder:
        made = _convert(program, reader, source, Path(folder))
        _put(made, target)
    return True


def missing_fonts() -> list[str]:
    """Return the fonts of official documents that neither are installed nor have their stand-in.

    All of them where ``fc-match`` is not installed, since nobody can tell then.
    """
    wanted, program = font_map(), shutil.which("fc-match")
    if program is None:
        return list(wanted)
    with TemporaryDirectory(prefix="xiezuo-fonts-") as folder:
        return [
            name for name, first in wanted.items() if not {name, first} & _used(program, name, Path(folder))
        ]


def font_map() -> dict[str, str]:
    """Return each font that documents name and what stands in for it, as the font map says."""
    document = etree.parse(str(fonts_file()))
    found = document.getroot().findall("alias")
    return {alias.findtext("family", ""): alias.findtext("accept/family", "") for alias in found}


def fonts_file() -> Path:
    """Return the font map, ``include/fonts/xiezuo-fonts.conf``."""
    return project_root(os.environ) / "include" / "fonts" / "xiezuo-fonts.conf"


def _used(program: str, name: str, folder: Path) -> set[str]:
    """Return the names of the font that is used for a name."""
    found = subprocess.run(
        [program, "--format=%{family}", name],
        env=_environment(folder), capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS,
    )  # fmt: skip
    return set(found.stdout.split(",")) if found.returncode == 0 else set()


def _environment(folder: Path) -> Mapping[str, str]:
    """Return what LibreOffice is told: our font map, and folders of its own to write to."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LD_LIBRARY_PATH", "TZ") if key in os.environ}
    return kept | {
        "FONTCONFIG_FILE": str(fonts_file()),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TMPDIR": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "SAL_USE_VCLPLUGIN": "svp",
    }


def _convert(program: str, reader: str, source: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of a copy of the source, in ``folder``."""
    copy, out = folder / f"document{source.suffix.lower()}", folder / "out"
    shutil.copyfile(source, copy)
    out.mkdir()
    command = [
        program,
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        f"--infilter={reader}",
        "--convert-to", "pdf",
        "--outdir", str(out),
        str(copy),
    ]  # fmt: skip
    said = _run(command, folder, source.name)
    made = out / "document.pdf"
    if not made.is_file() or not made.read_bytes().startswith(b"%PDF-"):
        raise PdfNotMade(
            f"LibreOffice made no PDF of {source.name}: {said}", zh=f"“{source.name}”未能转换为 PDF"
        )
    return made


def _run(command: list[str], folder: Path, name: str) -> str:
    """Run LibreOffice to its end and return the last of what it said."""
    with _group(command, folder) as process:
        try:
            said, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise PdfNotMade(
                f"LibreOffice took more than {TIMEOUT_SECONDS:.0f} s with {name}",
                zh=f"“{name}”转换为 PDF 超过{TIMEOUT_SECONDS:.0f}秒，已停止",
            ) from error
    text = said.decode("utf-8", "replace").strip()
    return text[-500:] or f"exit code {process.returncode}"


@contextmanager
def _group(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program in a process group of its own; nothing of it is left when this ends, however it ends."""
    process = subprocess.Popen(
        command, cwd=folder, env=_environment(folder), start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


def _put(made: Path, target: Path) -> None:
    """Put the PDF at its place: a reader sees the old file or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        shutil.copyfile(made, waiting)
        with waiting.open("rb+") as written:
            os.fsync(written.fileno())
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)
