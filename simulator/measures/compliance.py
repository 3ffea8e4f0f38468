"""Compliance: violations, and what they could have come from."""

from collections.abc import Callable
from typing import Final

from simulator.measures.measure import Measure, over
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Ints
from simulator.simulation.compliance import Violations

__all__ = ["COMPLIANCE"]


def _of(counts: Callable[[Violations], Ints]) -> Callable[[Seen, tuple[str, ...]], Ints]:
    return lambda seen, asked: over(counts(seen.trace.violations), ("violation",), asked)


COMPLIANCE: Final = (
    Measure(
        "violations",
        "compliance",
        "count",
        "Violations of compliance rules, by type, regulation and severity.",
        ("violation",),
        _of(lambda v: v.counts),
        signal="compliance",
    ),
    Measure(
        "violation_parents",
        "compliance",
        "count",
        "Events that could each have been a violation of a type.",
        ("violation",),
        _of(lambda v: v.parents),
    ),
)
