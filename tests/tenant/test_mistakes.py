"""Each mistake that an operator can make, alone, in a file that is otherwise fine."""

# ruff: noqa: E501  one case a line is easier to read than the same case on four

import time
from pathlib import Path

import pytest

from followthrough.errors import Misconfigured, Problem
from tests.tenant.adapters import loaded

FINE = (Path(__file__).parent / "golden" / "fine.yaml").read_text()


def problems(*changes: tuple[str, str]) -> tuple[str, list[Problem]]:
    """Load the fine file with changes; return its text and what is wrong with it."""
    text = FINE
    for old, new in changes:
        assert old in text, f"the fine file has no {old!r}"
        text = text.replace(old, new, 1)
    try:
        loaded(text)
    except Misconfigured as misconfigured:
        return text, misconfigured.problems
    return text, []


def test_fine() -> None:
    """The file that all others here are made from has no mistake."""
    assert problems()[1] == []


CASES = {
    # What there is to write
    "misspelt field": ("currency: USD", "curency: USD", "curency", "did you mean `currency`?"),
    "misspelt field of a step": ("        if taken:", "        if token:", "if token", "did you mean `if taken`?"),
    "unknown field": ("name: Corner Salon", "name: X\ncolour: red", "colour", "`colour` is not known here"),
    "missing field": ("currency: USD\n", "", "tenant: corner", "`currency` is missing"),
    "wrong type": ("name: Corner Salon", "name: [a]", "[a]", "a text is needed"),
    "number for a text": ("name: Corner Salon", "name: 5", "5", "a text is needed"),
    "list for a mapping": ("operators:\n  desk: {topic: desk}", "operators: []", "[]", "a mapping of keys"),
    "unknown verb": ("- act: hold", "- grab: hold", "grab: hold", "one of retrieve, decide, choose, ask, act"),
    "misspelt verb": ("- retrieve: guest", "- retreive: guest", "retreive", "did you mean `retrieve`?"),
    "step that is a word": ("- act: hold\n", "- hello\n      - act: hold\n", "hello", "a step is a mapping"),
    "misspelt confirmation": ("{tell: desk, by: [notices], say: booked}", "{tel: desk, by: [notices], say: booked}",
                              "{tel:", "did you mean `tell`?"),
    "bad name": ("- act: hold", "- act: Hold", "Hold", "lower-case"),
    "bad duration": ("say: quote", 'say: quote\n        wait: "15 mins"', '"15 mins"', "a number and a unit"),
    "no time to answer": ("say: quote", 'say: quote\n        wait: "0 minutes"', '"0 minutes"', "a minute at least"),
    "no time to answer what is wanted": ("give up: sorry}", 'give up: sorry, wait: "59 seconds"}', '"59 seconds"', "a minute at least"),
    "bad operation": ("using: calendar.hold", "using: hold", "hold\n        with: {slot", "name a system"),
    "no expression": ("among: =openings", "among: openings", "openings\n        nearest", "begins with `=`"),
    "rules and table": ("        table: prices", "        table: prices\n        rules: [{when: =agreed, refuse: full}]",
                        "decide: price", "exactly one of the two"),
    "choices without choice": ("{type: datetime, ask", "{type: choice, ask", "{type: choice", "needs at least one"),
    "empty list": ("{tell: desk, by: [notices], say: booked}", "{tell: desk, by: [], say: booked}", "[]", "must not be empty"),
    "row without then": ("{if: {tier: gold}, then: {amount: 30.00}}", "{if: {tier: gold}}", "{if: {tier: gold}}",
                         "a row says `if` and `then`"),
    "half a refusal": ("if none: {refuse: full}", "if none: {refuze: full}", "refuze", "did you mean `refuse`?"),
    "wrong word for create": ("if none: create", "if none: creat", "creat", "'create' (did you mean `create`?)"),
    "two kinds of failure": ("if it fails: tell desk", "if it fails: nothing", "nothing", "write `tell` and"),
    # The world
    "language": ("languages: [en, es]", "languages: [en, es, xx]", "xx", "no language `xx`"),
    "language twice": ("languages: [en, es]", "languages: [en, es, es]", "es]", "said twice"),
    "locale": ("locale: en-US", "locale: zz-ZZ", "zz-ZZ", "no language `zz-ZZ`"),
    "time zone": ("America/New_York", "America/NewYork", "America/NewYork", "did you mean `America/New_York`?"),
    "currency": ("currency: USD", "currency: UDS", "UDS", "no currency `UDS`"),
    "adapter": ("adapter: hubspot", "adapter: hubspott", "hubspott", "did you mean `hubspot`?"),
    "settings missing": (", settings: {event_type: 7}", "", "{adapter: cal_com}", "`event_type` is missing"),
    "settings unknown": ("{event_type: 7}", "{event_type: 7, colour: red}", "colour", "cal_com: `colour` is not known"),
    "settings wrong": ("{event_type: 7}", "{event_type: seven}", "event_type", "valid integer"),
    "settings of the stage": ('{from: "hello@corner.example"}', '{from: "hello@corner.example", configuration_set: mine}',
                              "configuration_set", "ses: `configuration_set` is filled in by the stage: leave it out"),
    "channel without system": ('texts: {adapter: twilio, settings: {from: "+12125550100"}}',
                               'texts: {adapter: ses, settings: {from: "a@b.example"}}', "sms:", "`adapter: twilio`"),
    "channel unknown": ("sms: {provider: twilio}", "smss: {provider: twilio}", "smss:",
                        "there is no channel `smss` (did you mean `sms`?): there is sms"),
    "channel by a misspelt one": ("{provider: twilio}", "{provider: twillio}", "twillio",
                                  "`twillio` cannot provide `sms` (did you mean `twilio`?): twilio can"),
    "channel by another": ("sms: {provider: twilio}", "sms: {provider: ses}", "ses}", "`ses` cannot provide `sms`: twilio can"),
    "wording lacks a language": ('title: {en: "Haircut", es: "Corte"}', 'title: {en: "Haircut"}', "title",
                                 "the words in `es` are missing"),
    "wording in a language too many": ('title: {en: "Haircut",', 'title: {fr: "Coupe", en: "Haircut",', "fr", "`fr` is none"),
    "message lacks a language": ('no_deal: {en: "All right.", es: "De acuerdo."}', 'no_deal: {en: "All right."}',
                                 "no_deal: {en", "the words in `es` are missing"),
    "service called service": ("  haircut:", "  service:", "service:", "`service` has a meaning of its own"),
    "cannot be identified": ("{keywords: [haircut, corte]}", "{keywords: []}", "identify", "say how customers ask"),
    "question with braces": ('"When?"', '"When, {{ tenant.name }}?"', '"When,', "leave the braces out"),
    "words that are no words": ("services:", "words: {counted: {tyre: big tyres}}\nservices:", "big tyres", "write one word"),
    "words misspelt": ("services:", "words: {counting: {tyre: tyres}}\nservices:", "counting", "did you mean `counted`?"),
    "words in a language too many": ("services:", "words: {telling: {de: [zahn]}}\nservices:", "de:", "`de` is none of this"),
    "word of two languages": ("services:", "words: {telling: {en: [Bob], es: [bob]}}\nservices:", "bob]", "tells no language"),
    # Steps
    "system": ("using: crm.find_person", "using: crn.find_person", "crn.find_person", "did you mean `crm`?"),
    "operation": ("using: calendar.find_openings", "using: calendar.find_opening", "calendar.find_opening\n",
                  "did you mean `find_openings`?"),
    "read in act": ("using: crm.log_activity", "using: crm.find_person", "crm.find_person\n        with: {person",
                    "only looks"),
    "write in retrieve": ("using: payments.find_payer", "using: payments.create_payer", "payments.create_payer",
                          "changes something"),
    "with unknown": ("{around: =inputs.when}", "{arround: =inputs.when, around: =inputs.when}", "arround", "did you mean `around`?"),
    "with missing": ("{payer: =payer.id, amount: =price.amount}", "{payer: =payer.id}", "with: {payer: =payer.id}",
                     "`amount` is missing in `with`: money"),
    "with all missing": ("        with: {slot: =slot}\n", "", "act: hold", "`slot` is missing in `with`"),
    "with wrong type": ("{slot: =slot}", "{slot: =slot.start}", "=slot.start", "this gives a time, but a record"),
    "with wrong literal": ("{around: =inputs.when}", "{around: =inputs.when, days: soon}", "soon", "valid integer"),
    "with out of range": ("{around: =inputs.when}", "{around: =inputs.when, days: 40}", "40", "less than or equal to 31"),
    "with bad money": ("amount: =price.amount}", "amount: 30.005}", "30.005", "more decimals than USD has"),
    "undefined variable": ("=guest.status ==", "=gest.status ==", "gest.status", "did you mean `guest`?"),
    "undefined part": ("=guest.status ==", "=guest.state ==", "guest.state", "did you mean `status`?"),
    "undefined path": ("around: =inputs.when", "around: =inputs.then", "inputs.then", "did you mean `when`?"),
    "later variable": ("=guest.status ==", "=price.amount ==", "price.amount ==", "`price` is not known here"),
    "syntax": ("""'=guest.status == "blocked"'""", "'=guest.status =='", "', refuse: blocked", "cannot be read"),
    "when is no truth": ("""'=guest.status == "blocked"'""", "=guest.status", "=guest.status", "this gives text, but yes or no"),
    "compared unlike": ('== "blocked"', "== 3", "== 3", "text cannot be compared with a whole number"),
    "reserved name": ("- decide: welcome", "- decide: service", "service\n        rules", "a meaning of its own"),
    "twice": ("- decide: welcome", "- decide: guest", "guest\n        rules", "an earlier step is already called"),
    "nothing found unsaid": ("        with: {phone: =interaction.sender.phone}\n        if none: create\n",
                             "        with: {phone: =interaction.sender.phone}\n", "retrieve: payer", "may find nothing"),
    "none of a list": ("{around: =inputs.when}\n", "{around: =inputs.when}\n        if none: {refuse: full}\n",
                       "if none: {refuse: full}\n      - choose", "`choose` may find empty"),
    "choose among no list": ("among: =openings", "among: =guest", "=guest\n        nearest", "choose among a list"),
    "nearest no time": ("nearest: =inputs.when", "nearest: =guest.id", "=guest.id\n        say", "a time is needed"),
    "table": ("table: prices", "table: price", "price\n      - act", "did you mean `prices`?"),
    "only if no truth": ("- act: note\n", "- act: note\n        only if: =guest.id\n", "=guest.id\n        using",
                         "yes or no is needed"),
    "undo unknown": ("undo: calendar.release", "undo: calendar.relase", "calendar.relase", "did you mean `release`?"),
    "undo another": ("undo: calendar.release", "undo: calendar.cancel", "calendar.cancel\n        if taken",
                     "is undone by `calendar.release`"),
    "undo that looks": ("undo: payments.refund", "undo: payments.find_payer", "payments.find_payer\n        if it",
                        "undone by an operation of `payments`"),
    "undo elsewhere": ("undo: payments.refund", "undo: calendar.release", "calendar.release\n        if it",
                       "undone by an operation of `payments`"),
    "undo unfillable": ("        if it fails: tell desk\n    customer", "        undo: crm.create_person\n    customer",
                        "crm.create_person", "needs `phone`"),
    "taken to nowhere": ("if taken: openings", "if taken: nowhere", "nowhere", "does not exist"),
    "taken to later": ("if taken: openings", "if taken: booking", "booking\n      - ask", "does not come before"),
    "taken to a decision": ("if taken: openings", "if taken: price", "price\n      - ask", "is no `retrieve` step"),
    "taken over a deed": ("undo: calendar.cancel", "undo: calendar.cancel\n        if taken: openings",
                          "openings\n      - act: note", "`hold` would be done twice"),
    "words for the wordless": ("        undo: payments.refund", "        say: blocked\n        undo: payments.refund", "say: blocked",
                               "takes no words"),
    "operator": ("if it fails: tell desk", "if it fails: tell disk", "tell disk", "did you mean `desk`?"),
    # Flow
    "always ends": ("""'=guest.status == "blocked"'""", "=true", "retrieve: payer", "`payer` can never be reached"),
    "always true in effect": ('== "blocked"', '== "x" || 1 == 1', "retrieve: payer", "`welcome` always ends the chain"),
    "never fires": ("""'=guest.status == "blocked"'""", "=false", "=false", "can never fire"),
    "rule behind": ("""'=guest.status == "blocked"', refuse: blocked}""",
                    "=true, refuse: blocked}\n          - {when: =agreed, refuse: full}", "{when: =agreed, refuse: full}",
                    "an earlier one is always true"),
    "never done": ("- act: note\n", "- act: note\n        only if: =1 > 2\n", "=1 > 2", "never true"),
    # Reversal
    "undo left out": ("        undo: payments.refund\n", "", "act: payment", "can be undone: say `undo: payments.refund`"),
    "cannot be undone": ("using: payments.charge\n        with: {payer: =payer.id, amount: =price.amount}\n        undo: payments.refund",
                         "using: calendar.cancel\n        with: {id: =hold.id}", "act: payment",
                         "`calendar.cancel` cannot be undone: say `irreversible`"),
    "irreversible too early": ("undo: payments.refund", "irreversible: true", "true\n        if it fails: {refuse",
                               "`payment` is irreversible, but `booking` comes after it and may end the chain"),
    "undo and irreversible": ("undo: payments.refund", "undo: payments.refund\n        irreversible: true",
                              "irreversible: true", "`payment` has an `undo`: leave `irreversible` out"),
    "irreversible note": ("if it fails: tell desk", "if it fails: tell desk\n        irreversible: true",
                          "irreversible: true", "only leaves a note"),
    "irreversible denied": ("undo: payments.refund", "irreversible: false", "false\n        if it fails",
                            "write `irreversible: true`, or a sentence"),
    "undo of a wrong form": ("undo: payments.refund", "undo: refund", "refund\n        if it fails", "name a system"),
    "irreversible in one word": ("undo: payments.refund", "irreversible: because", "because", "or a sentence"),
    # Tables
    "no otherwise": ("      - {otherwise: {amount: 40}}\n", "", "prices:", "the last row must be `otherwise`"),
    "two otherwise": ("- {otherwise: {amount: 40}}", "- {otherwise: {amount: 40}}\n      - {otherwise: {amount: 41}}",
                      "{otherwise: {amount: 41}}", "there is already an `otherwise`"),
    "row after otherwise": ("- {otherwise: {amount: 40}}",
                            "- {otherwise: {amount: 40}}\n      - {if: {tier: tin}, then: {amount: 1}}",
                            "{if: {tier: tin}", "can never be reached: row 3"),
    "row twice": ("{if: {weekend: true}, then: {amount: 50.00}}", "{if: {tier: gold}, then: {amount: 50.00}}",
                  "{if: {tier: gold}, then: {amount: 50.00}}", "row 1 already holds"),
    "row within": ("{if: {weekend: true}, then", "{if: {weekend: true, tier: gold}, then", "{if: {weekend: true, tier",
                   "row 1 already holds"),
    "cell input": ("{if: {tier: gold}", "{if: {tear: gold}", "gold}, then: {amount: 30", "did you mean `tier`?"),
    "cell type": ("{weekend: true}", "{weekend: sunny}", "sunny", "write true or false"),
    "cell comparison": ("{tier: gold}", '{tier: ">= 3"}', '">= 3"', "compared with a text"),
    "empty if": ("{if: {tier: gold}", "{if: {}", "if: {}", "an empty `if` always holds"),
    "output type": ("amount: 30.00", "amount: cheap", "cheap", "an amount of money is a number"),
    "output decimals": ("amount: 30.00", "amount: 30.001", "30.001", "more decimals than USD"),
    "output missing": ("then: {amount: 30.00}", "then: {}", "then: {}", "the output `amount` is missing"),
    "output unknown": ("then: {amount: 30.00}", "then: {amount: 30.00, fee: 1}", "1}}", "no output of this table `fee`"),
    "table input": ("weekend: =slot.weekend", "weekend: =slot.weakend", "slot.weakend", "did you mean `weekend`?"),
    "table input of parts": ("weekend: =slot.weekend", "weekend: =slot", "=slot}", "a row cannot look at"),
    "nothing said to a no": ("""      - ask: agreed
        type: yes/no
        say: quote
        if no: {refuse: no_deal}
""", "", "choose: slot", "write `if no: {refuse: <message>}`"),
    "no to the offers by a misspelt message": ("if none: {refuse: full}", "if none: {refuse: full}\n        if no: {refuse: ful}", "ful}",
                                               "did you mean `full`?"),
    # Words
    "message": ("say: quote", "say: qoute", "qoute", "did you mean `quote`?"),
    "refusal without message": ("{refuse: declined}", "{refuse: decline}", "decline}", "did you mean `declined`?"),
    "failed is missing": ('  failed: {en: "Something failed.", es: "Algo falló."}\n', "", "messages:",
                          "the message `failed` is missing"),
    "unsettled is missing": ('  unsettled: {en: "Nobody knows yet.", es: "Aún no se sabe."}\n', "", "messages:",
                             "the message `unsettled` is missing"),
    "step that no service has": ('declined: {en: "Your', """declined: {en: "{% if outcome.undone contains 'hald' %}X{% endif %} Your""",
                                 "hald", "there is no act `hald` (did you mean `hold`?)"),
    "explains with itself": ('declined: {en: "Your', 'declined: {en: "{{ outcome.reason }} Your', "outcome.reason",
                             "`outcome` has no `reason`"),
    "failed with a service": ('failed: {en: "', 'failed: {en: "{{ service.title }} ', "service.title",
                              "`service.title` may be missing"),
    "message variable": ("{{ price.amount | money }}?", "{{ prise.amount | money }}?", "prise.amount", "did you mean `price`?"),
    "said before the deed": ("{{ price.amount | money }}?", "{{ payment.amount | money }}?", "payment.amount",
                             "`payment` is not known here"),
    "may be missing": ("{% if note %} Noted.{% endif %}", "{{ note.id }}", "note.id", "say it inside `{% if note %}`"),
    "explains with a deed": ('declined: {en: "Your', 'declined: {en: "{{ hold.id }} Your', "hold.id", "`hold` is not known here"),
    "otherwise with a deed": ('not_done: {en: "', 'not_done: {en: "{{ payment.id }} ', "payment.id", "`payment` is not known"),
    "otherwise with a service": ('not_done: {en: "', 'not_done: {en: "{{ service.title }} ', "service.title",
                                 "`service.title` may be missing"),
    "message syntax": ('"Nothing free."', '"Nothing {{ free"', "{{ free", "cannot be read"),
    "filter": ("| money }}?", "| mony }}?", "mony }}", "no filter `mony`"),
    "tag": ('"Nothing free."', '"{% assign x = 1 %}"', "assign", "messages have `if`, `unless` and `for`"),
    "money unsaid": ("{{ price.amount | money }}?", "{{ price.amount }}?", "price.amount }}?", "with `| money`"),
    "time unsaid": ("{{ slot.start | date_long }}, ", "{{ slot.start }}, ", "slot.start }},", "`| date_long`"),
    "unused message": ("messages:\n", 'messages:\n  spare: {en: "{{ x", es: x}\n', "{{ x", "cannot be read"),
    # Parties
    "party": ("{tell: desk, by: [notices], say: booked}", "{tell: dask, by: [notices], say: booked}", "dask", "did you mean `desk`?"),
    "way": ("{tell: desk, by: [notices], say: booked}", "{tell: desk, by: [notes], say: booked}", "notes", "no system `notes`"),
    "way that cannot send": ("{tell: desk, by: [notices], say: booked}", "{tell: desk, by: [crm], say: booked}", "crm], say",
                             "cannot send words"),
    "customer by notice": ("by: [texts, mail], say: booked", "by: [notices], say: booked", "notices], say: booked}\n      - {tell: desk",
                           "cannot be reached by notice"),
    "customer's address unsaid": ("    customer: {mail: =guest.email}\n", "", "mail], say:",
                                  "`haircut` does not say where the customer's mail address is known from: write `customer: {mail: "),
    "customer misspelt": ("customer: {mail", "custmer: {mail", "custmer", "did you mean `customer`?"),
    "customer's field misspelt": ("customer: {mail", "customer: {mial", "mial", "did you mean `mail`?"),
    "customer's field unknown": ("customer: {mail: =guest.email", "customer: {mail: =guest.email, letter: =guest.name", "letter",
                                 "`letter` is not known here: there is mail"),
    "customer without fields": ("customer: {mail: =guest.email}", "customer: =guest.email", "=guest.email", "a mapping of keys"),
    "address that is written out": ("mail: =guest.email", 'mail: "joe@corner.example"', '"joe@', "an expression begins with `=`"),
    "address that is no text": ("=guest.email", "=inputs.when", "=inputs.when}\n    confirm", "this gives a time, but a mail address is text"),
    "address of nobody": ("=guest.email", "=gest.email", "gest.email", "did you mean `guest`?"),
    "address in no field": ("=guest.email", "=guest.emial", "guest.emial", "did you mean `email`?"),
    "operator by text": ("{tell: desk, by: [notices], say: booked}", "{tell: desk, by: [texts], say: booked}",
                         "texts], say: booked}\n      - {record", "has no phone number"),
    "record that reads": ("record in: crm.log_outcome", "record in: crm.find_person", "crm.find_person, with", "keeps no words"),
    "record untold": ("      - {record in: crm.log_outcome, with: {person: =guest.id}, say: booked}\n", "", "confirm:",
                      "the system of record"),
    "customer untold": ("      - {tell: customer, by: [texts, mail], say: booked}\n", "", "confirm:", "nobody tells the customer"),
    "operator untold": ("  - {tell: desk, by: [notices], say: not_done}\n", "", "otherwise:\n", "nobody tells an operator"),
    "alert way": ("alerts: {by: [notices]", "alerts: {by: [texts]", "texts], say: alert", "has no phone number"),
}  # fmt: skip


