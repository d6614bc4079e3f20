"""What API Gateway hands over becomes the post that the provider signed."""

import base64
from typing import Any

from followthrough.interaction.gateway import read_post

BODY = "MessageSid=SM1&Body=Hall%C3%A5+%F0%9F%91%8B"


def event(**changes: Any) -> dict[str, Any]:
    return {
        "rawPath": "/v1/brightsmile/sms",
        "rawQueryString": "",
        "headers": {"X-Twilio-Signature": "abc", "content-type": "application/x-www-form-urlencoded"},
        "requestContext": {"domainName": "abc.execute-api.us-east-1.amazonaws.com"},
        "pathParameters": {"tenant": "brightsmile"},
        "body": BODY,
        "isBase64Encoded": False,
        **changes,
    }


def test_form_in_base64() -> None:
    """Forms arrive in base64, and are read as the very bytes that were posted."""
    encoded = base64.b64encode(BODY.encode()).decode()
    post = read_post(event(body=encoded, isBase64Encoded=True), "")
    assert post.body == BODY.encode()


def test_plain_body() -> None:
    """A body that is not in base64 is taken as it is."""
    assert read_post(event(), "").body == BODY.encode()


def test_no_body() -> None:
    """A post without a body is an empty one."""
    without = event()
    del without["body"]
    assert read_post(without, "").body == b""


def test_bytes_that_are_no_text() -> None:
    """Bytes in no encoding at all are handed on for the form's reader to refuse."""
    raw = b"\xff\xfe\x00Body"
    assert read_post(event(body=base64.b64encode(raw).decode(), isBase64Encoded=True), "").body == raw


def test_public_url_is_the_signed_one() -> None:
    """What was signed begins with the public URL, whatever path the gateway or a stand-in puts before ours."""
    behind = event(rawPath="/_aws/execute-api/abc/$default/v1/brightsmile/sms")
    assert read_post(behind, "https://followthrough.example/").url == "https://followthrough.example/v1/brightsmile/sms"


def test_gateways_own_address_without_a_public_url() -> None:
    """Without a public URL the gateway's own domain was called."""
    assert read_post(event(), "").url == "https://abc.execute-api.us-east-1.amazonaws.com/v1/brightsmile/sms"


def test_query_is_part_of_what_was_signed() -> None:
    """A query string stays with the URL."""
    assert read_post(event(rawQueryString="a=1&b=2"), "https://x.example").url.endswith("/sms?a=1&b=2")


def test_headers_are_lower_case() -> None:
    """Header names are compared in lower case only."""
    post = read_post(event(), "")
    assert post.headers["x-twilio-signature"] == "abc"
    assert post.tenant == "brightsmile"
