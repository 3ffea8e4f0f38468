"""Applications as Locust's users send them to the simulation's own API: JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.load.applications import Applications
from simulator.load.platform_calls import calls_of
from simulator.mapping.api_part import ApiPart
from simulator.scenario.baseline import Platform

if TYPE_CHECKING:
    from simulator.scenario.vocabulary import Channel

CALLS: Final = calls_of(ApiPart(), Platform()).by_task


class ApplicationsSent:
    """The bodies of requests, from one supply."""

    def __init__(self, seed: int, name: str) -> None:
        self._supply = Applications(seed, name)
        self.meet = self._supply.meet

    def one(self, channel: Channel) -> str:
        call = CALLS["score"]
        return call.request.body(self._supply.one(call.application, channel)) or ""

    def batch(self, channel: Channel, size: int) -> str:
        call = CALLS["batch"]
        applicants = [self._supply.one(call.application, channel) for _ in range(size)]
        return call.sent_together(applicants).body or ""

    def invalid(self, channel: Channel) -> str:
        call = CALLS["score"]
        filling = self._supply.one(call.application, channel)
        sent = call.mistaken(filling, chance=self._supply.chance())
        return "" if sent is None else sent.body or ""
