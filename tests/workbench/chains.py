"""Random services of the tenant language: chains of any steps in any order that the checker lets pass.

A chain is drawn wish by wish. What a wish needs is done before it (a hold needs a slot, a slot needs openings), unless
something of that kind is there already; so every chain is valid by construction and still shrinks to a few steps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.workbench.wordings import done_words

Step = dict[str, Any]
PHONE = "=interaction.sender.phone"
WHY = "drawn without an undo, so that it stands whatever follows"
HARMLESS = "crm.log_activity"
UNDO = {"calendar.hold": "calendar.release", "calendar.book": "calendar.cancel", "payments.charge": "payments.refund"}
OFFERING = "Which of these? {% for offer in offers %}{{ forloop.index }}) {{ offer.start | date_long }} {% endfor %}"
WISHES = (
    *("charge", "book") * 4,
    *("hold", "note", "ask", "rules") * 2,
    *("cancel", "cancel_own", "refund", "refund_own", "release"),
    *("change_person", "new_person", "new_payer", "text", "mail", "notice"),
    *("person", "payer", "openings", "slot", "visit", "price"),
)
MOST_WISHES = 6


@dataclass
class Draft:
    """A chain being drawn: its steps so far, and which variables there are, by kind; `maybe` those that may be missing.

    `messages` and `tables` are the tenant's, and shared by all of its chains.
    """

    draw: DrawFn
    service: str
    messages: dict[str, dict[str, str]]
    tables: dict[str, Any]
    steps: list[Step] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    maybe: dict[str, list[str]] = field(default_factory=dict)

    # What is there ---------------------------------------------------------------------------------------------------

    def need(self, kind: str) -> str:
        """Return the variable of a kind that is certainly there, after the step that adds it if need be."""
        if kind not in self.known:
            WAYS[kind](self)
        return self.draw(st.sampled_from(self.known[kind]))

    def when(self) -> str:
        """Return the moment that the customer wishes, which is asked for where it was not said."""
        self.inputs.setdefault("when", {"type": "datetime", "ask": {"en": "What day and time?"}})
        return "=inputs.when"

    def likely(self, percent: int) -> bool:
        """Draw a yes in so many of a hundred cases; the simplest is no."""
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def add(self, verb: str, kind: str, step: Step, *, certain: bool = True) -> None:
        """Add a step under a name of its own."""
        number = sum(it.get(verb, "").partition("_no_")[0] == kind for it in self.steps) + 1
        name = kind if number == 1 else f"{kind}_no_{number}"
        self.steps.append({verb: name, **step})
        there = self.known if certain else self.maybe
        there.setdefault(kind, []).append(name)

    def say(self, about: str, words: str) -> str:
        """Keep a message, and return its name."""
        name = f"{self.service}_{about}_{len(self.steps)}"
        self.messages[name] = {"en": words}
        return name

    def refusal(self, about: str) -> Step:
        """Refuse with words of this place's own."""
        name = self.say(f"why_{about}", "")
        self.messages[name] = {"en": f"Because of {name}."}
        return {"refuse": name}

    def condition(self) -> str:
        """Return something that may be true or not."""
        self.inputs.setdefault("extra", {"type": "yes/no", "ask": {"en": "With everything, yes or no?"}})
        ways = {
            "price": "{}.flag",
            "person": '{}.tier == "gold"',
            "payer": "{}.has_card",
            "slot": "hours_until({}.start) > 26",
            "visit": '{}.payment != ""',
        }
        there = [way.format(name) for kind, way in ways.items() for name in self.known.get(kind, [])]
        return self.draw(st.sampled_from([*there, "inputs.extra"]))

    def wait(self) -> str:
        """Return how long a question stays open."""
        return self.draw(st.sampled_from(["1 day", "15 minutes", "2 hours"]))

    # Acts ------------------------------------------------------------------------------------------------------------

    def act(self, kind: str, using: str, with_: Step, **more: Any) -> None:
        """Add an act with any way back, any condition and any answer to its failing."""
        step: Step = {"using": using, "with": with_, **more}
        if self.likely(15):
            step["only if"] = f"={self.condition()}"
        failing = self.draw(st.sampled_from(["undo", "refuse", "tell"]))
        if failing == "refuse":
            step["if it fails"] = self.refusal(kind)
        elif failing == "tell":
            step["if it fails"] = "tell desk"
        if using in UNDO and not self.likely(15):
            step["undo"] = UNDO[using]
        elif using != HARMLESS:
            step["irreversible"] = WHY
        self.add("act", kind, step, certain=failing != "tell" and "only if" not in step)

    def finished(self) -> list[Step]:
        """Return the chain; an act that nothing may follow that ends it is sometimes irreversible without a reason."""
        for place, step in enumerate(self.steps):
            if step.get("irreversible") and not any(map(_may_end, self.steps[place + 1 :])) and self.likely(70):
                step["irreversible"] = True
        return self.steps


