"""What ``make run`` and ``make up`` do first, alike: leftovers, sample, database server, Airflow's database."""

from __future__ import annotations

from xiezuo import pipeline
from xiezuo.base import clock
from xiezuo.base.errors import ConfigError
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
        ConfigError: an unknown county, a year of the future, or sample data among real data.
    """
    check_county(instance.settings, request.county)
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
    box = SampleBox(instance, console)
    sample = Sample(request.county, request.year, request.seed) if request.sample else None
    console.step("database server")
    metadata = Metadata(instance)
    log = instance.home / "postgres" / "server.log"
    with patience.waiting("the database server", log):
        metadata.begin()
    outdated = box.outdated(sample)
    with patience.waiting("the warehouse's tables", log):
        if outdated:
            box.take_out(outdated)
        pipeline.prepare(instance.settings)
    if sample is None:
        console.step("your own inbox and connections, no sample")
        instance.remember(own_data=True)
        return metadata, None
    console.step(f"sample year {sample.year} of {sample.county}, seed {sample.seed}")
    with patience.waiting("the sample year to be made"):
        box.generate(sample)
        box.lay_out(sample)
    return metadata, sample


def first_defaults(instance: Instance, request: Request) -> None:
    """Set the clock of a sample run before anything reads it."""
    if request.sample:
        instance.set_defaults(sample_defaults(request.year))
