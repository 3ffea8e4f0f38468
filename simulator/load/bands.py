"""In which band a test's p95, errors and throughput lie."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = [
    "BANDS",
    "USUAL_LIMITS",
    "Band",
    "Judged",
    "Limits",
    "error_band",
    "p95_band",
    "throughput_band",
    "worst_of",
]

Band: TypeAlias = Literal["green", "yellow", "orange", "red"]
BANDS: Final[tuple[Band, ...]] = ("green", "yellow", "orange", "red")
_STANDARD_ERRORS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The last value of each band; what is beyond all of them is red.

    500 ms and 0.1 % are the usual service-level objectives of a scoring API, 2 s and 5 % what its
    critical alerts are for.
    """

    p95_milliseconds: Mapping[Band, float]
    error_ratio: Mapping[Band, float]
    throughput_ratio: Mapping[Band, float]  # the least, of what users and pauses imply


USUAL_LIMITS: Final = Limits(
    p95_milliseconds={"green": 500.0, "yellow": 1000.0, "orange": 2000.0},
    error_ratio={"green": 0.001, "orange": 0.05},
    throughput_ratio={"green": 0.9, "yellow": 0.75, "orange": 0.5},
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A quantity of a test, its limits by band, and its own band: None where it has none.

    `value` and `limits` are in the unit that `name` ends with. `value` is nan where it is
    undefined; `reason` says why.
    """

    name: str
    value: float
    limits: Mapping[Band, float]
    band: Band | None
    reason: str = ""


def p95_band(milliseconds: float, limits: Limits = USUAL_LIMITS) -> Judged:
    """The band of a 95th percentile of response times; nan, where nothing was answered, is red.

    >>> [p95_band(p95).band for p95 in (500.0, 500.1, 2000.0, 2001.0)]
    ['green', 'yellow', 'orange', 'red']
    """
    name, allowed = "p95_milliseconds", limits.p95_milliseconds
    if math.isnan(milliseconds):
        return Judged(name, milliseconds, allowed, "red", "no request")
    return Judged(name, milliseconds, allowed, _at_most(milliseconds, allowed))


def error_band(n_failures: int, n_requests: int, limits: Limits = USUAL_LIMITS) -> Judged:
    """The band of the share of requests that failed; nan, where there was none, is red.

    >>> [error_band(n, 1000).band for n in (1, 2, 50, 51)]
    ['green', 'orange', 'orange', 'red']
    """
    name, allowed = "error_ratio", limits.error_ratio
    if not n_requests:
        return Judged(name, math.nan, allowed, "red", "no request")
    ratio = n_failures / n_requests
    return Judged(name, ratio, allowed, _at_most(ratio, allowed))


def throughput_band(n_requests: int, expected: float, limits: Limits = USUAL_LIMITS) -> Judged:
    """The band of the requests sent, as a share of those that users and pauses imply.

    A count of n says no more than n + 3 sqrt(n) at most, three standard errors of a Poisson count:
    it is that which is held against the limits, so that a short test is not judged by chance.

    >>> [throughput_band(n, 10_000.0).band for n in (8800, 8600, 7300, 4000)]
    ['green', 'yellow', 'yellow', 'red']
    >>> throughput_band(9, 12.0).band, throughput_band(0, 12.0).band
    ('green', 'red')
    """
    name, allowed = "throughput_ratio", limits.throughput_ratio
    if expected <= 0.0:
        return Judged(name, math.nan, allowed, None, "users and pauses imply no rate")
    at_most = (n_requests + _STANDARD_ERRORS * math.sqrt(n_requests)) / expected
    band = next((b for b, least in allowed.items() if at_most >= least), BANDS[-1])
    return Judged(name, n_requests / expected, allowed, band)


def worst_of(judged: Iterable[Judged]) -> Band:
    """The worst band of them; green where none has one."""
    found = [BANDS.index(each.band) for each in judged if each.band is not None]
    return BANDS[max(found, default=0)]


def _at_most(value: float, limits: Mapping[Band, float]) -> Band:
    return next((band for band, most in limits.items() if value <= most), BANDS[-1])
