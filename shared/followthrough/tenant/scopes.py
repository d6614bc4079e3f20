"""Which variables exist, with which types, at each point of a tenant's services.

What a step adds exists only after it. What an `act` adds exists only because its effect is done: a step that may be
passed over or fail while the chain goes on adds something that may be missing.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from followthrough.contracts.manifest import Operation
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.expressions import compile_expression
from followthrough.tenant.home import Home
from followthrough.tenant.models import (
    ActStep,
    AskStep,
    ChooseStep,
    DecideStep,
    Input,
    OutputType,
    RetrieveStep,
    Service,
    Step,
    Table,
    Tenant,
)
from followthrough.tenant.types import Many, Maybe, OneOf, Plain, Scope, Type, of_model, record

Operations = Mapping[str, Mapping[str, Operation]]
"""What every adapter can do: by the adapter's name, then by the operation's."""

INTERACTION: Final[Scope] = {
    "interaction": record(
        "interaction",
        {
            "text": Plain.TEXT,
            "channel": Plain.TEXT,
            "received_at": Plain.TIME,
            "sender": record("sender", {"phone": Plain.TEXT}),
        },
    ),
    "tenant": record("tenant", {"name": Plain.TEXT}),
    "language": Plain.TEXT,
    "reference": Plain.TEXT,
    "now": Plain.TIME,
}
"""What is known of every interaction; `language` is the customer's, `reference` what people may quote."""

SERVICE: Final[Scope] = {"service": record("service", {"title": Plain.TEXT})}
"""What is known once the service was identified; the title is in the customer's language."""

_STATUS: Final = OneOf(("refused", "failed", "expired"))

_ENDED: Final[Scope] = {"status": _STATUS, **dict.fromkeys(("stands", "undone", "unknown"), Many(Plain.TEXT))}

ENDED: Final[Scope] = {"outcome": record("outcome", _ENDED)}
"""What a message may use that explains why a chain did not complete: `stands`, `undone` and `unknown` name the acts
that still stand, that were undone, and of which nobody knows whether they stand.
"""

OUTCOME: Final[Scope] = {"outcome": record("outcome", {**_ENDED, "reason": Plain.TEXT})}
"""How a chain ended that did not complete; `reason` is the explaining message, already in the customer's language."""

PROBLEM: Final[Scope] = {"problem": record("problem", {"step": Plain.TEXT, "code": Plain.TEXT})}
"""What an alert is about."""

_OURS: Final = {*INTERACTION, *SERVICE, *OUTCOME, *PROBLEM, "inputs", "offers"}
_LIQUID: Final = {"forloop", "true", "false", "nil", "empty", "blank", "and", "or", "not", "contains", "null"}
_CEL: Final = {
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let", "loop", "namespace",
    "package", "return", "var", "void", "while", "size", "type", "timestamp", "duration", "hours_until", "money",
}  # fmt: skip
RESERVED: Final = frozenset(_OURS | _LIQUID | _CEL)
"""Names that no step may have."""


def operation_of(tenant: Tenant, name: str, operations: Operations) -> Operation | None:
    """Return the operation behind `<system>.<operation>`, None when there is no such system, adapter or operation."""
    system, _, operation = name.partition(".")
    config = tenant.systems.get(system)
    return operations.get(config.adapter, {}).get(operation) if config else None


def before(tenant: Tenant, service: Service, step: str | None, operations: Operations) -> dict[str, Type]:
    """Return the variables that exist when a step begins; None: when all steps are done, as in `confirm`."""
    scope: dict[str, Type] = dict(opening(tenant, service))
    for each in service.steps:
        if each.name == step:
            break
        added = adds(tenant, each, scope, operations)
        if added is not None:
            scope.setdefault(each.name, added)
    return scope


def opening(tenant: Tenant, service: Service) -> Scope:
    """Return the variables that exist before a service's first step."""
    inputs = {name: _input(each) for name, each in service.inputs.items()}
    language = {"language": OneOf(tuple(tenant.languages))}
    return {**INTERACTION, **language, **SERVICE, **({"inputs": record("inputs", inputs)} if inputs else {})}


