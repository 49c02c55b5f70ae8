"""What ``make run`` and ``make up`` do first, alike: leftovers, sample, database server, Airflow's database."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from xiezuo.base import clock
from xiezuo.base.errors import ConfigError
from xiezuo.fetch.inbox import SOURCES
from xiezuo_local.components import Metadata
from xiezuo_local.console import Console
from xiezuo_local.instance import Instance, Request
from xiezuo_local.processes import clear
from xiezuo_local.samples import Sample, SampleBox, check_county, sample_defaults
from xiezuo_local.waiting import Patience


def clear_leftovers(instance: Instance, console: Console) -> None:
    """End what an earlier start left, and the services of ``make up``."""
    supervisor = instance.recall().get("supervisor")
    ended = clear(instance)
    instance.remember(supervisor=None)
    if ended and supervisor:
        console.say(f"stopped the services of make up ({ended} processes)")
    elif ended:
        console.say(f"stopped {ended} processes that an interrupted start left behind")


def check_request(instance: Instance, request: Request) -> None:
    """Refuse what cannot be meant.

    Raises:
        ConfigError: an unknown county, a year of the future, sample data among real data, or no sample generator.
    """
    check_county(instance.settings, request.county)
    if request.sample and find_spec("xiezuo_sample") is None:
        raise ConfigError(
            "the sample generator (src/xiezuo_sample) is not in this checkout",
            next_step="add SAMPLE=0 for your own inbox and connections, or get the checkout whole",
        )
    if request.sample and instance.recall().get("own_data"):
        raise ConfigError(
            f"{instance.home} holds your own data: the sample would mix with it",
            next_step="add SAMPLE=0, or give the sample a home of its own: XIEZUO_HOME=.xiezuo-sample make run",
        )
    if not request.sample and request.year > clock.now(instance.environ).year:
        raise ConfigError(f"the year {request.year} has not begun", next_step="give another YEAR")


def prepare(
    instance: Instance, request: Request, console: Console, patience: Patience
) -> tuple[Metadata, Sample | None]:
    """Bring up server and schema, start Airflow's migration, lay out the sample (or take an old one out)."""
    metadata = prepare_server(instance, console, patience)
    return metadata, prepare_data(instance, request, console, patience)


def prepare_server(instance: Instance, console: Console, patience: Patience) -> Metadata:
    """Bring up the database server and start Airflow's migration, if there is one to do."""
    console.step("database server")
    metadata = Metadata(instance)
    with patience.waiting("the database server", _server_log(instance)):
        metadata.begin()
    return metadata


def prepare_data(instance: Instance, request: Request, console: Console, patience: Patience) -> Sample | None:
    """Bring up the warehouse's schema, lay out the sample (or take an old one out)."""
    from xiezuo import pipeline  # a second of imports, in which Airflow's components are coming up already

    box = SampleBox(instance, console)
    sample = Sample(request.county, request.year, request.seed) if request.sample else None
    outdated = box.outdated(sample)
    with patience.waiting("the warehouse's tables", _server_log(instance)):
        if outdated:
            box.take_out(outdated)
        pipeline.prepare(instance.settings)
    if sample is None:
        console.step("your own inbox and connections, no sample")
        instance.remember(own_data=True)
        return None
    console.step(f"sample year {sample.year} of {sample.county}, seed {sample.seed}")
    with patience.waiting("the sample year to be made"):
        box.generate(sample)
        box.lay_out(sample)
    return sample


def nothing_waits(instance: Instance, patience: Patience) -> bool:
    """Whether every file of the inbox is loaded; what was read for the answer is noted, and is not read again."""
    from xiezuo.declared.counties import load_counties
    from xiezuo.fetch.unread import unread_files

    settings = instance.settings
    counties = sorted(load_counties(settings.counties_path))
    with patience.waiting("the inbox to be looked through"):
        return not any(unread_files(settings, source, counties) for source in SOURCES)


def _server_log(instance: Instance) -> Path:
    return instance.home / "postgres" / "server.log"


def first_defaults(instance: Instance, request: Request) -> None:
    """Set the clock of a sample run before anything reads it."""
    if request.sample:
        instance.set_defaults(sample_defaults(request.year))
