"""Invitations into clubs move to those into organisations, which keep the number under which each was mailed.

What the code that still runs writes into the old table follows at once, by triggers; what the new code writes it does
not see, so there a yes may be said twice, which changes nothing. The old table is read by nobody afterwards; the
migration that drops it drops the function on PostgreSQL too, and must come before any that makes
``organisation_invitation`` anew on SQLite, which checks what the triggers name.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FOLLOW = """
    INSERT INTO organisation_invitation
        (organisation_id, role, email, name, state, sent_at, sent_by_name, answered_at, person_id, club_invitation_id)
    VALUES
        (NEW.club_id, NEW.role, NEW.email, NEW.name, NEW.state, NEW.sent_at, NEW.sent_by_name, NEW.answered_at,
        NEW.person_id, NEW.id)
    ON CONFLICT (organisation_id, role, email) DO UPDATE SET
        name = excluded.name, state = excluded.state, sent_at = excluded.sent_at, sent_by_name = excluded.sent_by_name,
        answered_at = excluded.answered_at, person_id = excluded.person_id,
        club_invitation_id = excluded.club_invitation_id;
"""


def upgrade() -> None:
    with op.batch_alter_table("organisation_invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("club_invitation_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_organisation_invitation_club_invitation_id"), ["club_invitation_id"], unique=True
        )
    _follow(op.get_bind())


def _follow(connection: sa.Connection) -> None:
    """Let each row of the old table, and each change of one, lead to the same row in the new one."""
    if connection.dialect.name == "sqlite":
        for event in ("INSERT", "UPDATE"):
            name = f"club_invitation_{event.lower()}"
            connection.exec_driver_sql(f"CREATE TRIGGER {name} AFTER {event} ON club_invitation BEGIN {_FOLLOW} END")
    else:
        connection.exec_driver_sql(
            f"CREATE FUNCTION follow_club_invitation() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_FOLLOW} RETURN NEW; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER club_invitation_follow AFTER INSERT OR UPDATE ON club_invitation "
            "FOR EACH ROW EXECUTE FUNCTION follow_club_invitation()"
        )
    connection.exec_driver_sql("UPDATE club_invitation SET state = state")


def _part(connection: sa.Connection) -> None:
    """Let the old table stand alone again."""
    if connection.dialect.name == "sqlite":
        for event in ("insert", "update"):
            connection.exec_driver_sql(f"DROP TRIGGER club_invitation_{event}")
    else:
        connection.exec_driver_sql("DROP TRIGGER club_invitation_follow ON club_invitation")
        connection.exec_driver_sql("DROP FUNCTION follow_club_invitation()")


def downgrade() -> None:
    _part(op.get_bind())
    with op.batch_alter_table("organisation_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_invitation_club_invitation_id"))
        batch_op.drop_column("club_invitation_id")
