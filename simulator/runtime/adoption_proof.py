"""What an adopted mapping is worth: coverage of a calm day and of the tour, before and after."""

from collections.abc import Mapping as Keyed
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulator.coverage.cover import CoverPlan
from simulator.coverage.findings import Code
from simulator.coverage.verdicts import AlertCoverage, Coverage, Verdict
from simulator.grafana.model import Dashboard
from simulator.grafana.static_queries import static_query
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.model import Mapping
from simulator.progress import Report
from simulator.promql.selectors import selectors
from simulator.rules.model import Group, Recording
from simulator.runtime.days import MONDAY
from simulator.runtime.scenario_coverage import scenario_coverage
from simulator.timeline.durations import format_duration

__all__ = ["Proof", "proof_of", "reads_any"]

_STEP_SECONDS: Final = 15.0
_ALWAYS: Final = 0.95
"""Of a day: what fires for longer fires always."""
_LABELS: Final = frozenset({Code.UNKNOWN_LABEL, Code.UNKNOWN_VALUE, Code.OTHER_SPELLING})
_KINDS: Final = ("always", "part", "never", "no data")
_PARTS: Final = ("", "_bucket", "_sum", "_count")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a scenario showed under a mapping.

    Of `n_panels` those with data are counted by what feeds them: any measure, or extra signals
    alone. `n_without_label` are those of them whose queries name a label or a value that is not
    there. Alerts fire
    always, for a part of the day, never, or have no data.
    """

    scenario: str
    n_panels: int = 0
    n_by_measures: int = 0
    n_by_signals: int = 0
    n_without_label: int = 0
    always: tuple[str, ...] = ()
    for_a_part: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    without_data: tuple[str, ...] = ()

    @property
    def n_with_data(self) -> int:
        """How many panels had any value."""
        return self.n_by_measures + self.n_by_signals


def proof_of(
    scenario: str,
    mapping: Mapping,
    dashboards: Sequence[Dashboard],
    rules: tuple[Group, ...],
    report: Report,
) -> Proof:
    """What a day of the scenario of that name shows under a mapping.

    Raises:
        StackError: a program is missing, or does not do what it should.
    """
    plan = chosen_draw(scenario, mapping, origin=MONDAY).scenario
    looked_at = CoverPlan(
        start=0.0,
        end=plan.duration,
        resolution=_STEP_SECONDS,
        scrape_interval=format_duration(_STEP_SECONDS),
        scenario=plan.name,
        rules=rules,
    )
    found = scenario_coverage(plan, dashboards, looked_at, report, mapping=mapping)
    return _proof(scenario, found, mapping, dashboards, rules)


def _proof(
    scenario: str,
    found: Coverage,
    mapping: Mapping,
    dashboards: Sequence[Dashboard],
    rules: tuple[Group, ...],
) -> Proof:
    recorded = _recorded(rules)
    by_measures = by_signals = 0
    for board, covered in zip(dashboards, found.dashboards, strict=True):
        queries = _queries(board)
        for panel in covered.panels:
            if panel.has_data:
                forms = _forms(queries.get(panel.path, ()), mapping, recorded)
                is_signal = bool(forms) and forms <= {"signal", "always"}
                by_signals += is_signal
                by_measures += not is_signal
    fired = {
        kind: tuple(a.name for a in found.alerts if _kind(a, found) == kind) for kind in _KINDS
    }
    return Proof(
        scenario,
        n_panels=len(found.panels),
        n_by_measures=by_measures,
        n_by_signals=by_signals,
        n_without_label=sum(
            p.has_data and any(f.code in _LABELS for f in p.findings) for p in found.panels
        ),
        always=fired["always"],
        for_a_part=fired["part"],
        never=fired["never"],
        without_data=fired["no data"],
    )


def _kind(alert: AlertCoverage, found: Coverage) -> str:
    if alert.verdict in {Verdict.NO_DATA, Verdict.ERROR, Verdict.UNSUPPORTED}:
        return "no data"
    if not alert.fires:
        return "never"
    return "always" if alert.seconds >= _ALWAYS * (found.end - found.start) else "part"


def _queries(board: Dashboard) -> dict[str, tuple[str, ...]]:
    """The queries of each panel, by its place."""
    return {
        panel.path: tuple(
            query.text
            for target in panel.targets
            if (query := static_query(target.expr, board)) is not None
        )
        for panel in board.panels
    }


def _recorded(rules: Sequence[Group]) -> dict[str, str]:
    return {
        rule.name: rule.expr for one in rules for rule in one.rules if isinstance(rule, Recording)
    }


def _forms(queries: Sequence[str], mapping: Mapping, recorded: Keyed[str, str]) -> set[str]:
    """The forms of all metrics that queries read, and that the mapping has."""
    names = {one.metric for query in queries for one in selectors(query)}
    for _ in range(5):  # what is recorded may be made of what is recorded
        names |= {s.metric for n in names & recorded.keys() for s in selectors(recorded[n])}
    return {
        mapping.metrics[base].form
        for name in names
        for part in _PARTS
        if name.endswith(part) and (base := name.removesuffix(part)) in mapping.metrics
    }


def reads_any(dashboards: Sequence[Dashboard], rules: Sequence[Group], mapping: Mapping) -> bool:
    """Whether any query reads a metric that a mapping has."""
    recorded = _recorded(rules)
    texts = [text for board in dashboards for one in _queries(board).values() for text in one]
    texts += [alert.expr for one in rules for alert in one.alerts if hasattr(alert, "expr")]
    return bool(_forms(texts, mapping, recorded))
