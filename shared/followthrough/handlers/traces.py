"""Where an error happened, in a form that may be logged."""

import traceback


def where(error: BaseException) -> list[str]:
    """Return the last places in the code that an error passed: no values, so nothing personal."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rsplit('/python/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
