"""What a test was and did, and in which band that lies: for programs, and in a line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from simulator.drawing.quantities import duration_text
from simulator.json_output import json_text, writable
from simulator.load.bands import (
    BANDS,
    USUAL_LIMITS,
    Band,
    Judged,
    Limits,
    error_band,
    p95_band,
    throughput_band,
    worst_of,
)

__all__ = ["NAMES", "Route", "TestSummary", "shown", "summary_json"]

#: What people call what is judged.
NAMES: Final = {
    "p95_milliseconds": "p95",
    "error_ratio": "errors",
    "throughput_ratio": "throughput",
}


@dataclass(frozen=True, slots=True)
class Route:
    """Requests of one kind; `p95_milliseconds` is nan where none was answered."""

    method: str
    route: str
    requests: int
    failures: int
    p95_milliseconds: float


@dataclass(frozen=True, slots=True)
class TestSummary:
    """A test that has ended.

    `user_seconds` is the number of users added up over its time, `mean_pause_seconds` how often
    one of them sends: together they imply how many requests were to be expected.
    """

    __test__ = False  # pytest would take it for a class of tests

    kind: str | None
    host: str
    ended_at: float  # seconds since 1970
    seconds: float
    user_seconds: float
    mean_pause_seconds: float
    pauses: str
    is_open: bool
    requests: int
    failures: int
    p95_milliseconds: float
    routes: tuple[Route, ...]
    worst_allowed: Band
    limits: Limits = USUAL_LIMITS

    @property
    def expected_requests(self) -> float:
        """How many requests users and pauses imply; 0 where they imply none."""
        pause = self.mean_pause_seconds
        return self.user_seconds / pause if pause > 0.0 else 0.0

    @property
    def judged(self) -> tuple[Judged, ...]:
        """Everything that has bands."""
        return (
            p95_band(self.p95_milliseconds, self.limits),
            error_band(self.failures, self.requests, self.limits),
            throughput_band(self.requests, self.expected_requests, self.limits),
        )

    @property
    def band(self) -> Band:
        """The worst of them."""
        return worst_of(self.judged)

    @property
    def is_within(self) -> bool:
        """Whether that is no worse than allowed."""
        return BANDS.index(self.band) <= BANDS.index(self.worst_allowed)

    @property
    def model(self) -> str:
        """How requests follow each other, in a word."""
        return "open" if self.is_open else "closed"

    @property
    def mean_users(self) -> float:
        """Users on average over the test's time."""
        return self.user_seconds / self.seconds if self.seconds > 0.0 else 0.0

    @property
    def rates(self) -> tuple[float, float]:
        """Requests per second: sent, and expected."""
        seconds = max(self.seconds, 1e-9)
        return self.requests / seconds, self.expected_requests / seconds

    @property
    def line(self) -> str:
        """What it came to."""
        name = f"kind {self.kind}" if self.kind else "the test"
        verdict = "within" if self.is_within else "worse than"
        parts = ", ".join(
            f"{NAMES[j.name]} {shown(j.name, j.value)} ({j.band or j.reason})" for j in self.judged
        )
        return (
            f"{name} in {duration_text(self.seconds)} is {self.band}, {verdict} "
            f"--worst {self.worst_allowed}: {parts}"
        )


def shown(name: str, value: float) -> str:
    """A judged quantity as people read it.

    >>> shown("p95_milliseconds", 1240.0), shown("error_ratio", 0.0123), shown("error_ratio", 0.0)
    ('1,240 ms', '1.23 %', '0 %')
    """
    if math.isnan(value):
        return "?"
    return f"{value:,.0f} ms" if name == "p95_milliseconds" else f"{value * 100.0:.3g} %"


def summary_json(summary: TestSummary) -> str:
    """The summary for programs: durations in seconds, shares from 0 to 1, undefined is null."""
    sent, expected = summary.rates
    return json_text(
        writable(
            {
                "kind": summary.kind,
                "band": summary.band,
                "worst_allowed": summary.worst_allowed,
                "is_within": summary.is_within,
                "host": summary.host,
                "ended_at": summary.ended_at,
                "seconds": round(summary.seconds, 3),
                "mean_users": round(summary.mean_users, 3),
                "model": summary.model,
                "pauses": summary.pauses,
                "requests": summary.requests,
                "failures": summary.failures,
                "requests_per_second": sent,
                "expected_requests_per_second": expected,
                "judged": {j.name: _as_json(j) for j in summary.judged},
                "routes": [_route_as_json(route) for route in summary.routes],
            }
        )
    )


def _as_json(judged: Judged) -> Mapping[str, Any]:
    reason = {"reason": judged.reason} if judged.reason else {}
    return {"value": judged.value, "band": judged.band, "limits": dict(judged.limits), **reason}


def _route_as_json(route: Route) -> Mapping[str, Any]:
    return {name: getattr(route, name) for name in Route.__slots__}
