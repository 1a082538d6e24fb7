"""Screening: texts to compare, flags, bulk acts, appeals, past winners, statements of ownership.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("undo_until", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_bulk_act_contest_id_contest")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_bulk_act_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("bulk_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_act_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_act_told_at"), ["told_at"], unique=False)

    op.create_table(
        "past_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=300), nullable=False),
        sa.Column("institution_fold", sa.String(length=300), nullable=False),
        sa.Column("student_number", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("award", sa.String(length=200), nullable=False),
        sa.Column("idea", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("imported_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("imported_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_past_award_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_award")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("past_award", schema=None) as batch_op:
        batch_op.create_index("ix_past_award_contest_name", ["contest_id", "name_fold"], unique=False)

    op.create_table(
        "similarity_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("closes_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_similarity_check_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similarity_check")),
        sa.UniqueConstraint("contest_id", "closes_at", name=op.f("uq_similarity_check_contest_id_closes_at")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "similarity_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("other_entry_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("shared_people", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("found_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("decided_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_similarity_flag_contest_id_contest")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_similarity_flag_entry_id_entry")),
        sa.ForeignKeyConstraint(["other_entry_id"], ["entry.id"], name=op.f("fk_similarity_flag_other_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similarity_flag")),
        sa.UniqueConstraint("entry_id", "other_entry_id", name=op.f("uq_similarity_flag_entry_id_other_entry_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("similarity_flag", schema=None) as batch_op:
        batch_op.create_index("ix_similarity_flag_contest_state", ["contest_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_similarity_flag_other_entry_id"), ["other_entry_id"], unique=False)

    op.create_table(
        "bulk_act_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(length=20), nullable=False),
        sa.Column("reopened_before", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_act.id"], name=op.f("fk_bulk_act_item_act_id_bulk_act")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["eligibility_decision.id"], name=op.f("fk_bulk_act_item_decision_id_eligibility_decision")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_bulk_act_item_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act_item")),
        sa.UniqueConstraint("act_id", "entry_id", name=op.f("uq_bulk_act_item_act_id_entry_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("bulk_act_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_act_item_act_id"), ["act_id"], unique=False)

    op.create_table(
        "eligibility_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("filed_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_by_name", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decided_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_eligibility_appeal_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["eligibility_decision.id"],
            name=op.f("fk_eligibility_appeal_decision_id_eligibility_decision"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_eligibility_appeal_entry_id_entry")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_eligibility_appeal_filed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_eligibility_appeal_decision_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("eligibility_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eligibility_appeal_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "entry_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("runs", sa.LargeBinary(), nullable=False),
        sa.Column("pieces", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("made_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_entry_text_contest_id_contest")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_text_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["entry_version.id"], name=op.f("fk_entry_text_version_id_entry_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_text")),
        sa.UniqueConstraint("version_id", name=op.f("uq_entry_text_version_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("entry_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_text_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_text_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "ownership_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("stated_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["team_member.id"], name=op.f("fk_ownership_statement_member_id_team_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_statement")),
        sa.UniqueConstraint("member_id", name=op.f("uq_ownership_statement_member_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("eligibility_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("preference", sa.Integer(), nullable=True))

    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_entry_merged_into_id_entry"), "entry", ["merged_into_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_entry_merged_into_id_entry"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_column("preference")

    with op.batch_alter_table("eligibility_decision", schema=None) as batch_op:
        batch_op.drop_column("undone_at")

    op.drop_table("ownership_statement")
    with op.batch_alter_table("entry_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_text_entry_id"))
        batch_op.drop_index(batch_op.f("ix_entry_text_contest_id"))

    op.drop_table("entry_text")
    with op.batch_alter_table("eligibility_appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eligibility_appeal_entry_id"))

    op.drop_table("eligibility_appeal")
    with op.batch_alter_table("bulk_act_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_act_item_act_id"))

    op.drop_table("bulk_act_item")
    with op.batch_alter_table("similarity_flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_similarity_flag_other_entry_id"))
        batch_op.drop_index("ix_similarity_flag_contest_state")

    op.drop_table("similarity_flag")
    op.drop_table("similarity_check")
    with op.batch_alter_table("past_award", schema=None) as batch_op:
        batch_op.drop_index("ix_past_award_contest_name")

    op.drop_table("past_award")
    with op.batch_alter_table("bulk_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_act_told_at"))
        batch_op.drop_index(batch_op.f("ix_bulk_act_contest_id"))

    op.drop_table("bulk_act")
