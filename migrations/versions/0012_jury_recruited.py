"""What judges say of themselves, their pledge, their answer to an assignment; decisions on ties and conflicts.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PLEDGED_SO_FAR = """
UPDATE seat SET pledged_at = answered_at, pledge_version = '1', pledge_locale = 'vi'
WHERE state = 'accepted' AND EXISTS (
    SELECT 1 FROM audit_row
    WHERE audit_row.verb = 'judging.seat.accept' AND audit_row.subject_kind = 'seat' AND audit_row.subject_id = seat.id
)
"""
"""Who accepted by themselves pledged then, in the sentence of version 1; who came with a file is asked."""


def upgrade() -> None:
    op.create_table(
        "seat_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answered_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_seat_answer_round_id_round")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_answer_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_answer")),
        sa.UniqueConstraint("seat_id", "round_id", name=op.f("uq_seat_answer_seat_id_round_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("seat_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_answer_round_id"), ["round_id"], unique=False)

    op.create_table(
        "conflict_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("node", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("decided_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("ended_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_conflict_review_decided_by_id_person")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_conflict_review_entry_id_entry")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_conflict_review_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_review")),
        sa.UniqueConstraint("seat_id", "entry_id", "node", name=op.f("uq_conflict_review_seat_id_entry_id_node")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conflict_review", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_review_entry", ["entry_id", "seat_id"], unique=False)

    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("min_load", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("expertise", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("languages", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("away", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("reserve", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("thanks", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("pledged_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("pledge_version", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("pledge_locale", sa.String(length=5), nullable=True))

    op.execute(PLEDGED_SO_FAR)


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_column("pledge_locale")
        batch_op.drop_column("pledge_version")
        batch_op.drop_column("pledged_at")
        batch_op.drop_column("thanks")
        batch_op.drop_column("reserve")
        batch_op.drop_column("away")
        batch_op.drop_column("languages")
        batch_op.drop_column("expertise")
        batch_op.drop_column("min_load")

    with op.batch_alter_table("conflict_review", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_review_entry")

    op.drop_table("conflict_review")
    with op.batch_alter_table("seat_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_answer_round_id"))

    op.drop_table("seat_answer")
