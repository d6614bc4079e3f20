"""What can go wrong on a wire, and what each adapter sees of it."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from followthrough.clock import utc_now
from followthrough.errors import OutcomeUnknown, SystemFailure, Throttled, Unreachable
from followthrough.integration.http import Connection
from followthrough.integration.hubspot.records import Record
from followthrough.integration.reply import reset_after, retry_after
from tests.integration.served import replied

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
Answering = Callable[[httpx.Request], httpx.Response]


def connected(answering: Answering) -> Connection:
    connection = Connection("acme", "http://acme.test", {"Authorization": "Bearer sesame"})
    connection._client = httpx.Client(base_url="http://acme.test", transport=httpx.MockTransport(answering))
    return connection


def breaking(error: type[httpx.RequestError]) -> Answering:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("Mary Moss at +13125550100", request=request)

    return answer


def answering(status: int, **headers: str) -> Answering:
    return lambda _: httpx.Response(status, json={"said": "no"}, headers=headers)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_a_request_that_never_left_was_not_done(error: type[httpx.RequestError]) -> None:
    """Without a connection nothing can have happened, not even to a write."""
    with pytest.raises(Unreachable):
        connected(breaking(error)).write("POST", "/things")


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError, httpx.DecodingError]
)
def test_a_write_that_broke_on_the_way_is_unknown_and_a_read_is_not(error: type[httpx.RequestError]) -> None:
    """Once sent, a write may have been done; a read has no outcome to wonder about."""
    connection = connected(breaking(error))
    with pytest.raises(OutcomeUnknown):
        connection.write("POST", "/things")
    with pytest.raises(Unreachable):
        connection.read("GET", "/things")


@pytest.mark.parametrize("status", [302, 408, 500, 502, 503])
def test_an_answer_that_proves_nothing_leaves_a_write_unknown(status: int) -> None:
    """A server error, a redirect or a gateway's lost patience does not tell whether the write was done."""
    connection = connected(answering(status))
    with pytest.raises(OutcomeUnknown, match=f"acme: http_{status}"):
        connection.write("POST", "/things")
    with pytest.raises(Unreachable, match=f"acme: http_{status}"):
        connection.read("GET", "/things")


def test_a_success_that_cannot_be_read_is_unknown() -> None:
    """Without the provider's id there is no evidence, whatever the status says."""
    connection = connected(lambda _: httpx.Response(201, text="<html>"))
    with pytest.raises(OutcomeUnknown, match="malformed_answer"):
        connection.write("POST", "/things").read(Record)


def test_a_refusal_is_handed_to_the_adapter_even_when_its_body_is_no_json() -> None:
    """Only the adapter knows what its provider's refusals mean."""
    assert connected(answering(409)).write("POST", "/things").refusal() == {"said": "no"}
    bare = connected(lambda _: httpx.Response(404, text="<html>")).read("GET", "/things")
    assert (bare.status, bare.refusal(), bare.ok) == (404, {}, False)


def test_throttling_carries_the_seconds_to_wait() -> None:
    """A 429 is neither a refusal nor unknown: it names when to come back."""
    with pytest.raises(Throttled) as throttled:
        connected(answering(429, **{"Retry-After": "7"})).write("POST", "/things")
    assert throttled.value.seconds == 7


def test_a_vendor_reads_its_own_429() -> None:
    """THR-1: body and headers are handed to whoever knows what the vendor means by them."""
    connection = Connection(
        "acme", "http://acme.test", {}, lambda reply: Throttled("acme", reply.refusal()["said"], 42)
    )
    connection._client = connected(answering(429))._client
    with pytest.raises(Throttled, match="acme: no") as throttled:
        connection.read("GET", "/things")
    assert throttled.value.seconds == 42


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"X-Limit-Reset": "30"}, 30),
        ({"x-limit-reset-a": "3", "X-Limit-Reset-B": "12"}, 12),
        ({"X-Limit-Reset": "1793707230"}, 30),
        ({"X-Limit-Reset": "1793700000"}, None),
        ({"X-Limit-Reset": "500000"}, None),
        ({"X-Limit-Reset": "-1"}, None),
        ({"X-Limit-Reset": "1e3"}, None),
        ({"X-Other": "30"}, None),
    ],
)
def test_a_reset_is_read_in_both_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    """THR-1: seconds or a Unix timestamp, the longest of several; what makes no sense is not read."""
    assert reset_after(headers, "x-limit-reset", NOW) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 1.0),
        ("3", 3.0),
        ("Tue, 03 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 03 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", 1.0),
        ("-5", 1.0),
        ("inf", 1.0),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str | None, seconds: float) -> None:
    """Seconds and HTTP dates are both allowed, a date as the provider's own clock sees it; garbage means one second."""
    headers = {"Date": "Tue, 03 Nov 2026 12:00:00 GMT"} | ({} if header is None else {"Retry-After": header})
    assert retry_after(headers) == seconds


def test_a_table_says_how_long_to_wait_where_the_provider_does_not() -> None:
    """What is said counts; what is absent or garbled leaves the adapter's own number."""
    assert retry_after({"retry-after": "7"}, 60) == 7
    assert retry_after({}, 60) == retry_after({"retry-after": "soon"}, 60) == 60


def test_a_date_without_the_providers_clock_is_seen_from_ours() -> None:
    """A provider that does not date its answers can still name the moment."""
    in_a_minute = format_datetime(utc_now() + timedelta(seconds=60), usegmt=True)
    assert 50 < retry_after({"retry-after": in_a_minute}) <= 60


def test_the_providers_clock_dates_its_answers() -> None:
    """Evidence is dated by who made it."""
    reply = connected(answering(200, Date="Tue, 03 Nov 2026 12:00:00 GMT")).read("GET", "/things")
    assert reply.at == NOW


def test_no_error_and_no_repr_repeats_what_was_said() -> None:
    """Errors are logged: neither a secret, nor a name, nor a number may be in them."""
    with pytest.raises(SystemFailure) as failure:
        connected(breaking(httpx.ReadTimeout)).write("POST", "/things", body={"name": "Mary Moss"})
    shown = f"{failure.value!r} {failure.value} {failure.value.__cause__} {replied(200, {'name': 'Mary'})!r}"
    assert "Mary" not in shown
    assert "+1312" not in shown
    assert "acme: read_timeout" in shown


@pytest.mark.parametrize("adapter", ["hubspot", "cal_com"])
def test_declaring_operations_costs_no_http_client(adapter: str) -> None:
    """Publishing and deciding read every adapter's manifest; only who connects pays for the client."""
    code = f"import sys, followthrough.integration.{adapter}.adapter; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
