"""When a request arrived, as the server tells the application in the request's ASGI scope."""

from collections.abc import Mapping, MutableMapping
from typing import Any, Final

__all__ = ["note_arrival", "waited_seconds"]

_KEY: Final = "arrived"


def note_arrival(scope: MutableMapping[str, Any], seconds: float) -> None:
    """Writes down that the request's first bytes arrived at so many seconds of `time.monotonic`."""
    scope["state"][_KEY] = seconds


def waited_seconds(scope: Mapping[str, Any], now: float) -> float:
    """Seconds of `time.monotonic` since a request arrived; 0 where no server has said when.

    >>> scope = {"state": {}}
    >>> note_arrival(scope, 10.0)
    >>> waited_seconds(scope, 12.5), waited_seconds({}, 12.5)
    (2.5, 0.0)
    """
    arrived = scope.get("state", {}).get(_KEY, now)
    return max(now - float(arrived), 0.0)
