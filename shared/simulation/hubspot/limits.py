"""How HubSpot says that an account has asked too much: the limit's name is in the body, its window in the headers.

Source: https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines.
"""

from typing import Final

WINDOWS: Final = ((1.0, "SECONDLY"), (10.0, "TEN_SECONDLY_ROLLING"), (float("inf"), "DAILY"))
"""How long each limit lasts, in seconds."""


def limit(path: str, seconds: float) -> tuple[dict[str, str], dict[str, str]]:
    """Return what body and headers say of the limit that lasts for so many seconds; searches have no such headers."""
    policy = next(name for lasts, name in WINDOWS if seconds <= lasts)
    window = {"Max": "100", "Remaining": "0", "Interval-Milliseconds": "10000"}
    headers = {} if path.endswith("/search") else {f"X-HubSpot-RateLimit-{name}": it for name, it in window.items()}
    return {"errorType": "RATE_LIMIT", "policyName": policy}, headers
