"""Listeners of Locust's events, with types."""

from collections.abc import Callable
from typing import Any

from locust.event import EventHook

__all__ = ["on"]


def on(event: EventHook, listener: Callable[..., Any]) -> None:
    """Makes a function listen to an event."""
    event.add_listener(listener)  # type: ignore[no-untyped-call]  # Locust's is untyped