def _may_end(step: Step) -> bool:
    if "act" in step:
        return step.get("if it fails") != "tell desk"
    return "table" not in step


def _person(it: Draft) -> None:
    missing: Any = it.refusal("no_person") if it.likely(30) else "create"
    step = {"using": "crm.find_person", "with": {"phone": PHONE}, "if none": missing}
    it.add("retrieve", "person", step)


def _payer(it: Draft) -> None:
    missing: Any = it.refusal("no_payer") if it.likely(30) else "create"
    it.add("retrieve", "payer", {"using": "payments.find_payer", "with": {"phone": PHONE}, "if none": missing})


def _visit(it: Draft) -> None:
    step = {"using": "calendar.find_booking", "with": {"phone": PHONE}, "if none": it.refusal("no_visit")}
    it.add("retrieve", "visit", step)


def _openings(it: Draft) -> None:
    it.add("retrieve", "openings", {"using": "calendar.find_openings", "with": {"around": it.when()}})


def _slot(it: Draft) -> None:
    among, offers = it.need("openings"), it.draw(st.integers(1, 4))
    step = {
        "among": f"={among}",
        "nearest": it.when(),
        "offer": offers,
        "say": it.say("offer", OFFERING),
        "wait": it.wait(),
        "if none": it.refusal("nothing_free"),
        "if no": it.refusal("none_wanted"),
    }
    it.add("choose", "slot", step)


def _rules(it: Draft) -> None:
    rules = [{"when": '=interaction.text == "never said"', **it.refusal("never")}]
    people = it.known.get("person", [])
    rules += [{"when": f'={name}.status == "blocked"', **it.refusal(f"{name}_blocked")} for name in people]
    if it.likely(30):
        rules.append({"when": f"={it.condition()}", **it.refusal("rule")})
    it.add("decide", "eligible", {"rules": rules})


def _price(it: Draft) -> None:
    table = f"{it.service}_price_{len(it.tables)}"
    amounts = it.draw(st.lists(st.integers(1, 300), min_size=2, max_size=2))
    rows = [
        {"if": {"special": True}, "then": {"amount": amounts[0] + 0.5, "flag": False}},
        {"otherwise": {"amount": amounts[1], "flag": True}},
    ]
    outputs = {"amount": "money", "flag": "yes/no"}
    it.tables[table] = {"hit": "first", "inputs": {"special": f"={it.condition()}"}, "outputs": outputs, "rows": rows}
    it.add("decide", "price", {"table": table})


def _ask(it: Draft) -> None:
    step = {"type": "yes/no", "say": it.say("ask", "Shall we? YES or NO."), "wait": it.wait()}
    it.add("ask", "agreed", {**step, "if no": it.refusal("no")})


def _hold(it: Draft) -> None:
    slot = it.need("slot")
    looked = next(place for place, step in enumerate(it.steps) if step.get("choose") == slot)
    source = it.steps[looked]["among"].removeprefix("=")
    since = [step for step in it.steps[_looked(it, source) :] if "act" in step]
    again = {"if taken": source} if not since and not it.likely(15) else {}
    it.act("hold", "calendar.hold", {"slot": f"={slot}"}, **again)


def _charge(it: Draft) -> None:
    payer = it.need("payer")
    amount: Any = f"={it.need('price')}.amount" if it.likely(60) else it.draw(st.integers(1, 90)) + 0.25
    it.act("charge", "payments.charge", {"payer": f"={payer}.id", "amount": amount, "purpose": "Drawn"})


def _book(it: Draft) -> None:
    if it.likely(70) and "hold" not in it.known | it.maybe:
        _hold(it)
    start = it.need("hold") if "hold" in it.known else it.need("slot")
    holds, paid = ([*it.known.get(kind, []), *it.maybe.get(kind, [])] for kind in ("hold", "charge"))
    person = it.known.get("person")
    with_ = {
        "start": f"={start}.start",
        "name": f'={person[-1]}.name == "" ? {person[-1]}.phone : {person[-1]}.name' if person else "A guest",
        "phone": PHONE,
        **({"hold": f"={holds[-1]}.id"} if holds else {}),
        **({"payment": f"={paid[-1]}.id"} if paid else {}),
    }
    it.act("book", "calendar.book", with_)


