"""Requests are answered with an error."""

from collections.abc import Iterator
from typing import Final, Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.fields import Ratio
from simulator.scenario.lever import Lever
from simulator.scenario.severity import turned_away, waiting
from simulator.scenario.vocabulary import Alarms

__all__ = ["Errors"]

_LATE_SHARE: Final = 0.06  # enough in vain for one in twenty to wait for the whole timeout
_FEW: Final = (0.003, 0.03, 0.3, 0.95)
_MANY: Final = (0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 0.95)
_STRENGTHS: Final = {500: _MANY, 503: _MANY, 401: _FEW, 429: _FEW, 504: _FEW}


class Errors(EpisodeBase):
    """A share of scoring requests is answered with an error status."""

    kind: Literal["errors"]
    status: Literal[401, 429, 500, 503, 504] = 500
    ratio: Ratio

    def consequences(self, base: Baseline) -> Alarms:
        """Applicants are turned away, some after they have waited."""
        found: Alarms = {"success-rate": turned_away(self.ratio)}
        if self.status == 504 and self.ratio >= _LATE_SHARE:  # noqa: PLR2004 - a timeout's status
            found["response-time"] = waiting(base.platform.api.timeout_seconds, base)
        return found

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each status."""
        return map(_of_status, _STRENGTHS)


def _of_status(status: int) -> Lever:
    return Lever(
        f"answers-{status}",
        "errors",
        lambda ratio: {"status": status, "ratio": ratio},
        _STRENGTHS[status],
    )
