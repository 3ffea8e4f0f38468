"""Reading scenarios: where they are found, and what their YAML may not hold."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.loading import load_scenario, parse_scenario
from tests.support.scenario_texts import EPISODES, FULL, HEADER

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 256 * 1024  # bytes


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, "plan.yaml")
    return str(refused.value)


def test_a_scenario_may_be_no_more_than_name_description_and_duration() -> None:
    scenario = parse_scenario(HEADER, "plan.yaml")

    assert (scenario.name, scenario.duration, scenario.episodes) == ("small", 3600.0, ())


def test_a_scenario_may_give_every_key() -> None:
    assert len(parse_scenario(FULL, "plan.yaml").episodes) == len(EPISODES)


def test_reading_twice_gives_equal_scenarios() -> None:
    assert parse_scenario(FULL, "a") == parse_scenario(FULL, "b")


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(HEADER.replace("A test.", "Été à Orléans."), encoding="utf-8")

    assert load_scenario(str(file)).description == "Été à Orléans."


def test_a_name_of_the_library_goes_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calm").write_text(HEADER)
    monkeypatch.chdir(tmp_path)

    assert load_scenario("calm").name == "calm"


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"'no-such' is neither a file nor .*\bcalm\b"):
        load_scenario("no-such")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is neither a file"):
        load_scenario(str(tmp_path))


def test_a_name_longer_than_any_file_s_is_refused_like_another() -> None:
    with pytest.raises(ScenarioError):
        load_scenario("x" * 5000)


def test_the_library_is_read_as_utf_8_whatever_the_locale() -> None:
    # Python warns where a text file is opened in the locale's encoding
    script = "from simulator.scenario.loading import load_scenario; load_scenario('calm')"

    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", script],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert "EncodingWarning" not in done.stderr


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(HEADER + "#" * (LARGEST - len(HEADER)))

    assert load_scenario(str(file)).name == "small"


def test_a_larger_file_is_refused_with_the_most(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(HEADER + "#" * (LARGEST - len(HEADER) + 1))

    with pytest.raises(ScenarioError, match="larger than 262,144 bytes"):
        load_scenario(str(file))


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\xff\xfe", b"\x00\x01\x02", b"\xff", b"caf\xe9: 1"]
)
def test_a_binary_file_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(content)

    with pytest.raises(ScenarioError, match=r"plan\.yaml: not (UTF-8 text|YAML)"):
        load_scenario(str(file))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "nothing"),
        ("# nothing\n", "nothing"),
        ("- a\n- b\n", "a list"),
        ("just words", "a text"),
        ("12", "a number"),
        ("true", "true or false"),
        ("2026-01-01", "a date"),
    ],
)
def test_what_is_no_mapping_is_refused_with_what_it_is(text: str, found: str) -> None:
    assert refusal(text) == f"plan.yaml: holds {found}, not the keys of a scenario"


@pytest.mark.parametrize(
    "text",
    [
        "name: [",
        "name: 'a",
        "a: b: c",
        "\tname: a",
        "a: 1\n---\nb: 2\n",
        "duration: 2026-02-31",
        "? [a]\n: 1",
        "%YAML 9.9\n",
    ],
)
def test_what_is_not_yaml_is_refused_as_such(text: str) -> None:
    assert refusal(text).startswith("plan.yaml: not YAML: ")


@pytest.mark.parametrize(
    "text",
    [
        "traffic: &t {profile: flat}\nplatform: *t\n",
        "traffic: &t {<<: *t}\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "? &k seed\n: 1\n? *k\n: 2\n",
    ],
)
def test_aliases_are_refused_with_their_line(text: str) -> None:
    assert "aliases are not supported, line " in refusal(HEADER + text)


def test_an_anchor_that_nothing_refers_to_is_harmless() -> None:
    assert parse_scenario(f"{HEADER}seed: &s 9\n", "plan.yaml").seed == 9


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        (f"{HEADER}name: other\n", "name", 4),
        (f"{HEADER}'name': other\n", "name", 4),
        (f"{HEADER}traffic:\n  profile: flat\n  profile: daily\n", "profile", 6),
        (f"{HEADER}traffic: {{channels: {{web: 1, web: 2}}}}\n", "web", 4),
        (f"{HEADER}episodes:\n- {{start: 1m, start: 2m}}\n", "start", 5),
    ],
)
def test_a_key_given_twice_is_refused_with_its_line(text: str, key: str, line: int) -> None:
    assert f"the key {key!r} is given twice, line {line} column " in refusal(text)


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.getcwd []",
        "!!python/name:os.system ''",
        "!!python/module:os ''",
        "!!python/tuple [1]",
        "!mine {a: 1}",
        "!<tag:yaml.org,2002:python/name:os.system> ''",
    ],
)
def test_tags_that_make_objects_are_refused(value: str) -> None:
    assert "could not determine a constructor for the tag" in refusal(f"{HEADER}seed: {value}\n")


@pytest.mark.parametrize(
    "value", ["!!bool maybe", "!!int ''", "!!int x", "!!float ''", "!!timestamp x", "!!binary é"]
)
def test_a_value_that_does_not_fit_its_tag_is_refused(value: str) -> None:
    assert "plan.yaml: " in refusal(f"{HEADER}seed: {value}\n")


@pytest.mark.parametrize("depth", [100, 320, 330, 1000, 100_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("[{a: ", "}]"), ("- ", "")]
)
def test_deep_nesting_is_refused_in_a_line(opening: str, closing: str, depth: int) -> None:
    message = refusal(f"{HEADER}x:\n  {opening * depth}1{closing * depth}\n")

    assert len(message.splitlines()) == 1
    assert len(message) < 400


def test_hostile_nesting_is_refused_soon() -> None:
    begin = time.perf_counter()
    refusal("[" * (LARGEST - 1))

    assert time.perf_counter() - begin < 10.0


def test_thousands_of_unknown_keys_are_refused_soon() -> None:
    begin = time.perf_counter()
    message = refusal("".join(f"key-{i}: 1\n" for i in range(5000)))

    assert message.endswith("and 4,903 more")
    assert time.perf_counter() - begin < 10.0
