"""The tuning of dashboards: every alarm of every panel measured today, and what is proposed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.tuning.aims import Objective
from simulator.tuning.badness import Recording
from simulator.tuning.incidents import LEVELS, Incident, Wanted, incidents_of
from simulator.tuning.judging import Judgement, Setting, judgement
from simulator.tuning.proposing import Chosen, Proposal, Search, proposals
from simulator.tuning.rules import AlertRule
from simulator.tuning.watched import Skipped, Watched

__all__ = ["LevelTuning", "PanelTuning", "Tuning", "panel_name", "tuned"]

_EVERY = "*"


@dataclass(frozen=True, slots=True)
class LevelTuning:
    """One threshold of a panel: today's and the proposed setting, and how good both are.

    `chosen_on` are the judgements on the recordings that the choice saw, `unseen` on the others;
    each by "today" and "proposal". `rule` is the alert with this threshold. `note` says why nothing
    is proposed.
    """

    level: str
    today: Setting
    proposal: Proposal | None
    chosen_on: Mapping[str, Judgement]
    unseen: Mapping[str, Judgement]
    rule: AlertRule | None
    note: str = ""

    @property
    def gap(self) -> float:
        """How much worse the proposal scores where the choice did not see it; nan without one."""
        if "proposal" not in self.unseen:
            return float("nan")
        return self.chosen_on["proposal"].score - self.unseen["proposal"].score


@dataclass(frozen=True, slots=True, eq=False)
class PanelTuning:
    """The alarms of one place of thresholds; `follows` names the panel whose choice it takes."""

    watched: Watched
    levels: tuple[LevelTuning, ...]
    incidents: Mapping[str, tuple[Incident, ...]]
    chosen: Chosen | None
    follows: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """The result: panels in drawing order, what was not tuned, and what it was measured on.

    Recordings up to `n_chosen_on` were chosen on, the others judged only.
    """

    panels: tuple[PanelTuning, ...]
    skipped: tuple[Skipped, ...]
    objective: Objective
    n_recordings: int
    n_chosen_on: int
    subject: str = ""


def panel_name(watched: Watched) -> str:
    """The panel's title, and the field where the thresholds are for a single one."""
    is_of_one = ".overrides." in watched.place and len(watched.fields) == 1
    field = watched.fields[0] if is_of_one else ""
    is_said = field.casefold() in watched.title.casefold()
    return watched.title if not field or is_said else f"{watched.title} · {field}"


def tuned(  # noqa: PLR0913 - the parts of the question, all by keyword
    found: Iterable[Watched | Skipped],
    *,
    wanted: Sequence[Wanted],
    rules: Sequence[AlertRule],
    search: Search,
    n_chosen_on: int,
    subject: str = "",
    report: Callable[[str], None] = lambda _: None,
) -> Tuning:
    """The tuning of everything watched, against the alarms that were wanted.

    Panels of the same signal with the same thresholds are one alarm: the first, or the one that
    the alert links to, is tuned, and the others take its proposal. `report` is told each title.
    """
    everything = list(found)
    watched = [one for one in everything if isinstance(one, Watched)]
    leads = _leads(watched, rules)
    done: dict[int, PanelTuning] = {}
    for one in sorted(watched, key=lambda w: leads[id(w)] is not w):
        lead = leads[id(one)]
        report(panel_name(one))
        done[id(one)] = _panel(
            one, _about(one, rules, wanted), rules, search, n_chosen_on, done.get(id(lead))
        )
    return Tuning(
        panels=tuple(done[id(one)] for one in watched),
        skipped=tuple(one for one in everything if isinstance(one, Skipped)),
        objective=search.objective,
        n_recordings=max((len(one.recordings) for one in watched), default=0),
        n_chosen_on=n_chosen_on,
        subject=subject,
    )


