"""Files that nobody should write: each is refused in lines with a place, or is a mapping."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from simulator.errors import MappingError, SimulatorError
from simulator.mapping.export import Export
from simulator.mapping.loading import load_mapping, load_mappings, parse_mapping
from simulator.mapping.notes import notes
from tests.support.mapped import mapping
from tests.support.scenario_builders import scenario

Content = dict[str, Any]

PLAN: Final = scenario()
EVERY_FORM: Final[list[Content]] = [
    {
        "measure": "scored",
        "where": {"decision": "refused", "channel": ["mobile"], "level": {"without": ["x"]}},
        "no_version": "drop",
        "labels": {"v": "version", "m": {"dimension": "channel", "values": {"*": "x"}}},
        "constant": {"a": "b"},
        "scale": 2,
    },
    {"measure": "http_requests", "edges": [0.1, 1]},
    {
        "union": [
            {"measure": "scored", "labels": {"o": "decision"}},
            {"measure": "unscored", "constant": {"o": "error"}},
        ]
    },
    {"flag": {"of": {"measure": "psi", "fold": "max"}, "above": 0.2, "absent": 0}},
    {"events": {"of": {"measure": "psi"}, "levels": [{"above": 0.1, "labels": {"s": "w"}}]}},
    {"count": {"of": {"measure": "psi"}, "by": ["feature"], "above": 0.1}},
    {
        "ratio": {
            "of": {"measure": "unscored"},
            "to": {"measure": "applications"},
            "over": "1m",
            "within": ["v"],
        },
        "labels": {"v": "version"},
    },
    {"rate": {"of": {"measure": "applications"}, "over": "1m", "per": "1m"}},
    {"mean": {"of": {"measure": "http_requests"}}},
    {"complement": {"measure": "psi"}},
    {"transform": {"to": "confidence"}, "edges": [0.5]},
    {"attribute": {"feature": "age", "edges": [25, 35], "names": ["a", "b", "c"]}},
    {"always": {"component": "ml-model", "value": 2}},
    {"last": "score", "labels": {"v": "version"}},
    {"offsets": {"of": "committed", "components": "scoring-api"}},
    {"time": {"of": "process-start", "components": {"scoring-api": "api"}}},
    {"up": {"components": ["minio"]}},
    {
        "signal": {
            "base": 1,
            "daily": {"amplitude": 0.1},
            "causes": [{"cause": "slowness", "of": "bureau", "weight": 1, "delay": "1m"}],
            "labels": {"p": {"a": 1}},
        }
    },
    {"signal": {"kind": "histogram", "base": 1, "edges": [1, 2], "rate": 1}},
]
ODD: Final[list[Any]] = [
    *(None, True, 0, -1, 1.5, 10**300, float("nan"), float("inf"), 1e300, 5e-324),
    *("", "x", "*", "{", "{version}", "drop", "psi", "scored", "violations", "production", "1h"),
    *("-5m", "a" * 10_000, [], [[]], {}, {"x": 1}, ["x"], [1, 2], [2, 1], [1e308, 1.7e308]),
    *([float("nan")], {"x": {"y": []}}, {"measure": "psi"}, {"only": []}, {"__x": "version"}),
]
ADDED: Final[Content] = {
    "measure": [1, 2],
    "union": [{"measure": "scored"}, {"measure": "scored"}],
    "labels": {"a": "version"},
    "where": {"version": "x"},
    "constant": {"le": "1"},
    "edges": [1, 2],
    "type": "summary",
    "nonsense": 1,
}


def _places(value: object, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    inside = value.items() if isinstance(value, dict) else []
    for key, one in enumerate(value) if isinstance(value, list) else inside:
        yield from _places(one, (*place, key))


def _changed(content: Content, place: tuple[Any, ...]) -> Iterator[Content]:
    """The content with something odd at a place, and with more in it."""
    whole = {"": copy.deepcopy(content)}
    *above, last = ("", *place)
    at: Any = whole
    for key in above:
        at = at[key]
    found = at[last]
    for odd in ODD:
        at[last] = odd
        yield whole[""]
    if isinstance(found, dict):
        for key, value in ADDED.items():
            at[last] = {key: value, **found}
            yield whole[""]


@pytest.mark.parametrize("content", EVERY_FORM, ids=lambda content: next(iter(content)))
def test_whatever_stands_anywhere_is_a_mapping_or_refused_in_its_place(content: Content) -> None:
    for place in _places(content):
        for changed in _changed(content, place):
            text = json.dumps({"version": 1, "name": "x", "metrics": {"y": changed}})
            try:
                found = parse_mapping(text, "x")
                Export(found, PLAN)
                list(notes(found, PLAN))
            except SimulatorError as error:
                lines = str(error).splitlines()
                assert all(line.startswith("x: metrics") for line in lines), (place, lines)
                assert max(map(len, lines)) < 1500, place


def _two(one: Content, **others: Content) -> Content:
    return {"x": one, **others}


@pytest.mark.parametrize(
    ("metrics", "wrong"),
    [
        (
            _two({"measure": "http_requests"}, x_count={"measure": "scored"}),
            "metrics.x_count: x has samples or a family called x_count, too: rename one",
        ),
        (
            _two({"measure": "http_requests", "type": "summary"}, x_sum={"measure": "psi"}),
            "metrics.x_sum: x has samples or a family called x_sum, too: rename one",
        ),
        (
            _two({"measure": "scored"}, x_total={"measure": "scored"}),
            "metrics.x_total: x has samples or a family called x, too: rename one",
        ),
        (
            {"simulator_ticks_total": {"measure": "scored"}},
            "metrics.simulator_ticks_total: names that begin with simulator_",
        ),
        ({"push_time_seconds": {"measure": "brokers"}}, "metrics.push_time_seconds: is what the"),
        (
            _two({"measure": "scored", "constant": {"job": "api"}}),
            "metrics.x.labels.job: the key job says what that label is",
        ),
        (
            _two({"signal": {"base": 1, "labels": {"instance": ["a"]}}}),
            "metrics.x.labels.instance: that label is the run's own",
        ),
        (
            _two({"union": [{"measure": "scores", "constant": {"le": v}} for v in "ab"]}),
            "metrics.x.labels.le: a histogram has that label",
        ),
        (
            _two({"measure": "scores", "type": "summary", "constant": {"quantile": "1"}}),
            "metrics.x.labels.quantile: a summary has that label",
        ),
        (
            _two({"measure": "scores", "edges": [0.1, 0.1 + 1e-16, 0.2]}),
            "metrics.x.edges: two edges are written 0.1: they would be one series",
        ),
        (_two({"measure": "scores", "edges": [1e300]}), "metrics.x.edges.0: should be at most"),
        (_two({"measure": "scored", "scale": 1e300}), "metrics.x.scale: should be at most"),
        (_two({"measure": "scored", "job": ""}), "metrics.x.job: is empty"),
    ],
)
def test_what_a_scrape_could_not_tell_apart_is_refused(metrics: Content, wrong: str) -> None:
    with pytest.raises(MappingError) as refused:
        mapping(**metrics)
    assert wrong in str(refused.value)


def _nested(depth: int, form: str = "complement") -> Content:
    source: Content = {"measure": "psi"}
    for _ in range(depth):
        source = {form: {"of": source, "to": source} if form == "ratio" else source}
    return source


def test_forms_of_forms_are_bounded() -> None:
    assert mapping(x=_nested(9)).metrics
    with pytest.raises(MappingError, match=r"metrics\.x: forms are nested more than 10 deep"):
        mapping(x=_nested(10))
    with pytest.raises(MappingError, match=r"metrics\.x: is made of more than 200 sources"):
        mapping(x=_nested(7, "ratio"))
    with pytest.raises(MappingError, match=r"metrics\.x.*Recursion"):
        mapping(x=_nested(300))


def _file(folder: Path, name: str, metric: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(f"{{version: 1, name: {name}, metrics: {{{name}: {metric}}}}}")
    return str(path)


def test_two_files_are_checked_together(tmp_path: Path) -> None:
    one = _file(tmp_path, "x", "{measure: http_requests}")
    other = _file(tmp_path, "x_count", "{measure: scored}")
    with pytest.raises(MappingError, match=r"^x\+x_count: metrics\.x_count: x has samples"):
        load_mappings([one, other])


def test_attributes_of_two_files_have_the_same_ranges(tmp_path: Path) -> None:
    one = _file(tmp_path, "x", "{attribute: {feature: age, edges: [25]}}")
    other = _file(tmp_path, "y", "{attribute: {feature: age, edges: [26]}}")
    with pytest.raises(MappingError, match="age has one set of ranges"):
        load_mappings([one, other])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "holds nothing, not the keys"),
        ("[1]", "holds a list, not the keys"),
        ("version: 1\nname: x\ninclude: {x: [minio]}", "include.x: only mappings of the library"),
        ("version: 1\nname: x\nmetrics: {x: {}, x: {}}", "the key 'x' is given twice"),
        ("version: 1\nname: x\nmetrics: &a {x: *a}", "aliases are not supported"),
        ("[" * 5000, "nested too deeply"),
        ("# " + "x" * 2**20, "larger than 1,048,576 bytes"),
    ],
    ids=range(7),
)
def test_a_file_that_is_none_says_so(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(MappingError) as refused:
        load_mapping(str(path))
    assert wrong in str(refused.value)


def test_links_in_a_circle_are_no_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(MappingError, match="neither a file nor a mapping"):
        load_mapping(str(one))


def test_a_signal_follows_episodes_of_a_kind() -> None:
    causes = [{"cause": "episode", "of": "errors", "weight": 1}]
    assert Export(mapping(x={"signal": {"base": 0, "causes": causes}}), PLAN).families
    causes[0]["of"] = "error"
    with pytest.raises(MappingError, match=r"metrics\.x\.signal\.causes\.0\.of: .*'errors'"):
        Export(mapping(x={"signal": {"base": 0, "causes": causes}}), PLAN)
