"""The jury’s deliberation, appeals against results, numbers of papers, reasons of departures, moderated comments.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliberation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("opened_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_by_name", sa.String(length=200), nullable=False),
        sa.Column("closed_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_deliberation_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliberation")),
        sa.UniqueConstraint("round_id", name=op.f("uq_deliberation_round_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "jury_motion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("opened_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_by_name", sa.String(length=200), nullable=False),
        sa.Column("closed_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_jury_motion_entry_id_entry")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_jury_motion_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_motion")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("jury_motion", schema=None) as batch_op:
        batch_op.create_index("ix_jury_motion_round_entry", ["round_id", "entry_id"], unique=False)

    op.create_table(
        "jury_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_flag", sa.Boolean(), nullable=False),
        sa.Column("said_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_jury_remark_entry_id_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_jury_remark_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_jury_remark_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_remark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("jury_remark", schema=None) as batch_op:
        batch_op.create_index("ix_jury_remark_round_entry", ["round_id", "entry_id"], unique=False)

    op.create_table(
        "jury_ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["motion_id"], ["jury_motion.id"], name=op.f("fk_jury_ballot_motion_id_jury_motion")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_jury_ballot_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_ballot")),
        sa.UniqueConstraint("motion_id", "seat_id", name=op.f("uq_jury_ballot_motion_id_seat_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "issued_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("scan_blob_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_issued_paper_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["scan_blob_id"], ["blob.id"], name=op.f("fk_issued_paper_scan_blob_id_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_paper")),
        sa.UniqueConstraint("publication_id", "kind", name=op.f("uq_issued_paper_publication_id_kind")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "result_appeal",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("reopens", sa.String(length=20), nullable=True),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("gate", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_result_appeal_decided_by_id_person")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_result_appeal_entry_id_entry")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_result_appeal_filed_by_id_person")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_result_appeal_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_result_appeal_sheet_id_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_appeal")),
        sa.UniqueConstraint("entry_id", "publication_id", name=op.f("uq_result_appeal_entry_id_publication_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("result_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_appeal_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_appeal_publication_id"), ["publication_id"], unique=False)

    with op.batch_alter_table("shortlist", schema=None) as batch_op:
        batch_op.add_column(sa.Column("departures", sa.JSON(), nullable=True))

    with op.batch_alter_table("withheld_comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("withheld_comment", schema=None) as batch_op:
        batch_op.drop_column("shown")

    with op.batch_alter_table("shortlist", schema=None) as batch_op:
        batch_op.drop_column("departures")

    with op.batch_alter_table("result_appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_appeal_publication_id"))
        batch_op.drop_index(batch_op.f("ix_result_appeal_entry_id"))

    op.drop_table("result_appeal")
    op.drop_table("issued_paper")
    op.drop_table("jury_ballot")
    with op.batch_alter_table("jury_remark", schema=None) as batch_op:
        batch_op.drop_index("ix_jury_remark_round_entry")

    op.drop_table("jury_remark")
    with op.batch_alter_table("jury_motion", schema=None) as batch_op:
        batch_op.drop_index("ix_jury_motion_round_entry")

    op.drop_table("jury_motion")
    op.drop_table("deliberation")
