"""How every Ledger finds executions; a store's test gives the fixtures `ledger` (by `clock`), `keys` and `tenant`."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from followthrough.contracts.evidence import Evidence
from followthrough.ledger.models import EffectStatus, Status
from followthrough.ledger.queries import Page, Query
from followthrough.ledger.stores import Ledger
from tests.ledger.samples import NOW, HandClock, a_context, an_effect
from tests.ledger.writing import save, settle

HOUR = timedelta(hours=1)
BOOKED = {"service": "cleaning", "status": Status.COMPLETED}


def names(page: Page) -> list[str]:
    return [one.execution.removeprefix("execution-") for one in page.executions]


class FindingContract:
    @pytest.fixture
    def clock(self) -> HandClock:
        return HandClock()

    @pytest.fixture
    def found(self, ledger: Ledger, tenant: str) -> Ledger:
        """A ledger with six executions, an hour apart, opened in another order; 0 and 1 on the day before."""
        changes: dict[int, dict[str, Any]] = {
            0: BOOKED,
            1: {"service": "whitening", "subject": "subject-2"},
            2: BOOKED,
            3: {"subject": "subject-2", "status": Status.REFUSED},
            4: {"service": "cleaning"},
            5: {},
        }
        for number in (4, 0, 5, 1, 3, 2):
            opened_at = datetime(2026, 11, 21, 22, tzinfo=UTC) + number * HOUR
            ledger.open(a_context(tenant, f"execution-{number}", opened_at=opened_at, **changes[number]))
        ledger.open(a_context(f"{tenant}-other", "execution-9", opened_at=NOW, **BOOKED))
        return ledger

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"day": "2026-11-22"}, "5432"),
            ({"day": "2026-11-21"}, "10"),
            ({"day": "2026-11-23"}, ""),
            ({"party": "subject-2"}, "31"),
            ({"service": "cleaning"}, "420"),
            ({"service": "clean"}, ""),
            ({"status": Status.COMPLETED}, "20"),
            ({"status": Status.OPEN}, "541"),
            ({"day": "2026-11-22", "since": "2026-11-22T01:00:00Z"}, "543"),
            ({"status": "open", "until": "2026-11-22T03:00:00Z"}, "41"),
            ({"service": "cleaning", "since": "2026-11-21T22:00:00Z", "until": "2026-11-22T00:00:00Z"}, "0"),
            ({"party": "subject-1", "since": "2026-11-22T03:00:01Z"}, ""),
        ],
    )
    def test_each_criterion_lists_newest_first(
        self, found: Ledger, tenant: str, query: dict[str, Any], expected: str
    ) -> None:
        """A day, party, service or status, in a span of time or not, has all that fit and of this tenant only."""
        page = found.find(tenant, Query(**query))
        assert "".join(names(page)) == expected
        assert page.next is None

    @pytest.mark.parametrize("query", [{"status": "open"}, {"day": "2026-11-22"}, {"reference": "pi_1"}])
    def test_pages_join_to_the_whole(self, found: Ledger, tenant: str, query: dict[str, Any]) -> None:
        """Page after page gives everything once, and the last page says that it is the last."""
        for number in (1, 4, 5):
            self.settle(found, tenant, number, "pi_1")
        whole, walked, after = found.find(tenant, Query(**query)), list[str](), None
        for _ in whole.executions:
            page = found.find(tenant, Query(**query, limit=1, after=after))
            walked, after = walked + names(page), page.next
        assert after is None
        assert walked == names(whole)
        assert len(walked) >= 3
        assert found.find(tenant, Query(**query, limit=len(walked))).next is None

    def test_summary_is_as_the_execution_stands(self, found: Ledger, tenant: str) -> None:
        """What changed since it was opened shows, and it is no longer listed by what it was before."""
        context = found.load(tenant, "execution-5")
        closed = {"status": Status.FAILED, "service": "whitening", "closed_at": NOW}
        save(found, context.model_copy(update=closed))
        (one,) = found.find(tenant, Query(status=Status.FAILED)).executions
        assert (one.tenant, one.execution, one.subject, one.service) == (
            tenant,
            "execution-5",
            "subject-1",
            "whitening",
        )
        assert (one.opened_at, one.closed_at) == (context.opened_at, NOW)
        assert names(found.find(tenant, Query(service="whitening"))) == ["5", "1"]
        assert "5" not in names(found.find(tenant, Query(status=Status.OPEN)))

    def test_a_day_is_a_day_in_utc(self, ledger: Ledger, tenant: str) -> None:
        """An evening in Chicago belongs to the next day's list, in the right place."""
        evening = datetime(2026, 11, 22, 20, tzinfo=timezone(-6 * HOUR))
        ledger.open(a_context(tenant, opened_at=evening))
        ledger.open(a_context(tenant, "execution-2", opened_at=evening + HOUR))
        assert names(ledger.find(tenant, Query(day="2026-11-23"))) == ["2", "1"]  # type: ignore[arg-type]  # as typed

    def test_what_a_provider_calls_it_leads_to_executions(self, found: Ledger, tenant: str) -> None:
        """Evidence is found by its id as the provider writes it, also when two executions share it or it is undone."""
        for number, id_ in ((2, "pi_3MtwBwLkdIwHu7ix"), (2, "uid_77"), (4, "uid_77")):
            effect = self.settle(found, tenant, number, id_)
        settle(found, effect.model_copy(update={"status": EffectStatus.UNDONE}))
        assert names(found.find(tenant, Query(reference="pi_3MtwBwLkdIwHu7ix"))) == ["2"]
        assert names(found.find(tenant, Query(reference="uid_77"))) == ["4", "2"]
        early = datetime(2026, 11, 22, 2, tzinfo=UTC)
        assert names(found.find(tenant, Query(reference="uid_77", until=early))) == ["2"]
        assert names(found.find(tenant, Query(reference="PI_3MtwBwLkdIwHu7ix"))) == []
        assert names(found.find(f"{tenant}-other", Query(reference="uid_77"))) == []

    def test_evidence_that_was_refused_leads_nowhere(self, found: Ledger, tenant: str) -> None:
        """Who lost the lease cannot make its provider's id findable either."""
        effect = found.begin(an_effect(tenant, execution="execution-2"), NOW)
        found.begin(an_effect(tenant, "two", execution="execution-2"), NOW + HOUR)
        proof = Evidence(id="pi_late", status="succeeded", at=NOW)
        with pytest.raises(Exception, match="held by somebody else"):
            settle(found, effect.model_copy(update={"status": EffectStatus.DONE, "evidence": proof}))
        assert names(found.find(tenant, Query(reference="pi_late"))) == []

    def test_our_own_reference_leads_to_its_execution(self, ledger: Ledger, tenant: str) -> None:
        """The eight characters that people are told are found, in either case."""
        context = a_context(tenant, "5e884898da28047151d0e56f8dc6292a")
        ledger.open(context)
        for written in (context.reference, "8dc6292a"):
            (one,) = ledger.find(tenant, Query(reference=written)).executions
            assert one.execution == context.execution

    def test_effect_without_a_context_is_settled_all_the_same(self, ledger: Ledger, tenant: str) -> None:
        """Evidence of an execution that is not there is kept, and leads nowhere."""
        self.settle(ledger, tenant, 1, "pi_1")
        assert ledger.find(tenant, Query(reference="pi_1")).executions == []

    @staticmethod
    def settle(ledger: Ledger, tenant: str, number: int, id_: str) -> Any:
        made = an_effect(tenant, id=f"effect-{id_}", execution=f"execution-{number}")
        done = {"status": EffectStatus.DONE, "evidence": Evidence(id=id_, status="ok", at=NOW)}
        return settle(ledger, ledger.begin(made, NOW).model_copy(update=done))
