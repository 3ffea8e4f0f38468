"""What is said of the notifications of each alert, and of what was expected of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from simulator.errors import NotificationError
from simulator.notifying.expected import Expected
from simulator.notifying.fates import Came, Fate, fates_of
from simulator.notifying.links import Links
from simulator.notifying.results import (
    AlertNotices,
    LinkNotice,
    NoticeVerdict,
    NotificationCoverage,
    Opens,
)
from simulator.notifying.routing import Routing
from simulator.rules.model import Alert, AnyAlert, Place
from simulator.timeline.durations import format_duration

__all__ = ["judged"]


def judged(
    alerts: Sequence[tuple[AnyAlert, str]],
    came: Came,
    routing: Routing,
    links: Links,
    expected: Sequence[Expected] = (),
) -> NotificationCoverage:
    """What is said of the notifications of each alert; beside it stands why one is not judged.

    Raises:
        NotificationError: something is expected of an alert that there is not.
    """
    _require_known(expected, [alert.name for alert, _ in alerts])
    fates: dict[Place, list[Fate]] = {}
    for fate in fates_of(came, routing):
        fates.setdefault(fate.firing.place, []).append(fate)
    found = []
    for alert, why_not in alerts:
        about = AlertNotices(alert.name, str(alert.place), NoticeVerdict.NOT_JUDGED)
        mine = fates.get(alert.place, [])
        if why_not or not isinstance(alert, Alert):
            found.append(replace(about, reason=why_not))
        else:
            wanted = [one for one in expected if one.is_for(alert.name)]
            found.append(_Rule(about, mine, routing, came).notices(wanted, links))
    return NotificationCoverage(
        notifications=tuple(came.notifications),
        alerts=tuple(found),
        notes=(*routing.notes, *_notes(came, {alert.name for alert, _ in alerts})),
        precision=came.precision,
        receivers=dict(Counter(one.receiver for one in came.notifications)),
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule's firings, and what is said of them."""

    about: AlertNotices
    fates: Sequence[Fate]
    routing: Routing
    came: Came

    def notices(self, expected: Sequence[Expected], links: Links) -> AlertNotices:
        told = [one for one in self.fates if one.told]
        sent = list({id(n): n for one in told for n in one.told}.values())
        found = replace(
            self.about,
            n_firings=len(self.fates),
            n_told=len(told),
            n_inhibited=sum(bool(one.inhibited_by) for one in self.fates if not one.told),
            n_too_short=sum(one.is_too_short for one in self.fates),
            n_ends=sum(one.is_end_due for one in self.fates),
            n_ends_told=sum(one.is_end_told for one in self.fates if one.is_end_due),
            n_notifications=len(sent),
            waits=tuple(sorted(one.wait for one in told)),
            receivers=tuple(sorted({one.receiver for one in sent})),
            group_by=tuple(sorted({name for one in sent for name in one.group})),
            n_largest=max((len(one.alerts) for one in sent), default=0),
            inhibited_by=tuple(
                sorted(set(chain.from_iterable(one.inhibited_by for one in self.fates)))
            ),
            links=links.of(
                [a for one in told for a in one.alerts] or [f.firing for f in self.fates]
            ),
        )
        if self._may_be_inhibited and any(one.is_lost for one in self.fates):
            n_lost = sum(one.is_lost for one in self.fates)
            return replace(
                found,
                reason=f"nobody is told of {n_lost} of its {found.n_firings} firings; an "
                "inhibition may be why, of which a live run does not tell",
            )
        problems = (*self._problems(found), *self._unmet(found, expected))
        return replace(found, problems=problems, verdict=_verdict(found, problems))

    @property
    def _may_be_inhibited(self) -> bool:
        return self.came.inhibited is None and self.routing.has_inhibitions

    def _problems(self, found: AlertNotices) -> Iterator[str]:
        lost = [one.firing for one in self.fates if one.is_lost]
        if lost:
            yield f"nobody is told of {len(lost)} of its {found.n_firings} firings"
        if found.n_firings and found.n_too_short == found.n_firings:
            longest = max((f.end or f.start) - f.start for f in (one.firing for one in self.fates))
            yield (
                f"nobody is ever told: it is over after {format_duration(longest)} at most, and a "
                f"group waits for up to {format_duration(self.routing.longest_wait)}"
            )
        silent = set(found.receivers) - self.routing.telling
        if found.receivers and silent == set(found.receivers):
            yield f"told to {', '.join(sorted(silent))} alone, which tells nobody"
        missing = found.n_ends - found.n_ends_told
        if missing:
            yield f"that it is over is not told {missing} of {found.n_ends} times"
        yield from map(_link_problem, (one for one in found.links if one.opens is Opens.NO))

    def _unmet(self, found: AlertNotices, expected: Sequence[Expected]) -> Iterator[str]:
        for one in expected:
            if one.receivers is not None and one.receivers != set(found.receivers):
                yield (
                    f"{_listed(found.receivers)} told, and {_listed(one.receivers)} expected"
                    + ("" if found.n_firings else ": it never fires")
                )
            if one.group_by is not None and found.n_told:
                yield from self._otherwise_grouped(one.group_by)
            late = [wait for wait in found.waits if not _is_within(wait, one, self.came.precision)]
            if late and one.within is not None:
                yield (
                    f"told after {format_duration(round(max(late)))}, and within "
                    f"{format_duration(one.within)} expected, {len(late)} of {found.n_told} times"
                )

    def _otherwise_grouped(self, wanted: frozenset[str]) -> Iterator[str]:
        """A group has those labels that its alerts have."""
        for fate in self.fates:
            for one in fate.told:
                due = {name for name in wanted if fate.firing.labels.get(name)}
                if set(one.group) != due:
                    yield f"grouped by {_listed(one.group)}, and by {_listed(due)} expected"
                    return


def _verdict(found: AlertNotices, problems: Sequence[str]) -> NoticeVerdict:
    if problems:
        return NoticeVerdict.WRONG
    if not found.n_firings:
        return NoticeVerdict.NEVER_FIRES
    return NoticeVerdict.TOLD if found.n_told else NoticeVerdict.INHIBITED


def _is_within(wait: float, one: Expected, precision: float) -> bool:
    return one.within is None or wait <= one.within + precision


def _link_problem(link: LinkNotice) -> str:
    return f"its {link.source} does not open: {link.url}: {link.reason}"


def _listed(names: Sequence[str] | Mapping[str, str] | frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


def _notes(came: Came, names: set[str]) -> Iterator[str]:
    others = {
        alert.labels.get("alertname", "") for one in came.notifications for alert in one.alerts
    } - names
    if others:
        yield f"told as well, and not among the rules: {', '.join(sorted(others))}"
    if cut := sum(one.n_truncated for one in came.notifications):
        yield f"the Alertmanager left out {cut} alerts of its notifications"


def _require_known(expected: Sequence[Expected], names: Sequence[str]) -> None:
    for one in expected:
        if one.alert != "*" and not any(map(one.is_for, names)):
            raise NotificationError(
                f"{one.place.below('alert')}: no alert is called {one.alert}; there are: "
                f"{', '.join(sorted(set(names))) or 'none'}"
            )
