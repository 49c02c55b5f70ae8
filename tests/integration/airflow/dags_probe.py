"""Run in a process of its own by test_dags.py: parses the Dags, runs one against stand-ins, writes answer.json.

Airflow reads its environment when it is first imported, so the tests themselves never import it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[3]


def structure() -> dict[str, Any]:
    """Return everything about the parsed Dags that the tests look at."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    bag = DagBag(str(ROOT / "dags"))
    return {
        "import_errors": {Path(path).name: text for path, text in bag.import_errors.items()},
        "dags": {
            dag_id: _dag(dag, DagSerialization.from_dict(DagSerialization.to_dict(dag)))
            for dag_id, dag in bag.dags.items()
        },
    }


def _dag(dag: Any, stored: Any) -> dict[str, Any]:
    return {
        "tags": sorted(dag.tags),
        "doc": dag.doc_md,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "timetable": type(dag.timetable).__name__,
        "expression": getattr(dag.timetable, "expression", None),
        "timezone": str(getattr(dag.timetable, "timezone", "")),
        "condition": type(stored.timetable.asset_condition).__name__,
        "waits_for": sorted(key.uri for key, _ in stored.timetable.asset_condition.iter_assets()),
        "owner_links": dag.owner_links,
        "promises": [alert.name for alert in dag.deadline or ()],
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "tasks": {task.task_id: _task(task) for task in dag.tasks},
    }


def _task(task: Any) -> dict[str, Any]:
    return {
        "owner": task.owner,
        "retries": task.retries,
        "backoff": task.retry_exponential_backoff,
        "callback": bool(task.on_failure_callback),
        "rule": str(task.trigger_rule.value),
        "pool": task.pool,
        "mapped_in": getattr(task.get_closest_mapped_task_group(), "group_id", None),
        "upstream": sorted(task.upstream_task_ids),
        "inlets": sorted(asset.name for asset in task.inlets),
        "outlets": sorted(asset.name for asset in task.outlets),
    }


def told() -> dict[str, list[list[Any]]]:
    """Return what is told of one county's month, and of more at once than are told of one by one."""
    from airflow.sdk.execution_time.context import OutletEventAccessors
    from xiezuo_airflow.assets import FIGURES, TOLD_AT_MOST, alias_of, tell

    def events(count: int) -> list[list[Any]]:
        accessors = OutletEventAccessors()
        number = tell({"outlet_events": accessors}, FIGURES, [(f"{n:06d}", "2022-09", {}) for n in range(count)])
        added = accessors[alias_of(FIGURES)].asset_alias_events
        assert len(added) == number
        return [[event.dest_asset_key.name, event.extra] for event in added]

    return {"none": events(0), "one": events(1), "many": events(TOLD_AT_MOST + 1), "most": [[len(events(TOLD_AT_MOST))]]}


def plugins() -> dict[str, Any]:
    """Return which modules the plugin folder gave, and whether any was executed twice."""
    from airflow import plugins_manager

    timetables = plugins_manager.get_timetables_plugins()
    copies = [name for name, module in sys.modules.items() if _below(module, ROOT / "plugins/xiezuo_airflow")]
    return {
        "errors": plugins_manager.get_import_errors(),
        "timetables": sorted(timetables),
        "modules": sorted(copies),
    }


