"""Invitations into clubs; where students study moves to the student numbers of the accounts.

The old table stays for the code that still runs, and is read by nobody afterwards.

Revision ID: 0016
Revises: 0015
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = compapp.core.types.UtcDateTime(timezone=True)
OLD = sa.table(
    "club_student_record",
    sa.column("person_id", sa.Integer),
    sa.column("school_id", sa.Integer),
    sa.column("faculty", sa.String),
    sa.column("class_name", sa.String),
    sa.column("student_number", sa.String),
    sa.column("saved_at", MOMENT),
)
NEW = sa.table(
    "student_identity",
    sa.column("id", sa.Integer),
    sa.column("person_id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("number", sa.String),
    sa.column("number_fold", sa.String),
    sa.column("class_name", sa.String),
    sa.column("faculty", sa.String),
    sa.column("state", sa.String),
    sa.column("stated_at", MOMENT),
)


def upgrade() -> None:
    op.create_table(
        "club_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("club_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by_name", sa.String(length=200), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["organisation.id"], name=op.f("fk_club_invitation_club_id_organisation")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_club_invitation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_invitation")),
        sa.UniqueConstraint("club_id", "role", "email", name=op.f("uq_club_invitation_club_id_role_email")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("club_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_club_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_club_invitation_person_id"), ["person_id"], unique=False)
    _copy(op.get_bind())


def _copy(connection: sa.Connection) -> None:
    """Say of everybody in the old table the same in the new one, to be confirmed; what stands there wins."""
    known = {
        (row.person_id, row.organisation_id): row
        for row in connection.execute(sa.select(NEW.c.id, NEW.c.person_id, NEW.c.organisation_id)).all()
    }
    for old in connection.execute(sa.select(OLD)).all():
        row = known.get((old.person_id, old.school_id))
        if row is not None:
            for column in ("class_name", "faculty"):
                filled = sa.update(NEW).where(NEW.c.id == row.id, NEW.c[column].is_(None))
                connection.execute(filled.values({column: getattr(old, column)}))
        elif _compared(old.student_number):
            connection.execute(
                sa.insert(NEW).values(
                    person_id=old.person_id,
                    organisation_id=old.school_id,
                    number=old.student_number,
                    number_fold=_compared(old.student_number),
                    class_name=old.class_name,
                    faculty=old.faculty,
                    state="stated",
                    stated_at=old.saved_at,
                )
            )


def _compared(number: str) -> str:
    plain = unicodedata.normalize("NFD", number).upper().replace("Đ", "D")
    return re.sub(r"[^0-9A-Z]", "", plain)[:40]


def downgrade() -> None:
    with op.batch_alter_table("club_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_club_invitation_person_id"))
        batch_op.drop_index(batch_op.f("ix_club_invitation_email"))

    op.drop_table("club_invitation")
