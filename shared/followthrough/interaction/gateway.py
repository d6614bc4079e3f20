"""Read what API Gateway's HTTP API hands over.

Payload format 2.0:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
from typing import Any

from followthrough.interaction.post import Post


def read_post(event: dict[str, Any], public_url: str) -> Post:
    """Read the gateway's event. Without a configured public URL the gateway's own address is the one that was
    signed.
    """
    raw = event.get("body") or ""
    body = base64.b64decode(raw) if event.get("isBase64Encoded") else raw.encode()
    base = public_url.rstrip("/") or f"https://{event['requestContext']['domainName']}"
    query = f"?{event['rawQueryString']}" if event.get("rawQueryString") else ""
    path = f"/v1/{event['rawPath'].split('/v1/', 1)[-1]}"
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    return Post(tenant=event["pathParameters"]["tenant"], url=f"{base}{path}{query}", headers=headers, body=body)
