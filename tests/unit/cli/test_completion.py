"""What a shell offers after the tabulator key, asked through bash as it asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
ASK = """
eval "$(register-python-argcomplete xiezuo)"
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
_python_argcomplete xiezuo
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(line: str, home: Path, **environ: str) -> set[str]:
    done = subprocess.run(
        ["bash", "-c", ASK, "bash", line], capture_output=True, text=True, check=True,  # noqa: S607  (the bash on PATH)
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "XIEZUO_HOME": str(home), **environ},
    )  # fmt: skip
    return {word.strip() for word in done.stdout.splitlines()} - {""}


@pytest.mark.parametrize(
    ("line", "wanted", "unwanted"),
    [
        ("xiezuo ", {"run", "trace", "quarantine", "warehouse"}, {"--county"}),
        ("xiezuo qua", {"quarantine"}, {"run"}),
        ("xiezuo quarantine ", {"list", "explain"}, {"--county"}),
        ("xiezuo quarantine --", {"--county", "--json"}, {"--explain"}),
        ("xiezuo run --", {"--county", "--from", "--to", "--source", "--json"}, {"--period"}),
        ("xiezuo run --source ", {"labour", "sales", "fund", "work"}, {"run"}),
        ("xiezuo alerts --county ", {"620422"}, {"list"}),
        ("xiezuo trace CON", {"CON1", "CON3"}, {"LAB1"}),
        ("xiezuo trace CON1 --period ", {"2022", "2022-09"}, {"last"}),
        ("xiezuo trace CON1 2022-", {"2022-09"}, {"2022"}),
        ("xiezuo warehouse url --role ", {"analyst", "loader", "owner"}, set()),
    ],
)
def test_commands_options_and_their_values_are_offered(
    line: str, wanted: set[str], unwanted: set[str], tmp_path: Path
) -> None:
    for period in ("2022", "2022-09", "last"):
        (tmp_path / "out/620422" / period).mkdir(parents=True)
    found = offered(line, tmp_path)
    assert wanted <= found
    assert not unwanted & found


def test_a_home_that_cannot_be_used_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "--county" in offered("xiezuo export --", tmp_path / "file")
    assert offered("xiezuo trace CON1 --county ", tmp_path, XIEZUO_COUNTIES=str(tmp_path / "none")) == set()


def test_nothing_slow_is_loaded_to_ask_or_to_help() -> None:
    """Completion is asked at every key: the heavy libraries stay out."""
    script = (
        "import sys; from xiezuo.cli import make_parser, completion; from argparse import Namespace\n"
        "make_parser().format_help(); completion.counties(); completion.periods(Namespace()); completion.indicators()\n"
        "print(*{'pandas', 'numpy', 'duckdb', 'psycopg', 'sqlalchemy', 'pydantic', 'great_expectations'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
