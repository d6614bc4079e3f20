"""Have the emulator report what became of a mail, as SES does.

It keeps configuration sets and their event destinations, and publishes nothing to them. Here every mail is delivered,
but those to the mailbox simulator's `bounce@simulator.amazonses.com`, which bounce. Nobody reads what is reported to
a destination that is off, that does not ask for such events, or whose topic does not let SES in.

Sources: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html and
https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
"""

import contextvars
import json
import re
from datetime import UTC, datetime
from threading import Timer
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ses_v2, sns

_SECONDS = 0.2  # to deliver: the sender's call is answered before
_BOUNCES = re.compile(r"bounce(\+.*)?@simulator\.amazonses\.com", re.IGNORECASE)


def as_on_aws() -> None:
    """Correct the emulator in this process, before it serves."""
    serve: Any = ses_v2.handle_request

    async def handle(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method != "POST" or not path.rstrip("/").endswith("/outbound-emails"):
            return await serve(method, path, headers, body, query)
        request = json.loads(body)
        name = request.get("ConfigurationSetName")
        if name and name not in ses_v2._config_sets:  # noqa: SLF001  the one place that knows the sets
            return ses_v2._missing_config_set(name)  # noqa: SLF001  its own words for it
        answer = await serve(method, path, headers, body, query)
        if name and answer[0] == 200:  # noqa: PLR2004  HTTP
            message = json.loads(answer[2])["MessageId"]
            # The account and the region of a request are in its context.
            context = contextvars.copy_context()
            _later(context, _report, name, event(request, message, get_account_id(), get_region()))
        return answer

    ses_v2.handle_request = handle


def _later(context: contextvars.Context, *call: Any) -> None:
    timer = Timer(_SECONDS, context.run, call)
    timer.daemon = True
    timer.start()


def event(request: dict[str, Any], message: str, account: str, region: str) -> dict[str, Any]:
    """Return what SES publishes of a mail that a SendEmail request asked for; `message` is its id."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    to = request["Destination"]["ToAddresses"]
    source = request["FromEmailAddress"]
    given = {"ses:configuration-set": [request["ConfigurationSetName"]], "ses:source-ip": ["127.0.0.1"]}
    mail = {
        "timestamp": now,
        "source": source,
        "sourceArn": f"arn:aws:ses:{region}:{account}:identity/{source}",
        "sendingAccountId": account,
        "messageId": message,
        "destination": to,
        "headersTruncated": False,
        "tags": {**given, **{tag["Name"]: [tag["Value"]] for tag in request.get("EmailTags", [])}},
    }
    if any(_BOUNCES.fullmatch(address) for address in to):
        bounced = [{"emailAddress": address, "action": "failed", "status": "5.1.1"} for address in to]
        how = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": bounced, "timestamp": now}
        return {"eventType": "Bounce", "bounce": how, "mail": mail}
    arrived = {"timestamp": now, "processingTimeMillis": int(_SECONDS * 1000), "recipients": to}
    return {"eventType": "Delivery", "mail": mail, "delivery": {**arrived, "smtpResponse": "250 OK"}}


def _report(name: str, published: dict[str, Any]) -> None:
    account = published["mail"]["sendingAccountId"]
    sender = f"arn:aws:ses:{get_region()}:{account}:configuration-set/{name}"
    for destination in ses_v2._config_sets[name].get("EventDestinations", {}).values():  # noqa: SLF001  see above
        topic = destination.get("SnsDestination", {}).get("TopicArn")
        asked = destination["Enabled"] and published["eventType"].upper() in destination["MatchingEventTypes"]
        if topic and asked and sns.topic_policy_allows(topic, "ses.amazonaws.com", sender, account):
            sns.publish_internal(topic, json.dumps(published))
