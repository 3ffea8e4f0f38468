"""Rule files of every form that people have, read into one model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.errors import RuleError
from simulator.rules.model import Alert, GrafanaAlert, GrafanaRecording, Group, Recording
from simulator.rules.reading import groups_in, read_rule_files

GROUP = """\
name: g
interval: 30s
query_offset: 1m
limit: 7
labels: {team: a, dc: x}
rules:
  - {alert: Down, expr: up == 0, for: 5m, keep_firing_for: 10m, labels: {team: b}}
  - {record: "job:up:sum", expr: sum by (job) (up)}
"""


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


LISTED = f"- {indented(GROUP, 2).strip()}\n"
PLAIN = f"groups:\n{indented(LISTED, 2)}"
OPERATOR = f"kind: PrometheusRule\nspec:\n{indented(PLAIN, 2)}"
FORMS = {
    "plain": PLAIN,
    "operator": OPERATOR,
    "list": f"kind: List\nitems:\n  - {indented(OPERATOR, 4).strip()}\n",
    "documents": f"kind: Namespace\n---\n{OPERATOR}---\n",
    "config map": f"kind: ConfigMap\ndata:\n  rules.yml: |\n{indented(PLAIN, 4)}",
    "helm values": f"serverFiles:\n  alerting_rules.yml:\n{indented(PLAIN, 4)}",
    "namespaced": f"namespace: n\n{PLAIN}",
}

NODES = [
    {
        "refId": "A",
        "datasourceUid": "prom",
        "relativeTimeRange": {"from": 600, "to": 0},
        "model": {"expr": "up", "instant": True},
    },
    {"refId": "C", "datasourceUid": "__expr__", "model": {"type": "threshold", "expression": "A"}},
]
MANAGED = {
    "uid": "u",
    "title": "Down",
    "condition": "C",
    "data": NODES,
    "noDataState": "OK",
    "execErrState": "Alerting",
    "for": "5m",
    "keepFiringFor": "10m",
    "labels": {"team": "b"},
    "isPaused": False,
}
RULER = {
    "for": "5m",
    "keep_firing_for": "10m",
    "labels": {"team": "b"},
    "grafana_alert": {
        "uid": "u",
        "title": "Down",
        "condition": "C",
        "data": NODES,
        "no_data_state": "OK",
        "exec_err_state": "Alerting",
    },
}
EXPRESSIONS = {"A": NODES[0], "C": {**NODES[1], "source": True}}
MANAGED_FORMS = {
    "provisioning": {
        "apiVersion": 1,
        "groups": [{"name": "g", "interval": "1m", "rules": [MANAGED]}],
    },
    "all rules": [{**MANAGED, "ruleGroup": "g", "interval": 60}],
    "one rule": {**MANAGED, "ruleGroup": "g", "interval": 60},
    "rule group": {"title": "g", "folderUid": "f", "interval": 60, "rules": [MANAGED]},
    "ruler": {"folder": [{"name": "g", "interval": "1m", "rules": [RULER]}]},
    "operator": {
        "kind": "GrafanaAlertRuleGroup",
        "spec": {"name": "g", "interval": "60s", "rules": [MANAGED]},
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_group_is_read_from_every_form(form: str) -> None:
    (group,) = groups_in(FORMS[form], Path("rules.yml"))
    alert, recording = group.rules
    assert isinstance(alert, Alert)
    assert isinstance(recording, Recording)
    assert (group.interval, group.query_offset, group.limit) == (30.0, 60.0, 7)
    assert (alert.expr, alert.hold, alert.keep_firing) == ("up == 0", 300.0, 600.0)
    assert alert.labels == {"team": "b", "dc": "x"}
    assert (recording.name, recording.labels) == ("job:up:sum", {"team": "a", "dc": "x"})


def only_alert(groups: tuple[Group, ...]) -> GrafanaAlert:
    ((alert,),) = (group.rules for group in groups)
    assert isinstance(alert, GrafanaAlert)
    return alert


@pytest.mark.parametrize("suffix", ["json", "yaml"])
@pytest.mark.parametrize("form", MANAGED_FORMS)
def test_what_grafana_manages_is_read_from_every_form(form: str, suffix: str) -> None:
    groups = groups_in(json.dumps(MANAGED_FORMS[form]), Path(f"rules.{suffix}"))
    alert = only_alert(groups)
    assert (groups[0].name, groups[0].interval) == ("g", 60.0)
    assert (alert.name, alert.uid, alert.condition) == ("Down", "u", "C")
    assert (alert.hold, alert.keep_firing) == (300.0, 600.0)
    assert (alert.no_data_state, alert.error_state) == ("OK", "Alerting")
    assert [node.kind for node in alert.nodes] == ["query", "threshold"]
    assert (alert.nodes[0].since, alert.nodes[0].data_source) == (600.0, "prom")
    assert alert.labels == {"team": "b"}


def test_a_rule_of_grafanas_as_a_resource_of_kubernetes() -> None:
    spec = {"title": "Down", "expressions": EXPRESSIONS, "trigger": {"interval": "2m"}, "for": "5m"}
    groups = groups_in(json.dumps({"kind": "AlertRule", "spec": spec}), Path("a.json"))
    assert (only_alert(groups).condition, groups[0].interval) == ("C", 120.0)


def test_a_recording_of_grafanas() -> None:
    rule = {**MANAGED, "record": {"metric": "m", "from": "A"}}
    (group,) = groups_in(json.dumps([rule]), Path("a.json"))
    (found,) = group.rules
    assert isinstance(found, GrafanaRecording)
    assert (found.name, found.source) == ("m", "A")


def test_places_lead_to_the_rule_in_its_document() -> None:
    groups = groups_in(FORMS["documents"], Path("a.yml"))
    assert str(groups[0].rules[0].place) == "a.yml: document 2: spec.groups.0.rules.0"


def test_keys_that_nothing_reads_are_told() -> None:
    text = (
        "groups: [{name: g, partial_response_strategy: warn, rules: [{alert: A, expr: up, x: 1}]}]"
    )
    assert groups_in(text, Path("a.yml"))[0].ignored == ("partial_response_strategy", "x")


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    rules = "[{alert: A}, {expr: up}, {alert: B, expr: up, for: soon}, 3]"
    (tmp_path / "a.yml").write_text(f"groups: [{{name: g, interval: x, rules: {rules}}}]")
    (tmp_path / "b.yml").write_text("groups: 3")
    (tmp_path / "c.yml").write_text("a: b")
    with pytest.raises(RuleError) as error:
        read_rule_files([tmp_path / name for name in ("a.yml", "b.yml", "c.yml", "d.yml")])
    said = str(error.value).splitlines()
    for place in (
        "rules.0: has no expr",
        "rules.1: one of alert and record",
        "rules.2.for: 'soon'",
        "rules.3: a mapping is wanted",
        "groups.0.interval: 'x'",
        "b.yml: groups: a list is wanted, found 3",
        "c.yml: a mapping with a list of groups",
        "d.yml: cannot be read",
    ):
        assert sum(place in line for line in said) == 1, (place, said)


def test_what_a_helm_template_needs_is_said() -> None:
    text = "{{- if .Values.on }}\ngroups: []\n{{- end }}"
    with pytest.raises(RuleError, match="helm template"):
        groups_in(text, Path("a.yml"))
