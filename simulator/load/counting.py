"""What a platform counted during a test, beside what Locust did: for tests that lost a worker."""

import time
from dataclasses import dataclass
from typing import Final, Self

import gevent
from prometheus_client.parser import text_string_to_metric_families

from simulator.load.platform_client import UnreadableError, client, get
from simulator.load.trust import Trust

__all__ = ["Counted", "counted_at", "counted_in_the_end", "in_words"]

_PATH: Final = "/metrics"
_APPLICATIONS: Final = "scoring_requests_total"
_REQUESTS: Final = "http_request_duration_seconds_count"
_TICKS: Final = "simulator_ticks_total"
_TICKS_UNTIL_SHOWN: Final = 2.0
_MOST_SECONDS: Final = 35.0
_POLL_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Counted:
    """Requests answered and applications in them; of a platform, also the ticks until then."""

    requests: int
    applications: int
    ticks: float = 0.0

    @classmethod
    def of(cls, exposition: str) -> Self:
        """The counters in what `/metrics` gives.

        Raises:
            ValueError: they are not there, as where another program answers.

        >>> names = (_REQUESTS, _APPLICATIONS, _TICKS)
        >>> Counted.of("".join(f"{name} {n}{chr(10)}" for name, n in zip(names, (5, 7, 3))))
        Counted(requests=5, applications=7, ticks=3.0)
        """
        sums = dict.fromkeys((_REQUESTS, _APPLICATIONS, _TICKS), -1.0)
        for family in text_string_to_metric_families(exposition):
            for sample in family.samples:
                if sample.name in sums:
                    sums[sample.name] = max(sums[sample.name], 0.0) + sample.value
        if missing := [name for name, value in sums.items() if value < 0.0]:
            raise ValueError(f"no {missing[0]}")
        return cls(int(sums[_REQUESTS]), int(sums[_APPLICATIONS]), sums[_TICKS])

    def since(self, before: Self) -> "Counted":
        """What was counted after `before`."""
        return Counted(self.requests - before.requests, self.applications - before.applications)


def counted_at(host: str, trust: Trust, *, at_first: Counted | None = None) -> Counted:
    """What the platform of a host has counted until its latest tick.

    One that has just started shows nothing before its first tick has ended: `at_first` is what it
    starts from, where that is known.

    Raises:
        UnreadableError: it does not say.
    """
    with client(host, trust) as session:
        content = get(session, _PATH)
        if not content and at_first is not None:
            return at_first
        try:
            return Counted.of(content.decode())
        except ValueError as error:  # also where it is no text
            raise UnreadableError(f"{session.endpoint.url}{_PATH}: {error}") from error


def counted_in_the_end(host: str, trust: Trust) -> Counted:
    """What it has counted two ticks from now, which is all that was answered until now.

    Raises:
        UnreadableError: it does not say, or stands still.
    """
    deadline = time.monotonic() + _MOST_SECONDS
    now = first = counted_at(host, trust)
    while now.ticks < first.ticks + _TICKS_UNTIL_SHOWN:
        if time.monotonic() > deadline:
            raise UnreadableError(f"no two ticks within {_MOST_SECONDS:g} s")
        gevent.sleep(_POLL_SECONDS)
        now = counted_at(host, trust)
    return now


def in_words(platform: Counted, locust: Counted) -> str:
    """By how many the platform's counts differ.

    >>> in_words(Counted(247, 260), Counted(242, 260))
    'the platform counted 247 requests (5 more than Locust) and 260 applications (as Locust did)'
    """
    compared = (
        (platform.requests, "requests", locust.requests),
        (platform.applications, "applications", locust.applications),
    )
    return "the platform counted " + " and ".join(
        f"{ours} {what} ({_compared(ours - theirs)})" for ours, what, theirs in compared
    )


def _compared(difference: int) -> str:
    if difference == 0:
        return "as Locust did"
    return f"{abs(difference)} {'more' if difference > 0 else 'fewer'} than Locust"
