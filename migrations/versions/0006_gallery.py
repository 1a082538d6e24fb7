"""What teams let the public see of their entries.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gallery_listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("changed_at", compapp.core.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_gallery_listing_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gallery_listing")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_gallery_listing_entry_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("gallery_listing")
