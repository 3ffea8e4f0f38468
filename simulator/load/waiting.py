"""How long users wait between requests, and whether arrivals wait for answers."""

import random
from argparse import Namespace
from dataclasses import dataclass
from typing import Final, Self

from simulator.errors import SimulatorError
from simulator.load.kinds import chosen_kind
from simulator.quoting import quoted
from simulator.timeline.durations import format_duration
from simulator.timeline.pauses import parse_pauses

__all__ = ["USUAL", "Waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pauses between the requests of one user.

    Args:
        pauses: from how many to how many seconds, all equally likely; None for the users' own
            mean, around which they are exponential.
        is_pacing: whether a pause counts from the start of a request; else from its answer.
        is_open: whether requests begin without waiting for answers: a Poisson process with the
            pauses' mean, whatever the answers take.
    """

    pauses: tuple[float, float] | None = None
    is_pacing: bool = False
    is_open: bool = False

    @classmethod
    def of(cls, options: Namespace) -> Self:
        """What --think-time, --pacing, --open and the kind ask for; the kind comes last.

        Raises:
            SimulatorError: one of them cannot be used, or both of the first two are given.

        >>> Waiting.of(Namespace(think_time="1s-5s", pacing="", open=False, kind=""))
        Waiting(pauses=(1.0, 5.0), is_pacing=False, is_open=False)
        """
        kind = chosen_kind(options)
        think_time, pacing = (str(given or "").strip() for given in _given(options))
        if think_time and pacing:
            raise SimulatorError(
                f"--think-time is {quoted(think_time)} and --pacing is {quoted(pacing)}: give one, "
                "since the first counts from answers and the second from the starts of requests"
            )
        is_open = bool(options.open)
        if pacing:
            return cls(_pauses(pacing, "--pacing"), is_pacing=True, is_open=is_open)
        if not think_time and kind is None:
            return cls(is_open=is_open)
        think_time = think_time or (kind.think_time if kind is not None else "")
        return cls(_pauses(think_time, "--think-time"), is_open=is_open)

    @property
    def counts_answers(self) -> bool:
        """Whether the time that an answer takes is part of the pause."""
        return not self.is_open and (self.pauses is None or self.is_pacing)

    def mean_seconds(self, usual: float) -> float:
        """Of a pause; `usual` is the users' own mean.

        >>> Waiting((1.0, 5.0)).mean_seconds(1.0), Waiting().mean_seconds(1.0)
        (3.0, 1.0)
        """
        return usual if self.pauses is None else sum(self.pauses) / 2.0

    def draw(self, rng: random.Random, usual: float) -> float:
        """Seconds of the next pause; 0 where the mean is."""
        if self.pauses is not None and not self.is_open:
            return rng.uniform(*self.pauses)
        mean = self.mean_seconds(usual)
        return rng.expovariate(1.0 / mean) if mean > 0.0 else 0.0

    def in_words(self, usual: float) -> str:
        """What it is, for a report.

        >>> Waiting((1.0, 5.0)).in_words(1.0), Waiting((2.0, 2.0), is_pacing=True).in_words(1.0)
        ('think time 1s-5s', 'pacing 2s')
        >>> Waiting(is_open=True).in_words(1.0)
        'a request every 1s on average'
        """
        if self.pauses is None:
            return f"a request every {format_duration(usual)} on average"
        least, most = self.pauses
        span = format_duration(least) + (f"-{format_duration(most)}" if most > least else "")
        return f"{'pacing' if self.is_pacing else 'think time'} {span}"


#: What users do unless something else is asked for.
USUAL: Final = Waiting()


def _given(options: Namespace) -> tuple[object, object]:
    return options.think_time, options.pacing


def _pauses(given: str, option: str) -> tuple[float, float]:
    """Both ends of `1s-5s`, or twice the same of `2s`.

    Raises:
        SimulatorError: it is none.
    """
    try:
        return parse_pauses(given)
    except ValueError as problem:
        raise SimulatorError(f"{option} is {quoted(given)}: {problem}") from None
