"""How SES tells what became of a mail: it publishes events to a topic, and the topic calls a function."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import (
    aws_iam as iam,
    aws_kms as kms,
    aws_lambda as lambda_,
    aws_ses as ses,
    aws_sns as sns,
    aws_sns_subscriptions as subscriptions,
)
from constructs import Construct

from infra.aws.stage import Stage

_EVENTS: Final = (
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.RENDERING_FAILURE,
)
"""What settles a mail. A delay does not, and SES goes on trying by itself."""

_MOST = cdk.Duration.minutes(50)
"""How long SES tries to deliver, where it would try for 14 hours: then it bounces, before the sweeper gives a mail
without a report up. Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html
"""


class MailReports(Construct):
    """The configuration set that every mail of the stage is sent with, and the topic that its events go to."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, "MailReports")
        # Written out: the key's policy names the topic, and the topic the key.
        self.set_name = stage.prefix
        self.set_arn = _arn("ses", f"configuration-set/{self.set_name}")
        # No dash after the prefix: no tenant's topic is called so.
        name = f"{stage.prefix}-mailreports"
        self.topic = sns.Topic(self, "Topic", topic_name=name, master_key=key, enforce_ssl=True)
        self._let_in_ses_alone(key, _arn("sns", name))
        made = ses.ConfigurationSet(self, "Set", configuration_set_name=self.set_name, max_delivery_duration=_MOST)
        made.add_event_destination(
            "Topic", destination=ses.EventDestination.sns_topic(self.topic), events=list(_EVENTS)
        )

    def tell(self, receive: lambda_.IVersion) -> None:
        """Call a function for every report."""
        self.topic.add_subscription(subscriptions.LambdaSubscription(receive))

    def _let_in_ses_alone(self, key: kms.IKey, topic: str) -> None:
        """The event destination lets SES publish for this set. Functions may notify any topic of the stage, but not
        this one: a report is SES's own word.

        The key's policy: https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html, narrowed to the
        topic by the context that SNS encrypts in: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        """
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["sns:Publish"],
                principals=[iam.AnyPrincipal()],
                resources=[self.topic.topic_arn],
                conditions={"Bool": {"aws:PrincipalIsAWSService": "false"}},
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                principals=[iam.ServicePrincipal("ses.amazonaws.com")],
                resources=["*"],  # in a key's policy: this key
                conditions={"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": topic}},
            )
        )


def _arn(service: str, resource: str) -> str:
    return f"arn:{cdk.Aws.PARTITION}:{service}:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:{resource}"