def _leads(watched: Sequence[Watched], rules: Sequence[AlertRule]) -> dict[int, Watched]:
    """For each, by identity, whose proposal it takes; its own where it is the first or linked."""
    linked = {(r.signal, r.panel) for r in rules if r.panel}
    groups: dict[object, list[Watched]] = {}
    for one in watched:
        values = tuple(sorted(one.alarms.values.items()))
        key = (one.signal, values, one.alarms.is_lower_worse) if one.signal else id(one)
        groups.setdefault(key, []).append(one)
    leads = {}
    for group in groups.values():
        lead = next((w for w in group if any(_is_linked(w, *link) for link in linked)), group[0])
        leads.update({id(one): lead for one in group})
    return leads


def _is_linked(watched: Watched, signal: str, link: str) -> bool:
    end = f"/{watched.dashboard.uid}?viewPanel={watched.panel.id}"
    return signal == watched.signal and link.endswith(end)


def _about(watched: Watched, rules: Sequence[AlertRule], wanted: Sequence[Wanted]) -> list[Wanted]:
    """The wanted alarms that this one can raise: named by its signal, panel, field or alert."""
    names = {watched.title, *watched.fields, panel_name(watched)}
    if watched.signal:
        names |= {watched.signal} | {r.name for r in rules if r.signal == watched.signal}
    known = {name.casefold() for name in names} | {_EVERY}
    return [one for one in wanted if one.signal.casefold() in known]


def _panel(  # noqa: PLR0913, PLR0917 - the same parts, one panel at a time
    watched: Watched,
    wanted: Sequence[Wanted],
    rules: Sequence[AlertRule],
    search: Search,
    n_chosen_on: int,
    lead: PanelTuning | None,
) -> PanelTuning:
    incidents = {level: incidents_of(wanted, level, settling=watched.look_back) for level in LEVELS}
    own_rules = {r.level: r for r in rules if r.signal == watched.signal and watched.signal}
    today = {
        level: Setting(value, own_rules[level].hold if level in own_rules else 0.0)
        for level, value in watched.alarms.values.items()
    }
    seen = watched.recordings[:n_chosen_on]
    chosen = None
    if lead is None:
        chosen = proposals(
            seen, incidents, today, search, is_lower_worse=watched.alarms.is_lower_worse
        )
        found: Mapping[str, Proposal] = chosen.proposals
    else:
        found = {one.level: one.proposal for one in lead.levels if one.proposal is not None}
    levels = (
        LevelTuning(
            level=level,
            today=setting,
            proposal=found.get(level),
            chosen_on=_judged(watched, seen, incidents[level], setting, found.get(level), search),
            unseen=_judged(
                watched,
                watched.recordings[n_chosen_on:],
                incidents[level],
                setting,
                found.get(level),
                search,
            ),
            rule=own_rules.get(level),
            note="" if level in found else _why_not(incidents[level]),
        )
        for level, setting in _by_level(today)
    )
    return PanelTuning(
        watched,
        tuple(levels),
        incidents,
        chosen,
        panel_name(lead.watched) if lead is not None else "",
    )


def _by_level(settings: Mapping[str, Setting]) -> Iterator[tuple[str, Setting]]:
    yield from ((level, settings[level]) for level in LEVELS if level in settings)


def _why_not(incidents: Sequence[Incident]) -> str:
    if not incidents:
        return "no incident asks for it"
    return "no threshold keeps the constraints"


def _judged(  # noqa: PLR0913, PLR0917 - the same parts, one set of recordings at a time
    watched: Watched,
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    today: Setting,
    proposal: Proposal | None,
    search: Search,
) -> dict[str, Judgement]:
    settings = {"today": today}
    if proposal is not None:
        settings["proposal"] = proposal.setting
    if not recordings:
        return {}
    return {
        name: judgement(
            recordings,
            incidents,
            setting,
            is_lower_worse=watched.alarms.is_lower_worse,
            objective=search.objective,
        )
        for name, setting in settings.items()
    }
