"""What whoever is on duty needs: arrivals, alerts, runs, backup, retention.

In: ``audit`` and ``include/operations.yaml``. Out: messages, files, and what may be removed.
"""

from __future__ import annotations
