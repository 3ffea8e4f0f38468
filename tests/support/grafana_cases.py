"""Small dashboards with what Grafana 13 shows of each, and where a coverage says something else."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.coverage.cover import CoverPlan
from simulator.coverage.verdicts import Coverage, PanelCoverage, StepCoverage, Verdict
from simulator.observation.prometheus import Prometheus
from tests.support.real_tsdb import Programs

CASES = Path(__file__).parents[1] / "coverage" / "cases"
DASHBOARDS = CASES / "dashboards"
PLAN = CoverPlan(start=1767265800.0, end=1767266700.0)
"""From 11:10 to 11:25 of the data, a look every 15 s."""

EXPECTED: Mapping[str, Any] = json.loads((CASES / "expected.json").read_text())
UNSETTLED = "unsettled"
Key = tuple[str, float | None]
"""A step by its colour and value."""


@contextmanager
def served_cases(find_program: Callable[[str], str], folder: Path) -> Iterator[Prometheus]:
    """A Prometheus on the metrics that the cases ask for, written as blocks into a folder."""
    programs = Programs(Path(find_program("prometheus")), Path(find_program("promtool")))
    programs.tsdb("create-blocks-from", "openmetrics", str(CASES / "small.om"), str(folder))
    with programs.serving(folder) as server, Prometheus(server.url) as found:
        yield found


def differences(name: str, found: Coverage) -> list[str]:
    """What a coverage of a case says otherwise than Grafana shows; nothing where they agree."""
    case = EXPECTED[name]
    wanted = [{"run": case["run"], **panel} for panel in case["panels"]]
    asked = [panel for panel in wanted if panel["run"] != "no query"]
    silent = {panel["title"] for panel in wanted} - {panel["title"] for panel in asked}
    drawn = [panel for panel in found.panels if panel.title not in silent]
    titles = [panel.title for panel in drawn]
    if titles != [panel["title"] for panel in asked]:
        return [f"panels {titles}"]
    return [
        f"{panel.title}: {said}"
        for panel, one in zip(drawn, asked, strict=True)
        for said in _of_panel(panel, one)
    ]


def _of_panel(panel: PanelCoverage, wanted: Mapping[str, Any]) -> Iterator[str]:
    reasons = [panel.reason, *(field.reason for field in panel.fields)]
    if wanted["run"] == "judged":
        if panel.verdict in {Verdict.UNSUPPORTED, Verdict.ERROR}:
            yield f"{panel.verdict}: {', '.join(filter(None, reasons))}"
            return
    else:
        said = " ".join(reasons).casefold()
        yield from (
            f"{n!r} is not named" for n in wanted.get("names", ()) if n.casefold() not in said
        )
        if panel.verdict is Verdict.UNSUPPORTED and any(reasons) and not panel.fields:
            return
    if panel.has_data and wanted["data"] is False:
        yield "it has data"
    if not panel.has_data and wanted["data"] is True:
        yield "it has no data"
    if wanted["steps"] != UNSETTLED:
        yield from _of_steps(panel, wanted)
    elif any(step.verdict is Verdict.EXERCISED for step in _steps(panel)):
        yield "a step is claimed"


def _of_steps(panel: PanelCoverage, wanted: Mapping[str, Any]) -> Iterator[str]:
    found = {_key(step) for step in _steps(panel)}
    known: dict[Key, Mapping[str, Any]] = {(s["color"], s["value"]): s for s in wanted["steps"]}
    if not wanted.get("optional_steps"):
        needed = {key for key in known if key[0] != "transparent"}
        if missing := needed - found:
            yield f"no step {sorted(map(str, missing))}"
        if more := found - known.keys():
            yield f"steps {sorted(map(str, more))} more"
    for key, step in known.items():
        here = [one for one in _steps(panel) if _key(one) == key]
        is_reached = any(one.verdict is Verdict.EXERCISED for one in here)
        if (
            here
            and is_reached is not step["reached"]
            and (step["reached"] != UNSETTLED or is_reached)
        ):
            yield f"{key} is {'' if is_reached else 'not '}reached"
        n_moments = max((round(one.seconds / PLAN.resolution) for one in here), default=0)
        if "moments" in step and n_moments != step["moments"]:
            yield f"{key} is reached at {n_moments} moments, not {step['moments']}"


def _steps(panel: PanelCoverage) -> Iterator[StepCoverage]:
    return (step for field in panel.fields for step in field.steps)


def _key(step: StepCoverage) -> Key:
    return step.color, step.value
