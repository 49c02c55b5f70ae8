"""A statement whose client was killed does not keep its locks: the next run need not wait for what nobody reads."""

from __future__ import annotations

import subprocess
import sys
import time

from xiezuo.base.settings import Settings
from xiezuo.warehouse import access

LONG = """
import sys
from xiezuo.warehouse import access
from xiezuo.base.settings import Settings
with access.connect(Settings.from_env()) as db:
    db.execute("select pg_advisory_xact_lock(77)")
    print("held", flush=True)
    db.execute("select pg_sleep(600)")
"""


def test_locks_of_a_killed_client_are_free_again(settings: Settings) -> None:
    """The server notices within seconds, not when the statement has run to its end."""
    environ = {k: v for k, v in settings.environ.items() if k.startswith("XIEZUO_")}
    with subprocess.Popen([sys.executable, "-c", LONG], env=environ, stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        assert client.stdout.readline().strip() == b"held"
        client.kill()
    began = time.monotonic()
    with access.connect(settings) as db:
        db.execute("set lock_timeout to '300s'")
        db.execute("select pg_advisory_xact_lock(77)")
    assert time.monotonic() - began < 300  # half the statement's time, and far more than the server needs
