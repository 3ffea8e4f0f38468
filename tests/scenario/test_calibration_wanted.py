"""Where more default than the model says, an alarm is wanted, and the panel shows it."""

import json

import pytest

from simulator.scenario.alarms import wanted_alarms
from simulator.scenario.loading import parse_scenario
from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation
from tests.support.panels import fields
from tests.support.scenario_builders import MONDAY

STEP, LABELS, LENGTH = 30.0, 600.0, 7200.0


def scenario(kind: str, **changes: float | str) -> Scenario:
    """Two hours of it, with labels after ten minutes, and so many that chance hardly counts."""
    plan = {
        "name": "one",
        "description": "A test.",
        "duration": "2h",
        "traffic": {"requests_per_second": 60, "profile": "flat"},
        "platform": {"monitoring": {"label_delay": "10m", "performance_window": 200_000}},
        "episodes": [{"name": "it", "kind": kind, "start": "0s", "duration": "2h", **changes}],
    }
    return parse_scenario(json.dumps(plan), "one")  # JSON is YAML


def in_the_end(one: Scenario) -> dict[str, str]:
    """The colour in the end of each panel of the model's quality."""
    trace = Simulation(one, origin=MONDAY, step=STEP).advance(int(LENGTH / STEP))

    def colour(panel: str) -> str:
        (field,) = fields(trace, 900.0)[panel].values()
        return str(field.colours()[-1])

    return {p: colour(p) for p in ("Observed vs Expected Defaults", "Model Performance Overview")}


@pytest.mark.parametrize(
    ("kind", "changes", "wanted"),
    [
        ("prior-shift", {"odds_factor": 0.3}, "none"),
        ("prior-shift", {"odds_factor": 1.3}, "none"),
        ("prior-shift", {"odds_factor": 2.0}, "orange"),
        ("prior-shift", {"odds_factor": 4.0}, "red"),
        ("data-bug", {"feature": "net_income", "factor": 0.1}, "none"),
        ("data-bug", {"feature": "net_income", "factor": 1.5}, "none"),
        ("data-bug", {"feature": "net_income", "factor": 12.0}, "red"),
        ("data-bug", {"feature": "age", "factor": 8.0}, "orange"),
        ("data-bug", {"feature": "inquiries_6m", "null_ratio": 1.0}, "none"),
        ("data-bug", {"feature": "revolving_utilisation", "null_ratio": 1.0}, "orange"),
        ("data-bug", {"feature": "debt_to_income", "null_ratio": 0.4}, "none"),
        ("concept-drift", {"scale": 0.0}, "none"),
        ("population-shift", {"preset": "recession", "strength": 4.0}, "none"),
    ],
)
def test_what_is_wanted_of_calibration_is_what_its_panel_shows(
    kind: str, changes: dict[str, float | str], wanted: str
) -> None:
    one = scenario(kind, **changes)
    assert wanted_alarms(one.episodes[0], one).get("calibration", "none") == wanted
    shown = in_the_end(one)["Observed vs Expected Defaults"]
    assert shown == {"none": "green"}.get(wanted, wanted)


def test_a_prior_shift_is_seen_where_accuracy_stays_green() -> None:
    assert in_the_end(scenario("prior-shift", odds_factor=4.0)) == {
        "Observed vs Expected Defaults": "red",
        "Model Performance Overview": "green",
    }
