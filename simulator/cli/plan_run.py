"""What `simulator scenario plan` does: the scenario, and what is said of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.progress_view import ProgressView
from simulator.cli.reports import write_reports
from simulator.coverage.plan.goals import Goal, summary
from simulator.coverage.plan.planning import Plan, plan_scenario
from simulator.grafana.variables import Given
from simulator.json_output import json_text
from simulator.mapping.chosen import chosen_plan
from simulator.mapping.model import Mapping
from simulator.observation.look_back import look_back_seconds
from simulator.runtime.laboratory import HistoryLaboratory
from simulator.scenario.loading import parse_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.writing import scenario_yaml
from simulator.timeline.durations import format_duration

__all__ = ["planned", "write_plan"]


def planned(  # noqa: PLR0913 - one per option
    dashboards: Sequence[Path],
    variables: Given,
    mapping: Mapping,
    *,
    grafana: str | None,
    base: str,
    name: str,
    seed: int | None,
) -> Plan:
    """The plan for dashboards, on the platform of a scenario."""
    boards = chosen_dashboards(dashboards, variables, grafana)
    platform = _base(base, mapping, name, seed)
    with ProgressView(Console(stderr=True)) as view:
        titles = ", ".join(board.title for board in boards)
        return plan_scenario(
            platform,
            HistoryLaboratory(boards, variables, mapping),
            look_back=look_back_seconds(boards, variables),
            name=platform.name,
            about=_about(titles),
            report=view.show,
            tell=lambda one: click.echo(f"cannot be reached: {one}", err=True),
        )


def write_plan(found: Plan, output: Path, *, as_json: bool) -> None:
    """The scenario as a file or on standard output, and what it reaches."""
    notes = {name: summary(goals) for name, goals in found.purposes.items()}
    text = scenario_yaml(found.scenario, head=list(_head(found)), notes=notes)
    parse_scenario(text, "the plan")  # a scenario that cannot be loaded again is none
    write_reports([(output, lambda: text)])
    if as_json:
        click.echo(json_text(_as_json(found)), nl=False)
    for line in _summary(found):
        click.echo(line, err=True)


def _base(name_or_path: str, mapping: Mapping, name: str, seed: int | None) -> Scenario:
    found = chosen_plan(name_or_path, mapping)
    changes: dict[str, object] = {"name": name, "episodes": (), "drawn": ()}
    if seed is not None:
        changes["seed"] = seed
    changed = found.model_copy(update=changes)
    return parse_scenario(scenario_yaml(changed), "--name")  # which may be no name


def _about(titles: str) -> str:
    return (
        f"Takes every panel of these dashboards through each of its threshold steps that incidents "
        f"can reach, one incident after the other: {titles}."
    )[:2000]


def _head(found: Plan) -> Iterator[str]:
    yield (
        "Planned by `simulator scenario plan` for the thresholds that the dashboards had; after a "
        "change of them, plan again. Above each episode: what it is there for."
    )
    if found.unreached:
        yield "Not reached, whatever happens:"
        yield from (f"- {one}" for one in found.unreached)


def _summary(found: Plan) -> Iterator[str]:
    for one in found.unreached:
        yield f"not reached: {one}"
    scenario = found.scenario
    count = len(found.reached)
    yield (
        f"{count} of {count + len(found.unreached)} steps and fields reached by "
        f"{len(scenario.episodes)} episodes in {format_duration(scenario.duration)}, "
        f"chosen from {found.trials} trials"
    )


def _as_json(found: Plan) -> dict[str, Any]:
    return {
        "scenario": found.scenario.name,
        "is_complete": found.is_complete,
        "reached": [{**_goal(t), "episode": episode} for t, episode in found.reached.items()],
        "missing": [{**_goal(one.goal), "reason": one.reason} for one in found.unreached],
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "panel": goal.of.panel,
        "field": goal.place,
        "step": goal.index,
        "color": goal.color or None,
        "band": goal.band,
    }
