"""The peers, and the environments they run in: each has its own, from its own lock file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from bench.delivery import Expected
from bench.measure import Failed
from bench.site import ROOT, Site

_INSTALL = ROOT / "bench" / "peers" / "install.sh"


@dataclass(frozen=True)
class Peer:
    """A module of :mod:`bench.peers`.

    ``lock`` names its lock file, empty for a peer that runs in our own environment. One that validates is
    given the bad orders too, and takes those of which ``overlooks`` is the reason. One that ``is_given_rows``
    reads the floor's CSV instead of pages, so that it writes what our path writes and computes none of it.
    """

    name: str
    lock: str = ""
    validates: bool = False
    overlooks: tuple[str, ...] = ()
    is_given_rows: bool = False

    def takes(self, want: Expected) -> int:
        """Return how many orders must be in its table."""
        return want.good + sum(want.reasons.get(reason, 0) for reason in self.overlooks)

    def python(self, site: Site) -> Path:
        """Return the interpreter of its environment, made or renewed when its lock file asks for it.

        Raises:
            Failed: it could not be installed.
        """
        if not self.lock:
            return Path(sys.executable)
        folder = ROOT / ".bench" / "peers" / self.lock
        done = subprocess.run(
            ["/bin/sh", str(_INSTALL), self.lock, str(folder)],
            cwd=ROOT, env=dict(site.judging.environ), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Failed(f"{self.name} could not be installed: {done.stderr.strip().splitlines()[-1:]}")
        return folder / "bin" / "python"

    def environ(self, site: Site) -> Mapping[str, str]:
        """Return what it needs to be told: dlt, to keep its state apart and to tell nobody of it."""
        if self.lock != "dlt":
            return {}
        state = mkdtemp(prefix="dlt-", dir=site.folder / "runs")
        return {"DLT_DATA_DIR": state, "RUNTIME__DLTHUB_TELEMETRY": "false"}


PEERS = {
    peer.name: peer
    for peer in (
        Peer("dlt_arrow", "dlt"),
        Peer("dlt_arrow_row", "dlt", is_given_rows=True),
        Peer("dlt_default", "dlt"),
        Peer("dlt_default_row", "dlt", is_given_rows=True),
        Peer("pandas_to_sql", "pandas"),
        Peer("pandas_to_sql_row", "pandas", is_given_rows=True),
        Peer("pandas_to_sql_copy", "pandas"),
        Peer("airflow_tutorial", validates=True, overlooks=("USCC_CHECKSUM",)),
    )
}
SLOW = frozenset(PEERS) - {"dlt_arrow", "dlt_arrow_row"}
"""Those that take minutes over a million orders."""
