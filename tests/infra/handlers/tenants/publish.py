"""Make a machine of two steps from the versions that the deployment names, one of them a wait for a token."""

import json
import os
from typing import Any
from urllib.parse import unquote_plus

import boto3


def handler(event: dict[str, Any], _context: object) -> None:
    s3 = event["Records"][0]["s3"]
    key = unquote_plus(s3["object"]["key"])
    tenant = key.split("/")[1]
    text = boto3.client("s3").get_object(Bucket=s3["bucket"]["name"], Key=key)["Body"].read().decode()
    functions = json.loads(os.environ["FUNCTIONS"])
    name = os.environ["MACHINE_PREFIX"].rpartition(":")[2] + f"{tenant}-r1"
    boto3.client("stepfunctions").create_state_machine(
        name=name, roleArn=os.environ["MACHINE_ROLE"], definition=json.dumps(_definition(functions))
    )
    report = json.dumps({"tenant": tenant, "read": text})
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=f"reports/{tenant}/r1.json", Body=report)


def _definition(functions: dict[str, str]) -> dict[str, Any]:
    ask: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {
            "FunctionName": functions["ask"],
            "Payload": {"execution.$": "$.execution", "token.$": "$$.Task.Token"},
        },
        "ResultPath": "$.asked",
        "TimeoutSeconds": 60,
        "Next": "decide",
    }
    decide: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": functions["decide"], "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": True,
    }
    return {"StartAt": "ask", "States": {"ask": ask, "decide": decide}}
