"""All checks, and what they find."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from simulator.checking.checks.alert_reach import ALERT_REACH
from simulator.checking.checks.alert_text import ALERT_TEXT
from simulator.checking.checks.bar_range import BAR_RANGE
from simulator.checking.checks.bucket_spelling import BUCKET_SPELLING
from simulator.checking.checks.color_order import COLOR_ORDER
from simulator.checking.checks.data_sources import DATA_SOURCES
from simulator.checking.checks.drift_noise import DRIFT_NOISE
from simulator.checking.checks.panel_link import PANEL_LINK
from simulator.checking.checks.panel_text import PANEL_TEXT
from simulator.checking.checks.query_differs import QUERY_DIFFERS
from simulator.checking.checks.same_identity import SAME_IDENTITY
from simulator.checking.checks.same_query import SAME_QUERY
from simulator.checking.checks.severity_words import SEVERITY_WORDS
from simulator.checking.checks.short_hold import SHORT_HOLD
from simulator.checking.checks.short_range import SHORT_RANGE
from simulator.checking.checks.step_order import STEP_ORDER
from simulator.checking.checks.step_reach import STEP_REACH
from simulator.checking.checks.template_label import TEMPLATE_LABEL
from simulator.checking.checks.threshold_differs import THRESHOLD_DIFFERS
from simulator.checking.checks.unit_scale import UNIT_SCALE
from simulator.checking.checks.unpaired import UNPAIRED
from simulator.checking.checks.unread import UNREAD
from simulator.checking.checks.without_hold import WITHOUT_HOLD
from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem

__all__ = ["CHECKS", "Found", "found_in"]

CHECKS: Final[tuple[Check, ...]] = (
    THRESHOLD_DIFFERS,
    QUERY_DIFFERS,
    PANEL_TEXT,
    ALERT_TEXT,
    TEMPLATE_LABEL,
    BAR_RANGE,
    STEP_ORDER,
    COLOR_ORDER,
    STEP_REACH,
    ALERT_REACH,
    UNIT_SCALE,
    BUCKET_SPELLING,
    SHORT_RANGE,
    SAME_IDENTITY,
    SAME_QUERY,
    DATA_SOURCES,
    PANEL_LINK,
    SEVERITY_WORDS,
    DRIFT_NOISE,
    SHORT_HOLD,
    WITHOUT_HOLD,
    UNPAIRED,
    UNREAD,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A problem, and the check that found it."""

    check: Check
    problem: Problem


def found_in(material: Material) -> tuple[Found, ...]:
    """All that the checks find, each thing once, in the order of the checks."""
    return tuple(dict.fromkeys(_found(material)))


def _found(material: Material) -> Iterator[Found]:
    for check in CHECKS:
        for problem in check.look(material):
            yield Found(check, problem)
