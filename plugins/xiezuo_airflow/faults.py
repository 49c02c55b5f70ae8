"""Which failures Airflow should try again.

A source that is down may answer in a few minutes: its error passes, and the task's retries do the rest. A wrong
setting or a refused delivery will be just as wrong then: it fails the task at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk.exceptions import AirflowFailException

from xiezuo.base.errors import ConfigError, FileRefused


@contextmanager
def no_retry_when_pointless() -> Iterator[None]:
    """Turn :class:`ConfigError` and :class:`FileRefused` (:class:`GateClosed` too) into a final failure."""
    try:
        yield
    except (ConfigError, FileRefused) as error:
        raise AirflowFailException(str(error)) from error
