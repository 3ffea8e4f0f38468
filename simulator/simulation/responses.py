"""What becomes of requests: served, refused or timed out, and how long it takes."""

from functools import lru_cache

import numpy as np
from numpy.random import Generator

from simulator.scenario.model import Scenario
from simulator.scenario.platform.service_times import LogNormal
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.seeding import Draws
from simulator.simulation.arrays import Floats, Ints, distinct_rows, normalised
from simulator.simulation.causes import FAULTS, Causes
from simulator.simulation.latency import (
    HTTP_EDGES,
    bucket_means,
    bucket_mixture,
    bucket_shares,
    bureau_failure_probability,
)
from simulator.simulation.replicas import Replicas
from simulator.simulation.requests import (
    OUTCOMES,
    STATUS_CLASSES,
    STATUS_OF_OUTCOME,
    STATUSES,
    Requests,
    class_of_outcome,
)
from simulator.simulation.serving import Served, Serving
from simulator.simulation.traffic import Arrivals

__all__ = ["Responses"]

_SINGLE, _BATCH = ENDPOINTS.index("score"), ENDPOINTS.index("batch")
_PARTNER = CHANNELS.index("partner")  # all batches are theirs
_OK, _CLIENT_ERROR, _SERVER_ERROR = range(len(STATUS_CLASSES))
_TIMEOUT = OUTCOMES.index("timeout")
_UNAVAILABLE = OUTCOMES.index("unavailable")
#: One outcome more than the metrics tell apart: served, but Kafka does not take the decision.
_UNWRITTEN = len(OUTCOMES)
_NOT_FOUND_SHARE = 0.01  # reads of a decision that is not, or no longer, there
#: Which status it is that scoring answers to each outcome, and look-ups of each class.
_OF_OUTCOMES = np.equal.outer([STATUS_OF_OUTCOME[o] for o in OUTCOMES], STATUSES).astype(np.int64)
_OF_LOOK_UPS = np.equal.outer([200, 404, 503], STATUSES).astype(np.int64)
_LOOK_UPS = [i for i in range(len(ENDPOINTS)) if i not in (_SINGLE, _BATCH)]
#: The outcomes of each class of errors that are answered at once.
_QUICK = {
    status_class: [
        i for i, o in enumerate(OUTCOMES) if class_of_outcome(o) == status_class and i != _TIMEOUT
    ]
    for status_class in (_CLIENT_ERROR, _SERVER_ERROR)
}