def _input(given: Input) -> Type:
    match given.type:
        case "datetime":
            return Plain.TIME
        case "text":
            return Plain.TEXT
        case "yes/no":
            return Plain.YES_NO
        case "choice":
            return OneOf(tuple(given.choices or ()))
        case _:
            assert_never(given.type)


def offering(scope: Scope, step: ChooseStep, home: Home) -> Scope:
    """Return the variables of the message with which a `choose` step offers options."""
    return {**scope, "offers": Many(_chosen(step, scope, home))}


def explaining(scope: Scope, service: Service) -> Scope:
    """Return the variables of a message that explains why the chain ends: nothing that may be undone by then, but
    what was.
    """
    acts = {step.name for step in service.steps if isinstance(step, ActStep)}
    return {**{name: of for name, of in scope.items() if name not in acts}, **ENDED}


def explaining_anywhere() -> Scope:
    """Return the variables of a message that may explain the end of any chain, also before its service was known."""
    return {**INTERACTION, "service": Maybe(SERVICE["service"]), **ENDED}


def otherwise(tenant: Tenant, operations: Operations) -> Scope:
    """Return the variables of the tenant's `otherwise`: what was retrieved may be missing, and so may the service
    itself.
    """
    retrieved: dict[str, Type] = {}
    for service in tenant.services.values():
        for step in service.steps:
            if isinstance(step, RetrieveStep):
                added = Maybe(adds(tenant, step, {}, operations) or Plain.ANYTHING)
                same = retrieved.setdefault(step.name, added) == added
                retrieved[step.name] = added if same else Maybe(Plain.ANYTHING)
    return {**retrieved, **INTERACTION, "service": Maybe(SERVICE["service"]), **OUTCOME}


def alerting() -> Scope:
    """Return the variables of the message that alerts operators; the service may not have been identified yet."""
    return {**INTERACTION, "service": Maybe(SERVICE["service"]), **PROBLEM}


def adds(tenant: Tenant, step: Step, scope: Scope, operations: Operations) -> Type | None:
    """Return the type of what a step adds to the context; None for a decision by rules, which adds nothing."""
    match step:
        case RetrieveStep():
            # What may find nothing must say `if none`, so after the step there is something.
            return _given(operation_of(tenant, step.using, operations))
        case DecideStep(table=None):
            return None
        case DecideStep():
            table = tenant.tables.get(step.table or "")
            outputs = {name: _output(table, name, kind) for name, kind in table.outputs.items()} if table else {}
            return record(step.decide, outputs) if table else Plain.ANYTHING
        case ChooseStep():
            return _chosen(step, scope, tenant.home)
        case AskStep():
            return Plain.YES_NO
        case ActStep():
            given = _given(operation_of(tenant, step.using, operations))
            return Maybe(given) if step.may_be_missing else given
        case _:
            assert_never(step)


def _output(table: Table, name: str, kind: OutputType) -> Type:
    match kind:
        case "money" | "signed money":
            return Plain.MONEY
        case "text":
            # A table says nothing but what stands in its rows.
            words = [(row.otherwise or row.then or {}).get(name) for row in table.rows]
            return OneOf(tuple(dict.fromkeys(word for word in words if isinstance(word, str))))
        case "number":
            return Plain.NUMBER
        case "yes/no":
            return Plain.YES_NO
        case _:
            assert_never(kind)


def _given(operation: Operation | None) -> Type:
    if operation is None:
        return Plain.ANYTHING
    given = of_model(operation.gives)
    return Many(given) if operation.many else given


def _chosen(step: ChooseStep, scope: Scope, home: Home) -> Type:
    try:
        options = compile_expression(step.among, scope, home).type
    except Mistake:
        return Plain.ANYTHING
    return options.of if isinstance(options, Many) else Plain.ANYTHING
