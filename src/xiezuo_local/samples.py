"""The sample year in embedded mode: made once, laid into the inbox, its platforms served.

``home/sample/<county>-<year>-<seed>/`` is what the generator wrote. ``home/sample.json`` lists every file that was
laid into the inbox with its sha256, so that another seed's year can be taken out again without touching what
people put there themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo_local.console import Console
from xiezuo_local.instance import HOST, Instance, write_whole
from xiezuo_local.processes import Child, spawn, tail
from xiezuo_local.waiting import Patience

SCALE = 1
_FUND_LEDGER = "AIRFLOW_CONN_FUND_LEDGER"
_WRITTEN = ("summary.*", "bulletin.*", "annual.*", "draft-*", "release-*")
"""What the pipeline writes about a period."""


@dataclass(frozen=True)
class Sample:
    """Which sample: county code, year, seed."""

    county: str
    year: int
    seed: int

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.county}-{self.year}-{self.seed}"


class SampleBox:
    """The samples of one installation."""

    def __init__(self, instance: Instance, console: Console) -> None:
        self._instance = instance
        self._console = console
        self._record = instance.home / "sample.json"

    def recorded(self) -> dict[str, Any]:
        """Return what ``sample.json`` says; empty when there never was a sample here."""
        try:
            found = json.loads(self._record.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except json.JSONDecodeError as error:
            raise ConfigError(
                f"{self._record} is damaged", next_step="remove it together with the sample's files in the inbox"
            ) from error
        return dict(found)

    def latest(self) -> Sample | None:
        """Return the sample laid out last."""
        last = self.recorded().get("latest")
        return Sample(str(last["county"]), int(last["year"]), int(last["seed"])) if last else None

    def folder(self, sample: Sample) -> Path:
        """Return where the generator's output is."""
        return self._instance.home / "sample" / sample.name

    def generate(self, sample: Sample) -> None:
        """Write the sample year once; half a year from a killed start is never taken for a whole one."""
        folder = self.folder(sample)
        if folder.is_dir():
            self._console.say(f"sample {sample.name}: already there")
            return
        from xiezuo_sample import generate

        draft = folder.with_name(f".{sample.name}.{os.getpid()}")
        for stale in folder.parent.glob(f".{sample.name}.*"):
            shutil.rmtree(stale)
        draft.mkdir(parents=True)
        generate(self._instance.settings, sample.county, sample.year, sample.seed, SCALE, draft)
        draft.rename(folder)
        self._console.say(f"sample {sample.name}: made in {folder}")

    def outdated(self, sample: Sample | None) -> list[str]:
        """Return the recorded layings that must go before ``sample`` (``None``: all of them)."""
        layings = self.recorded().get("layings", {})
        if sample is None:
            return sorted(layings)
        same_year = f"{sample.county}-{sample.year}-"
        return sorted(name for name in layings if name.startswith(same_year) and name != sample.name)

    def take_out(self, names: list[str]) -> None:
        """Remove layings from the inbox (files somebody has changed stay) and their rows from the warehouse."""
        record = self.recorded()
        for name in names:
            kept = 0
            for relative, digest in record["layings"][name].items():
                path = self._instance.settings.inbox / relative
                if path.is_file() and _digest(path) == digest:
                    path.unlink()
                else:
                    kept += path.exists()
            del record["layings"][name]
            self._remove_written(name)
            note = f"; {kept} changed by hand stay" if kept else ""
            self._console.say(f"sample {name}: its files are taken out of inbox and output{note}")
        access.recreate(self._instance.settings)
        self._console.say("the warehouse is made anew, so that no row of that sample stays")
        if not record["layings"]:
            record.pop("latest", None)
        self._write(record)

    def _remove_written(self, name: str) -> None:
        """Remove what was written about a sample: left behind, it would pass for figures of real data."""
        county, year, _ = name.split("-")
        for folder in (self._instance.settings.out / county).glob(f"{year}*"):
            for path in (path for pattern in _WRITTEN for path in folder.glob(pattern)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            if not any(folder.iterdir()):
                folder.rmdir()

    def lay_out(self, sample: Sample) -> None:
        """Copy the sample's files into the inbox, each in one step, and only where they differ."""
        source = self.folder(sample) / "inbox"
        inbox = self._instance.settings.inbox
        digests: dict[str, str] = {}
        copied = 0
        for path in sorted(each for each in source.rglob("*") if each.is_file()):
            relative = path.relative_to(source)
            digests[str(relative)] = _digest(path)
            target = inbox / relative
            if target.is_file() and _digest(target) == digests[str(relative)]:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(target.name + ".part")
            shutil.copyfile(path, draft)
            draft.replace(target)
            copied += 1
        record = self.recorded()
        record.setdefault("layings", {})[sample.name] = digests
        record["latest"] = {"county": sample.county, "year": sample.year, "seed": sample.seed}
        self._write(record)
        self._console.say(f"{len(digests)} files in {inbox} ({copied} new)")

    def serve(self, sample: Sample, patience: Patience, port: int = 0) -> tuple[Child, int]:
        """Start the sample's sales platforms; return the child and the port it answers on.

        Raises:
            ConfigError: it ends before it answers.
            GivenUp: it has not answered for too long.
        """
        command = [sys.executable, "-P", "-m", "xiezuo.cli", "platform"]
        command += ["--data", str(self.folder(sample)), "--port", str(port)]
        log = self._instance.logs / "platform.log"
        seen = log.stat().st_size if log.exists() else 0
        child = spawn(self._instance, "platform", command, self._instance.environ)
        with patience.waiting("the sample platforms", log) as waiting:
            while child.alive():
                for line in _written_since(log, seen):
                    if line.startswith(f"ready http://{HOST}:"):
                        return child, int(line.strip().rsplit(":", 1)[1].strip("/"))
                waiting.check()
                time.sleep(0.1)
        raise ConfigError(
            "the sample platforms did not start", next_step=f"see {log}\n" + "\n".join(tail(log, 5))
        )

    def connections(self, sample: Sample, port: int) -> dict[str, str]:
        """Return the connection variables of the sample's sources, in Airflow's JSON form."""
        from xiezuo_sample.platforms.orders import profiles_of  # see check_request: it may be missing

        found = {}
        for name, profile in profiles_of(self.folder(sample)).items():
            found[f"AIRFLOW_CONN_SALES_{sample.county}_{name.upper()}"] = json.dumps(
                {
                    "conn_type": "http",
                    "host": HOST,
                    "port": port,
                    "schema": "http",
                    "login": name,
                    "password": "sample-secret",
                    "extra": {
                        "profile": profile,
                        "platform": name,
                        "county_code": sample.county,
                        "session": "sample-session",
                        "refresh_token": "sample-refresh",
                        "sign_method": "md5" if profile == "top" else "hmac-sha256",
                    },
                }
            )
        database = self.folder(sample) / "fund.db"
        if database.exists():
            address = f"sqlite:///{database}"
            found[_FUND_LEDGER] = json.dumps({"conn_type": "generic", "extra": {"sqlalchemy_url": address}})
        return found

    def _write(self, record: dict[str, Any]) -> None:
        write_whole(self._record, json.dumps(record, indent=1, ensure_ascii=False))


def sample_defaults(year: int) -> dict[str, str]:
    """Return the variables a sample run sets where the user has not: the clock at the year's end, no settling."""
    return {"XIEZUO_NOW": f"{year}-12-31T23:30:00+08:00", "XIEZUO_INBOX_SETTLE": "0"}


def check_county(settings: Settings, county: str) -> None:
    """Make sure that the county is one of this installation's.

    Raises:
        ConfigError: it is not in the counties file.
    """
    from xiezuo.declared.counties import load_counties

    if county not in load_counties(settings.counties_path):
        raise ConfigError(
            f"county {county} is not in {settings.counties_path}", next_step="add it there, or give another COUNTY"
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written_since(path: Path, offset: int) -> list[str]:
    if not path.exists():
        return []
    if path.stat().st_size < offset:
        offset = 0
    with path.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", errors="replace").splitlines()
