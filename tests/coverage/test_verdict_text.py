"""How reports put things."""

from dataclasses import replace

import pytest

from simulator.coverage.report.verdict_text import nearest_text
from simulator.coverage.verdicts import Nearest
from tests.support.coverage_values import coverage_value


@pytest.mark.parametrize(("distance", "said"), [(0.05, "5% away"), (0.0, "just above it")])
def test_a_value_at_the_excluded_end_of_a_band_is_just_above_it(distance: float, said: str) -> None:
    coverage = coverage_value()
    fields = [field for panel in coverage.panels for field in panel.fields if field.steps]
    field = next(field for field in fields if field.unit == "percentunit")
    step = replace(field.steps[0], nearest=Nearest(0.85, coverage.start, distance))
    assert nearest_text(step, field, coverage).endswith(said)
