"""How verdicts, bands, values and times are put into words, the same in every report."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from simulator.coverage.places import Place
from simulator.coverage.report.notice_text import notices_summary
from simulator.coverage.verdicts import (
    AlertCoverage,
    Coverage,
    FieldCoverage,
    StepCoverage,
    Verdict,
)
from simulator.drawing.quantities import clock_text as clock
from simulator.drawing.quantities import counted, duration_text
from simulator.grafana.units import formatted

__all__ = [
    "GLYPHS",
    "WORDS",
    "alert_text",
    "band_text",
    "clock_text",
    "counted",
    "duration_text",
    "episodes_text",
    "nearest_text",
    "summary_text",
    "uncovered_text",
    "value_text",
]

GLYPHS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.EXERCISED: "✓",
        Verdict.NOT_REACHED: "○",
        Verdict.FINDING: "!",
        Verdict.NO_DATA: "∅",
        Verdict.UNSUPPORTED: "?",
        Verdict.ERROR: "✗",
    }
)
WORDS: Mapping[Verdict, str] = MappingProxyType(
    {verdict: verdict.value.lower().replace("_", " ") for verdict in Verdict}
)


def value_text(value: float, field: FieldCoverage) -> str:
    """A value in the field's unit, or in percent where its thresholds are.

    >>> field = FieldCoverage("p95", Verdict.EXERCISED, unit="s")
    >>> value_text(0.25, field)
    '250 ms'
    """
    return formatted(value, "percent" if field.is_percentage else field.unit)


def band_text(step: StepCoverage, field: FieldCoverage) -> str:
    """The band of a step.

    >>> field = FieldCoverage("p95", Verdict.EXERCISED, unit="s")
    >>> ends = [(-math.inf, 0.1), (0.1, 0.25), (0.25, math.inf), (-math.inf, math.inf)]
    >>> steps = [StepCoverage(0, "red", None, *band, Verdict.EXERCISED) for band in ends]
    >>> [band_text(step, field) for step in steps]
    ['< 100 ms', '100 ms … 250 ms', '≥ 250 ms', 'any value']
    """
    low, high = step.low, step.high
    if math.isnan(low) or math.isnan(high) or low >= high:
        return "no value"
    if low == -math.inf:
        return "any value" if high == math.inf else f"< {value_text(high, field)}"
    if high == math.inf:
        return f"≥ {value_text(low, field)}"
    return f"{value_text(low, field)} … {value_text(high, field)}"


def clock_text(at: float, coverage: Coverage) -> str:
    """A moment in UTC: with its day where the span has several, to the second where short.

    >>> clock_text(1767225600.0, Coverage(1767225000.0, 1767225900.0, 1.0, ()))
    '00:00:00'
    """
    return clock(at, coverage.start, coverage.end)


def nearest_text(step: StepCoverage, field: FieldCoverage, coverage: Coverage) -> str:
    """How near the values came to a band that was not reached; "" where that is not known."""
    nearest = step.nearest
    if nearest is None:
        return ""
    # the upper end of a band is where the next one begins
    away = (
        "just above it"
        if nearest.distance == 0.0
        else f"{value_text(nearest.distance, field)} away"
    )
    return (
        f"nearest {value_text(nearest.value, field)} at {clock_text(nearest.at, coverage)}, {away}"
    )


def episodes_text(names: tuple[str, ...], *, most: int = 2) -> str:
    """The first names, and how many more there are.

    >>> episodes_text(("flood", "slow-bureau", "drift"))
    'flood, slow-bureau +1'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" +{more}" if more > 0 else "")


def summary_text(coverage: Coverage) -> str:
    """How much there was, of how much.

    >>> summary_text(Coverage(0.0, 60.0, 1.0, ()))
    '0 of 0 panels with data, 0 of 0 steps exercised'
    """
    not_judged = counted(len(coverage.excluded), "panel")
    return (
        f"{coverage.n_panels_with_data} of {len(coverage.panels)} panels with data, "
        f"{coverage.n_steps_exercised} of {len(coverage.steps)} steps exercised"
        + (f", {not_judged} not judged" if coverage.excluded else "")
        + (
            f", {coverage.n_alerts_exercised} of {len(coverage.alerts)} alerts exercised"
            if coverage.alerts
            else ""
        )
        + (f"; {notices_summary(coverage.notifications)}" if coverage.notifications else "")
    )


def alert_text(alert: AlertCoverage, coverage: Coverage) -> str:
    """What an alert did: how often and long it fired, from when, with what, and on a calm day."""
    if alert.first_seen is None:
        return alert.reason
    times = "once" if alert.firings == 1 else f"{alert.firings} times"
    first = clock_text(alert.first_seen, coverage)
    said = [f"fires {times}, {duration_text(alert.seconds)}, first {first}"]
    if alert.episodes:
        said.append(f"during {episodes_text(alert.episodes)}")
    if alert.resolves:
        said.append("resolves")
    if alert.seconds_on_calm == 0.0:
        said.append("silent on a calm day")
    return "; ".join([", ".join(said), *([alert.reason] if alert.reason else [])])


def uncovered_text(place: Place, coverage: Coverage) -> str:
    """Why a place is not exercised: its nearest value, its reason, or both."""
    said = [place.reason]
    if place.field is not None and place.step is not None:
        said.insert(0, nearest_text(place.step, place.field, coverage))
        if not any(said) and place.verdict is Verdict.NOT_REACHED:
            said.append(f"no value in {band_text(place.step, place.field)}")
    if not any(said) and place.verdict is Verdict.NO_DATA:
        said.append("its queries gave no value in all this time")
    return "; ".join(text for text in said if text)
