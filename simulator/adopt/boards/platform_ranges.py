"""Parameters of the platform that bring the simulation into the range of somebody's alerts."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from simulator.adopt.boards.choice import Choice
from simulator.adopt.boards.limits import bounds_of
from simulator.adopt.boards.scaling import scale_of
from simulator.promql.shapes import Shape, essence, scaled
from simulator.scenario.platform.service_times import ServiceTimes

__all__ = ["platform_ranges"]

#: What the tour takes each to under the platform's own parameters, in seconds.
_PREDICTIONS_REACH: Final = 0.25
_REQUESTS_REACH: Final = 1.6
_REQUESTS_NEED: Final = 0.35
_PREDICTIONS_NEED: Final = 0.05
_LONGEST: Final = 10.0
_SMALL_RATE: Final = 0.2
_ALL_FAULTS: Final = ("unauthorized", "rate_limited", "internal", "unavailable", "timeout")
_FAULTS: Final = ("internal", "unavailable", "timeout")


def platform_ranges(choices: Iterable[Choice]) -> tuple[dict[str, Any], list[str]]:
    """The sections of a platform, and why."""
    found: dict[str, Any] = {}
    traffic: dict[str, Any] = {}
    why: list[str] = []
    several = tuple(choices)
    requests = _times(several, "http_requests")
    predictions = _times(several, "predictions")
    times: dict[str, Any] = {}
    usual = ServiceTimes()
    if predictions and max(predictions) > _PREDICTIONS_REACH:
        factor = min(max(predictions) / _PREDICTIONS_REACH, _LONGEST)
        times["prediction"] = {"median_seconds": _short(usual.prediction.median_seconds * factor)}
        why.append(f"predictions are held against {max(predictions):g} s")
    elif predictions and min(predictions) < _PREDICTIONS_NEED:
        factor = min(predictions) / _PREDICTIONS_NEED
        times["prediction"] = {"median_seconds": _short(usual.prediction.median_seconds * factor)}
        why.append(f"predictions are held against {min(predictions):g} s")
    if requests and min(requests) < _REQUESTS_NEED:
        factor = min(requests) / _REQUESTS_NEED
        for name in ("gateway", "bureau", "stall"):
            median = getattr(usual, name).median_seconds
            times[name] = {"median_seconds": _short(median * factor)}
        why.append(f"requests are held against {min(requests):g} s")
    if requests and max(requests) > _REQUESTS_REACH:
        found["timeout_seconds"] = _short(2.5 * max(requests))
        why.append(f"requests are held against {max(requests):g} s, before which they time out")
    if times:
        found["service_times"] = times
    sensitive = [one for one in several if _fails_at_once(one)]
    if sensitive:
        is_of_5xx = all(map(_is_of_server, sensitive))
        found["healthy_faults"] = dict.fromkeys(_FAULTS if is_of_5xx else _ALL_FAULTS, 0.0)
        traffic = {} if is_of_5xx else {"invalid_ratio": 0.0}
        why.append("an alert is on wherever any request fails, so that none does in health")
    sections = {"api": found, "traffic": traffic}
    return {name: section for name, section in sections.items() if section}, why


def _times(choices: Iterable[Choice], measure: str) -> list[float]:
    """What alerts hold quantiles and means of a measure against, in seconds."""
    found = []
    for one in choices:
        source: Mapping[str, Any] = one.source or {}
        inside = source.get("mean", {}).get("of", source)
        if inside.get("measure") == measure and one.unit == "seconds":
            scale = scale_of(one.family, "seconds")[0]
            bounds = [b for b in bounds_of(one.family) if b.is_alert and b.sign[0] == ">"]
            forms = {"quantile", "mean"} | ({"value"} if "mean" in source else set())
            found += [b.number / scale for b in bounds if b.form in forms and b.number > 0.0]
    return found


def _fails_at_once(one: Choice) -> bool:
    """Whether an alert is on as soon as anything fails.

    Errors divided by all, series by series, are all of their series; and few errors a second are
    as many as there are in health.
    """
    measure = (one.source or {}).get("measure")
    if measure not in {"http_requests", "unscored", "applications"}:
        return False
    alerts = [t for t in one.family.need.thresholds if t.is_alert and t.sign[0] == ">"]
    if any(_is_by_series(scaled(essence(t.compared))[1]) for t in alerts):
        return True
    is_of_errors = measure == "unscored" or "where" in (one.source or {})
    rates = [b.number for b in bounds_of(one.family) if b.is_alert and b.form == "rate"]
    return is_of_errors and any(0.0 < number < _SMALL_RATE for number in rates)


def _is_of_server(one: Choice) -> bool:
    """Whether all that its conditions take are failures of the server's, such as `5..`."""
    values = [v for need in one.family.need.labels.values() for v in need.values]
    told = [c.value for need in one.family.need.labels.values() for c in need.conditions]
    return bool(told) and all(v.startswith("5") for v in (*values, *told))


def _is_by_series(shape: Shape) -> bool:
    """Whether a metric's series are divided by those of the same metric, none added up."""
    if shape.name != "/" or len(shape.parts) != 2:  # noqa: PLR2004 - both sides
        return False
    sides = [
        part.parts[0] if part.name in {"rate", "irate", "increase"} else part
        for part in shape.parts
    ]
    return all(side.kind == "metric" for side in sides) and sides[0].name == sides[1].name


def _short(number: float) -> float:
    return float(f"{number:.3g}")
