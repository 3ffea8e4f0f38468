"""`simulator scenario plan`: a scenario that reaches every threshold step of given dashboards."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.options import (
    dashboards_option,
    seed_option,
    variables_option,
)
from simulator.cli.progress_view import ProgressView
from simulator.coverage.plan.goals import Goal, summary
from simulator.coverage.plan.planning import Plan, plan_scenario
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.observation.look_back import look_back_seconds
from simulator.runtime.atomic_files import write_atomically
from simulator.runtime.laboratory import HistoryLaboratory
from simulator.scenario.loading import load_scenario, parse_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.writing import scenario_yaml
from simulator.timeline.durations import format_duration

__all__ = ["plan"]

_STANDARD_OUTPUT: Final = Path("-")


@click.command("plan")
@dashboards_option
@variables_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="-",
    metavar="FILE",
    help="Where the scenario goes.  [default: standard output]",
)
@click.option(
    "--base",
    default="tour",
    show_default=True,
    metavar="NAME|FILE",
    help="A scenario with the platform and the traffic to plan on; its episodes are left out.",
)
@click.option("--name", default="planned", show_default=True, help="What to call the scenario.")
@seed_option()
@click.option("--json", "as_json", is_flag=True, help="Print what it reaches as JSON; needs -o.")
def plan(  # noqa: PLR0913 - click passes one argument per option
    *,
    dashboards: Sequence[Path],
    variables: Given,
    output: Path,
    base: str,
    name: str,
    seed: int | None,
    as_json: bool,
) -> None:
    """Write a scenario that takes dashboards through every one of their threshold steps.

    Incidents of every kind and many strengths are tried, each for itself, and the panels' own
    queries asked what they show; the few that together bring every value into the middle of every
    band make the scenario, which is then run as the proof.

    Exit code 0: every step is reached; 1: some cannot be, which are listed with the reason; the
    scenario reaches all others. 2: bad input.
    """
    if as_json and output == _STANDARD_OUTPUT:
        raise click.UsageError("--json needs -o FILE: standard output holds one of the two")
    boards = chosen_dashboards(dashboards, variables)
    platform = _base(base, name, seed)
    found = _planned(platform, boards, variables)
    text = scenario_yaml(found.scenario, head=list(_head(found)), notes=_notes(found))
    parse_scenario(text, "the plan")  # a scenario that cannot be loaded again is none
    if output == _STANDARD_OUTPUT:
        click.echo(text, nl=False)
    else:
        write_atomically(output, text)
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2, ensure_ascii=False))
    for line in _summary(found):
        click.echo(line, err=True)
    sys.exit(0 if found.is_complete else 1)


def _base(name_or_path: str, name: str, seed: int | None) -> Scenario:
    found = load_scenario(name_or_path)
    changes: dict[str, object] = {"name": name, "episodes": ()}
    if seed is not None:
        changes["seed"] = seed
    changed = found.model_copy(update=changes)
    return parse_scenario(scenario_yaml(changed), "--name")  # which may be no name


def _planned(base: Scenario, dashboards: Sequence[Dashboard], variables: Given) -> Plan:
    with ProgressView(Console(stderr=True)) as view:
        titles = ", ".join(board.title for board in dashboards)
        return plan_scenario(
            base,
            HistoryLaboratory(dashboards, variables),
            look_back=look_back_seconds(dashboards, variables),
            name=base.name,
            about=_about(titles),
            report=view.show,
        )


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


def _notes(found: Plan) -> dict[str, str]:
    return {name: summary(goals) for name, goals in found.purposes.items()}


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