MORE = {
    # The confirmation and `otherwise` are both mailed.
    "customer's address unsaid": 2,
    # The rule behind the one that is always true, and the step behind both.
    "rule behind": 3,
}
"""How many problems a case has, where one mistake rightly has several."""


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_mistake(case: str) -> None:
    """A single mistake is reported once, at its place, with what to do."""
    old, new, where, message = CASES[case]
    text, found = problems((old, new))
    assert len(found) >= 1, "the mistake was not noticed"
    places = {offset for offset in range(len(text)) if text.startswith(where, offset)}
    fitting = [problem for problem in found if message in problem.message]
    assert fitting, f"nothing says {message!r}: {[str(problem) for problem in found]}"
    lines = text.split("\n")
    at = sum(len(line) + 1 for line in lines[: fitting[0].line - 1]) + fitting[0].column - 1
    assert at in places, f"{fitting[0]} is not at {where!r}"
    assert len(found) == MORE.get(case, 1), [str(problem) for problem in found]


FITTING = {
    "a reason lets anything follow": [
        ("undo: payments.refund", 'irreversible: "the deposit is kept in any case"'),
    ],
    "nothing that may end the chain follows": [("undo: calendar.cancel", "irreversible: true")],
    "a table decides every case": [
        ("undo: calendar.cancel\n", "irreversible: true\n      - {decide: later_price, table: prices}\n"),
    ],
    "a note may stand before what may fail": [
        ("      - act: booking", "      - {act: jotted, using: crm.log_activity, with: {person: =guest.id}, say: quote}\n      - act: booking"),
    ],
    "a mail address may be missing": [("=guest.email", "=note.id")],
    "a mail address may be worked out": [("=guest.email", """'=guest.email == "" ? guest.name : guest.email'""")],
    "words may depend on what was undone": [
        ('declined: {en: "Your', """declined: {en: "{% if outcome.undone contains 'hold' %}Free again.{% endif %} Your"""),
        ('failed: {en: "', """failed: {en: "{% if service %}{{ service.title }}{% endif %} {{ outcome.unknown | join: ', ' }}"""),
        ('sorry: {en: "', 'sorry: {en: "{% if outcome.stands != empty %}Something stands.{% endif %} '),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", FITTING, ids=list(FITTING))
def test_fitting(case: str) -> None:
    """What can be put right, need not be, or is told truly, is no mistake."""
    assert problems(*FITTING[case])[1] == []


def test_words_of_a_language_in_which_nobody_is_understood() -> None:
    """Words that would tell a language in which no text is understood are reported, with the languages that are."""
    _, found = problems(("languages: [en, es]", "languages: [en, es, de]\nwords: {telling: {de: [zahn]}}"))
    assert [str(it) for it in found if it.path.startswith("words")] == [
        "5:19 words.telling.de: customers are not understood in `de`: say words of en or es, or none"
    ]


def test_otherwise_needs_the_address_of_every_service() -> None:
    """What is told after any service can be mailed only where each says the address: those that do not are named once."""
    service = FINE.split("services:\n")[1].split("\notherwise:")[0]
    texted = service.replace("    customer: {mail: =guest.email}\n", "").replace("[texts, mail]", "[texts]")
    more = [texted.replace("haircut:", f"{name}:") for name in ("shave", "beard")]
    text, found = problems((service, f"{service}\n{more[0]}\n{more[1]}"))
    (problem,) = found
    assert "`shave`, `beard` do not say where the customer's mail address is known from" in problem.message
    assert text.split("\n")[problem.line - 1][problem.column - 1 :].startswith("mail], say: not_done}")


def test_every_mistake_at_once() -> None:
    """A typo in a field, an unknown operation, an undefined variable and an unreachable step are all reported together."""
    _, found = problems(
        ("if taken: openings", "if token: openings"),
        ("calendar.book\n", "calendar.bok\n"),
        ("around: =inputs.when", "around: =inputs.wen"),
        ('== "blocked"', '== "x" || true'),
        ("undo: calendar.release", "undo: calendar.releas"),
    )
    said = "\n".join(map(str, found))
    for part in ("`if token` is not known", "`bok`", "`inputs` has no `wen`", "can never be reached", "`releas`"):
        assert part in said


def test_mistakes_are_in_the_files_order() -> None:
    """Problems are sorted by line and column, as an editor shows them."""
    _, found = problems(("currency: USD", "currency: UDS"), ("America/New_York", "x"), ("say: quote", "say: qoute"))
    assert found == sorted(found)
    assert len(found) == 3


def test_huge_files_are_refused_soon() -> None:
    """A file with as many steps and mistakes as fit into it is answered within a publisher's patience."""
    service = FINE.split("services:\n")[1].split("\notherwise:")[0]
    copies = "".join(service.replace("haircut:", f"haircut{number}:", 1) for number in range(38))
    wrong = copies.replace("guest.status", "gest.status").replace("say: quote", "say: qoute")
    began = time.monotonic()
    _, found = problems((service, wrong))
    assert len(found) == 2 * 38
    assert time.monotonic() - began < 20
    _, found = problems(("      - act: note\n", "      - {decide: x, table: prices}\n" * 61 + "      - act: note\n"))
    assert any("at most 60" in problem.message for problem in found)


def test_no_to_the_offers_says_only_what_is_known_there() -> None:
    """T17: what the next question says to a no is said to who wants no offer, too: it cannot tell what comes between."""
    text, (problem,) = problems(('no_deal: {en: "All right', 'no_deal: {en: "{{ price.amount | money }} All right'))
    assert "`price`" in problem.message
    line = text[: text.index("- choose: slot")].count("\n") + 1
    assert f"(it is said at line {line})" in problem.message
    own = ("if none: {refuse: full}", "if none: {refuse: full}\n        if no: {refuse: full}")
    assert problems(own, ('no_deal: {en: "All right', 'no_deal: {en: "{{ price.amount | money }} All right'))[1] == []
