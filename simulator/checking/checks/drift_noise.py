"""Thresholds of a drift score within what a healthy population's score does by chance."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.psi_noise import DriftSample, is_psi
from simulator.checking.values import number
from simulator.grafana.alarm_steps import severity
from simulator.promql.parsing import parsed
from simulator.promql.shapes import shape_of
from simulator.rules.model import Place

__all__ = ["DRIFT_NOISE"]


def _look(material: Material) -> Iterator[Problem]:
    for one in material.painted:
        tree = parsed(one.query.text) if one.query is not None else None
        if tree is None or not one.is_seen or not one.is_value or one.thresholds.is_percentage:
            continue
        if is_psi(shape_of(tree), material.facts.psi_metrics):
            values = [
                step.value
                for step in one.thresholds.steps[1:]
                if severity(step.color) and step.value > 0.0
            ]
            yield from _of(min(values, default=0.0), one.subject, one.place, material)
    for alarm in material.alarms:
        for limit in alarm.limits:
            if limit.sign in {">", ">="} and is_psi(limit.compared, material.facts.psi_metrics):
                yield from _of(limit.number, alarm.subject, alarm.place, material)


def _of(value: float, subject: str, place: Place, material: Material) -> Iterator[Problem]:
    if value <= 0.0:
        return
    sample = material.facts.drift
    noise = sample.once_a_week
    is_within = value < noise
    said = (
        f"{_assumed(sample)}{sample.applications:,} applications and {sample.bins} bins a healthy "
        f"PSI exceeds {number(round(noise, 4))} once a week"
    )
    said += f": {number(value)} is within the noise" if is_within else f"; it is {number(value)}"
    is_finding = is_within and not sample.is_assumed
    yield Problem(
        subject,
        said,
        place,
        Weight.FINDING if is_finding else Weight.NOTE,
        proposal=f"from {number(round(noise, 4))} on" if is_within else "",
    )


def _assumed(sample: DriftSample) -> str:
    return "if it is of the usual sample (--drift): with " if sample.is_assumed else "with "


DRIFT_NOISE: Final = Check("drift-noise", "thresholds of a PSI within its noise", _look)
