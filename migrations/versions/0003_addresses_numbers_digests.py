"""Second addresses, student numbers that schools confirm, guardians of accounts, digests.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("gathered_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_message.id"], name=op.f("fk_digest_item_outbox_id_outbox_message")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_item_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_item")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_digest_item_outbox_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("digest_item", schema=None) as batch_op:
        batch_op.create_index("ix_digest_item_waiting", ["gathered_at", "person_id"], unique=False)

    op.create_table(
        "guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("agreed_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guardian_person_id_person")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_guardian_school_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardian_person_id"), ["person_id"], unique=False)

    op.create_table(
        "student_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("number_fold", sa.String(length=40), nullable=False),
        sa.Column("class_name", sa.String(length=60), nullable=True),
        sa.Column("faculty", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("stated_at", compapp.core.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_student_identity_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_student_identity_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_student_identity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_identity")),
        sa.UniqueConstraint("person_id", "organisation_id", name=op.f("uq_student_identity_person_id_organisation_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("student_identity", schema=None) as batch_op:
        batch_op.create_index("ix_student_identity_state", ["organisation_id", "state"], unique=False)
        batch_op.create_index(
            "uq_student_identity_confirmed",
            ["organisation_id", "number_fold"],
            unique=True,
            sqlite_where=sa.text("state = 'confirmed'"),
            postgresql_where=sa.text("state = 'confirmed'"),
        )

    with op.batch_alter_table("notification_preference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rhythm", sa.String(length=10), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("birth_year", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_second_email"), ["second_email"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_second_email"))
        batch_op.drop_column("birth_year")
        batch_op.drop_column("second_email")

    with op.batch_alter_table("notification_preference", schema=None) as batch_op:
        batch_op.drop_column("rhythm")

    with op.batch_alter_table("student_identity", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_student_identity_confirmed",
            sqlite_where=sa.text("state = 'confirmed'"),
            postgresql_where=sa.text("state = 'confirmed'"),
        )
        batch_op.drop_index("ix_student_identity_state")

    op.drop_table("student_identity")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardian_person_id"))

    op.drop_table("guardian")
    with op.batch_alter_table("digest_item", schema=None) as batch_op:
        batch_op.drop_index("ix_digest_item_waiting")

    op.drop_table("digest_item")
