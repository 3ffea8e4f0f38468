"""The JSON Schema that editors check scenario files with: it says what the reader says."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from simulator.errors import ScenarioError
from simulator.scenario.loading import library_names, parse_scenario
from simulator.scenario.model import Scenario
from tests.support.scenario_texts import EPISODES, FULL, HEADER, episode, plain, with_episodes

SCHEMA: Final[dict[str, Any]] = Scenario.model_json_schema()
VALIDATOR: Final = Draft202012Validator(SCHEMA)
LIBRARY: Final = files("simulator.scenario") / "library"


def with_routes(text: str) -> str:
    return f"{HEADER}platform: {{api: {{routes: {{{text}}}}}}}"


def is_read(text: str) -> bool:
    try:
        parse_scenario(text, "plan.yaml")
    except ScenarioError:
        return False
    return True


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", library_names())
def test_it_accepts_the_library(name: str) -> None:
    text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")

    assert list(VALIDATOR.iter_errors(plain(text))) == []


def test_it_accepts_every_key_there_is() -> None:
    assert list(VALIDATOR.iter_errors(plain(FULL))) == []


REFUSED = {
    "an unknown key": f"{HEADER}colour: blue",
    "an unknown key in a section": f"{HEADER}platform: {{api: {{colour: blue}}}}",
    "a duration given as a number": HEADER.replace("1h", "3600"),
    "a duration without a unit": HEADER.replace("1h", "'3600'"),
    "a misspelt duration": HEADER.replace("1h", "1 hour"),
    "a duration of an episode given as a number": with_episodes(
        "{name: it, kind: broker-loss, start: 0, duration: 1m, brokers: 1}"
    ),
    "a missing name": HEADER.replace("name: small\n", ""),
    "a missing description": HEADER.replace("description: A test.\n", ""),
    "a missing duration": HEADER.replace("duration: 1h\n", ""),
    "a name with blanks": HEADER.replace("small", "not a name"),
    "an unknown profile": f"{HEADER}traffic: {{profile: weekly}}",
    "an unknown country": f"{HEADER}traffic: {{country: XX}}",
    "a country's name": f"{HEADER}traffic: {{country: France}}",
    "an unknown time zone": f"{HEADER}traffic: {{time_zone: Paris}}",
    "a ratio above 1": f"{HEADER}traffic: {{invalid_ratio: 1.01}}",
    "a ratio below 0": f"{HEADER}traffic: {{invalid_ratio: -0.01}}",
    "no requests": f"{HEADER}traffic: {{requests_per_second: 0}}",
    "a word for a number": f"{HEADER}seed: many",
    "yes for a number": f"{HEADER}seed: yes",
    "a label's value with two lines": f'{HEADER}platform: {{model: {{name: "a\\nb"}}}}',
    "a label's value that is empty": f"{HEADER}platform: {{model: {{name: ''}}}}",
    "a route without a method": with_routes("score: /score"),
    "a route without its key": with_routes("decision: GET /d"),
    "a route with a key too many": with_routes("score: 'POST /s/{id}'"),
    "a route that reads and has a body": with_routes("score: GET /s"),
    "a range of scores with three ends": (
        f"{HEADER}platform: {{policy: {{score_range: [0, 1, 2]}}}}"
    ),
    "an unknown channel": f"{HEADER}traffic: {{channels: {{fax: 1}}}}",
    "an unknown feature": with_episodes(
        "{name: it, kind: population-shift, start: 0s, duration: 1m, shifts: {height: 1}}"
    ),
    "an unknown kind": with_episodes("{name: it, kind: flood, start: 0s, duration: 1m}"),
    "an episode without a kind": with_episodes("{name: it, start: 0s, duration: 1m}"),
    "a list": "- a",
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses(what: str) -> None:
    assert not VALIDATOR.is_valid(plain(REFUSED[what]))


@pytest.mark.parametrize("what", REFUSED)
def test_the_reader_refuses_as_well(what: str) -> None:
    assert not is_read(REFUSED[what])


@pytest.mark.parametrize("kind", EPISODES)
def test_it_refuses_an_unknown_key_of_an_episode(kind: str) -> None:
    assert VALIDATOR.is_valid(plain(with_episodes(episode(kind))))
    assert not VALIDATOR.is_valid(plain(with_episodes(f"{episode(kind)[:-1]}, colour: blue}}")))


def test_every_section_has_a_description() -> None:
    assert all(section.get("description") for section in SCHEMA["$defs"].values())


def test_every_field_of_the_platform_has_a_description() -> None:
    sections = _sections("Platform", "Traffic")

    assert len(sections) > 8
    bare = [
        f"{section}.{name}"
        for section in sections
        for name, field in SCHEMA["$defs"][section]["properties"].items()
        if not field.get("description")
    ]
    assert bare == []


def _sections(*first: str) -> set[str]:
    """Names of these sections, and of all that are in them."""
    found: set[str] = set()
    left = list(first)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            text = json.dumps(SCHEMA["$defs"][name])
            left.extend(re.findall(r'"#/\$defs/([A-Za-z]+)"', text))
    return found
