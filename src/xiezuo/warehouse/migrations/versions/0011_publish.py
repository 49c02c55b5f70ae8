"""Revision 0011: see sql/0011_publish.sql."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run ``sql/0011_publish.sql``."""
    sql = Path(__file__).parents[1].joinpath("sql", "0011_publish.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(sql)


def downgrade() -> None:
    """Refuse: a warehouse is restored from a backup, never migrated backwards."""
    raise RuntimeError("restore a backup instead: xiezuo warehouse restore")
