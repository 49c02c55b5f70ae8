"""What every room may use: where things are, the clock, the installation's secrets, its errors, where SQL lies.

In: the environment. Out: :class:`~xiezuo.base.settings.Settings`, passed down to every stage. Knows no room.
"""

from __future__ import annotations
