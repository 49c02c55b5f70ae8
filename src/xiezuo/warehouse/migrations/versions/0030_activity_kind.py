"""Revision 0030: see sql/0030_activity_kind.sql."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run ``sql/0030_activity_kind.sql``."""
    sql = Path(__file__).parents[1].joinpath("sql", "0030_activity_kind.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(sql)


def downgrade() -> None:
    """Refuse: a warehouse is restored from a backup, never migrated backwards."""
    raise RuntimeError("restore a backup instead: xiezuo warehouse restore")
