"""Whether a Pushgateway keeps up: a slow one shows values that are old."""

import logging

__all__ = ["LatenessWatch"]

_LOG = logging.getLogger(__name__)
_ENOUGH = 0.5
"""Of an interval: so quickly it has to take values again, before it counts as keeping up."""


class LatenessWatch:
    """Told how old values were when the gateway had taken them, it logs where that is too old.

    One warning when it takes longer than the interval from push to push, and one notice when it
    keeps up again. A time that wavers about the interval is said once.
    """

    def __init__(self, server: str, *, interval_seconds: float) -> None:
        self._server = server
        self._interval_seconds = interval_seconds
        self._is_late = False

    def note_taken(self, age_seconds: float) -> None:
        """Values of this age were taken whole."""
        if not self._is_late and age_seconds > self._interval_seconds:
            self._is_late = True
            _LOG.warning(
                "%s is slow: values are %.1f s old when it has taken them, and new ones come "
                "every %g s; some are left out",
                self._server,
                age_seconds,
                self._interval_seconds,
            )
        elif self._is_late and age_seconds < _ENOUGH * self._interval_seconds:
            self._is_late = False
            _LOG.info("%s keeps up again", self._server)
