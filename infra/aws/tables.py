"""The ledger's tables: execution contexts, traces, live records of tenants, subjects and their keys."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb, aws_kms as kms
from constructs import Construct

from followthrough.ledger.dynamodb.indexes import BY_HOUR, INDEXES, Index
from infra.aws.stage import Stage


class Tables(Construct):
    """On-demand tables with string keys `pk` and `sk`; every key begins with the tenant."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey, removal: cdk.RemovalPolicy) -> None:
        super().__init__(scope, "Tables")

        def table(name: str, expires: str | None = None) -> dynamodb.Table:
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
                time_to_live_attribute=expires,
            )

        # Nothing of an execution expires: only the counts of how much a party said within an hour do.
        self.executions = table("executions", expires="expires")
        for index in INDEXES:
            _add(self.executions, index)
        self.traces = table("traces")
        _add(self.traces, BY_HOUR)
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


def _add(table: dynamodb.Table, index: Index) -> None:
    carries = list(index.carries) if index.carries is not None else None
    projection = dynamodb.ProjectionType.ALL if carries is None else dynamodb.ProjectionType.INCLUDE
    common = {
        "index_name": index.name,
        "sort_key": _string(index.sort),
        "projection_type": projection,
        "non_key_attributes": carries,
    }
    if index.partition:
        table.add_global_secondary_index(partition_key=_string(index.partition), **common)
    else:
        table.add_local_secondary_index(**common)


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
