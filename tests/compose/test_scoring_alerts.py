"""Who sees an orange or red step in a dashboard finds an alert with the same limit, and back."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from simulator.installation import shipped
from simulator.runtime import config
from tests.support.dashboard_files import (
    BOTH,
    BUSINESS,
    ML,
    Json,
    dashboard,
    every_panel,
    expression,
    panels,
)

RULES = shipped("compose") / "prometheus" / "rules" / "scoring-alerts.yml"
SEVERITY = {"orange": "warning", "red": "critical"}
PIPELINE = "Data Pipeline Health"


class Field(NamedTuple):
    """What a panel colours: all its values (no name), or the values that an override names."""

    path: Path
    title: str
    name: str | None = None


class Step(NamedTuple):
    field: Field
    severity: str
    comparison: str
    limit: str


SIGNALS = {
    "accuracy": Field(ML, "Model Performance Overview"),
    "calibration": Field(ML, "Observed vs Expected Defaults"),
    "prediction-latency": Field(ML, "Prediction Latency"),
    "drift": Field(ML, "Model Drift Detection", "PSI"),
    "success-rate": Field(BUSINESS, "Scoring Success Rate"),
    "response-time": Field(BUSINESS, "API Response Times"),
    "consumer-lag": Field(BUSINESS, PIPELINE, "Kafka consumer lag"),
    "replication": Field(BUSINESS, PIPELINE, "Kafka under-replicated"),
    "min-isr": Field(BUSINESS, PIPELINE, "Kafka below min ISR"),
    "drives": Field(BUSINESS, PIPELINE, "MinIO drives offline"),
    "write-quorum": Field(BUSINESS, PIPELINE, "MinIO write quorum"),
    "free-space": Field(BUSINESS, PIPELINE, "MinIO free space"),
    "compliance": Field(BUSINESS, "Compliance Violations per 10,000"),
}
# The history behind a panel: another query, the same limits, no alert of its own.
DETAILS = {
    Field(ML, "Accuracy over Time"): "accuracy",
    Field(ML, "Drift over Time"): "drift",
    Field(BUSINESS, "Consumer Lag"): "consumer-lag",
}
SIGNAL_OF = {field: signal for signal, field in SIGNALS.items()} | DETAILS


def coloured(panel: Json) -> dict[str | None, list[Json]]:
    """The threshold steps of each field that has an orange or red one."""
    found = {None: panel["fieldConfig"]["defaults"].get("thresholds")}
    for override in panel["fieldConfig"]["overrides"]:
        values = {p["id"]: p["value"] for p in override["properties"]}
        found[override["matcher"]["options"]] = values.get("thresholds")
    lists = {name: thresholds["steps"] for name, thresholds in found.items() if thresholds}
    return {n: steps for n, steps in lists.items() if SEVERITY.keys() & {s["color"] for s in steps}}


def limits(steps: list[Json]) -> list[tuple[str, str, str]]:
    """Severity, comparison and limit of each coloured step, the limit as it is written in JSON.

    Grafana lists steps upwards, each from its own value on. Where the lowest is a colour of alarm,
    lower is worse, and a step ends where the next one begins.
    """
    if steps[0]["color"] in SEVERITY:
        return [(SEVERITY[low["color"]], "<", str(high["value"])) for low, high in pairwise(steps)]
    return [(SEVERITY[s["color"]], ">=", str(s["value"])) for s in steps[1:]]


COLOURED = {
    Field(path, title, name): steps
    for path, title in every_panel()
    for name, steps in coloured(panels(path)[title]).items()
}
STEPS = [Step(field, *limit) for field, steps in COLOURED.items() for limit in limits(steps)]
GROUPS = config.read_yaml(RULES)["groups"]
ALERTS: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]

of_each_step = pytest.mark.parametrize(
    "step", STEPS, ids=lambda s: f"{s.field.title}-{s.field.name}-{s.severity}"
)
of_each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda a: a["alert"])


def normalised(promql: str) -> str:
    """A query without what only its layout puts in: spaces at brackets and commas, line breaks."""
    return re.sub(r" ?([(),]) ?", r"\1", " ".join(promql.split()))


def for_all_instances(promql: str) -> str:
    """A panel's query as the rules have it: no choice of instances, the default window."""
    matchers = re.sub(r',?\s*instance=~"\$instance"', "", promql)
    return matchers.replace("{}", "").replace("$window", "15m")


def without_outer_call(promql: str, function: str) -> str:
    """The first argument of calls nested in each other; labels made for reading are no query."""
    while promql.startswith(f"{function}("):
        inside = promql.removeprefix(f"{function}(")
        promql = re.sub(r'(, "[^"]*"){4}\)$', "", inside)
    return promql


def panel_query(field: Field) -> str:
    """The query whose values the thresholds of a field colour."""
    targets = panels(field.path)[field.title]["targets"]
    named = [t["refId"] for t in targets if field.name and t["legendFormat"] == field.name]
    promql = expression(field.path, field.title, (named or ["A"])[0])
    return normalised(for_all_instances(without_outer_call(promql, "label_replace")))


