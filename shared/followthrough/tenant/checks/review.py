"""What every check is given, and how it looks at expressions, values and names."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from followthrough.contracts.manifest import Operation
from followthrough.tenant.complaints import Mistake, nearest
from followthrough.tenant.expressions import compile_expression, constant
from followthrough.tenant.growth import loops
from followthrough.tenant.models import Service, Tenant
from followthrough.tenant.money import to_minor
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import Operations
from followthrough.tenant.shape import Report
from followthrough.tenant.types import Maybe, Plain, Scope, Type, fits, in_words, of_model

Settings = Mapping[str, type[BaseModel]]
"""The settings model of every adapter, by its name."""

Providers = Mapping[str, Collection[str]]
"""The adapters that may provide each channel, by its name."""

_SECTIONS: Final = {
    "system": "systems",
    "operator": "operators",
    "party": "operators",
    "message": "messages",
    "table": "tables",
}
"""Where things are named that steps refer to."""


@dataclass(frozen=True)
class Review:
    """A tenant that is looked at: what its systems can do, and where mistakes are reported."""

    tenant: Tenant
    operations: Operations
    settings: Settings
    providers: Providers
    report: Report
    told: set[tuple[object, ...]] = field(default_factory=set)

    def services(self) -> Iterator[tuple[Path, str, Service]]:
        """Go through the services with their paths and names."""
        for name, service in self.tenant.services.items():
            yield ("services", name), name, service

    def expression(self, path: Path, text: str, scope: Scope, wanted: Type | None = None) -> Type:
        """Check an expression and, if `wanted`, the type of its value; return the type."""
        try:
            of = compile_expression(text, scope, self.tenant.home).type
            if loops(text):
                constant(text, scope, self.tenant.home)
        except Mistake as mistake:
            for each in mistake.all:
                if not self.follows(text):
                    self.report.add_inside(path, text, each.offset + 1, each.message)
            return Plain.ANYTHING
        if wanted is not None and not fits(of, wanted):
            self.report.add(path, f"this gives {in_words(of)}, but {in_words(wanted)} is needed here")
        return of

    def follows(self, text: str) -> bool:
        """Whether a text talks about something that was left out because of another mistake."""
        return not self.report.names.isdisjoint(re.findall(r"[A-Za-z_]\w*", text))

    def once(self, *what: object) -> bool:
        """Whether this is told for the first time: a message may be said at several places."""
        first = what not in self.told
        self.told.add(what)
        return first

    def known(self, path: Path, name: str, what: str, names: Collection[str], *, key: bool = False) -> bool:
        """Report a name that does not exist, or with `key` the key at the path; what was left out because of another
        mistake does.
        """
        if name in names:
            return True
        if name not in self.report.names and (_SECTIONS.get(what),) not in self.report.left_out:
            there_is = f": there is {', '.join(sorted(names))}" if names else ""
            self.report.add(path, f"there is no {what} `{name}`{nearest(name, names)}{there_is}", key=key)
        return False

    def operation(self, path: Path, name: str) -> Operation | None:
        """Return the operation of this name; report what of it does not exist."""
        system, _, operation = name.partition(".")
        if not self.known(path, system, "system", self.tenant.systems):
            return None
        adapter = self.tenant.systems[system].adapter
        if adapter not in self.operations:
            return None  # reported where the system is described
        if not self.known(path, operation, f"operation of {adapter}", self.operations[adapter]):
            return None
        return self.operations[adapter][operation]

    def values(
        self, path: Path, given: Mapping[str, Any], takes: type[BaseModel], scope: Scope, filled: Collection[str] = ()
    ) -> None:
        """Check the values of `with` against what an operation takes; `filled` are fields that come from elsewhere."""
        fields = of_model(takes).fields
        for name, value in given.items():
            here = (*path, "with", name)
            if not self._field(here, name, fields) or name in filled:
                continue
            of = fields[name]
            required = takes.model_fields[name].is_required()
            if isinstance(value, str) and value.startswith("="):
                self.expression(here, value, scope, of if required or isinstance(of, Maybe) else Maybe(of))
            else:
                self._literal(here, value, takes, name, scope)
        for name, each in takes.model_fields.items():
            if each.is_required() and name not in given and name not in filled:
                holder = (*path, "with") if given else path
                self.report.add(holder, f"`{name}` is missing in `with`: {in_words(fields[name])}", key=True)

    def _field(self, path: Path, name: str, fields: Mapping[str, Type]) -> bool:
        if name not in fields:
            message = f"`{name}` is not taken here{nearest(name, fields)}: there is {', '.join(fields)}"
            self.report.add(path, message, key=True)
        return name in fields

    def _literal(self, path: Path, value: Any, takes: type[BaseModel], name: str, scope: Scope) -> None:
        if isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, part in items:
                if isinstance(part, str) and part.startswith("="):
                    self.expression((*path, key), part, scope)
            return
        annotation = takes.model_fields[name].rebuild_annotation()
        try:
            of = of_model(takes).fields[name]
            minor = to_minor(value, self.tenant.currency) if Plain.MONEY in {of, getattr(of, "of", None)} else value
            TypeAdapter(annotation).validate_python(minor)
        except (ValidationError, ValueError) as error:
            first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            self.report.add(path, f"{first[:1].lower()}{first[1:]}")
