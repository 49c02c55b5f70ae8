"""``python -m xiezuo.cli``."""

from __future__ import annotations

import sys

from xiezuo.cli import main

sys.exit(main())
