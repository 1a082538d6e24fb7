from collections.abc import Callable, Iterator
from typing import Any

import pytest

from compapp.core import messages, outbox
from compapp.core.db import unit_of_work
from compapp.notifications.channels import channel_for
from compapp.notifications.mail import Sender
from compapp.notifications.services import PostOffice, delivery, use_post_office

SENDER = Sender("no-reply@thi.example.vn", "Ban tổ chức", "https://thi.example.vn/inbox/preferences")


@pytest.fixture(autouse=True)
def _without_bell() -> Iterator[None]:
    """Ring nothing while these tests post, and keep the post office of the application."""
    bell, office = outbox._wake, delivery._office
    outbox.use_wake(None)
    yield
    outbox.use_wake(bell)
    delivery._office = office


@pytest.fixture
def open_office(tmp_path: Any) -> Callable[..., PostOffice]:
    """Open a post office: ``open_office(smtp.url)``; without an address mails become files in ``tmp_path``."""

    def open_(url: str = "", **more: Any) -> PostOffice:
        office = PostOffice(channel_for(url or f"file:{tmp_path / 'mail'}", SENDER), "https://thi.example.vn", **more)
        use_post_office(office)
        return office

    return open_


@pytest.fixture
def post(db: Any) -> Callable[..., int]:
    """Post a message that every reader may get: ``post([person], at=at)``."""

    def post_(people: Any, *, at: Any, kind: str = "role_granted", version: Any = 1, **more: Any) -> int:
        data = more.pop("data", dict(messages.kind(kind).sample))
        with unit_of_work():
            return outbox.post(
                kind, to=[one.id for one in people], subject=("test", 1), version=version, data=data, at=at, **more
            )

    return post_
