"""What `simulator cover` prints of notifications: who is told of each alert, when and how."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simulator.coverage.report.notice_text import NOTICE_GLYPHS, NOTICE_WORDS, notice_text
from simulator.drawing.quantities import duration_text
from simulator.notifying.notification import Notification
from simulator.notifying.results import AlertNotices, NoticeVerdict, NotificationCoverage
from simulator.quoting import printable
from simulator.scenario.timed_run import timestamp

__all__ = ["notices_table", "notification_line"]

_STYLES: Final = {
    NoticeVerdict.TOLD: "green",
    NoticeVerdict.NEVER_FIRES: "dim",
    NoticeVerdict.INHIBITED: "dim",
    NoticeVerdict.NOT_JUDGED: "magenta",
    NoticeVerdict.WRONG: "red",
}
_VERDICT_WIDTH: Final = 13
_MOST_SAID: Final = 800


def notices_table(found: NotificationCoverage, width: int) -> Iterator[RenderableType]:
    """The alerts that fired in a line each, and the names of those that never do."""
    yield Text("notifications", style="bold")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("  alert", overflow="fold", max_width=int(width * 0.36))
    table.add_column("verdict", no_wrap=True, width=_VERDICT_WIDTH)
    table.add_column("what is told", overflow="fold")
    silent = [one for one in found.alerts if one.verdict is NoticeVerdict.NEVER_FIRES]
    for one in found.alerts:
        if one.verdict is not NoticeVerdict.NEVER_FIRES:
            name = Padding(Text(printable(one.name)), (0, 0, 0, 2))
            table.add_row(name, _verdict(one), Text(printable(notice_text(one))[:_MOST_SAID]))
    if table.row_count:
        yield table
    if silent:
        names = ", ".join(printable(one.name) for one in silent)
        yield Text(f"  never fire: {names}", style="dim", overflow="fold")
    for note in (*found.notes, *_pace(found)):
        yield Text(f"  {printable(note)}", style="dim", overflow="fold")


def notification_line(one: Notification) -> str:
    """A notification in a line, as it comes.

    >>> from simulator.notifying.notification import NotifiedAlert
    >>> alert = NotifiedAlert({"alertname": "A", "job": "j"}, {}, is_firing=True)
    >>> notification_line(Notification(0.0, "page", {"alertname": "A"}, (alert,)))
    '1970-01-01T00:00:00Z page firing [alertname=A]: A'
    """
    group = ", ".join(f"{name}={value}" for name, value in one.group.items())
    names = Counter(alert.labels.get("alertname", "?") for alert in one.alerts)
    alerts = ", ".join(f"{name} ({n})" if n > 1 else name for name, n in names.items())
    status = "firing" if one.is_firing else "resolved"
    return printable(f"{timestamp(one.at)} {one.receiver} {status} [{group}]: {alerts}")


def _pace(found: NotificationCoverage) -> Iterator[str]:
    if found.compress > 1.0:
        yield (
            f"played {found.compress:.0f} times as fast to a real Alertmanager; times are right "
            f"to {duration_text(found.precision)}"
        )


def _verdict(one: AlertNotices) -> Text:
    said = "allowed" if one.is_allowed else NOTICE_WORDS[one.verdict]
    return Text(f"{NOTICE_GLYPHS[one.verdict]} {said}", style=_STYLES[one.verdict])
