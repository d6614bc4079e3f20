"""The ledger's tables: execution contexts, traces, live records of tenants, subjects and their keys."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb, aws_kms as kms
from constructs import Construct

from infra.aws.stage import Stage


class Tables(Construct):
    """On-demand tables with string keys `pk` and `sk`; every key begins with the tenant."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey, removal: cdk.RemovalPolicy) -> None:
        super().__init__(scope, "Tables")

        def table(name: str) -> dynamodb.Table:
            return dynamodb.Table(
                self,
                name.capitalize(),
                table_name=f"{stage.prefix}-{name}",
                partition_key=_string("pk"),
                sort_key=_string("sk"),
                billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
                encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
                encryption_key=key,
                point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                    point_in_time_recovery_enabled=True
                ),
                deletion_protection=not stage.disposable,
                removal_policy=removal,
            )

        self.executions = table("executions")
        # A day of a tenant, newest last: what an operator's list asks for.
        self.executions.add_global_secondary_index(
            index_name="by_day", partition_key=_string("day_key"), sort_key=_string("day_sort")
        )
        self.traces = table("traces")
        self.tenants = table("tenants")
        self.subjects = table("subjects")
        self.keys = table("keys")

    def all(self) -> dict[str, dynamodb.Table]:
        """Every table by the name that functions and outputs call it."""
        return {
            "executions": self.executions,
            "traces": self.traces,
            "tenants": self.tenants,
            "subjects": self.subjects,
            "keys": self.keys,
        }


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
