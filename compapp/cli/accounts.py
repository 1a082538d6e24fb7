"""``flask accounts``: the first administrator of an installation."""

import sys

import click

from compapp.accounts import passwords, services
from compapp.accounts.policy import clean_address, is_address, password_faults
from compapp.cli.frame import COMMAND_LINE, answer, sentences, with_database
from compapp.core import clock
from compapp.core.db import unit_of_work

group = click.Group("accounts", help="Make the first administrator of an installation.")


@group.command("create-admin")
@click.argument("email")
@click.option("--name", help="The full name; the part of the address before the @ where it is not given.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_database
@sentences()
def create_admin(email: str, name: str | None, password_stdin: bool) -> None:
    """Make EMAIL an administrator, with a new account or with the one there is; the password is set anew."""
    address = clean_address(email)
    if not is_address(address):
        raise click.ClickException(f"“{email}” is not an e-mail address.")
    password = _password(password_stdin)
    faults = password_faults(password, email=address, name=name or "")
    if faults:
        raise click.ClickException(" ".join(msgid % params if params else msgid for msgid, params in faults))
    hashed = passwords.hash_password(password)
    with unit_of_work():
        person = services.create_admin(
            address, name or address.partition("@")[0], hashed, actor=COMMAND_LINE, at=clock.now()
        )
    answer({"email": person.email, "name": person.name, "role": "admin"})


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.ClickException("There is no terminal to ask for the password. Use --password-stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
