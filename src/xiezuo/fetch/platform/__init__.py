"""The client for sales platforms: a profile says how a family is asked, the client asks until a window is whole.

In: a connection, a profile, a span of days. Out: pages as they came, or a named trouble.
"""

from __future__ import annotations
