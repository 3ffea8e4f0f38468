"""Notifications as plain JSON values: what came, and what is said of each alert."""

from typing import Any

from simulator.notifying.notification import Notification
from simulator.notifying.results import AlertNotices, NotificationCoverage
from simulator.scenario.timed_run import timestamp

__all__ = ["notices_json"]


def notices_json(found: NotificationCoverage) -> dict[str, Any]:
    """All notifications in the order in which they came, with times of the history."""
    return {
        "compress": found.compress,
        "precision_seconds": found.precision,
        "is_complete": found.is_complete,
        "receivers": dict(found.receivers),
        "notes": list(found.notes),
        "alerts": [_alert(one) for one in found.alerts],
        "came": [_came(one) for one in sorted(found.notifications, key=lambda one: one.at)],
    }


def _alert(one: AlertNotices) -> dict[str, Any]:
    return {
        "name": one.name,
        "place": one.place,
        "verdict": one.verdict.value,
        "problems": list(one.problems),
        "reason": one.reason,
        "allowed": one.is_allowed,
        "firings": one.n_firings,
        "told": one.n_told,
        "inhibited": one.n_inhibited,
        "inhibited_by": list(one.inhibited_by),
        "over_too_soon": one.n_too_short,
        "ends_due": one.n_ends,
        "ends_told": one.n_ends_told,
        "notifications": one.n_notifications,
        "receivers": list(one.receivers),
        "wait_seconds": list(one.waits),
        "group_by": list(one.group_by),
        "largest_group": one.n_largest,
        "links": [
            {
                "url": link.url,
                "source": link.source,
                "opens": link.opens.value,
                "reason": link.reason,
            }
            for link in one.links
        ],
    }


def _came(one: Notification) -> dict[str, Any]:
    return {
        "at": timestamp(one.at),
        "receiver": one.receiver,
        "group": dict(one.group),
        "firing": [dict(alert.labels) for alert in one.alerts if alert.is_firing],
        "resolved": [dict(alert.labels) for alert in one.alerts if not alert.is_firing],
    }
