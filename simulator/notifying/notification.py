"""Notifications as an Alertmanager sends them to a webhook (its data format, version 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import NotificationError
from simulator.quoting import quoted

__all__ = ["Notification", "NotifiedAlert", "notification_in"]


@dataclass(frozen=True, slots=True)
class NotifiedAlert:
    """An alert in a notification; `is_firing` is false where it tells that the alert is over."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    is_firing: bool
    generator_url: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """What a receiver is told at `at` (unix seconds): the alerts of one group.

    `group` are the labels that the group has in common, by which it was made. `n_truncated` alerts
    were left out by the Alertmanager.
    """

    at: float
    receiver: str
    group: Mapping[str, str]
    alerts: tuple[NotifiedAlert, ...]
    n_truncated: int = 0

    @property
    def is_firing(self) -> bool:
        """Whether any of its alerts still fires, which is what the whole is called by."""
        return any(one.is_firing for one in self.alerts)


def notification_in(payload: object, at: float) -> Notification:
    """The notification that a webhook was given at a moment.

    Raises:
        NotificationError: it is none; with what is wanted and what is there.

    >>> alert = {"status": "firing", "labels": {"alertname": "A"}}
    >>> sent = {"receiver": "page", "groupLabels": {"alertname": "A"}, "alerts": [alert]}
    >>> notification_in(sent, 5.0).alerts[0].is_firing
    True
    """
    whole = _mapping(payload, "a notification")
    alerts = whole.get("alerts")
    if not isinstance(alerts, list) or not isinstance(whole.get("receiver"), str):
        raise NotificationError(
            "a notification of an Alertmanager's webhook has a receiver and a list of alerts, and "
            f"this has {', '.join(sorted(map(quoted, whole))[:20]) or 'nothing'}"
        )
    n_truncated = whole.get("truncatedAlerts", 0)
    return Notification(
        at,
        whole["receiver"],
        _texts(whole.get("groupLabels"), "groupLabels"),
        tuple(_alert(one) for one in alerts),
        n_truncated if isinstance(n_truncated, int) else 0,
    )


def _alert(value: object) -> NotifiedAlert:
    alert = _mapping(value, "an alert")
    status = alert.get("status")
    if status not in {"firing", "resolved"}:
        raise NotificationError(f"an alert's status is firing or resolved, not {quoted(status)}")
    return NotifiedAlert(
        labels=_texts(alert.get("labels"), "labels"),
        annotations=_texts(alert.get("annotations"), "annotations"),
        is_firing=status == "firing",
        generator_url=str(alert.get("generatorURL") or ""),
    )


def _texts(value: object, name: str) -> dict[str, str]:
    return {str(key): str(one) for key, one in _mapping(value or {}, name).items()}


def _mapping(value: object, name: str) -> Mapping[str, Any]:  # Any: JSON of others
    if not isinstance(value, Mapping):
        raise NotificationError(f"{name} is a mapping, not {quoted(value)}")
    return value
