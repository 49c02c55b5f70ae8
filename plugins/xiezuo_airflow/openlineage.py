"""Hands to OpenLineage what a task noted (``[openlineage] extractors``); imported by nobody else.

Airflow cannot know what a Python task reads and writes: :mod:`xiezuo_airflow.lineage` can.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.openlineage.extractors import BaseExtractor, OperatorLineage
from openlineage.client.event_v2 import Dataset, InputDataset, OutputDataset
from openlineage.client.transport.transform import EventTransformer

from xiezuo.base.settings import Settings
from xiezuo_airflow.lineage import Thing, noted, place_of


class Noted(BaseExtractor):
    """Names what a ``@task`` has read and written when it has ended, also when it failed."""

    @classmethod
    def get_operator_classnames(cls) -> list[str]:
        """Return the class behind ``@task``."""
        return ["_PythonDecoratedOperator"]

    def _execute_extraction(self) -> OperatorLineage[Dataset, Any]:
        """Return nothing when a task begins: it has read nothing yet."""
        return OperatorLineage()

    def extract_on_complete(self, task_instance: Any) -> OperatorLineage[Dataset, Any]:
        """Return what was noted."""
        del task_instance
        settings = Settings.from_env()

        def named(things: list[Thing]) -> list[tuple[str, str]]:
            return [place_of(settings, thing) for thing in things]

        read, written = noted()
        return OperatorLineage(
            inputs=[InputDataset(*place) for place in named(read)],
            outputs=[OutputDataset(*place) for place in named(written)],
        )


class WithoutPeople(EventTransformer):  # type: ignore[misc]  (its package says no types)
    """Leaves out of an event what Airflow tells of a run beside its time and place.

    That is who started or answered it, what he asked for in which words, and errors, which may quote a row.
    """

    RUN, JOB = ("nominalTime", "parent", "processing_engine"), ("jobType", "documentation")

    def transform(self, event: Any) -> Any:
        """Return the event with those facets alone that say when, where and what kind."""
        for part, kept in ((getattr(event, "run", None), self.RUN), (getattr(event, "job", None), self.JOB)):
            if part is not None and part.facets:
                part.facets = {name: facet for name, facet in part.facets.items() if name in kept}
        return event