def parts(alert: dict[str, Any]) -> tuple[str, str, str]:
    """Query, comparison and limit of an alert."""
    found = re.fullmatch(r"\((.*)\) (>=|<) ([\d.]+)", alert["expr"], re.DOTALL)
    assert found is not None, alert["expr"]
    return found[1], found[2], found[3]


def alerts_of(step: Step) -> list[dict[str, Any]]:
    wanted = {"signal": SIGNAL_OF[step.field], "severity": step.severity}
    return [alert for alert in ALERTS if alert["labels"] == wanted]


def alert_of(step: Step) -> dict[str, Any]:
    (alert,) = alerts_of(step)
    return alert


def own_step(alert: dict[str, Any]) -> Step:
    """The step of the panel that the alert takes its query from."""
    field = SIGNALS[alert["labels"]["signal"]]
    (step,) = [s for s in STEPS if (s.field, s.severity) == (field, alert["labels"]["severity"])]
    return step


def linked_panel(alert: dict[str, Any]) -> tuple[Path, Json]:
    link = alert["annotations"]["panel"]
    found = re.fullmatch(r"http://localhost:3000/d/([\w-]+)\?viewPanel=(\d+)", link)
    assert found is not None, link
    (path,) = [path for path in BOTH if dashboard(path)["uid"] == found[1]]
    (panel,) = [p for p in panels(path).values() if p["id"] == int(found[2])]
    return path, panel


def test_every_coloured_field_belongs_to_a_signal() -> None:
    assert COLOURED.keys() == SIGNAL_OF.keys()


def test_the_dashboards_have_twenty_two_steps_and_six_more_in_the_details() -> None:
    details = [step for step in STEPS if step.field in DETAILS]
    assert (len(STEPS) - len(details), len(details)) == (22, 6)


@pytest.mark.parametrize("field", COLOURED, ids=lambda f: f"{f.title}-{f.name}")
def test_colours_get_worse_in_one_direction_only(field: Field) -> None:
    badness = [["green", "orange", "red"].index(s["color"]) for s in COLOURED[field]]
    assert badness in (sorted(badness), sorted(badness, reverse=True))


@of_each_step
def test_a_step_has_exactly_one_alert(step: Step) -> None:
    assert len(alerts_of(step)) == 1


@of_each_step
def test_an_alert_has_the_limit_and_the_direction_of_the_step(step: Step) -> None:
    assert parts(alert_of(step))[1:] == (step.comparison, step.limit)


@of_each_alert
def test_no_alert_is_without_a_step(alert: dict[str, Any]) -> None:
    assert alert in [found for step in STEPS for found in alerts_of(step)]


@of_each_alert
def test_an_alert_asks_what_the_panel_asks(alert: dict[str, Any]) -> None:
    assert normalised(parts(alert)[0]).strip() == panel_query(own_step(alert).field)


@of_each_alert
def test_an_alert_links_to_the_panel_that_has_its_step(alert: dict[str, Any]) -> None:
    path, panel = linked_panel(alert)
    field = own_step(alert).field
    assert (path, panel["title"]) == (field.path, field.title)


@of_each_alert
def test_an_alert_waits_before_it_fires(alert: dict[str, Any]) -> None:
    assert re.fullmatch(r"[1-9]\d*[smh]", alert["for"])


@of_each_alert
@pytest.mark.parametrize("name", ["summary", "description", "panel"])
def test_an_alert_is_explained(alert: dict[str, Any], name: str) -> None:
    assert alert["annotations"][name].strip()


@of_each_alert
def test_a_summary_says_the_value(alert: dict[str, Any]) -> None:
    assert re.search(r"\{\{ \$value \| \w+", alert["annotations"]["summary"])


@of_each_alert
def test_a_name_ends_with_the_severity(alert: dict[str, Any]) -> None:
    assert alert["alert"].endswith(alert["labels"]["severity"].capitalize())


def test_no_name_is_given_twice() -> None:
    names = [alert["alert"] for alert in ALERTS]
    assert len(set(names)) == len(names)


def test_the_limit_ends_its_line_because_a_tool_rewrites_it_in_place() -> None:
    text = RULES.read_text(encoding="utf-8")
    assert len(re.findall(r"\) (?:>=|<) [\d.]+$", text, re.MULTILINE)) == len(ALERTS)


def test_the_group_is_not_evaluated_at_every_scrape_of_the_native_stack() -> None:
    assert [(group["name"], group["interval"]) for group in GROUPS] == [("scoring", "30s")]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            [("red", None), ("orange", 0.66), ("green", 0.7)],
            [("critical", "<", "0.66"), ("warning", "<", "0.7")],
        ),
        (
            [("green", None), ("orange", 4), ("red", 9)],
            [("warning", ">=", "4"), ("critical", ">=", "9")],
        ),
    ],
)
def test_a_step_is_read_as_grafana_colours_it(
    steps: list[tuple[str, float | None]], expected: list[tuple[str, str, str]]
) -> None:
    assert limits([{"color": colour, "value": value} for colour, value in steps]) == expected
