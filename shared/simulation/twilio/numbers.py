"""What a small Twilio refuses to send.

Source: https://www.twilio.com/docs/api/errors
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulation.exchange import Response

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
LONGEST = 1600


@dataclass
class Numbers:
    """How numbers behave: those that texted STOP, those that are no mobiles, those that no message reaches."""

    opted_out: set[str] = field(default_factory=set)
    landlines: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)

    def refused(self, form: Mapping[str, str]) -> Response | None:
        """Refuse a message, or let it pass with None; the first rule that it breaks is named."""
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        rules = (
            (not to, 21604, "A 'To' phone number is required."),
            (not sender, 21603, "A 'From' phone number is required."),
            (not body, 21602, "Message body is required."),
            (len(body) > LONGEST, 21617, "The concatenated message body exceeds the 1600 character limit."),
            (not NUMBER.fullmatch(to), 21211, f"The 'To' number {to} is not a valid phone number."),
            (not NUMBER.fullmatch(sender), 21212, f"The 'From' number {sender} is not a valid phone number."),
            (to == sender, 21266, "'To' and 'From' number cannot be the same."),
            (to in self.opted_out, 21610, "Attempt to send to unsubscribed recipient"),
            (to in self.landlines, 21614, f"'To' number: {to}, is not a valid mobile number"),
        )
        return next((refusal(400, code, message) for broken, code, message in rules if broken), None)


def refusal(status: int, code: int, message: str) -> Response:
    """An error body. Source: https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions"""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Response(status, {"code": code, "message": message, "more_info": more, "status": status})
