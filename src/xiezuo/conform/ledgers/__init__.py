"""From the sheets of a file to tables of a feed: headers found, lines told apart, titles read.

In: sheets as readers give them. Out: tables whose columns are fields of a contract.
"""

from __future__ import annotations