class Responses:
    """Samples the answers to arrivals, as they fare in the line for a worker."""

    def __init__(self, scenario: Scenario, step: float) -> None:
        # people make mistakes; the systems that send batches do not
        self._invalid = (scenario.traffic.invalid_ratio, 0.0)
        self._timeout = scenario.platform.api.timeout_seconds
        times = scenario.platform.api.service_times
        self._bureau, self._look_up = times.bureau, times.look_up.distribution
        self._refused = _buckets(times.refusal.distribution)
        self._sizes = np.array(scenario.traffic.batch_sizes, dtype=np.int64)
        self._step = step
        self._serving = Serving(scenario, step, self._invalid)

    def answers(
        self, arrivals: Arrivals, causes: Causes, unwritable: Floats, draws: Draws
    ) -> Requests:
        """What became of the arrivals.

        Args:
            arrivals: requests by endpoint, and the channels of single applications.
            causes: the causes of these ticks.
            unwritable: share of messages that Kafka cannot take, shape (ticks,).
            draws: the random draws of these ticks.
        """
        served, counts = self._serving.served(arrivals.expected, causes), arrivals.requests
        chances = [
            _outcome_chances(invalid, causes.faults, late, served.interrupted, unwritable)
            for invalid, late in zip(self._invalid, served.timeouts.T, strict=True)
        ]
        single = _split(draws, "single", counts[:, _SINGLE], arrivals.channels, chances[0])
        sizes = np.full(len(self._sizes), 1.0 / len(self._sizes))
        batch = _split(draws, "batch", counts[:, _BATCH], sizes, chances[1])
        singles, by_size = _as_outcomes(single), _as_outcomes(batch)
        applications, batches = singles.copy(), np.zeros_like(singles)
        batches[:, _PARTNER] = by_size.sum(axis=1)
        applications[:, _PARTNER] += np.tensordot(by_size, self._sizes, ([1], [0]))
        http, seconds = self._timed(counts, single.sum(axis=1), batch.sum(axis=1), served, draws)
        self._fill_lookups(http, seconds, counts, causes.replicas, draws)
        scored = applications[:, :, 0].sum(axis=1)
        calls = draws(
            "bureau.calls", Generator.binomial, scored, np.full(len(scored), self._bureau.share)
        )
        failing = bureau_failure_probability(causes.slowness["bureau"], self._bureau)
        failures = draws("bureau.failures", Generator.binomial, calls, failing)
        # as many as come in a second, times how long they take (J. D. C. Little, 1961)
        in_flight = seconds.sum(axis=(1, 2)) / self._step
        return Requests(
            applications=applications,
            singles=singles,
            batches=batches,
            http=http,
            http_seconds=seconds,
            statuses=_statuses(http, singles, batches),
            expected=arrivals.expected.sum(axis=1),
            in_flight=in_flight,
            waiting=served.waiting,
            busy=served.busy,
            bureau_calls=calls,
            bureau_failures=failures,
        )

    def _timed(
        self, arrivals: Ints, single: Ints, batch: Ints, served: Served, draws: Draws
    ) -> tuple[Ints, Floats]:
        """HTTP requests by endpoint, class and bucket, and their seconds."""
        shape = (len(arrivals), *Requests.shapes()["http"])
        http = np.zeros(shape, dtype=np.int64)
        seconds = np.zeros(shape[:3])
        for column, outcomes, kind in ((_SINGLE, single, 0), (_BATCH, batch, 1)):
            shares, means = normalised(served.shares[:, kind]), served.means[:, kind]
            http[:, column, _OK], seconds[:, column, _OK] = _durations(
                draws, f"http.{kind}.ok", outcomes[:, 0], shares, means
            )
            self._fill_errors(http, seconds, column, outcomes, draws)
            unwritten = _durations(
                draws, f"http.{kind}.unwritten", outcomes[:, _UNWRITTEN], shares, means
            )
            http[:, column, _SERVER_ERROR] += unwritten[0]
            seconds[:, column, _SERVER_ERROR] += unwritten[1]
        return http, seconds

    def _fill_errors(
        self, http: Ints, seconds: Floats, column: int, outcomes: Ints, draws: Draws
    ) -> None:
        """Errors are answered at once, but for timeouts, which take as long as the timeout."""
        for status_class, quick in _QUICK.items():
            http[:, column, status_class], seconds[:, column, status_class] = _durations(
                draws,
                f"http.{column}.{status_class}",
                outcomes[:, quick].sum(axis=1),
                *self._refused,
            )
        late = np.searchsorted(HTTP_EDGES, self._timeout, side="right")
        http[:, column, _SERVER_ERROR, late] += outcomes[:, _TIMEOUT]
        seconds[:, column, _SERVER_ERROR] += outcomes[:, _TIMEOUT] * (self._timeout + 0.001)

    def _fill_lookups(
        self, http: Ints, seconds: Floats, arrivals: Ints, replicas: Replicas, draws: Draws
    ) -> None:
        """What is read back: by a replica that is there, and may be slow."""
        buckets = _looked_up(self._look_up, replicas)
        for column in _LOOK_UPS:
            found = arrivals[:, column]
            if replicas.unreachable.any():  # else no draw would use up any randomness
                lost = draws(
                    f"lookup.{column}.unreachable", Generator.binomial, found, replicas.unreachable
                )
                found = found - lost
                http[:, column, _SERVER_ERROR], seconds[:, column, _SERVER_ERROR] = _durations(
                    draws, f"lookup.{column}.{_SERVER_ERROR}", lost, *self._refused
                )
            share = 0.0 if ENDPOINTS[column] == "models" else _NOT_FOUND_SHARE
            missing = draws(
                f"lookup.{column}", Generator.binomial, found, np.full(len(found), share)
            )
            for status_class, n in ((_OK, found - missing), (_CLIENT_ERROR, missing)):
                http[:, column, status_class], seconds[:, column, status_class] = _durations(
                    draws, f"lookup.{column}.{status_class}", n, *buckets
                )