def _below(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and Path(str(file)).is_relative_to(folder)


def closings() -> dict[str, Any]:
    """Return the next runs that the timetables give in chosen situations."""
    import pendulum
    from airflow.timetables.base import DataInterval, TimeRestriction
    from xiezuo_airflow.timetables import MonthClosing, YearClosing

    def interval(first: str, last: str) -> DataInterval:
        return DataInterval(pendulum.parse(first), pendulum.parse(last))

    def ask(timetable: Any, last: DataInterval | None, *, catchup: bool, latest: str | None = None) -> Any:
        restriction = TimeRestriction(
            earliest=pendulum.parse("2022-01-01T00:00:00+08:00") if catchup else None,
            latest=pendulum.parse(latest) if latest else None,
            catchup=catchup,
        )
        info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        return info and [each.isoformat() for each in (info.run_after, *info.data_interval)]

    august = interval("2022-08-01T00:00:00+08:00", "2022-09-01T00:00:00+08:00")
    year = interval("2021-01-01T00:00:00+08:00", "2022-01-01T00:00:00+08:00")
    return {
        "now": datetime.now(UTC).isoformat(),
        "month_after_august": ask(MonthClosing(), august, catchup=True),
        "month_first_with_catchup": ask(MonthClosing(), None, catchup=True),
        "month_ended": ask(MonthClosing(), august, catchup=True, latest="2022-09-30T00:00:00+08:00"),
        "month_long_ago": ask(MonthClosing(), august, catchup=False),
        "month_never": ask(MonthClosing(), None, catchup=False),
        "year_after_2021": ask(YearClosing(), year, catchup=True),
        "months": months(),
        "year_never": ask(YearClosing(), None, catchup=False),
        "manual": [
            each.isoformat()
            for each in MonthClosing().infer_manual_data_interval(
                run_after=pendulum.parse("2022-03-01T00:30:00+08:00")
            )
        ],
    }


def months() -> dict[str, Any]:
    """Return which months a manual run writes, by the months it was given."""
    from xiezuo_airflow.periods import months_of

    from xiezuo.base.errors import ConfigError

    found: dict[str, Any] = {}
    for period, until in (("2022-11", None), ("2022-11", "2023-02"), ("2022-12", "2022-12"), ("2022-12", "2022-11")):
        name = f"{period} to {until}" if until else period
        try:
            found[name] = months_of({"params": {"period": period, "until": until}})
        except ConfigError as error:
            found[name] = type(error).__name__
    return found


class Pipeline(ModuleType):
    """Stands in for ``xiezuo.pipeline`` in one process: the Dag is under test here, not the pipeline."""

    def __init__(self, trouble: str, groups: int) -> None:
        super().__init__("xiezuo.pipeline")
        self.trouble, self.count, self.loaded = trouble, groups, []

    def plan(self, settings: Any, source: str, **options: Any) -> list[dict[str, Any]]:
        """Plan groups, or fail."""
        from xiezuo.base.errors import ConfigError

        if self.trouble == "plan":
            raise ConfigError("broken")
        return [{"group": f"{source}:files:{n}", "source": source, "items": []} for n in range(self.count)]

    def fetch(self, settings: Any, group: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Fetch; the first group's source may be down."""
        from xiezuo.base.errors import SourceDown

        if self.trouble == "fetch" and group["group"].endswith(":0"):
            raise SourceDown("down")
        return {"group": group["group"], "waiting": 0 if self.trouble == "unchanged" else 1}

    def receipts(self, settings: Any, county: str | None, **options: Any) -> dict[str, Any]:
        """Write nothing; the out-folder may be full."""
        if self.trouble == "receipts":
            raise OSError("no space left on device")
        return {"receipts": 1, "returns": 0, "told": 0, "files": []}

    def pending(self, settings: Any) -> int:
        """Leave nothing to build but what was loaded, unless only days moved."""
        return 3 if self.trouble == "days" else 0

    def load(self, settings: Any, group: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Load; nothing when nothing is new."""
        self.loaded.append(group["group"])
        count = 0 if self.trouble in ("nothing", "days") else 1
        refused = 1 if self.trouble == "nothing" else 0
        held = {
            "county_code": "620422", "dataset": "labour_placement", "reporting_unit": "甲站", "place": "",
            "refused": refused, "gated": 0, "rows_read": 9, "rows_quarantined": 2,
        }  # fmt: skip
        return {
            "group": group["group"], "batches": [], "loaded": count, "refused": refused, "gated": 0,
            "rows_quarantined": 2, "held_back": [held],
        }  # fmt: skip


def run(trouble: str, groups: int) -> dict[str, Any]:
    """Run ``ingest_labour`` once in this process; return the states and what was emitted."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import func, select

    import xiezuo

    stand_in = Pipeline(trouble, groups)
    sys.modules["xiezuo.pipeline"] = stand_in
    xiezuo.pipeline = stand_in  # type: ignore[attr-defined]
    dag = DagBag(str(ROOT / "dags")).dags["ingest_labour"]
    for task in dag.tasks:
        task.retries = 0
    dag.deadline = None  # Airflow 3.3.2 takes what a Dag promises for the key of a row, where no Dag processor wrote one
    with create_session() as session:
        before = session.scalar(select(func.count()).select_from(AssetEvent))
    result = dag.test()
    with create_session() as session:
        after = session.scalar(select(func.count()).select_from(AssetEvent))
    return {
        "run": str(result.state), "tasks": _states(result), "events": after - before, "loaded": sorted(stand_in.loaded),
        "counts": _pushed(result).get(("done", "counts")),
        "labels": sorted(ti.rendered_map_index or "" for ti in result.get_task_instances() if ti.task_id == "group.load"),
    }  # fmt: skip


def _states(result: Any) -> dict[str, list[str]]:
    states: dict[str, list[str]] = {}
    for instance in sorted(result.get_task_instances(), key=lambda each: each.map_index):
        states.setdefault(instance.task_id, []).append(str(instance.state))
    return states


def _pushed(result: Any) -> dict[tuple[str, str], Any]:
    """Return what the tasks of a run left in XCom, by task and key."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = session.scalars(select(XComModel).where(XComModel.run_id == result.run_id)).all()
        return {(each.task_id, each.key): XComModel.deserialize_value(each) for each in found}


def database() -> None:
    """Make Airflow's database ready."""
    from airflow.utils.db import initdb

    initdb()


def runs() -> dict[str, Any]:
    """Run the Dag through everything that may befall it."""
    return {
        "well": run("", 3),
        "single": run("", 1),
        "empty": run("", 0),
        "nothing": run("nothing", 2),
        "fetch": run("fetch", 3),
        "plan": run("plan", 3),
        "unchanged": run("unchanged", 2),
        "days": run("days", 1),
        "receipts": run("receipts", 1),
    }


def upkeep() -> dict[str, Any]:
    """Run ``build``, ``upkeep``, ``forms`` and ``backup`` once, on the warehouse the environment names."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(ROOT / "dags"))
    answers = {}
    for dag_id in ("build", "upkeep", "forms", "backup"):
        result = bag.dags[dag_id].test()
        pushed = {f"{task}.{key}": value for (task, key), value in _pushed(result).items()}
        answers[dag_id] = {"run": str(result.state), "tasks": _states(result), "pushed": pushed}
    return answers


def failing() -> dict[str, Any]:
    """Run ``ingest_fund`` once with a ledger that cannot be reached, as the environment names it."""
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(str(ROOT / "dags")).dags["ingest_fund"]
    for task in dag.tasks:
        task.retries = 0
    dag.deadline = None  # Airflow 3.3.2 takes what a Dag promises for the key of a row, where no Dag processor wrote one
    result = dag.test()
    return {"run": str(result.state), "tasks": _states(result)}


def sales() -> dict[str, Any]:
    """Run ``ingest_sales`` once, with the connections and the warehouse that Airflow knows."""
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(str(ROOT / "dags")).dags["ingest_sales"]
    dag.deadline = None  # as above
    for task in dag.tasks:
        task.retries = 0
    result = dag.test(run_conf={"since": "2022-11-01"})
    return {"run": str(result.state), "tasks": _states(result)}


def connections() -> dict[str, Any]:
    """Return what Airflow knows of connections, as the domain sees it, and what the test button says to each platform."""
    from xiezuo_airflow.connections import AirflowConnections, warehouse_url
    from xiezuo_airflow.sales_platform import SalesPlatformHook

    from xiezuo.base.errors import ConfigError
    from xiezuo.fetch.connections import fund_ledger, platform_names

    known = AirflowConnections({})
    ledger, names = fund_ledger(known), platform_names(known)
    found: dict[str, Any] = {
        "platforms": names,
        "ledger": ledger and ledger.url,
        "tested": {conn_id: SalesPlatformHook(conn_id).test_connection() for conn_id, _ in names},
    }
    try:
        found["warehouse"] = warehouse_url()
    except ConfigError as error:
        found["warehouse"] = error.zh
    return found


if __name__ == "__main__":
    answer = {name: globals()[name]() for name in sys.argv[1:]}
    Path("answer.json").write_text(json.dumps(answer), encoding="utf-8")
