import math

import numpy as np
import pytest

from simulator.grafana.field_matchers import Candidate, is_matched
from simulator.grafana.frames import Field, Frame
from simulator.grafana.model import FieldConfig, Matcher, Override
from simulator.grafana.overrides import StyledField, styled_frames
from simulator.grafana.thresholds import Range


def value(name: str, *numbers: float, ref_id: str = "A", **labels: str) -> Frame:
    """A frame of one series that the data source names."""
    times = np.arange(len(numbers), dtype=float)
    numbers_field = Field(
        "Value", "number", np.array(numbers, dtype=float), labels=labels, source_name=name
    )
    return Frame(ref_id, (Field("Time", "time", times), numbers_field))


def override(matcher: str, options: object, **properties: object) -> Override:
    named = tuple((key.replace("custom_", "custom."), v) for key, v in properties.items())
    return Override(Matcher(matcher, options), named)


def styled(
    *frames: Frame, defaults: dict[str, object] | None = None, overrides: tuple[Override, ...] = ()
) -> list[StyledField]:
    return of_type("stat", *frames, defaults=defaults, overrides=overrides)


def of_type(
    panel_type: str,
    *frames: Frame,
    defaults: dict[str, object] | None = None,
    overrides: tuple[Override, ...] = (),
) -> list[StyledField]:
    config = FieldConfig(defaults or {}, overrides)
    found = styled_frames(frames, config, panel_type)
    return [field for fields in found for field in fields if field.field.kind == "number"]


def units(*overrides: Override, frames: tuple[Frame, ...]) -> list[str]:
    return [field.style.unit for field in styled(*frames, overrides=overrides)]


def test_defaults_hold_where_no_override_matches() -> None:
    (field,) = styled(value("a", 1), defaults={"unit": "s", "decimals": 2})
    assert (field.style.unit, field.style.decimals) == ("s", 2)


def test_of_several_overrides_the_last_one_wins() -> None:
    both = (override("byName", "a", unit="s"), override("byName", "a", unit="percent"))
    assert units(*both, frames=(value("a", 1),)) == ["percent"]


def test_null_takes_a_property_away() -> None:
    (field,) = styled(
        value("a", 1), defaults={"unit": "s"}, overrides=(override("byName", "a", unit=None),)
    )
    assert field.style.unit == ""


def test_thresholds_are_replaced_whole() -> None:
    blue = {"steps": [{"color": "blue"}]}
    (field,) = styled(
        value("a", 1),
        defaults={"thresholds": {"mode": "percentage", "steps": [{}, {"value": 1}]}},
        overrides=(override("byName", "a", thresholds=blue),),
    )
    assert field.style.thresholds is not None
    assert [step.color for step in field.style.thresholds.steps] == ["blue"]
    assert not field.style.thresholds.is_percentage


def test_mappings_are_put_in_front_of_the_inherited_ones() -> None:
    first, second = {"type": "special"}, {"type": "value"}
    (field,) = styled(
        value("a", 1),
        defaults={"mappings": [second]},
        overrides=(override("byName", "a", mappings=[first]),),
    )
    assert field.style.mappings == (first, second)


@pytest.mark.parametrize(
    ("matcher", "options", "matches"),
    [
        ("byName", "abc", True),
        ("byName", "Value", True),
        ("byName", "ab", False),
        ("byRegexp", "b", False),
        ("byRegexp", "/b/", True),
        ("byRegexp", ".b.", True),
        ("byRegexp", "/B/i", True),
        ("byRegexp", "/(/", False),
        ("byRegexp", "", False),
        ("byType", "number", True),
        ("byType", "string", False),
        ("byFrameRefID", "A", True),
        ("byFrameRefID", "B", False),
        ("byNames", {"names": ["x", "abc"]}, True),
        ("byNames", {"names": ["x"]}, False),
        ("byNames", {"mode": "exclude", "names": ["x"]}, True),
        ("byNames", {"mode": "exclude", "names": ["abc"]}, False),
        ("byRegexpOrNames", {"pattern": "/z/", "names": ["abc"]}, True),
        ("byRegexpOrNames", {"pattern": "/b/", "names": []}, True),
        ("byRegexpOrNames", {"pattern": "/z/"}, False),
        ("numeric", None, True),
        ("time", None, False),
        ("noSuchMatcher", "abc", False),
        ("byNames", "abc", False),
    ],
)
def test_matchers_pick_fields(matcher: str, options: object, matches: bool) -> None:  # noqa: FBT001
    # a boolean parameter of a table of cases, never a call's argument
    found = units(override(matcher, options, unit="s"), frames=(value("abc", 1),))
    assert found == (["s"] if matches else [""])