@lru_cache(maxsize=64)
def _buckets(times: LogNormal) -> tuple[Floats, Floats]:
    """Shares and mean seconds of the buckets of what takes as long at all times."""
    return normalised(bucket_shares(times, HTTP_EDGES)), bucket_means(times, HTTP_EDGES)


def _split(draws: Draws, name: str, count: Ints, shares: Floats, chances: Floats) -> Ints:
    """Counts by share and outcome, shape (ticks, shares, outcomes + 1)."""
    joint = shares[..., np.newaxis] * chances[:, np.newaxis, :]
    flat = joint.reshape(len(count), -1)
    return draws(f"outcomes.{name}", Generator.multinomial, count, flat).reshape(joint.shape)


def _durations(
    draws: Draws, name: str, count: Ints, shares: Floats, means: Floats
) -> tuple[Ints, Floats]:
    """Requests by bucket (ticks, buckets) and their seconds (ticks,).

    Shares are `normalised`, and may have no ticks.
    """
    by_tick = np.broadcast_to(shares, (len(count), shares.shape[-1]))
    drawn = draws(name, Generator.multinomial, count, by_tick)
    return drawn, (drawn * means).sum(axis=1)


def _looked_up(times: LogNormal, replicas: Replicas) -> tuple[Floats, Floats]:
    """Shares and mean seconds of the buckets of look-ups; without ticks where nothing is slow."""
    if not replicas.slow_share.any():
        return _buckets(times)
    slow = [np.round(replicas.slow_share, 4), np.round(replicas.slow_factor, 2)]
    distinct, which = distinct_rows(slow)
    found = [bucket_mixture(times, HTTP_EDGES, *row) for row in distinct.tolist()]
    shares, means = np.array(found).swapaxes(0, 1)
    return normalised(shares)[which], means[which]


def _statuses(http: Ints, singles: Ints, batches: Ints) -> Ints:
    """The requests by endpoint and exact status, arrays as in `Requests`."""
    statuses = np.zeros((len(http), *Requests.shapes()["statuses"]), dtype=np.int64)
    statuses[:, _LOOK_UPS] = http[:, _LOOK_UPS].sum(axis=3) @ _OF_LOOK_UPS
    statuses[:, _SINGLE] = singles.sum(axis=1) @ _OF_OUTCOMES
    statuses[:, _BATCH] = batches.sum(axis=1) @ _OF_OUTCOMES
    return statuses


def _as_outcomes(counts: Ints) -> Ints:
    """Counts by OUTCOMES along the last axis: what Kafka does not take is unavailable."""
    outcomes = counts[..., :_UNWRITTEN].copy()
    outcomes[..., _UNAVAILABLE] += counts[..., _UNWRITTEN]
    return outcomes


def _outcome_chances(
    invalid_ratio: float, faults: Floats, late: Floats, interrupted: Floats, unwritable: Floats
) -> Floats:
    """Probability of each outcome, shape (ticks, outcomes + 1); checks come one after another.

    In the order in which the API decides: validation, the injected faults, the timeout of a queued
    request, whether its replica is lost meanwhile, and last whether Kafka takes the decision.
    """
    chances = np.zeros((len(faults), len(OUTCOMES) + 1))
    chances[:, OUTCOMES.index("validation")] = invalid_ratio
    left = np.full(len(faults), 1.0 - invalid_ratio)
    for column, reason in enumerate(FAULTS):
        chances[:, OUTCOMES.index(reason)] = left * faults[:, column]
        left = left * (1.0 - faults[:, column])
    chances[:, _TIMEOUT] += left * late
    left = left * (1.0 - late)
    chances[:, _UNAVAILABLE] += left * interrupted
    left = left * (1.0 - interrupted)
    chances[:, _UNWRITTEN] = left * unwritable
    chances[:, 0] = left * (1.0 - unwritable)
    return normalised(chances)
