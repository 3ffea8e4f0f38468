"""Which dashboards and rules come of mistakes, which are drawn, and what becomes of them."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.checking.material import Material
from simulator.grafana.model import Dashboard
from simulator.mutation.alert_mutants import alert_mutants
from simulator.mutation.drawing import drawn
from simulator.mutation.equivalence import without_effect
from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import AlertMutant, Mutant, PanelMutant
from simulator.mutation.names import Names
from simulator.mutation.panel_mutants import panel_mutants
from simulator.mutation.results import Fate, Mutation, Tried
from simulator.rules.model import Alert, Group
from simulator.rules.reading import groups_in
from tests.mutation.test_query_edits import METRICS, Known
from tests.support.checked_files import board, material, panel, steps

NAMES = Names(METRICS, Known())
QUIET = steps(("blue", None))
GRAFANA = """
apiVersion: 1
groups:
  - name: g
    interval: 1m
    rules:
      - uid: u
        title: T
        condition: C
        for: 5m
        data:
          - {refId: A, datasourceUid: p, model: {expr: 'sum(up)', refId: A}}
          - refId: C
            datasourceUid: __expr__
            model:
              type: threshold
              expression: A
              conditions: [{evaluator: {type: gt, params: [3]}}]
"""


def group(expr: str = "sum(up) < 4", hold: str = "5m", interval: str = "1m") -> Group:
    rule = f"{{alert: A, expr: '{expr}', for: {hold}}}"
    text = f"groups: [{{name: g, interval: {interval}, rules: [{rule}]}}]"
    return groups_in(text, Path("r.yml"))[0]


def dashboard(folder: Path, *panels: dict[str, object]) -> Dashboard:
    return material(folder, [board(*panels)]).dashboards[0]


def said(mutants: list[Mutant], kind: Kind) -> list[str]:
    return [one.change.said for one in mutants if one.change.kind is kind]


def test_the_limit_of_an_alert_and_its_hold_are_moved() -> None:
    found: list[Mutant] = list(alert_mutants(group(), NAMES))
    assert said(found, Kind.THRESHOLD) == ["4 -> 2", "4 -> 3", "4 -> 5", "4 -> 8"]
    assert said(found, Kind.HOLD) == ["for 5m -> 0s", "for 5m -> 5s", "for 5m -> 5h"]
    (turned,) = (one for one in found if one.change.kind is Kind.SIGN)
    assert isinstance(turned, AlertMutant)
    assert isinstance(turned.alert, Alert)
    assert turned.alert.expr == "sum(up) > 4"


def test_a_rule_of_grafanas_is_changed_in_its_nodes() -> None:
    (found,) = groups_in(GRAFANA, Path("g.yml"))
    mutants: list[Mutant] = list(alert_mutants(found, NAMES))
    assert said(mutants, Kind.THRESHOLD) == ["3 -> 1", "3 -> 2", "3 -> 4", "3 -> 6"]
    assert "sum -> max" in said(mutants, Kind.AGGREGATION)
    assert all(one.original is found.alerts[0] for one in mutants if isinstance(one, AlertMutant))


def test_the_steps_of_a_panel_are_moved_and_turned(tmp_path: Path) -> None:
    found: list[Mutant] = list(panel_mutants(dashboard(tmp_path, panel("sum(up)")), NAMES))
    assert said(found, Kind.THRESHOLD)[:2] == ["orange from 0.4 -> 0.2", "orange from 0.4 -> 0.36"]
    assert said(found, Kind.SIGN) == ["the order of its colours -> turned around"]
    (turned,) = (one for one in found if one.change.kind is Kind.SIGN)
    assert isinstance(turned, PanelMutant)
    now = turned.panel.field_config.defaults["thresholds"]
    assert [one["color"] for one in now["steps"]] == ["red", "orange", "green"]  # type: ignore[index] # JSON
    assert [one["value"] for one in now["steps"]] == [None, 0.4, 0.8]  # type: ignore[index] # JSON


def test_a_query_without_a_limit_is_told_apart(tmp_path: Path) -> None:
    boards = dashboard(tmp_path, panel("sum(up)"), panel("max(up)", thresholds=QUIET, title="Q"))
    watched = {one.change.subject: one.change.is_watched for one in panel_mutants(boards, NAMES)}
    assert watched["panel P (T), query A"]
    assert not watched["panel Q (T), query A"]


def test_units_are_taken_for_each_other(tmp_path: Path) -> None:
    one = panel("sum(up)", defaults={"unit": "s"})
    assert said(list(panel_mutants(dashboard(tmp_path, one), NAMES)), Kind.UNIT) == ["s -> ms"]


def test_the_seed_decides_which_are_drawn_and_each_kind_has_its_turn(tmp_path: Path) -> None:
    every = [*panel_mutants(dashboard(tmp_path, panel("sum(up) > 1")), NAMES)]
    every_mutant: list[Mutant] = [*every, *alert_mutants(group(), NAMES)]
    first = drawn(every_mutant, count=12, seed=1)
    assert first == drawn(every_mutant, count=12, seed=1)
    assert first != drawn(every_mutant, count=12, seed=2)
    assert set(drawn(every_mutant, count=10_000, seed=1)) == set(every_mutant)
    counts = Counter(one.change.kind for one in first)
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize(
    ("hold", "interval", "expected"),
    [("90s", "5m", "as many evaluations pass before it fires"), ("5m", "3s", "")],
)
def test_a_hold_of_as_many_evaluations_cannot_matter(
    hold: str, interval: str, expected: str
) -> None:
    own = group(hold=hold, interval=interval)
    holds = [one for one in alert_mutants(own, NAMES) if one.change.kind is Kind.HOLD]
    mutant = next(one for one in holds if one.alert.hold in {1.5, 5.0})
    assert without_effect(mutant, 15.0) == expected


def test_colours_that_are_not_drawn_cannot_matter(tmp_path: Path) -> None:
    table = panel("sum(up)", kind="table")
    found = [
        one
        for one in panel_mutants(dashboard(tmp_path, table), NAMES)
        if one.change.kind is Kind.THRESHOLD
    ]
    assert {without_effect(one, 15.0) for one in found} == {"the panel draws none of these colours"}


def test_an_instant_query_is_the_same_by_every_reducer(tmp_path: Path) -> None:
    instant = panel(targets=[{"refId": "A", "expr": "up", "instant": True}])
    over_time = panel(targets=[{"refId": "A", "expr": "up"}])
    for one, is_same in ((instant, True), (over_time, False)):
        mutants = panel_mutants(dashboard(tmp_path, one), NAMES)
        reducers = [m for m in mutants if m.change.said == "lastNotNull -> max"]
        assert [bool(without_effect(m, 15.0)) for m in reducers] == [is_same]


def tried(fate: Fate, kind: Kind, *, is_watched: bool = True) -> Tried:
    (mutant,) = (
        one for one in alert_mutants(group("up < 4"), NAMES) if one.change.kind is Kind.SIGN
    )
    change = replace(mutant.change, kind=kind, is_watched=is_watched)
    return Tried(replace(mutant, change=change), fate, "why")


def test_shares_are_of_what_can_matter_where_a_limit_stands() -> None:
    found = Mutation(
        (
            *[tried(Fate.NOTICED, Kind.SIGN)] * 9,
            tried(Fate.SURVIVED, Kind.SIGN),
            tried(Fate.EQUIVALENT, Kind.SIGN),
            tried(Fate.SURVIVED, Kind.SIGN, is_watched=False),
            tried(Fate.SURVIVED, Kind.UNIT),
        ),
        seed=1,
        n_possible=100,
        least=0.9,
    )
    assert [(one.kind, one.share) for one in found.kinds] == [(Kind.SIGN, 0.9), (Kind.UNIT, 0.0)]
    assert found.is_enough
    assert not replace(found, least=0.91).is_enough
    assert not Mutation((), seed=1, n_possible=0, least=0.0).is_enough
    assert [one.mutant.change.is_watched for one in found.survivors] == [True, True, False]


def test_nothing_is_mutated_where_nothing_is_read() -> None:
    assert list(panel_mutants(Dashboard("u", "T", ()), NAMES)) == []
    assert Material().dashboards == ()
