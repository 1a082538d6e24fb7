"""Mentors' hours, and the minutes that a session takes of mentor and team.

Revision ID: 0002
Revises: 0001
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import compapp.core.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_day_hours_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_hours")),
        sa.UniqueConstraint("person_id", "day", "begins", name=op.f("uq_day_hours_person_id_day_begins")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_weekly_hours_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
        sa.UniqueConstraint("person_id", "weekday", "begins", name=op.f("uq_weekly_hours_person_id_weekday_begins")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "held_minute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("mentor_person_id", sa.Integer(), nullable=False),
        sa.Column("residency_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_person_id"], ["person.id"], name=op.f("fk_held_minute_mentor_person_id_person")
        ),
        sa.ForeignKeyConstraint(["residency_id"], ["residency.id"], name=op.f("fk_held_minute_residency_id_residency")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["mentoring_session.id"], name=op.f("fk_held_minute_session_id_mentoring_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_minute")),
        sa.UniqueConstraint("mentor_person_id", "minute", name=op.f("uq_held_minute_mentor_person_id_minute")),
        sa.UniqueConstraint("residency_id", "minute", name=op.f("uq_held_minute_residency_id_minute")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("held_minute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_minute_session_id"), ["session_id"], unique=False)

    with op.batch_alter_table("mentoring_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_at", compapp.core.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_mentoring_session_mentorship_id_starts_at"), type_="unique")
        batch_op.create_index(batch_op.f("ix_mentoring_session_mentorship_id"), ["mentorship_id"], unique=False)
    _hold_what_is_booked()


def _hold_what_is_booked() -> None:
    """Take the minutes of the sessions to come; of two that clash already, the one booked first keeps them."""
    connection = op.get_bind()
    booked = sa.text(
        "SELECT s.id, s.starts_at, s.minutes, m.person_id, p.residency_id FROM mentoring_session s "
        "JOIN mentorship p ON p.id = s.mentorship_id JOIN mentor m ON m.id = p.mentor_id "
        "WHERE s.state = 'booked' ORDER BY s.booked_at, s.id"
    ).columns(starts_at=compapp.core.types.UtcDateTime(timezone=True))
    names = ("session_id", "mentor_person_id", "residency_id", "minute")
    held = sa.table("held_minute", *(sa.column(name) for name in names))
    mentors: set[tuple[int, int]] = set()
    teams: set[tuple[int, int]] = set()
    for session_id, starts_at, minutes, person_id, residency_id in connection.execute(booked).all():
        first = int((starts_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 60)
        taken = range(first, first + minutes)
        if any((person_id, minute) in mentors or (residency_id, minute) in teams for minute in taken):
            continue
        mentors |= {(person_id, minute) for minute in taken}
        teams |= {(residency_id, minute) for minute in taken}
        rows = [dict(zip(names, (session_id, person_id, residency_id, minute), strict=True)) for minute in taken]
        connection.execute(sa.insert(held), rows)


def downgrade() -> None:
    with op.batch_alter_table("mentoring_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_session_mentorship_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_mentoring_session_mentorship_id_starts_at"), ["mentorship_id", "starts_at"]
        )
        batch_op.drop_column("moved_at")

    with op.batch_alter_table("held_minute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_minute_session_id"))

    op.drop_table("held_minute")
    op.drop_table("weekly_hours")
    op.drop_table("day_hours")
