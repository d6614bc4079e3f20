"""What runs by the clock, and the alarms on what it finds."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import (
    aws_cloudwatch as cloudwatch,
    aws_cloudwatch_actions as actions,
    aws_events as events,
    aws_events_targets as targets,
)
from constructs import Construct

from infra.aws.estate import Estate
from infra.aws.functions import Functions

_WHEN: Final = {
    "sweep": events.Schedule.rate(cdk.Duration.minutes(1)),
    # Some minutes after the hour that is sealed: its last entries are listed by then.
    "seal": events.Schedule.cron(minute="5"),
}

_ALARMS: Final = {
    "overdue": "A confirmation has no receipt after an hour; the next way was tried.",
    "broken": "The sweep could not look after somebody; its log names the execution and the error.",
    "not_ready": "Somebody wrote to a tenant whose secret is missing or empty: nothing they post can be checked.",
    "stuck": "An execution died again and again, and somebody was not told. `followthrough trace show` tells where.",
}
"""Metrics of the sweep and of ingress that a person has to hear of, and what they mean."""


class Schedules(Construct):
    """A rule for each scheduled function, and an alarm for each metric that needs a person."""

    def __init__(self, scope: Construct, estate: Estate, functions: Functions) -> None:
        super().__init__(scope, "Schedules")
        for name, when in _WHEN.items():
            rule = events.Rule(self, name.capitalize(), schedule=when)
            # The newest version: what runs by the clock belongs to the installation, and not to a release.
            rule.add_target(targets.LambdaFunction(functions[name], retry_attempts=0))
        for metric, meaning in _ALARMS.items():
            self._alarm(metric, meaning, estate)

    def _alarm(self, metric: str, meaning: str, estate: Estate) -> None:
        counted = cloudwatch.Metric(
            namespace="Followthrough",
            metric_name=metric,
            dimensions_map={"service": "followthrough"},
            statistic="Sum",
            period=cdk.Duration.minutes(5),
        )
        alarm = counted.create_alarm(
            self,
            f"{metric.title().replace('_', '')}Alarm",
            alarm_description=meaning,
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(estate.topics.operators))
