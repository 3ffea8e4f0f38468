"""What a panel should have shown and did not: queries without data, overrides for nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.coverage.judging import is_judged, unseen_steps
from simulator.coverage.verdicts import FieldCoverage, StepCoverage, Verdict
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Panel, Target
from simulator.grafana.panel_types import panel_type
from simulator.grafana.shown import Shown
from simulator.grafana.thresholds import thresholds_from
from simulator.grafana.views import panel_view
from simulator.observation.panel_values import PanelValues
from simulator.observation.replay import Replayed

__all__ = ["Absent", "Probes", "query_name"]

_PAINTING = frozenset({"custom.cellOptions", "custom.displayMode", "custom.thresholdsStyle"})
_PROBE = 123456.7890123
"""The value of a series that stands in for a missing one; nothing measured is quite like it."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A query that gave nothing, and why."""

    target: Target
    reason: str


def query_name(target: Target) -> str:
    """What to call a query by: its legend as it is written, or its letter."""
    legend = target.legend_format
    return legend if legend not in {"", "__auto"} else f"query {target.ref_id}"


class Probes:
    """A panel given a series in place of each missing one.

    So the steps of a field without data are those it would be judged by: the panel itself says
    which name and which override the field would have.
    """

    def __init__(self, panel: Panel, answers: Sequence[Replayed], absent: Sequence[Absent]) -> None:
        self._panel = panel
        self._absent = absent
        probes = [
            Answer(one.target, (_point({}, _PROBE + index),)) for index, one in enumerate(absent)
        ]
        there = [
            replace(one.answer, series=tuple(_point(s.labels, 0.0) for s in one.answer.series))
            for one in answers
            if one.answer.series
        ]
        view = panel_view(panel, [*there, *probes])
        self._met = frozenset(i for styled in view.fields for i in styled.overrides)
        self._shown = {one.value: one for one in view.shown}

    def absent_fields(self) -> Iterator[FieldCoverage]:
        """A field without data for each query that gave nothing."""
        for index, one in enumerate(self._absent):
            like = self._shown.get(_PROBE + index)
            is_column = like is not None and like.source != one.target.ref_id
            name = like.source if like and is_column else query_name(one.target)
            source = f"{like.source} {like.calc}".strip() if like else one.target.ref_id
            yield FieldCoverage(
                name, Verdict.NO_DATA, _steps_of(like), reason=one.reason, source=source
            )

    def unmatched_overrides(self, seen: PanelValues) -> Iterator[FieldCoverage]:
        """A field without data for each override with thresholds that is for no field at all."""
        panel = self._panel
        is_always = panel_type(panel.type).is_always_painted
        is_painted = is_always or any(f.key.is_painted for f in seen.fields)
        for index, override in enumerate(panel.field_config.overrides):
            properties = dict(override.properties)
            value = properties.get("thresholds")
            if index in seen.overrides | self._met or not isinstance(value, dict):
                continue
            thresholds = thresholds_from(value, are_defaults=False)
            if is_judged(thresholds, is_painted=is_painted or not _PAINTING.isdisjoint(properties)):
                yield FieldCoverage(
                    str(override.matcher.options),
                    Verdict.NO_DATA,
                    unseen_steps(thresholds),
                    reason=f"its override ({override.matcher.id}) is for no field",
                )


def _point(labels: Mapping[str, str], value: float) -> Series:
    return Series(labels, np.zeros(1), np.array([value]))


def _steps_of(like: Shown | None) -> tuple[StepCoverage, ...]:
    if like is None or like.thresholds is None:
        return ()
    if not is_judged(like.thresholds, is_painted=like.is_painted):
        return ()
    return unseen_steps(like.thresholds)
