"""A laboratory without programs: what panels show follows from the episodes by a formula."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simulator.coverage.judging import field_coverage
from simulator.coverage.plan.trials import PanelId, TrialResults
from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    PanelCoverage,
    Verdict,
)
from simulator.grafana.thresholds import Step, Thresholds
from simulator.observation.panel_values import FieldKey, FieldValues, SeriesValues
from simulator.progress import Progress, Report, unreported
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.model import Scenario

SPACING = 60.0
Level = Callable[[EpisodeBase | None], float]


@dataclass(frozen=True)
class MadeUpPanel:
    """A panel with one field: `level` is what it shows under an episode, or under none.

    nan is no data, `absence` why. `steps` are the values at which a colour begins, after the first.
    """

    title: str
    level: Level
    steps: tuple[tuple[float, str], ...] = ()
    error: str = ""
    absence: str = ""

    def coverage(
        self, times: NDArray[np.float64], episodes: Sequence[EpisodeBase | None]
    ) -> PanelCoverage:
        one = self._field(times, episodes)
        return PanelCoverage(f"panels[{self.title}]", None, self.title, "stat", one.verdict, (one,))

    def _field(
        self, times: NDArray[np.float64], episodes: Sequence[EpisodeBase | None]
    ) -> FieldCoverage:
        if self.error:
            return FieldCoverage(self.title, Verdict.ERROR, reason=self.error)
        thresholds = Thresholds(
            (Step(-math.inf, "green"), *(Step(value, color) for value, color in self.steps))
        )
        levels = np.array([self.level(one) for one in episodes])
        there = ~np.isnan(levels)
        hidden = np.zeros(int(there.sum()), dtype=np.bool_)
        series = SeriesValues("", times[there], levels[there], hidden)
        field = FieldValues(
            FieldKey("A", "lastNotNull", thresholds),
            (series,),
            unit="",
            is_text=False,
        )
        found = field_coverage(field, self.title, spacing=SPACING, episodes=())
        return replace(found, reason=self.absence) if self.absence else found


@dataclass
class MadeUpLaboratory:
    """Looks at its panels every minute, and keeps what it was asked to run.

    Episodes of the kind `unproven` do nothing where a whole scenario is run.
    """

    panels: Sequence[MadeUpPanel]
    unproven: str = ""
    runs: list[list[Scenario]] = field(default_factory=list)

    def try_out(
        self,
        scenarios: Sequence[Scenario],
        *,
        apart: float,
        step: float,
        only: Collection[PanelId] | None = None,
        report: Report = unreported,
    ) -> TrialResults:
        del step
        self.runs.append(list(scenarios))
        report(Progress("panels", 1, 1))
        coverage, spans = self._seen(scenarios, apart)
        if only is not None:
            (board,) = coverage.dashboards
            kept = tuple(one for one in board.panels if ("made-up Made up", one.path) in only)
            coverage = replace(coverage, dashboards=(replace(board, panels=kept),))
        return TrialResults(coverage, spans)

    def prove(self, scenario: Scenario, *, report: Report = unreported) -> Coverage:
        self.runs.append([scenario])
        report(Progress("panels", 1, 1))
        kept = tuple(e for e in scenario.episodes if e.kind != self.unproven)
        return self._seen([scenario.model_copy(update={"episodes": kept})], 0.0)[0]

    def _seen(
        self, scenarios: Sequence[Scenario], apart: float
    ) -> tuple[Coverage, tuple[tuple[float, float], ...]]:
        spans: list[tuple[float, float]] = []
        times: list[float] = []
        episodes: list[EpisodeBase | None] = []
        start = 0.0
        for scenario in scenarios:
            for moment in np.arange(SPACING, scenario.duration + 1.0, SPACING).tolist():
                times.append(start + moment)
                episodes.append(_on_at(scenario, moment))
            spans.append((start, start + scenario.duration))
            start += scenario.duration + apart
        panels = tuple(one.coverage(np.array(times), episodes) for one in self.panels)
        board = DashboardCoverage("made-up", "Made up", panels)
        return Coverage(0.0, start, SPACING, (board,)), tuple(spans)


def _on_at(scenario: Scenario, moment: float) -> EpisodeBase | None:
    on = (e for e in scenario.episodes if e.start < moment <= e.start + e.duration)
    return next(on, None)


def turned_by(kind: str, parameter: str, *, calm: float, gain: float) -> Level:
    """A level that grows in proportion to a parameter of the episodes of one kind."""

    def level(episode: EpisodeBase | None) -> float:
        if episode is None or getattr(episode, "kind", "") != kind:
            return calm
        return calm + gain * float(getattr(episode, parameter))

    return level
