"""The HTTP API that channel providers call."""

import aws_cdk as cdk
from aws_cdk import (
    aws_apigatewayv2 as apigatewayv2,
    aws_apigatewayv2_integrations as integrations,
    aws_logs as logs,
)
from constructs import Construct

from followthrough.interaction.sms import SMS
from infra.aws.functions import Functions
from infra.aws.stage import Stage

# The function behind every path that a provider calls.
ROUTES = {
    SMS.path("{tenant}"): "receive_sms",
    SMS.status_path("{tenant}"): "receive_receipt",
}

# What answers "did it arrive, and how long did it take". Neither bodies nor headers: they hold personal data.
_LOGGED = {
    "request": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "path": "$context.path",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "failure": "$context.integrationErrorMessage",
}


class Api(Construct):
    """Routes to the published versions, limited in rate, logged without content."""

    def __init__(self, scope: Construct, stage: Stage, functions: Functions, removal: cdk.RemovalPolicy) -> None:
        super().__init__(scope, "Api")
        self.http = apigatewayv2.HttpApi(self, "Http", api_name=stage.prefix, create_default_stage=False)
        for path, name in ROUTES.items():
            self.http.add_routes(
                path=path,
                methods=[apigatewayv2.HttpMethod.POST],
                integration=integrations.HttpLambdaIntegration(name, functions.version(name)),
            )
        default = apigatewayv2.HttpStage(
            self,
            "Default",
            http_api=self.http,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(rate_limit=200, burst_limit=400),
        )
        self.url = default.url
        self._log_access(default, stage, removal)

    def _log_access(self, default: apigatewayv2.HttpStage, stage: Stage, removal: cdk.RemovalPolicy) -> None:
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            log_group_name=f"/aws/apigateway/{stage.prefix}",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=removal,
        )
        resource = default.node.default_child
        assert isinstance(resource, apigatewayv2.CfnStage)
        resource.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn, format=cdk.Stack.of(self).to_json_string(_LOGGED)
        )
