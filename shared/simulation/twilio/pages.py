"""A small Twilio's lists: filters and pages.

Source: https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from simulation.exchange import Request, Response
from simulation.twilio.messages import Message, resource

DEFAULT_PAGE = 50


def page(messages: Sequence[Message], request: Request) -> Response:
    """One page of the messages that fit the request, in their order."""
    asked = {name: values[-1] for name, values in request.query.items()}
    size, number = int(asked.pop("PageSize", DEFAULT_PAGE)), int(asked.pop("Page", 0))
    asked.pop("PageToken", None)
    listed = [message for message in messages if _fits(message, asked)]
    start = size * number
    cut = listed[start : start + size]

    def uri(wanted: int) -> str:
        return f"{request.path}?{urlencode({**asked, 'PageSize': size, 'Page': wanted})}"

    body = {
        "messages": [resource(message) for message in cut],
        "start": start,
        "end": max(start + len(cut) - 1, 0),
        "page": number,
        "page_size": size,
        "uri": uri(number),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1) if start + size < len(listed) else None,
    }
    return Response(200, body)


def _fits(message: Message, asked: Mapping[str, str]) -> bool:
    """Narrow a list down. A message that still waits in the queue was sent on no date."""
    sent = message.sent.date().isoformat() if message.sent else ""
    return (
        asked.get("To", message.to) == message.to
        and asked.get("From", message.sender) == message.sender
        and asked.get("DateSent", sent) == sent
        and ("DateSent>" not in asked or sent >= asked["DateSent>"])
        and ("DateSent<" not in asked or "" < sent <= asked["DateSent<"])
    )
