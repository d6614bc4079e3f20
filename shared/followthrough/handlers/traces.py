"""Where an error happened, in a form that may be logged."""

import traceback

from botocore.exceptions import ClientError


def name_of(error: BaseException) -> str:
    """Name an error: its type and, for AWS's, the code. Its text may quote the data, so it is never told."""
    if isinstance(error, ClientError):
        return f"{error.operation_name}: {error.response['Error']['Code']}"
    return type(error).__name__


def where(error: BaseException) -> list[str]:
    """Return the last places in the code that an error passed: no values, so nothing personal."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rsplit('/python/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
