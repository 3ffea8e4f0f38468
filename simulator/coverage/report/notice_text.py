"""How notifications are put into words, the same in every report."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulator.drawing.quantities import counted, duration_text
from simulator.notifying.results import AlertNotices, NoticeVerdict, NotificationCoverage, Opens

__all__ = ["NOTICE_GLYPHS", "NOTICE_WORDS", "notice_text", "notices_summary"]

NOTICE_GLYPHS: Mapping[NoticeVerdict, str] = MappingProxyType(
    {
        NoticeVerdict.TOLD: "✓",
        NoticeVerdict.NEVER_FIRES: "○",
        NoticeVerdict.INHIBITED: "/",
        NoticeVerdict.NOT_JUDGED: "?",
        NoticeVerdict.WRONG: "!",
    }
)
NOTICE_WORDS: Mapping[NoticeVerdict, str] = MappingProxyType(
    {verdict: verdict.value.lower().replace("_", " ") for verdict in NoticeVerdict}
)


def notice_text(found: AlertNotices) -> str:
    """Who is told of an alert, after how long, in which groups, and what is wrong with it.

    >>> about = AlertNotices("A", "a.yml", NoticeVerdict.TOLD, n_firings=2, n_told=2)
    >>> told = {"receivers": ("page",), "waits": (30.0, 40.0), "group_by": ("alertname",)}
    >>> from dataclasses import replace
    >>> notice_text(replace(about, n_notifications=3, n_largest=1, **told))
    'page is told 2 of 2 times, after 30s to 40s, grouped by alertname; 3 notifications'
    """
    return "; ".join([*found.problems, *_came(found), *_unjudged(found), *_reasons(found)])


def notices_summary(found: NotificationCoverage) -> str:
    """How many alerts came as they should, of those that fired."""
    fired = sum(bool(one.n_firings) for one in found.alerts)
    sent = counted(len(found.notifications), "notification")
    return f"{found.n_told} of {counted(fired, 'alert')} that fired told as they should, by {sent}"


def _came(found: AlertNotices) -> Iterator[str]:
    if found.n_told:
        waits = list(dict.fromkeys(map(duration_text, (found.waits[0], found.waits[-1]))))
        group = ", ".join(found.group_by) or "nothing"
        yield (
            f"{', '.join(found.receivers)} is told {found.n_told} of {found.n_firings} times, "
            f"after {' to '.join(waits)}, grouped by {group}"
        )
        most = f", of up to {found.n_largest} alerts" if found.n_largest > 1 else ""
        yield f"{counted(found.n_notifications, 'notification')}{most}"
    if found.n_inhibited:
        by = ", ".join(found.inhibited_by)
        yield f"{counted(found.n_inhibited, 'time')} inhibited by {by}"
    if found.n_told and found.n_too_short:
        yield f"{counted(found.n_too_short, 'time')} over too soon to be told"


def _unjudged(found: AlertNotices) -> Iterator[str]:
    """The links that are not judged, by reason."""
    reasons = dict.fromkeys(
        f"{one.source} not judged: {one.reason}"
        for one in found.links
        if one.opens is Opens.NOT_JUDGED
    )
    yield from reasons


def _reasons(found: AlertNotices) -> Iterator[str]:
    if found.reason:
        yield found.reason
    elif found.verdict is NoticeVerdict.NEVER_FIRES:
        yield "it never fires"
