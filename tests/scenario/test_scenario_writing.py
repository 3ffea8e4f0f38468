"""A scenario written as YAML reads back to the same value."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.scenario.baseline import Api, Model, Monitoring, Platform, Traffic
from simulator.scenario.episode import OnsetSpec
from simulator.scenario.kinds import Episode
from simulator.scenario.kinds.compliance_incident import ComplianceIncident
from simulator.scenario.kinds.error_answers import Errors
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.kinds.population_shift import PopulationShift
from simulator.scenario.kinds.rebalance import Rebalance
from simulator.scenario.loading import library_names, load_scenario, parse_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.writing import scenario_yaml

lengths = st.floats(1.0, 1e6).map(lambda seconds: f"{seconds:.7f}s") | st.sampled_from(
    ["1h30m", "9ms", "7d", "1m1s1ms"]
)
labels = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._-]{0,20}", fullmatch=True)
ratios = st.floats(0.0, 1.0)


def _episode(
    model: type[Episode], **fields: st.SearchStrategy[object]
) -> st.SearchStrategy[Episode]:
    return st.builds(model, name=st.just("e"), start=lengths, duration=lengths, **fields)


onsets = st.just(OnsetSpec()) | st.builds(
    OnsetSpec, shape=st.just("incremental"), rise=lengths, fall=lengths
)
episodes = st.one_of(
    _episode(
        Errors,
        kind=st.just("errors"),
        ratio=ratios,
        status=st.sampled_from([500, 503]),
        onset=onsets,
    ),
    _episode(
        PopulationShift,
        kind=st.just("population-shift"),
        shifts=st.dictionaries(st.sampled_from(["age", "amount"]), st.floats(-4, 4)),
        strength=st.floats(1e-6, 5.0),
    ),
    _episode(
        Rebalance,
        kind=st.just("rebalance"),
        group=st.just("archiver"),
        every=lengths,
        pause=lengths,
    ),
    _episode(
        ComplianceIncident,
        kind=st.just("compliance-incident"),
        violation=st.just("audit_log_gap"),
        factor=st.floats(1e-9, 1000.0),
    ),
    _episode(
        ModelRelease,
        kind=st.just("model-release"),
        version=labels,
        trained_on=labels,
        canary_for=lengths,
        coefficients=st.dictionaries(st.sampled_from(["age", "amount"]), st.floats(-5, 5)),
    ),
)
scenarios = st.builds(
    Scenario,
    name=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
    description=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1),
    seed=st.integers(0, 2**63 - 1),
    duration=lengths,
    traffic=st.builds(
        Traffic,
        requests_per_second=st.floats(1e-9, 1e9),
        batch_sizes=st.lists(st.integers(1, 100)).map(tuple),
    ),
    platform=st.builds(
        Platform,
        api=st.builds(Api, workers=st.integers(1, 100)),
        model=st.builds(Model, version=labels),
        monitoring=st.builds(Monitoring, label_delay=lengths),
    ),
)


@given(scenarios, st.lists(episodes, max_size=4))
def test_what_is_written_reads_back_as_it_was(scenario: Scenario, found: list[Episode]) -> None:
    named = tuple(e.model_copy(update={"name": f"e-{i}"}) for i, e in enumerate(found))
    scenario = scenario.model_copy(update={"episodes": named})

    content = yaml.safe_load(
        scenario_yaml(scenario, head=["# what", "why " * 60], notes={"e-0": "x"})
    )

    assert Scenario.model_validate(content) == scenario


@pytest.mark.parametrize("name", library_names())
def test_the_whole_library_survives_being_written(name: str) -> None:
    scenario = load_scenario(name)

    assert parse_scenario(scenario_yaml(scenario), name) == scenario


def test_a_file_reads_as_one_would_write_it() -> None:
    scenario = Scenario.model_validate(
        {
            "name": "short",
            "description": "A short incident. " * 6 + "The end.",
            "duration": "5400s",
            "platform": {"api": {"workers": 64}, "kafka": {"brokers": 4}},
            "episodes": [
                {
                    "name": "down",
                    "kind": "broker-loss",
                    "start": "600s",
                    "duration": "90m",
                    "brokers": 2,
                    "onset": {"shape": "gradual", "rise": "60s"},
                }
            ],
        }
    )

    text = scenario_yaml(scenario, head=["Planned."], notes={"down": "Lag: red"})

    assert text == (
        "# Planned.\n"
        "name: short\n"
        "description: >-\n"
        "  A short incident. A short incident. A short incident. A short incident. A short "
        "incident. A\n"
        "  short incident. The end.\n"
        "duration: 1h30m\n"
        "platform:\n"
        "  api: {workers: 64}\n"
        "  kafka: {brokers: 4}\n"
        "episodes:\n"
        "  # Lag: red\n"
        "  - name: down\n"
        "    kind: broker-loss\n"
        "    start: 10m\n"
        "    duration: 1h30m\n"
        "    onset: {shape: gradual, rise: 1m}\n"
        "    brokers: 2\n"
    )


@pytest.mark.parametrize(
    "text", ["\x85", "a\nb", "é " * 80, "é  é" * 40, " x", "x\u2028", "#", "- a: b"]
)
def test_odd_descriptions_survive(text: str) -> None:
    scenario = load_scenario("calm").model_copy(update={"description": text})

    assert parse_scenario(scenario_yaml(scenario), "odd") == scenario


def test_a_compressed_scenario_is_refused() -> None:
    with pytest.raises(ScenarioError, match="runs 60 times as fast"):
        scenario_yaml(load_scenario("tour").compressed(60.0))
