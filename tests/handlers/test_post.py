"""A webhook's handler: the channel's answer to what is accepted, a status for each refusal, and no leak."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from followthrough.engine.ports import Ports
from followthrough.errors import Forged, Malformed, NotAccepted, TooLarge, UnknownTenant
from followthrough.handlers.post import post_entry
from followthrough.integration.credentials import Secrets
from followthrough.interaction.channel import Channel
from followthrough.interaction.post import Post
from followthrough.interaction.sms import SMS
from tests.handlers.environment import Invoked, lambda_environment, written
from tests.interaction.pager import PAGER

BODY = "MessageSid=SM1&Body=hi"


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment of a function, with AWS in memory."""
    with lambda_environment():
        yield


def event(body: str = BODY) -> dict[str, Any]:
    return {
        "rawPath": "/v1/brightsmile/sms",
        "headers": {"x-twilio-signature": "abc"},
        "requestContext": {"domainName": "gateway.example"},
        "pathParameters": {"tenant": "brightsmile"},
        "body": base64.b64encode(body.encode()).decode(),
        "isBase64Encoded": True,
    }


def answered(error: Exception | None = None) -> tuple[dict[str, Any], list[Post]]:
    """Post to a handler that keeps what it got, or raises; return its answer and what it got."""
    posts: list[Post] = []

    def receive(_channel: Channel, post: Post, ports: Ports, secrets: Secrets) -> None:
        posts.append(post)
        if error is not None:
            raise error

    return post_entry(SMS, receive)(event(), Invoked()), posts


def test_accepted() -> None:
    """What is accepted is answered with an empty TwiML document, and the post is what was signed."""
    answer, (post,) = answered()
    assert (answer["statusCode"], answer["headers"]) == (200, {"content-type": "text/xml"})
    assert answer["body"].endswith("<Response/>")
    assert (post.url, post.body) == ("https://followthrough.example/v1/brightsmile/sms", BODY.encode())


@pytest.mark.parametrize(("error", "status"), [(TooLarge, 413), (UnknownTenant, 404), (Forged, 403), (Malformed, 400)])
def test_refused(error: type[NotAccepted], status: int) -> None:
    """Each refusal has its status, and says why as JSON."""
    answer, _ = answered(error("the reason"))
    assert answer["statusCode"] == status
    assert json.loads(answer["body"]) == {"error": "the reason"}


def test_every_refusal_has_a_status() -> None:
    """No kind of refusal is forgotten here."""
    assert {it.__name__ for it in NotAccepted.__subclasses__()} == {
        "TooLarge",
        "UnknownTenant",
        "Forged",
        "Malformed",
        "NotReady",
    }


def test_broken(caplog: pytest.LogCaptureFixture) -> None:
    """What breaks is 500, so that the provider may come again; neither answer nor log quote the text."""
    answer, _ = answered(ValueError("Maya's words"))
    assert answer["statusCode"] == 500
    logged = written(caplog)
    assert "ValueError" in logged
    assert "Maya" not in answer["body"] + logged


def test_event_that_cannot_be_read() -> None:
    """An event without what every event has is 500, not a crash."""
    broken = event()
    del broken["pathParameters"]
    assert post_entry(SMS, lambda *_: None)(broken, Invoked())["statusCode"] == 500


def test_a_channel_answers_in_its_own_way() -> None:
    """What is accepted for a provider that is not Twilio gets that provider's answer."""
    answer = post_entry(PAGER, lambda *_: None)(event(), Invoked())
    assert (answer["statusCode"], answer["headers"]) == (200, {"content-type": "application/json"})
    assert answer["body"] == PAGER.accepted.body
