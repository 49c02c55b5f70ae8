"""Revision 0026: see sql/0026_rates_and_spans.sql."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run ``sql/0026_rates_and_spans.sql``."""
    sql = Path(__file__).parents[1].joinpath("sql", "0026_rates_and_spans.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(sql)


def downgrade() -> None:
    """Refuse: a warehouse is restored from a backup, never migrated backwards."""
    raise RuntimeError("restore a backup instead: xiezuo warehouse restore")