def _note(it: Draft) -> None:
    person = {"person": f"={it.need('person')}.id"} if it.likely(60) else {}
    it.act("note", HARMLESS, person, say=it.say("note", "{{ now | time }}: a note. Ref. {{ reference }}."))


def _send(kind: str, using: str, with_: Step) -> Callable[[Draft], None]:
    """Return how to draw an act that sends words; they tell the time, which must not make another act of a retry."""

    def send(it: Draft) -> None:
        words = f"By the way, {len(it.steps)}, {{{{ now | time }}}}: {{{{ reference }}}}."
        it.act(kind, using, dict(with_), say=it.say(kind, words))

    return send


def _about(kind: str, using: str, of: str, **with_: str) -> Callable[[Draft], None]:
    """Return how to draw an act about something that is there; `with_` may show a part of it as `{}.part`."""

    def act(it: Draft) -> None:
        name = it.need(of)
        it.act(kind, using, {key: value.format(name) for key, value in with_.items()})

    return act


def _of_own(kind: str, using: str, of: str) -> Callable[[Draft], None]:
    """Return how to draw an act about what this very chain did before; nothing where that may be missing each time."""

    def act(it: Draft) -> None:
        for _ in range(3):
            if of in it.known:
                break
            WAYS[of](it)
        if of in it.known:
            it.act(kind, using, {"id": f"={it.need(of)}.id"})

    return act


def _looked(it: Draft, name: str) -> int:
    return next(place for place, step in enumerate(it.steps) if step.get("retrieve") == name)


WAYS: dict[str, Callable[[Draft], None]] = {
    "person": _person,
    "payer": _payer,
    "visit": _visit,
    "openings": _openings,
    "slot": _slot,
    "rules": _rules,
    "price": _price,
    "ask": _ask,
    "hold": _hold,
    "charge": _charge,
    "book": _book,
    "note": _note,
    "cancel": _about("cancel", "calendar.cancel", "visit", id="={}.id"),
    "refund": _about("refund", "payments.refund", "visit", id="={}.payment"),
    "cancel_own": _of_own("cancel_own", "calendar.cancel", "book"),
    "refund_own": _of_own("refund_own", "payments.refund", "charge"),
    "release": _of_own("release", "calendar.release", "hold"),
    "change_person": _about("change_person", "crm.change_person", "person", person="={}.id", tier="gold"),
    "new_person": lambda it: it.act("new_person", "crm.create_person", {"phone": PHONE}),
    "new_payer": lambda it: it.act("new_payer", "payments.create_payer", {"phone": PHONE}),
    "text": _send("text", "texts.send", {"to": PHONE}),
    "mail": _send("mail", "mail.send", {"to": "desk@drawn.example", "subject": "Drawn"}),
    "notice": _send("notice", "notices.publish", {"topic": "front-desk", "subject": "Drawn"}),
}


@st.composite
def services(
    draw: DrawFn, name: str, messages: dict[str, dict[str, str]], tables: dict[str, Any], ways: list[Step]
) -> dict[str, Any]:
    """Draw a service; `ways` is how all of them tell the desk."""
    it = Draft(draw, name, messages, tables)
    for wish in draw(st.lists(st.sampled_from(WISHES), min_size=2, max_size=MOST_WISHES)):
        WAYS[wish](it)
    messages[f"{name}_done"] = {"en": done_words(it.steps)}
    said = {"say": f"{name}_done"}
    person = {"person": f"={it.known['person'][0]}.id"} if "person" in it.known and it.likely(50) else {}
    mail = {"customer": {"mail": f"={it.known['person'][0]}.email"}} if "person" in it.known and it.likely(30) else {}
    confirm = [
        {"tell": "customer", "by": ["texts", "mail"] if mail else ["texts"], **said},
        *({"tell": "desk", **way, **said} for way in ways),
        {"record in": "crm.log_outcome", "with": person, **said},
    ]
    return {
        "title": {"en": name.capitalize()},
        "identify": {"keywords": [name]},
        **mail,
        "inputs": it.inputs,
        "steps": it.finished(),
        "confirm": draw(st.permutations(confirm)),
    }
