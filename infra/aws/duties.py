"""Every function: what it is for, how long it may take, and what it may use. This is the list to review."""

from dataclasses import dataclass

from followthrough.interaction.registry import CHANNELS
from infra.aws import grants
from infra.aws.grants import Grant


@dataclass(frozen=True)
class Duty:
    """One function, as deployed from functions/<folder>/<name>.py."""

    folder: str
    name: str
    seconds: int
    memory: int
    may: tuple[Grant, ...]

    @property
    def handler(self) -> str:
        """What Lambda imports and calls."""
        return f"{self.folder}.{self.name}.handler"


# Whoever works on an execution reads its release, keeps its context and trace, and sees the personal data in them.
_EXECUTION: tuple[Grant, ...] = (
    grants.keep_executions,
    grants.append_traces,
    grants.keep_large_entries,
    grants.miss_large_entries,
    grants.read_tenants,
    grants.know_subjects,
    grants.unlock_subjects,
    grants.reach_stores,
    grants.read_pepper,
    grants.read_releases,
)
# Whoever speaks to a tenant's systems, mail and topics among them.
_SYSTEMS: tuple[Grant, ...] = (grants.read_credentials, grants.send_mail, grants.notify_operators)


def _ingress(name: str, *more: Grant) -> Duty:
    # Answers before the provider gives up (Twilio: 15 s), and checks signatures with the tenant's credentials.
    may = (*_EXECUTION, grants.read_credentials, *more)
    return Duty("interaction", name, seconds=10, memory=1024, may=may)


def _agent(name: str, *more: Grant) -> Duty:
    return Duty("agents", name, seconds=30, memory=512, may=(*_EXECUTION, *more))


DUTIES: tuple[Duty, ...] = (
    *(_ingress(f"receive_{channel}", grants.start_machines, grants.resume_machines) for channel in CHANNELS),
    # A failed delivery is made good by another way, and an execution may close.
    *(
        _ingress(f"receive_{channel}_report", grants.start_machines, grants.send_mail, grants.notify_operators)
        for channel in CHANNELS
    ),
    # SES tells by way of a topic: nobody waits for the answer.
    Duty("interaction", "receive_mail_report", seconds=30, memory=512, may=(*_EXECUTION, *_SYSTEMS)),
    _agent("identify"),
    _agent("ask", *_SYSTEMS),
    _agent("listen", grants.resume_machines),
    _agent("answer"),
    _agent("retrieve", *_SYSTEMS),
    _agent("decide"),
    _agent("act", *_SYSTEMS),
    _agent("undo", *_SYSTEMS),
    # The conversation's next message is taken up where an execution ends.
    _agent("confirm", grants.start_machines, grants.resume_machines, *_SYSTEMS),
    # It only reads and hands over: see Functions, which lets it call the next one.
    Duty("operations", "sweep", seconds=60, memory=512, may=(grants.find_due, grants.reach_stores)),
    Duty(
        "operations",
        "sweep_tenant",
        seconds=300,
        memory=512,
        may=(
            *_EXECUTION,
            *_SYSTEMS,
            grants.start_machines,
            grants.look_at_machines,
            grants.resume_machines,
        ),
    ),
    Duty(
        "operations",
        "seal",
        seconds=300,
        memory=512,
        may=(
            grants.follow_traces,
            grants.list_tenants,
            grants.list_seals,
            grants.write_seals,
            grants.reach_stores,
        ),
    ),
    Duty(
        "tenants",
        "publish",
        seconds=60,
        memory=1024,
        may=(
            grants.read_uploads,
            grants.find_uploads,
            grants.read_releases,
            grants.write_releases,
            grants.read_tenants,
            grants.activate_tenants,
            grants.make_machines,
            grants.make_topics,
            grants.notify_stage,
            grants.read_credentials,
            grants.reach_stores,
        ),
    ),
)
