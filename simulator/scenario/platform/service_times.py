"""How long the parts of a request take in health, and how often each of them is there."""

import math
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from simulator.scenario.fields import Described, Ratio

__all__ = ["Bureau", "LogNormal", "ServiceTimes", "Times"]


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal distribution in seconds, by its median and the deviation of its logarithm.

    >>> round(LogNormal(0.012, 0.5).mean, 4)
    0.0136
    """

    median: float
    sigma: float

    @property
    def mean(self) -> float:
        """Mean seconds, m exp(s^2 / 2)."""
        return self.median * math.exp(self.sigma**2 / 2.0)


Median = Annotated[float, Field(ge=1e-4, le=30.0)]
Sigma = Annotated[float, Field(ge=0.01, le=2.0)]
Timeout = Annotated[float, Field(gt=0.0, le=60.0)]


class Times(Described):
    """Times that are log-normal."""

    median_seconds: Median
    """Half of them are shorter."""
    sigma: Sigma
    """Standard deviation of their logarithm: with 0.5 one in twenty takes 2.3 times the median."""

    @property
    def distribution(self) -> LogNormal:
        """The distribution."""
        return LogNormal(self.median_seconds, self.sigma)


class Prediction(Times):
    """One prediction, with the features that it waits for."""

    median_seconds: Median = 0.012
    """Half of the predictions are shorter."""
    sigma: Sigma = 0.5
    """Standard deviation of the logarithm of their time."""


class Gateway(Times):
    """Everything of a scoring request but the prediction, the bureau and stalls."""

    median_seconds: Median = 0.030
    """Half of the requests take less."""
    sigma: Sigma = 0.6
    """Standard deviation of the logarithm of that time."""


class Bureau(Times):
    """A look-up at the credit bureau (the Banque de France), where nothing is cached."""

    median_seconds: Median = 0.120
    """Half of the look-ups are shorter."""
    sigma: Sigma = 0.4
    """Standard deviation of the logarithm of their time."""
    share: Ratio = 0.10
    """Share of scorings that need one."""
    timeout_seconds: Timeout = 1.5
    """After so long the API decides without the answer."""
    failure_ratio: Ratio = 3e-3
    """Share of look-ups that fail on a healthy day, beside those that take too long."""


class Stall(Times):
    """Garbage collection, cold caches: the slow tail."""

    median_seconds: Median = 0.300
    """Half of the stalls are shorter."""
    sigma: Sigma = 0.4
    """Standard deviation of the logarithm of their time."""
    share: Ratio = 0.006
    """Share of requests with one."""


class LookUp(Times):
    """Reading back a decision, a list of models."""

    median_seconds: Median = 0.008
    """Half of the requests that read something take less."""
    sigma: Sigma = 0.5
    """Standard deviation of the logarithm of their time."""


class Refusal(Times):
    """Answering with an error at once."""

    median_seconds: Median = 0.004
    """Half of the refusals are shorter."""
    sigma: Sigma = 0.4
    """Standard deviation of the logarithm of their time."""


class ServiceTimes(Described):
    """How long the parts of a request take in health: log-normal, and independent of each other."""

    prediction: Prediction = Prediction()
    """One prediction."""
    gateway: Gateway = Gateway()
    """All the rest of a scoring request."""
    bureau: Bureau = Bureau()
    """A look-up at the credit bureau."""
    stall: Stall = Stall()
    """A stall, now and then."""
    look_up: LookUp = LookUp()
    """A request that reads something back."""
    refusal: Refusal = Refusal()
    """An error that is answered at once."""
