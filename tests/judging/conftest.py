"""Fixtures of the jury's tests: signing anybody in without a password."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compapp.core.actor import Actor
from compapp.web import request as web_request


@pytest.fixture
def sign_in(app: Flask, client: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor | None], Any]:
    """Return ``sign_in(actor)``: the client acts as that actor from now on (None: a visitor)."""
    current: dict[str, Actor | None] = {"actor": None}
    monkeypatch.setattr(web_request, "_load_actor", lambda _token: current["actor"])

    def act(actor: Actor | None) -> Any:
        current["actor"] = actor
        with client.session_transaction() as session:
            if actor is None:
                session.pop(web_request.TOKEN, None)
            else:
                session[web_request.TOKEN] = "test"
        return client

    return act
