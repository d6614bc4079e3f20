"""How Stripe counts money: its own list, which is not CLDR's.

Source: https://docs.stripe.com/currencies (presentment currencies, zero-decimal, three-decimal and special cases)
"""

from typing import Final

from followthrough.tenant.money import decimals

# fmt: off
PRESENTED: Final = frozenset({
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt", "bif", "bmd", "bnd",
    "bob", "brl", "bsd", "bwp", "byn", "bzd", "cad", "cdf", "chf", "clp", "cny", "cop", "crc", "cve", "czk", "djf",
    "dkk", "dop", "dzd", "egp", "etb", "eur", "fjd", "fkp", "gbp", "gel", "gip", "gmd", "gnf", "gtq", "gyd", "hkd",
    "hnl", "htg", "huf", "idr", "ils", "inr", "isk", "jmd", "jpy", "kes", "kgs", "khr", "kmf", "krw", "kyd", "kzt",
    "lak", "lbp", "lkr", "lrd", "lsl", "mad", "mdl", "mga", "mkd", "mmk", "mnt", "mop", "mur", "mvr", "mwk", "mxn",
    "myr", "mzn", "nad", "ngn", "nio", "nok", "npr", "nzd", "pab", "pen", "pgk", "php", "pkr", "pln", "pyg", "qar",
    "ron", "rsd", "rub", "rwf", "sar", "sbd", "scr", "sek", "sgd", "shp", "sle", "sos", "srd", "std", "szl", "thb",
    "tjs", "top", "try", "ttd", "twd", "tzs", "uah", "ugx", "usd", "uyu", "uzs", "vnd", "vuv", "wst", "xaf", "xcd",
    "xcg", "xof", "xpf", "yer", "zar", "zmw", "bhd", "jod", "kwd", "omr", "tnd",
})
# fmt: on
"""What it takes at all; which of them, depends on the account's country."""

WHOLE: Final = frozenset(
    {
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    }
)
"""Counted in whole units. The krona and the shilling (isk, ugx) have no minor unit any more, but are still counted in
hundredths: .../currencies#special-cases
"""

THOUSANDTHS: Final = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
"""Counted in thousandths, of which the last digit must be 0."""


def theirs(amount: int, currency: str) -> int:
    """Turn our minor units (CLDR's) into Stripe's. Raises ValueError where they have none for it."""
    up = _decimals(currency) - decimals(currency.upper())
    factor = 10 ** abs(up)
    if up < 0 and amount % factor:
        raise ValueError("Stripe counts this currency in larger units")
    scaled: int = amount * factor if up >= 0 else amount // factor
    return scaled


def ours(amount: int, currency: str) -> int | None:
    """Turn Stripe's minor units into ours; None where it is no sum of ours."""
    up = _decimals(currency) - decimals(currency.upper())
    if up <= 0:
        return int(amount * 10**-up)
    whole, rest = divmod(amount, 10**up)
    return None if rest else whole


def step(currency: str) -> int | None:
    """Return what every sum must be a multiple of, in our minor units; None where Stripe does not take the currency."""
    low = currency.lower()
    if low not in PRESENTED:
        return None
    return 10 if low in THOUSANDTHS else 1


def _decimals(currency: str) -> int:
    return 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
