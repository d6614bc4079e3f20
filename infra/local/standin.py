"""The embedded stand-in: the product, deployed as on AWS, on this machine alone.

with standin(endpoints={"stripe": "http://127.0.0.1:9001"}, public_url="https://texts.example") as here:
    httpx.post(f"{here.api}/v1/brightsmile/sms", data=...)
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws import layer
from infra.aws.stage import Platform, Stage
from infra.local.deploy import deploy
from infra.local.emulator import REGION, Emulator, emulator
from infra.local.synth import assembly

STAGE = Stage(name="dev", platform=Platform.LOCAL, disposable=True)


@dataclass(frozen=True)
class Standin:
    """A running stand-in."""

    gateway: str
    """The embedded AWS's endpoint, for any client of AWS."""

    api: str
    """The base URL of the deployed API; `/v1/<tenant>/sms` follows it."""

    outputs: Mapping[str, str]
    """The stack's outputs, by name."""

    region: str
    emulator: Emulator

    def client(self, service: str) -> Any:
        """A boto3 client of the embedded AWS."""
        return self.emulator.client(service)


def _silent(_text: str) -> None:
    pass


@contextmanager
def standin(
    *,
    endpoints: Mapping[str, str],
    public_url: str,
    port: int | None = None,
    state: Path | None = None,
    say: Callable[[str], None] = _silent,
    handlers: Path | None = None,
) -> Iterator[Standin]:
    """Start the embedded AWS, deploy the product into it, and end it all afterwards.

    `endpoints` maps adapters to the base URLs of the systems that they speak to. `public_url` is what providers sign;
    empty for the API's own URL. `port` is any free one unless given. `say` hears one line per step of the start.
    `handlers` replaces functions/ in tests of the infrastructure.
    """
    say("Preparing the functions' interpreter")
    interpreter = layer.interpreter()
    say("Synthesising the stack")
    template = assembly(STAGE, handlers)
    say("Starting the embedded AWS")
    with emulator(interpreter, port, state) as aws:
        say("Deploying the stack")
        parameters = {"PublicUrl": public_url, "Endpoints": json.dumps(dict(endpoints))}
        outputs = deploy(aws, template, STAGE.prefix, parameters)
        api = f"{aws.gateway}/_aws/execute-api/{outputs['ApiId']}/$default"
        yield Standin(aws.gateway, api, outputs, REGION, aws)
