"""A threshold as its page shows it: from what to what, how good, and the charts behind it."""

from dataclasses import dataclass

from simulator.drawing.chart import Chart
from simulator.drawing.page_templates import Badge
from simulator.grafana.colors import css_color
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.report.criterion_text import gap_text, setting_text, value_text
from simulator.tuning.report.html.criteria_table import CriteriaTable, criteria_table
from simulator.tuning.report.html.level_facts import level_facts
from simulator.tuning.report.html.precision_recall_chart import precision_recall_chart
from simulator.tuning.report.html.trade_off_chart import trade_off_chart
from simulator.tuning.results import LevelTuning, MonitorTuning, Tuning

__all__ = ["LevelView", "level_badge", "level_view"]


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level; `facts` are names and values about the proposal, `note` why there is none."""

    level: str
    color: str
    badge: Badge
    today: str
    proposal: str
    note: str
    rule: str
    table: CriteriaTable
    facts: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]


def level_badge(level: LevelTuning) -> Badge:
    """What becomes of a threshold, as a badge."""
    if level.proposal is None:
        return Badge("open", "?", "no proposal")
    if level.is_moved:
        return Badge("moves", "→", "moves")
    return (
        Badge("stays", "✗", "stays: held back")
        if level.is_held_back
        else Badge("stays", "=", "stays")
    )


def level_view(tuning: Tuning, part: MonitorTuning, level: LevelTuning) -> LevelView:
    """The threshold as shown; without charts where it follows another."""
    found = level_facts(part, level)
    proposed = level.moved_to
    return LevelView(
        level=level.level,
        color=css_color(level.level),
        badge=level_badge(level),
        today=setting_text(level.today, part.monitor),
        proposal=setting_text(proposed, part.monitor) if proposed else "",
        note=level.note,
        rule=_rule(level),
        table=criteria_table(
            level, tuning.n_chosen_on, len(part.monitor.recordings) - tuning.n_chosen_on
        ),
        facts=_facts(level, part.monitor, tuning.objective.name),
        charts=(precision_recall_chart(found), trade_off_chart(found)) if found else (),
    )


def _facts(level: LevelTuning, monitor: Monitor, objective: str) -> tuple[tuple[str, str], ...]:
    """The optimum, how sure it is, what rounding cost, and the gap to unseen recordings."""
    found, unit = level.proposal, monitor.unit
    if found is None:
        return ()
    low, high = (_about(end, unit) for end in found.interval)
    facts = [
        ("best before rounding", _about(found.exact, unit)),
        ("best in 95 % of resamples", low if low == high else f"{low} … {high}"),
    ]
    if level.is_held_back:
        facts.insert(0, ("held back", setting_text(found.setting, monitor)))
    if not found.is_today:
        facts.append((f"rounding cost, {objective}", f"{abs(found.rounding_cost):.2f}"))
    if level.unseen:
        facts.append((f"gap on unseen, {objective}", gap_text(level.gap)))
    return tuple(facts)


def _about(value: float, unit: str) -> str:
    """What is only known roughly, with three digits."""
    return value_text(float(f"{value:.3g}"), unit)


def _rule(level: LevelTuning) -> str:
    name = level.rule.name if level.rule else ""
    return f"{name} (not the same number: {level.difference})" if level.difference else name
