"""The official papers that come before a contest.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contest_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", compapp.core.types.UtcDateTime(), nullable=False),
        sa.Column("edited_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_paper_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_paper")),
        sa.UniqueConstraint("contest_id", "kind", name=op.f("uq_contest_paper_contest_id_kind")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("contest_paper")
