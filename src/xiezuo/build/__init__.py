"""Stage five: the figures of the periods that batches touched, the checks among ledgers, and the trace of both.

In: ``core``. Out: ``mart`` and ``audit.reconciliation``; from a figure back to its rows.
"""

from __future__ import annotations
