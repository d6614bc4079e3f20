"""Start the machine that `publish` made, and answer as to Twilio."""

import base64
import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    body = event["body"]
    form = base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
    tenant = event["pathParameters"]["tenant"]
    started = boto3.client("stepfunctions").start_execution(
        stateMachineArn=f"{os.environ['MACHINE_PREFIX']}{tenant}-r1",
        name="e1",
        input=json.dumps({"tenant": tenant, "execution": "e1"}),
    )
    seen = {
        "form": form,
        "execution": started["executionArn"],
        "public_url": os.environ["PUBLIC_URL"],
        "endpoints": json.loads(os.environ["ENDPOINTS"]),
    }
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(seen)}
