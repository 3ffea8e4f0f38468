"""Listeners of Locust's events, with types."""

from collections.abc import Callable
from typing import Any, TypeVar

from locust.event import EventHook

__all__ = ["on"]

_Listener = TypeVar("_Listener", bound=Callable[..., Any])


def on(event: EventHook) -> Callable[[_Listener], _Listener]:
    """Makes a function listen to an event; Locust's own `add_listener` would erase its type."""

    def listen(listener: _Listener) -> _Listener:
        event.add_listener(listener)  # type: ignore[no-untyped-call]  # Locust's is untyped
        return listener

    return listen
