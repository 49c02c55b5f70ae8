"""What the launcher prints: numbered progress, and tables that line up with Chinese in them."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Sequence


class Console:
    """Progress on stdout, one numbered line a step with the seconds since the start."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._step = 0
        self._began = time.monotonic()

    def step(self, text: str) -> None:
        """Begin the next numbered step."""
        self._step += 1
        self.line(f"[{self._step}/{self._steps}] {text}")

    def say(self, text: str) -> None:
        """Print a detail of the current step."""
        self.line(f"      {text}")

    def line(self, text: str) -> None:
        """Print one line as it is, at once."""
        print(text, flush=True)

    def elapsed(self) -> str:
        """Return the time since the start, in seconds, for a person."""
        return f"{time.monotonic() - self._began:.0f} s"


def complain(problem: str, next_step: str) -> None:
    """Say on stderr what went wrong and what to do."""
    print(f"\n✗ {problem}", file=sys.stderr)
    for number, text in enumerate(next_step.splitlines()):
        print(f"  {'→' if number == 0 else ' '} {text}", file=sys.stderr)
    sys.stderr.flush()


def width(text: str) -> int:
    """Return how many columns a terminal needs: full-width characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def table(rows: Sequence[Sequence[object]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Lay rows out in columns two blanks apart; columns in ``right`` are aligned to the right."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    columns = max((len(row) for row in cells), default=0)
    widths = [max((width(row[at]) for row in cells if at < len(row)), default=0) for at in range(columns)]
    lines = []
    for row in cells:
        parts = []
        for at, cell in enumerate(row):
            blank = " " * (widths[at] - width(cell))
            parts.append(blank + cell if at in right else cell + blank)
        lines.append("  ".join(parts).rstrip())
    return lines
