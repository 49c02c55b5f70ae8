"""What a bench says: a table for people, ``bench.json`` for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.measure import Measured


@dataclass(frozen=True)
class Row:
    """One line: medians of ``runs`` runs, of memory the most. What ratio and rows are: bench/README.md."""

    seconds: float
    rss_mb: float | None
    rows: int
    ratio: float | None = None
    client_cpu: float | None = None
    server_cpu: float | None = None
    runs: int = 1

    @classmethod
    def of(cls, runs: Sequence[Measured], rows: int, *, base: float | None = None) -> Row:
        """Return the medians of runs over ``rows`` rows, against ``base`` seconds."""
        seconds = median(run.seconds for run in runs)
        return cls(
            seconds=seconds,
            rss_mb=max(run.rss_mb for run in runs),
            rows=rows,
            ratio=None if base is None else seconds / base,
            client_cpu=median(run.client_cpu for run in runs),
            server_cpu=median(run.server_cpu for run in runs),
            runs=len(runs),
        )


def short(count: int) -> str:
    """Write a count as part of a name: 500k, 5m, 1234."""
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if count >= size and count % size == 0:
            return f"{count // size}{letter}"
    return str(count)


def write(path: Path, rows: Mapping[str, Row]) -> None:
    """Write ``{name: {ratio, seconds, rss_mb, rows}}``."""
    document = {
        name: {
            "ratio": None if row.ratio is None else round(row.ratio, 3),
            "seconds": round(row.seconds, 3),
            "rss_mb": None if row.rss_mb is None else round(row.rss_mb, 1),
            "rows": row.rows,
        }
        for name, row in rows.items()
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def table(rows: Mapping[str, Row]) -> str:
    """Return the rows as a table."""
    head = ("", "rows", "seconds", "ratio", "client CPU", "server CPU", "RSS MB", "runs")
    body = [
        (
            name, f"{row.rows:,}", f"{row.seconds:.2f}", _number(row.ratio, "×"), _number(row.client_cpu, " s"),
            _number(row.server_cpu, " s"), _number(row.rss_mb, ""), str(row.runs),
        )
        for name, row in rows.items()
    ]  # fmt: skip
    widths = [max(len(line[n]) for line in (head, *body)) for n in range(len(head))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in (head, *body)
    )


def _number(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.2f}{unit}"
