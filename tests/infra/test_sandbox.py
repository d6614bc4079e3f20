"""The sandbox systems behind real sockets."""

import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.request_validator import RequestValidator

from infra.local.sandbox import Sandbox
from infra.local.sandbox_booth import Seen
from simulation.exchange import Request, Response, SandboxSystem
from simulation.faults import Fault
from simulation.stripe.server import Stripe
from simulation.twilio.server import ACCOUNTS, Twilio

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
KEY = {"Authorization": "Bearer sk_test_x"}
((SID, TOKEN),) = ACCOUNTS.items()


class Counter:
    """A system that counts its visitors, slowly, and so loses some when two come at once."""

    name = "counter"

    def __init__(self) -> None:
        self.visitors = 0

    def handle(self, request: Request) -> Response:
        seen = self.visitors
        time.sleep(0.001)
        self.visitors = seen + 1
        return Response(200, {"path": request.path, "query": request.query.get("q"), "body": request.body.decode()})

    def snapshot(self) -> dict[str, int]:
        return {"visitors": self.visitors}

    def seed(self, data: dict[str, int]) -> None:
        self.visitors += data["visitors"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A counter, a Stripe and a Twilio."""
    systems: list[SandboxSystem] = [Counter(), Stripe(lambda: NOW), Twilio(lambda: NOW)]
    with Sandbox.start(systems, callback_seconds=0.02) as running:
        yield running


@pytest.fixture
def counter(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A client of the counter that keeps its connection."""
    with httpx.Client(base_url=sandbox.endpoints["counter"], timeout=5) as client:
        yield client


def test_a_request_arrives_as_it_was_sent(counter: httpx.Client) -> None:
    """Path, query and body reach the system, the answer comes back as JSON, over one connection again and again."""
    for word in ("first", "second"):
        answer = counter.post("/a/b", params={"q": "1 &+"}, content=word)
        assert answer.json() == {"path": "/a/b", "query": ["1 &+"], "body": word}
        assert answer.headers["content-type"] == "application/json"


def test_every_system_has_a_port_of_its_own(sandbox: Sandbox) -> None:
    """Endpoints by name, on the loopback only."""
    assert set(sandbox.endpoints) == {"counter", "stripe", "twilio"}
    assert len(set(sandbox.endpoints.values())) == 3
    assert all(endpoint.startswith("http://127.0.0.1:") for endpoint in sandbox.endpoints.values())


def test_a_port_may_be_asked_for() -> None:
    """`followthrough dev` prints the same URLs each time."""
    with Sandbox.start([Counter()]) as first:
        port = int(first.endpoints["counter"].rsplit(":", 1)[1])
    with Sandbox.start([Counter()], ports={"counter": port}) as again:
        assert again.endpoints == first.endpoints


def test_one_request_at_a_time_reaches_a_system(sandbox: Sandbox, counter: httpx.Client) -> None:
    """Behaviour stays pure: nobody has to think of threads there."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: counter.get("/"), range(40)))
    assert sandbox.snapshot("counter") == {"visitors": 40}


def test_faults_are_used_up(sandbox: Sandbox, counter: httpx.Client) -> None:
    """Two throttled, one broken, then all is well."""
    sandbox.fault("counter", Fault.THROTTLED, times=2, seconds=7)
    sandbox.fault("counter", "broken")
    answers = [counter.get("/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 500, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert sandbox.snapshot("counter") == {"visitors": 1}


@pytest.mark.parametrize(("fault", "visitors"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER_COMMIT, 1)])
def test_a_dropped_connection_gives_no_answer(
    fault: Fault, visitors: int, sandbox: Sandbox, counter: httpx.Client
) -> None:
    """The client cannot tell whether it was done."""
    sandbox.fault("counter", fault)
    with pytest.raises(httpx.RemoteProtocolError):
        counter.post("/")
    assert sandbox.snapshot("counter") == {"visitors": visitors}
    assert counter.post("/").status_code == 200


def test_a_late_answer_holds_up_nobody_else(sandbox: Sandbox, counter: httpx.Client) -> None:
    """The delay is waited for outside the system's lock."""
    sandbox.fault("counter", Fault.DELAY, path="/late", seconds=0.5)
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(counter.get, "/late")
        counter.get("/soon")
        assert time.monotonic() - began < 0.4
        assert late.result().status_code == 200
    assert time.monotonic() - began >= 0.5


def test_faults_can_be_lifted(sandbox: Sandbox, counter: httpx.Client) -> None:
    """What is left of them is forgotten."""
    sandbox.fault("counter", Fault.BROKEN, times=100)
    sandbox.lift("counter")
    assert counter.get("/").status_code == 200


def test_the_visitors_book_says_who_came(sandbox: Sandbox, counter: httpx.Client) -> None:
    """Method, path and status; 0 where the connection was closed."""
    sandbox.fault("counter", Fault.DROP_BEFORE, method="POST")
    counter.get("/a", params={"q": "secret"})
    with pytest.raises(httpx.RemoteProtocolError):
        counter.post("/b")
    assert sandbox.requests("counter") == [Seen("GET", "/a", 200), Seen("POST", "/b", 0)]
    assert counter.get("/_sandbox/requests").json() == [
        {"method": "GET", "path": "/a", "status": 200},
        {"method": "POST", "path": "/b", "status": 0},
    ]


def test_the_back_door_does_all_that_python_can(sandbox: Sandbox, counter: httpx.Client) -> None:
    """Seed, faults, state and reset over HTTP, for what runs in another process."""
    assert counter.post("/_sandbox/seed", json={"visitors": 5}).status_code == 204
    assert counter.post("/_sandbox/faults", json={"fault": "broken", "times": 2}).status_code == 204
    assert counter.get("/").status_code == 500
    assert counter.delete("/_sandbox/faults").status_code == 204
    assert counter.get("/").status_code == 200
    assert counter.get("/_sandbox/state").json() == sandbox.snapshot("counter") == {"visitors": 6}
    assert counter.post("/_sandbox/reset").status_code == 204
    assert (sandbox.snapshot("counter"), sandbox.requests("counter")) == ({"visitors": 0}, [])


@pytest.mark.parametrize(
    ("door", "body", "status"),
    [
        ("seed", {"guests": 1}, 400),
        ("faults", {"fault": "earthquake"}, 400),
        ("faults", {"fault": "broken", "path": "("}, 400),
        ("cellar", {}, 404),
    ],
)
def test_the_back_door_says_what_is_wrong(
    door: str, body: dict[str, object], status: int, counter: httpx.Client
) -> None:
    """A mistake in a test's preparation is told, not swallowed."""
    assert counter.post(f"/_sandbox/{door}", json=body).status_code == status


def test_a_reset_keeps_the_clock() -> None:
    """A system that was reset goes on living by the clock that it was given."""

    class Clock:
        at = NOW

        def __call__(self) -> datetime:
            return self.at

    clock = Clock()
    with Sandbox.start([Stripe(clock)]) as sandbox:
        sandbox.reset("stripe")
        clock.at = datetime(2027, 1, 1, tzinfo=UTC)
        made = httpx.post(f"{sandbox.endpoints['stripe']}/v1/customers", headers=KEY)
    assert made.json()["created"] == clock.at.timestamp()


def test_nothing_is_left_running() -> None:
    """Threads and sockets end at once, also with a client still connected and a late answer still due."""
    before = threading.active_count()
    sandbox = Sandbox.start([Counter()])
    sandbox.fault("counter", Fault.DELAY, seconds=60)
    with httpx.Client(base_url=sandbox.endpoints["counter"]) as idle, httpx.Client() as waiting:
        pending = threading.Thread(target=_gives_up, args=(waiting, sandbox.endpoints["counter"]))
        pending.start()
        while not sandbox._servers["counter"]._open:
            time.sleep(0.01)
        idle.get("/_sandbox/state")
        began = time.monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            sandbox.close()
        assert time.monotonic() - began < 2
        pending.join()
    assert threading.active_count() == before


def _gives_up(client: httpx.Client, url: str) -> None:
    try:
        client.get(url)
    except httpx.TransportError:
        return


class Product:
    """Stands for the product's gateway: keeps what is posted to it."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], str]] = []
        product = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                product.received.append((self.path, form, self.headers["X-Twilio-Signature"]))
                self.send_response(204 if form["MessageStatus"] == "sent" else 503)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def product() -> Iterator[Product]:
    """The product's gateway, somewhere on this machine."""
    product = Product()
    yield product
    product.close()


PUBLIC = "https://public.example"


def text(sandbox: Sandbox, callback: str) -> str:
    form = {"To": "+13125550142", "From": "+13125550100", "Body": "Booked", "StatusCallback": callback}
    place = f"{sandbox.endpoints['twilio']}/2010-04-01/Accounts/{SID}/Messages.json"
    sid: str = httpx.post(place, data=form, auth=(SID, TOKEN)).json()["sid"]
    return sid


def wait_for(sandbox: Sandbox, count: int) -> None:
    until = time.monotonic() + 5
    while len(sandbox.deliveries) < count:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_receipts_reach_the_product_signed_over_its_public_url(sandbox: Sandbox, product: Product) -> None:
    """First sent, then delivered, each with a signature that Twilio's own validator accepts."""
    sandbox.redirect(f"{PUBLIC}/", f"http://127.0.0.1:{product.server.server_port}/stage/")
    url = f"{PUBLIC}/v1/brightsmile/receipts?way=texts"
    sid = text(sandbox, url)
    wait_for(sandbox, 2)
    assert [form["MessageStatus"] for _, form, _ in product.received] == ["sent", "delivered"]
    for path, form, signature in product.received:
        assert path == "/stage/v1/brightsmile/receipts?way=texts"
        assert form["MessageSid"] == sid
        assert RequestValidator(TOKEN).validate(url, form, signature)
    assert [delivery.status for delivery in sandbox.deliveries] == [204, 503]
    assert sandbox.snapshot("twilio")["messages"][0]["status"] == "delivered"


def test_nothing_leaves_this_machine(sandbox: Sandbox) -> None:
    """A callback to a public host that is not redirected is noted, not posted."""
    text(sandbox, f"{PUBLIC}/v1/brightsmile/receipts")
    wait_for(sandbox, 2)
    assert [delivery.status for delivery in sandbox.deliveries] == [0, 0]


def test_a_product_that_is_away_gets_nothing(sandbox: Sandbox) -> None:
    """A refused connection is noted, and the courier goes on."""
    text(sandbox, "http://127.0.0.1:9/v1/receipts")
    wait_for(sandbox, 2)
    assert {delivery.status for delivery in sandbox.deliveries} == {0}
