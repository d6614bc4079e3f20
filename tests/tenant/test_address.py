"""One mail address, and nothing that could end a header or a list."""

import pytest

from followthrough.contracts.address import is_address, is_given
from tests.tenant.test_mistakes import problems

NONE = [
    "a@x, evil@x",
    "a@x.example, evil@x.example",
    "a@x.example;b@x.example",
    "a@x.example\\r\\nBcc: evil@x.example",
    "a@x.example\\n",
    "Desk <a@x.example>",
    "a@x",
    "a@@x.example",
    "@x.example",
    "a.@x.example",
    "a@-x.example",
    "a b@x.example",
    "a@x.example ",
    "",
]


@pytest.mark.parametrize("text", NONE)
@pytest.mark.parametrize(
    "old", ['settings: {from: "hello@corner.example"}', "desk: {topic: desk}"], ids=["sender", "operator"]
)
def test_what_is_no_single_address(text: str, old: str) -> None:
    """T16: a list, a name, a line break or half an address is refused as a sender and as an operator's address."""
    new = f'settings: {{from: "{text}"}}' if "from" in old else f'desk: {{topic: desk, mail: "{text}"}}'
    _, (problem,) = problems((old, new))
    assert "write one mail address and nothing else, such as desk@practice.example" in problem.message
    assert problem.path in {"systems.mail.settings.from", "operators.desk.mail"}


@pytest.mark.parametrize("text", ["a@x.example", "o'neil+desk@mail.x-y.co.uk", "A.B_c@X.Example"])
def test_single_addresses(text: str) -> None:
    """T16: real addresses are none the worse."""
    assert is_address(text)


@pytest.mark.parametrize(
    ("address", "identities", "given"),
    [
        ("a@x.example", ["x.example"], True),
        ("A@X.example", ["a@x.EXAMPLE"], True),
        ("a@x.example", ["b@x.example"], False),
        ("a@sub.x.example", ["x.example"], False),
        ("a@evilx.example", ["x.example"], False),
        ("a@x.example", [], False),
    ],
)
def test_given(address: str, identities: list[str], given: bool) -> None:  # noqa: FBT001  a table's column
    """T16: an address is given by itself or by its very domain, and by nothing that is only like it."""
    assert is_given(address, identities) is given
