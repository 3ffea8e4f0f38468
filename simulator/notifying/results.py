"""What is said of notifications: of each alert who was told, when and how, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.notifying.notification import Notification

__all__ = ["AlertNotices", "LinkNotice", "NoticeVerdict", "NotificationCoverage", "Opens"]


class NoticeVerdict(StrEnum):
    """What is known of an alert's notifications."""

    TOLD = "TOLD"
    NEVER_FIRES = "NEVER_FIRES"
    INHIBITED = "INHIBITED"
    NOT_JUDGED = "NOT_JUDGED"
    WRONG = "WRONG"


class Opens(StrEnum):
    """Whether a link opens."""

    YES = "opens"
    NO = "does not open"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class LinkNotice:
    """A link of an alert: `source` is the annotation or label that has it."""

    url: str
    source: str
    opens: Opens
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AlertNotices:
    """The notifications of one rule.

    Of its `n_firings`, so many were told, inhibited, or over too soon to be told; of the ends that
    were due, so many were told. `waits` are the seconds from a firing to its first notification.
    `group_by` names the labels of its groups, the largest of which had `n_largest` alerts.
    """

    name: str
    place: str
    verdict: NoticeVerdict
    n_firings: int = 0
    n_told: int = 0
    n_inhibited: int = 0
    n_too_short: int = 0
    n_ends: int = 0
    n_ends_told: int = 0
    n_notifications: int = 0
    waits: tuple[float, ...] = ()
    receivers: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    n_largest: int = 0
    inhibited_by: tuple[str, ...] = ()
    links: tuple[LinkNotice, ...] = ()
    problems: tuple[str, ...] = ()
    reason: str = ""
    is_allowed: bool = False

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong with it, or somebody allows it."""
        return self.verdict is not NoticeVerdict.WRONG or self.is_allowed


@dataclass(frozen=True, slots=True)
class NotificationCoverage:
    """All notifications, and what is said of each alert.

    Where a history was played, `compress` is how many of its seconds were one on the clock, and
    `precision` to how many of them times are right.
    """

    notifications: tuple[Notification, ...]
    alerts: tuple[AlertNotices, ...]
    notes: tuple[str, ...] = ()
    compress: float = 1.0
    precision: float = 0.0
    receivers: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is wrong with any alert's notifications."""
        return all(one.is_right for one in self.alerts)

    @property
    def n_told(self) -> int:
        """How many alerts came as they should."""
        return sum(one.verdict is NoticeVerdict.TOLD for one in self.alerts)
