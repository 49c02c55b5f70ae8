"""What a run of many cases came to, and whether the memory of the reading processes stayed flat."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from sweeps.fuzz.account import Outcome

FEWEST_SAMPLES = 24
"""With fewer measures of memory nothing is said of it: the first files fill caches that are bounded."""
GROWTH_MB, GROWTH_SHARE = 8.0, 0.03
"""How much more the last quarter of a run may hold than the third: the larger of the two.

Medians of quarters, because a single file may hold ten megabytes for a moment; of the second half, because modules and
caches that are bounded fill up first. What grows with every file, if only by a kilobyte, grows by a quarter's worth.
"""


@dataclass
class Tally:
    """What one or several processes found; ``memory`` is what each held, in MB, in the order measured."""

    cases: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    held: int = 0
    lines: int = 0
    faults: dict[int, list[str]] = field(default_factory=dict)
    memory: list[list[float]] = field(default_factory=list)

    def add(self, number: int, outcome: Outcome) -> None:
        """Count one case."""
        self.cases += 1
        self.accepted += outcome.is_accepted
        self.refused.update(outcome.refusals)
        self.rows, self.held, self.lines = (
            self.rows + outcome.rows, self.held + outcome.held, self.lines + outcome.lines,
        )  # fmt: skip
        if outcome.faults:
            self.faults[number] = outcome.faults

    def take_over(self, other: Tally) -> None:
        """Add what another process found."""
        self.cases += other.cases
        self.accepted += other.accepted
        self.refused.update(other.refused)
        self.rows, self.held, self.lines = self.rows + other.rows, self.held + other.held, self.lines + other.lines
        self.faults |= other.faults
        self.memory += other.memory

    @property
    def growing(self) -> list[str]:
        """Which processes held more and more: a sentence each."""
        return [sentence for samples in self.memory if (sentence := _growth(samples))]

    def said(self, seconds: float) -> list[str]:
        """Return the summary, line by line."""
        refused = "、".join(f"{code} {count}" for code, count in self.refused.most_common())
        memory = [f"{m[0]:.0f} → {m[len(m) // 2]:.0f} → {m[-1]:.0f} MB" for m in self.memory if m]
        return [
            f"cases {self.cases}, accepted {self.accepted}, refusals {sum(self.refused.values())} ({refused})",
            f"rows loaded {self.rows}, held back {self.held}, lines that are no rows {self.lines}",
            f"seconds {seconds:.0f}; memory of each reading process at start, middle and end: {'; '.join(memory)}",
        ]


def _growth(samples: list[float]) -> str:
    if len(samples) < FEWEST_SAMPLES:
        return ""
    quarter = len(samples) // 4
    third, fourth = median(samples[-2 * quarter : -quarter]), median(samples[-quarter:])
    if fourth - third <= max(GROWTH_MB, GROWTH_SHARE * third):
        return ""
    return f"memory grows: {third:.0f} MB in the third quarter, {fourth:.0f} MB in the last"
