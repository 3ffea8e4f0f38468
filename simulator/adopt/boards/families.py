"""Names of series as metrics of a type: what is a histogram, a counter, a gauge."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from simulator.adopt.boards.name_words import tokens_of
from simulator.adopt.boards.needs import Need

__all__ = ["Family", "FamilyKind", "families_in"]

FamilyKind: TypeAlias = Literal["counter", "gauge", "histogram", "summary"]
_PARTS: Final = ("_bucket", "_sum", "_count", "_created")
_RATES: Final = frozenset({"rate", "irate", "increase", "resets"})
_OF_GAUGES: Final = frozenset(
    {"delta", "deriv", "idelta", "predict_linear", "avg_over_time", "min_over_time"}
    | {"max_over_time", "quantile_over_time", "stddev_over_time", "last_over_time", "changes"}
)
_SIZES: Final = frozenset({"duration", "seconds", "milliseconds", "bytes", "score", "probability"})


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its name without what a histogram adds to it, its type, and why it is that."""

    name: str
    kind: FamilyKind
    why: str
    need: Need
    names: tuple[str, ...]
    help: str = ""


def families_in(
    needs: Mapping[str, Need], types: Mapping[str, str] | None = None
) -> Iterator[Family]:
    """The metrics of all names; `types` are those that a running Prometheus tells.

    >>> needs = {name: Need(name) for name in ("a_seconds_bucket", "a_seconds_count", "b_count")}
    >>> [(one.name, one.kind) for one in families_in(needs)]
    [('a_seconds', 'histogram'), ('b_count', 'gauge')]
    """
    told = types or {}
    by_base: dict[str, list[str]] = {}
    for name in needs:
        by_base.setdefault(_base(name, needs, told), []).append(name)
    for base, names in by_base.items():
        need = Need(base)
        for name in names:
            need.add(needs[name])
        kind, why = _kind(base, names, need, told)
        yield Family(base, kind, why, need, tuple(names))


def _base(name: str, needs: Mapping[str, Need], told: Mapping[str, str]) -> str:
    """The name of the metric that a series is of."""
    part = next((one for one in _PARTS if name.endswith(one)), "")
    base = name.removesuffix(part)
    if not part or told.get(name) in {"counter", "gauge"}:
        return name
    if told.get(base) in {"histogram", "summary"} or part == "_bucket":
        return base
    others = {f"{base}{one}" for one in _PARTS} & needs.keys()
    if f"{base}_bucket" in others or {f"{base}_sum", f"{base}_count"} <= others or base in needs:
        return base
    is_of_sizes = bool(_SIZES & set(tokens_of(base)))
    return base if is_of_sizes and _RATES & _functions(needs[name]) else name


def _functions(need: Need) -> set[str]:
    return {one for path in need.paths for one in path}


def _kind(
    base: str, names: list[str], need: Need, told: Mapping[str, str]
) -> tuple[FamilyKind, str]:
    for name in (base, *names):
        if told.get(name) in {"counter", "gauge", "histogram", "summary"}:
            return told[name], "so it says itself"  # type: ignore[return-value]  # one of these
    functions = _functions(need)
    has_buckets = f"{base}_bucket" in names or need.bounds or "histogram_quantile" in functions
    by_use: tuple[tuple[bool, FamilyKind, str], ...] = (
        (bool(has_buckets), "histogram", "its buckets are asked for"),
        (bool(need.quantiles), "summary", "its quantiles are asked for"),
        (names != [base], "histogram", "its sum and count are asked for"),
        (bool(_RATES & functions), "counter", "rates of it are asked for"),
        (bool(_OF_GAUGES & functions), "gauge", "it goes up and down in queries"),
        (base.endswith("_total"), "counter", "its name ends in _total"),
    )
    found = next(((kind, why) for is_so, kind, why in by_use if is_so), None)
    return found or ("gauge", "its value is asked for")
