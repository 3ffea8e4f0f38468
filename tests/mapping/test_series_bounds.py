"""How many series a mapping makes, and what is refused."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from simulator.cli import cli
from simulator.errors import MappingError
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping, parse_mapping
from simulator.mapping.model import MOST_SERIES
from simulator.mapping.size import series_count
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.mapped import mapping
from tests.support.scenario_builders import MONDAY, scenario

PLAN: Final = scenario()


def _gauge(*sizes: int) -> dict[str, Any]:
    labels = {f"l{i}": [str(n) for n in range(size)] for i, size in enumerate(sizes)}
    return {"signal": {"base": 1, "labels": labels}}


@given(st.lists(st.integers(1, 20), max_size=3))
def test_what_is_counted_is_what_is_there(sizes: list[int]) -> None:
    names = mapping(x=_gauge(*sizes))
    export = Export(names, PLAN)
    (one,) = export.samples(Simulation(PLAN, origin=MONDAY, step=15.0).advance(1))
    assert (
        series_count(names, PLAN) == {"x": one.blocks[0].size} == {"x": np.prod(sizes, dtype=int)}
    )


def test_buckets_sum_and_count_are_series() -> None:
    metric = {
        "signal": {
            "kind": "histogram",
            "base": 1,
            "edges": [1, 2],
            "rate": 1,
            "labels": {"a": ["x", "y"]},
        }
    }
    assert series_count(mapping(x=metric), PLAN) == {"x": 2 * 5}


def test_each_part_of_the_platform_counts() -> None:
    metric = {"up": {"components": ["minio", "scoring-api", "ml-model"]}}
    assert series_count(mapping(x=metric), PLAN) == {"x": 3}


def test_the_default_mapping_is_far_below_the_most() -> None:
    assert sum(series_count(default_mapping(), load_scenario("tour")).values()) < MOST_SERIES / 4


def test_too_many_are_refused_before_anything_runs_with_the_number_of_each_metric() -> None:
    names = mapping(some=_gauge(100), many=_gauge(100, 200))
    with pytest.raises(MappingError) as refused:
        Export(names, PLAN)
    assert str(refused.value).splitlines() == [
        "written: 20,100 series, and 20,000 are allowed: tell less apart, or allow them with "
        "--allow-series 20100",
        "  many: 20,000",
        "  some: 100",
    ]


def test_as_many_as_allowed_are_made() -> None:
    names = mapping(some=_gauge(100), many=_gauge(100, 200))
    allowing, too_few = (names.model_copy(update={"allow_series": n}) for n in (20_100, 20_099))
    assert len(Export(allowing, PLAN).families) == 2
    with pytest.raises(MappingError, match="and 20,099 are allowed"):
        Export(too_few, PLAN)


def test_a_file_does_not_say_how_many_are_allowed() -> None:
    with pytest.raises(MappingError, match="is given with --allow-series, not in a file"):
        parse_mapping("{version: 1, name: ours, allow_series: 50000}", "ours.yaml")


def test_checking_refuses_as_a_run_does(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    content = {"version": 1, "name": "big", "metrics": {"x": _gauge(150, 150)}}
    file.write_text(json.dumps(content), encoding="utf-8")
    refused = CliRunner().invoke(cli, ["mapping", "check", str(file)])
    assert (refused.exit_code, "22,500 series" in refused.output) == (2, True)
    allowed = CliRunner().invoke(cli, ["mapping", "check", str(file), "--allow-series", "22500"])
    assert allowed.exit_code == 0, allowed.output


def test_what_is_allowed_names_nothing_and_the_most_of_several_mappings_holds() -> None:
    names = mapping(x=_gauge(1))
    more = names.model_copy(update={"name": "more", "allow_series": 50_000})
    assert more.model_copy(update={"name": "written"}).digest == names.digest
    assert names.with_more(more).allow_series == more.with_more(names).allow_series == 50_000


def test_a_command_is_told_how_many_are_allowed(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    file.write_text(
        json.dumps({"version": 1, "name": "big", "metrics": {"x": _gauge(150, 150)}}),
        encoding="utf-8",
    )
    command = ["backfill", "calm", "--duration", "1m", "--mapping", str(file)]
    refused = CliRunner().invoke(cli, [*command, "--output", str(tmp_path / "a")])
    assert isinstance(refused.exception, MappingError)
    assert not (tmp_path / "a").exists()
    output = str(tmp_path / "b")
    allowed = CliRunner().invoke(cli, [*command, "--allow-series", "22500", "--output", output])
    assert allowed.exit_code == 0, allowed.output


def test_they_are_counted_when_a_scenario_is_chosen() -> None:
    names = mapping(some=_gauge(100), many=_gauge(100, 200))
    with pytest.raises(MappingError, match="--allow-series 20100"):
        chosen_draw("calm", names, origin=0.0)
    allowed = names.model_copy(update={"allow_series": 20_100})
    assert chosen_draw("calm", allowed, origin=0.0).scenario.name == "calm"


def test_labels_beyond_all_measure_are_refused_unmade() -> None:
    with pytest.raises(MappingError, match="labels have 1,000,000,000 combinations"):
        mapping(x=_gauge(1000, 1000, 1000))
