"""What an answer can say of itself: when it was given, and how long that took."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec

from simulator.mapping.answer_values import OF_SERVED

__all__ = ["Moment", "field_of"]


class Moment(msgspec.Struct, gc=False):
    """When a request was answered, in seconds since 1970, and after how many."""

    unix_seconds: float = 0.0
    processing: float = 0.0
    key: str = ""

    @property
    def request_id(self) -> str:
        """A key of the request, the same whoever asks."""
        if not self.key:
            self.key = str(uuid4())
        return self.key

    @property
    def timestamp(self) -> str:
        """When it was, by ISO 8601.

        >>> Moment(unix_seconds=1767605400.125).timestamp
        '2026-01-05T09:30:00.125Z'
        """
        at = datetime.fromtimestamp(self.unix_seconds, UTC)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"

    @property
    def processing_time_seconds(self) -> float:
        """Seconds from the request's arrival to the answer, to the microsecond."""
        return round(self.processing, 6)

    @property
    def processing_time_ms(self) -> float:
        """The same in milliseconds."""
        return round(self.processing * 1000.0, 3)


def field_of(name: str) -> str:
    """Where a value of a template lies in what is answered, which has a `moment` beside its own.

    >>> field_of("score"), field_of("timestamp")
    ('score', 'moment.timestamp')
    """
    return f"moment.{name}" if name in OF_SERVED else name
