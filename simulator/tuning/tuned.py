"""Everything watched, judged against the alarms that were wanted, with a proposal for each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.tuning.choosing.proposing import Chosen, Proposal, proposals
from simulator.tuning.choosing.search import Search
from simulator.tuning.decisions import as_decided, decided
from simulator.tuning.judging.badness import Recording
from simulator.tuning.judging.judgements import Judgement, Setting, judgement
from simulator.tuning.results import LevelTuning, Tuning, WatchedTuning
from simulator.tuning.truth.incidents import LEVELS, Incident, Wanted, incidents_of
from simulator.tuning.watching.alike import leads
from simulator.tuning.watching.watched import Skipped, Watched

__all__ = ["tuned"]

_EVERYTHING: Final = "*"


def tuned(  # noqa: PLR0913 - the parts of the question, all by keyword
    found: Iterable[Watched | Skipped],
    *,
    wanted: Sequence[Wanted],
    search: Search,
    n_chosen_on: int,
    subject: str = "",
    report: Callable[[int, int, str], None] = lambda _done, _count, _name: None,
) -> Tuning:
    """The tuning of everything watched. The first `n_chosen_on` recordings are chosen on.

    `report` is told how many are done, of how many, and the name of the latest.
    """
    everything = list(found)
    watched = [one for one in everything if isinstance(one, Watched)]
    lead_of = leads(watched)
    question = _Question(wanted, search, n_chosen_on)
    done: dict[int, WatchedTuning] = {}
    for one in sorted(watched, key=lambda w: lead_of[id(w)] is not w):
        done[id(one)] = question.answered(one, done.get(id(lead_of[id(one)])))
        report(len(done), len(watched), one.name)
    return Tuning(
        parts=tuple(done[id(one)] for one in watched),
        skipped=tuple(one for one in everything if isinstance(one, Skipped)),
        unknown=_unknown(watched, wanted),
        objective=search.objective,
        n_recordings=max((len(one.recordings) for one in watched), default=0),
        n_chosen_on=n_chosen_on,
        subject=subject,
    )


def _names(watched: Watched) -> set[str]:
    return {name.casefold() for name in watched.names} | {_EVERYTHING}


def _unknown(watched: Sequence[Watched], wanted: Sequence[Wanted]) -> tuple[str, ...]:
    known = {_EVERYTHING}.union(*map(_names, watched))
    return tuple(sorted({w.signal for w in wanted if w.signal.casefold() not in known}))


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of everything watched."""

    wanted: Sequence[Wanted]
    search: Search
    n_chosen_on: int

    def answered(self, watched: Watched, lead: WatchedTuning | None) -> WatchedTuning:
        names = _names(watched)
        wanted = [one for one in self.wanted if one.signal.casefold() in names]
        incidents = {
            level: incidents_of(wanted, level, settling=watched.look_back) for level in LEVELS
        }
        chosen = None if lead else self._chosen(watched, incidents)
        found = chosen.proposals if chosen else _proposals_of(lead)
        levels = [
            self._level(watched, level, setting, incidents[level], found.get(level))
            for level, setting in _today(watched)
        ]
        return WatchedTuning(
            watched,
            as_decided(levels, lead.levels)
            if lead
            else decided(levels, is_lower_worse=watched.alarms.is_lower_worse),
            incidents,
            chosen,
            lead.watched.name if lead else "",
        )

    def _chosen(self, watched: Watched, incidents: Mapping[str, Sequence[Incident]]) -> Chosen:
        return proposals(
            watched.recordings[: self.n_chosen_on],
            incidents,
            dict(_today(watched)),
            self.search,
            is_lower_worse=watched.alarms.is_lower_worse,
        )

    def _level(
        self,
        watched: Watched,
        level: str,
        today: Setting,
        incidents: Sequence[Incident],
        proposal: Proposal | None,
    ) -> LevelTuning:
        def judged(recordings: Sequence[Recording], setting: Setting) -> Judgement:
            return judgement(
                recordings,
                incidents,
                setting,
                is_lower_worse=watched.alarms.is_lower_worse,
                objective=self.search.objective,
            )

        settings = {"today": today} | ({"proposal": proposal.setting} if proposal else {})
        seen, unseen = (
            watched.recordings[: self.n_chosen_on],
            watched.recordings[self.n_chosen_on :],
        )
        chosen_on = {name: judged(seen, one) for name, one in settings.items()}
        return LevelTuning(
            level=level,
            today=today,
            proposal=proposal,
            overall=judged(watched.recordings, today),
            chosen_on=chosen_on,
            unseen={name: judged(unseen, one) for name, one in settings.items() if unseen},
            rule=watched.rules.get(level),
            note="" if proposal else _why_not(incidents, chosen_on["today"].n_incidents),
        )


def _today(watched: Watched) -> Iterator[tuple[str, Setting]]:
    """Today's setting of each level, from orange to red."""
    for level in LEVELS:
        if level in watched.alarms.values:
            rule = watched.rules.get(level)
            yield level, Setting(watched.alarms.values[level], rule.hold if rule else 0.0)


def _proposals_of(lead: WatchedTuning | None) -> Mapping[str, Proposal]:
    levels = lead.levels if lead else ()
    return {one.level: one.proposal for one in levels if one.proposal is not None}


def _why_not(incidents: Sequence[Incident], n_chosen_on: int) -> str:
    if not incidents:
        return "no incident asks for it"
    if not n_chosen_on:
        return "no incident for it in what is chosen on"
    return "no threshold finds incidents and keeps the constraints"
