"""Give a tenant the mail addresses and domains that it may send from, or show which it has."""

import re
from typing import Annotated

import typer

from followthrough.aws.senders import AwsSenders
from followthrough.contracts.address import is_address
from followthrough.tenant.models import TENANT
from infra.cli.terminal import AsJson, Stage, installation, show, stop

Identities = Annotated[
    list[str] | None, typer.Argument(help="Addresses, and domains of which every address is meant; none to show them.")
]


def senders(tenant: str, identities: Identities = None, *, stage: Stage = None, as_json: AsJson = False) -> None:
    """Give a tenant the mail addresses and domains that it may send from, in the place of what it had; or show them."""
    if not re.fullmatch(TENANT, tenant):
        stop(f"{tenant!r} is no tenant's name: lower-case letters, digits and hyphens, a letter first")
    for identity in identities or []:
        if not is_address(identity if "@" in identity else f"any@{identity}"):
            stop(f"{identity!r} is neither a mail address nor a domain")
    here = installation(stage)
    given = AwsSenders(here.client("dynamodb"), here.outputs["TenantsTable"])
    if identities:
        given.give(tenant, identities)
    known = list(given.of(tenant))
    show(as_json, {"tenant": tenant, "senders": known}, [f"{tenant} may send from: {', '.join(known) or 'nowhere'}"])
