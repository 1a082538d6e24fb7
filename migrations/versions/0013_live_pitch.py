"""How a live round is held: its plan, its halls, the teams' slots and changes of the drawn order.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pitch_plan",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("report_minutes", sa.Integer(), nullable=False),
        sa.Column("late_rule", sa.String(length=20), nullable=False),
        sa.Column("bring", sa.JSON(), nullable=False),
        sa.Column("award_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_pitch_plan_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_pitch_plan")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("boards", sa.JSON(), nullable=False),
        sa.Column("starts_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("pitch_minutes", sa.Integer(), nullable=False),
        sa.Column("question_minutes", sa.Integer(), nullable=False),
        sa.Column("change_minutes", sa.Integer(), nullable=False),
        sa.Column("pause_after", sa.Integer(), nullable=True),
        sa.Column("pause_minutes", sa.Integer(), nullable=False),
        sa.Column("screen_key", sa.String(length=64), nullable=True),
        sa.Column("screen_mode", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_hall_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
        sa.UniqueConstraint("screen_key", name=op.f("uq_hall_screen_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hall_round_id"), "hall", ["round_id"], unique=False)
    op.create_table(
        "pitch_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("board_code", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("arrived_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("arrived_by_name", sa.String(length=200), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("phase_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("paused_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("pitch_seconds", sa.Integer(), nullable=True),
        sa.Column("question_seconds", sa.Integer(), nullable=True),
        sa.Column("started_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_pitch_slot_entry_id_entry")),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_pitch_slot_hall_id_hall")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_pitch_slot_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_slot")),
        sa.UniqueConstraint("round_id", "entry_id", name=op.f("uq_pitch_slot_round_id_entry_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pitch_slot_entry_id"), "pitch_slot", ["entry_id"], unique=False)
    op.create_index(op.f("ix_pitch_slot_hall_id"), "pitch_slot", ["hall_id"], unique=False)
    op.create_index(
        "ux_pitch_slot_on_stage",
        "pitch_slot",
        ["hall_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'pitching', 'questions')"),
        postgresql_where=sa.text("state IN ('called', 'pitching', 'questions')"),
    )
    op.create_table(
        "order_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_order_change_hall_id_hall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_order_change_hall_id"), "order_change", ["hall_id"], unique=False)


def downgrade() -> None:
    op.drop_table("order_change")
    op.drop_table("pitch_slot")
    op.drop_table("hall")
    op.drop_table("pitch_plan")
