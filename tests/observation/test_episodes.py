import json
from pathlib import Path

import pytest

from simulator.errors import TruthError
from simulator.observation.episodes import episodes_in, recorded_episodes
from simulator.observation.prometheus import Prometheus
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import EpisodeSpan, TimedRun
from tests.support.prometheus_double import PrometheusDouble

START = 1_767_225_600.0


def test_the_truth_that_is_written_is_read_back(tmp_path: Path) -> None:
    truth = TimedRun(load_scenario("tour"), START, START + 86_400.0, 15.0, "simulator")
    file = tmp_path / "truth.json"
    file.write_text(json.dumps(truth.as_json()))
    assert episodes_in(file) == truth.episodes


def test_an_episode_after_the_end_did_not_happen() -> None:
    truth = TimedRun(load_scenario("tour"), START, START + 7200.0, 15.0, "simulator")
    # those that start at 30m and 1h; at 2h sharp, when others do, the history has ended
    assert {e.name for e in truth.episodes} == {"release-3-3", "some-500s"}
    assert {e.end for e in truth.episodes} == {START + 7200.0}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not JSON"),
        ("[]", "a list of episodes is wanted"),
        ('{"episodes": [{"name": "x", "kind": "errors"}]}', "episodes.0: 'None' is no moment"),
        ('{"episodes": [{"kind": "errors"}]}', "episodes.0: name, kind, start, end are wanted"),
        (
            '{"episodes": [{"name": "x", "kind": "y", "start": 5, "end": 5}]}',
            "'x' ends at 5, not after its start",
        ),
        (
            '{"episodes": [{"name": "x", "kind": "y", "start": "soon", "end": 5}]}',
            "'soon' is no moment",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "truth.json"
    file.write_text(content)
    with pytest.raises(TruthError, match=said) as caught:
        episodes_in(file)
    assert str(caught.value).startswith(str(file))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(TruthError, match="cannot be read: No such file"):
        episodes_in(tmp_path / "none.json")


def test_the_metric_tells_of_every_time_an_episode_was_on(double: PrometheusDouble) -> None:
    points = [[1000, "0"], [1010, "1"], [1020, "1"], [1030, "0"], [1040, "1"], [1050, "0"]]
    found = [{"metric": {"episode": "e", "kind": "errors"}, "values": points}]
    double.gives("query_range", "matrix", found)
    with Prometheus(double.url) as prometheus:
        reported = recorded_episodes(prometheus, start=1000, end=1050, step=10)
    # a point at 1010 says that it was on in the ten seconds before
    assert reported == (
        EpisodeSpan("e", "errors", 1000.0, 1020.0),
        EpisodeSpan("e", "errors", 1030.0, 1040.0),
    )
