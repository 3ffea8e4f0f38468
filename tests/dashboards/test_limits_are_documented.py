"""Every orange and red limit is told as it is: by its panel, by both documents, by its alert."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.dashboard_files import BOTH, BUSINESS, FOLDER, ML, panels
from tests.support.limits import (
    ALARM,
    COLOURED,
    Coloured,
    Limit,
    Measure,
    measures,
    reported,
    written,
)

DESIGN = FOLDER.parent / "docs" / "design.md"
RULES = FOLDER.parent / "compose" / "prometheus" / "rules" / "scoring-alerts.yml"
PIPELINE = "Data Pipeline Health"
COMPLIANCE = "Compliance Violations per 10,000"
# Numbers in descriptions that are no limit: a number that is neither has stayed behind.
FACTS = {
    # outcomes looked at; loans that go bad, what is healthy, what chance makes of it
    "Model Performance Overview": "5 000; 7 %, 76 %, 72 %",
    # outcomes looked at; what chance makes of the ratio
    "Observed vs Expected Defaults": "5 000; 0.05",
    "Model Drift Detection": "2 000, 0.01",  # applications looked at; PSI by chance
    "Prediction Latency": "5 %",  # what takes longer than p95
    "API Response Times": "5 %",
    "Scoring Success Rate": "99 %",  # what is agreed
    "Kafka below min ISR": "2",  # replicas
    # the unit; what is usual and by chance; the weight of the usual
    COMPLIANCE: "10 000; 1.46, 3; 20 000, 2.92",
    "Consumer Lag": "100 million, 0",  # the ends of the axis
}
ALERT_FACTS = measures("5 %; 99 %; 2 replicas; 10 000 scorings, 1.46")

of_each_field = pytest.mark.parametrize(
    "field", COLOURED, ids=lambda f: f.name if f.title == PIPELINE else f.title
)


def scope(field: Coloured) -> str:
    """The part of its panel's description that is about a field."""
    text: str = field.panel["description"]
    own = [line for line in text.splitlines() if f"**{field.name}**" in line]
    return own[0] if own else text


def facts(field: Coloured) -> frozenset[Measure]:
    tile = field.name if field.title == PIPELINE else None
    return measures(FACTS.get(tile or field.title, ""))


def green(field: Coloured) -> Limit:
    """Where green ends or begins, which a text may say and need not."""
    mildest = min(field.limits, key=lambda limit: ALARM.index(limit.colour))
    direction = {"from": "below", "below": "from"}[mildest.direction]
    return Limit("green", direction, mildest.measure)


def test_sixteen_fields_have_limits() -> None:
    assert len(COLOURED) == 16


@of_each_field
def test_a_description_claims_the_limits_of_its_panel_and_no_others(field: Coloured) -> None:
    assert reported(scope(field)).claims - {green(field)} == set(field.limits)


@of_each_field
def test_no_number_of_a_description_stays_behind_when_a_limit_moves(field: Coloured) -> None:
    own = {limit.measure for limit in field.limits}
    assert reported(scope(field)).others <= own | facts(field)


@pytest.mark.parametrize("path", BOTH)
def test_a_panel_without_limits_claims_none(path: Path) -> None:
    coloured = {field.title for field in COLOURED}
    without = [panel for title, panel in panels(path).items() if title not in coloured]
    assert without
    assert not any(reported(panel["description"]).claims for panel in without)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Orange, from 0.3 s: customers notice.", Limit("orange", "from", Measure(0.3, "s"))),
        ("red from 10 000: too slow", Limit("red", "from", Measure(10_000))),
        ("Red, below 95 %: an outage.", Limit("red", "below", Measure(95, "%"))),
        ("Orange, from 0.10: it moves", Limit("orange", "from", Measure(0.1))),
    ],
)
def test_a_claim_is_read_with_its_direction_and_unit(text: str, claim: Limit) -> None:
    assert reported(text).claims == {claim}


@pytest.mark.parametrize("text", ["Red, above 6.", "Why 0.70: it strays.", "limits: 4 and 9"])
def test_a_number_in_other_words_is_still_seen(text: str) -> None:
    assert not reported(text).claims
    assert reported(text).others


@pytest.mark.parametrize("text", ["p95", "CMF L561-5", "/v1/score"])
def test_a_number_within_a_name_is_none(text: str) -> None:
    assert not measures(text)


# ---------------------------------------------------------------------------- the documents


def table_rows() -> list[list[str]]:
    """The cells of each row of the README's table of thresholds."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Thresholds\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def place(field: Coloured) -> list[str]:
    """The first two cells of a field's row: where it is, and what."""
    if field.title == PIPELINE:
        return [PIPELINE, str(field.name)]
    return [{ML: "ML", BUSINESS: "Business"}[field.path], field.title]


@of_each_field
def test_the_table_has_each_limit_in_the_column_of_its_colour(field: Coloured) -> None:
    (row,) = [row for row in table_rows() if row[:2] == place(field)]
    expected = {limit.colour: written(limit) for limit in field.limits}
    assert row[2:4] == [expected.get(colour, "") for colour in ALARM]


def test_the_table_has_no_row_beside_those_of_the_limits() -> None:
    assert [row[:2] for row in table_rows()] == [place(field) for field in COLOURED]


def design_limits() -> dict[str, str]:
    """What stands in brackets behind each panel's name in docs/design.md."""
    text = DESIGN.read_text(encoding="utf-8")
    section = " ".join(text.partition("\n## Dashboards\n")[2].partition("\n## ")[0].split())
    items = re.split(r" · |: (?=Daily|Model Perf)|\. ", section)
    found = [re.match(r"([A-Z][A-Za-z ]+(?:10,000)?)[^[]*\[(.+)\]", item) for item in items]
    return {match[1].strip(): match[2] for match in found if match}


def is_yes_or_no(field: Coloured) -> bool:
    """Whether a field counts what should not be there at all, which is told in words."""
    return {limit.measure for limit in field.limits} == {Measure(1)}


HISTORIES = {"Accuracy over Time", "Drift over Time", "Consumer Lag"}  # the limits of another


@pytest.mark.parametrize("title", sorted({f.title for f in COLOURED} - HISTORIES))
def test_the_design_names_the_limits_of_a_panel_and_no_others(title: str) -> None:
    fields = [f for f in COLOURED if f.title == title and not is_yes_or_no(f)]
    expected = {limit.measure for field in fields for limit in field.limits}
    text = design_limits()[title]
    assert measures(text) == expected
    below = {x.measure for f in fields for x in f.limits if x.direction == "below"}
    assert measures(" ".join(re.findall(r"< [\d.]+(?: %)?", text))) == below


# ------------------------------------------------------------------------------- the alerts

ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda a: a["alert"])
@pytest.mark.parametrize("text", ["summary", "description"])
def test_an_alert_tells_the_value_and_quotes_no_limit_that_could_go_stale(
    alert: dict[str, Any], text: str
) -> None:
    without_values = re.sub(r"\{\{.*?\}\}", "", alert["annotations"][text])
    assert measures(without_values) <= ALERT_FACTS