def test_a_given_display_name_hides_the_old_name_from_later_overrides() -> None:
    (field,) = styled(
        value("a", 1),
        overrides=(
            override("byName", "a", displayName="renamed"),
            override("byName", "a", unit="percent"),
            override("byName", "renamed", decimals=2),
        ),
    )
    assert (field.name, field.style.unit, field.style.decimals) == ("renamed", "", 2)


def test_missing_limits_are_those_of_all_numbers_of_the_panel() -> None:
    limits = [field.style.limits for field in styled(value("a", 0, np.nan), value("b", 1000))]
    assert limits == [Range(0, 1000), Range(0, 1000)]


def test_a_given_limit_leaves_the_other_to_the_values() -> None:
    (field,) = styled(value("a", 50), defaults={"max": 100})
    assert field.style.limits == Range(50, 100)


def test_limits_the_wrong_way_round_are_swapped() -> None:
    (field,) = styled(value("a", 1), defaults={"min": 10, "max": 0})
    assert field.style.limits == Range(0, 10)


def test_a_field_may_keep_its_limits_to_itself() -> None:
    fields = styled(value("a", 0, 5), value("b", 1000), defaults={"fieldMinMax": True})
    assert [field.style.limits for field in fields] == [Range(0, 5), Range(1000, 1000)]


@pytest.mark.parametrize("panel_type", ["piechart", "heatmap"])
def test_some_panel_types_have_no_thresholds(panel_type: str) -> None:
    steps = {"steps": [{"color": "green"}]}
    (field,) = of_type(
        panel_type,
        value("a", 1),
        defaults={"thresholds": steps},
        overrides=(override("byName", "a", thresholds=steps),),
    )
    assert field.style.thresholds is None


@pytest.mark.parametrize(
    ("panel_type", "color", "mode"),
    [
        ("stat", None, "thresholds"),
        ("timeseries", None, "palette-classic"),
        ("timeseries", {"fixedColor": "red"}, "palette-classic"),
        ("timeseries", {"mode": "thresholds"}, "thresholds"),
        ("stat", {"mode": "nonsense"}, "thresholds"),
        ("stat", {"mode": "fixed"}, "fixed"),
        ("stat", {"mode": "continuous-GrYlRd"}, "continuous-GrYlRd"),
    ],
)
def test_the_color_mode_depends_on_the_panel_type(
    panel_type: str, color: object, mode: str
) -> None:
    (field,) = of_type(panel_type, value("a", 1), defaults={"color": color})
    assert field.style.color_mode == mode


def test_a_custom_property_counts_only_in_a_panel_type_that_has_it() -> None:
    hidden = (override("byName", "a", custom_hidden=True),)
    assert of_type("table", value("a", 1), overrides=hidden)[0].style.is_hidden
    assert not of_type("timeseries", value("a", 1), overrides=hidden)[0].style.is_hidden


def test_a_field_is_hidden_from_the_picture_too() -> None:
    defaults: dict[str, object] = {"custom": {"hideFrom": {"viz": True}}}
    assert of_type("timeseries", value("a", 1), defaults=defaults)[0].style.is_hidden


@pytest.mark.parametrize(
    ("options", "is_met"),
    [
        ({"reducer": "max", "op": "gte", "value": 5}, True),
        ({"reducer": "max", "op": "gt", "value": 5}, False),
        ({"reducer": "last", "op": "eq", "value": 2}, True),
        ({"reducer": "last", "value": "2"}, True),  # compared as texts
        ({"reducer": "mean", "op": "neq", "value": 3.5}, False),
        ({"reducer": "allIsZero", "op": "gte", "value": 0}, False),
        ({"reducer": "allIsNull"}, False),
        ({"reducer": "nonsense", "op": "gte", "value": None}, True),  # null is null
        ({}, False),
    ],
)
def test_an_override_may_be_for_fields_by_their_values(
    options: dict[str, object],
    is_met: bool,  # noqa: FBT001 - what is wanted
) -> None:
    numbers = Field("Value", "number", np.array([5.0, 2.0]), labels={"l": "a"})
    assert is_matched(Matcher("byValue", options), Candidate(numbers, "a", "A")) is is_met


def test_fields_of_nothing_but_zeros_or_gaps_are_met_as_such() -> None:
    for reducer, values in (("allIsZero", [0.0, math.nan]), ("allIsNull", [math.nan])):
        field = Field("Value", "number", np.array(values), labels={})
        assert is_matched(Matcher("byValue", {"reducer": reducer}), Candidate(field, "a", "A"))
