"""What `simulator cover --mutate` does: one history, mistakes made on purpose, and the report."""

from pathlib import Path
from typing import Final

from simulator.checking.material import Facts
from simulator.cli.check_run import with_mapping
from simulator.cli.cover_run import CALM, Viewing, recorded_plan
from simulator.cli.draw_view import tell_left_out
from simulator.cli.mutate_options import MutateOptions
from simulator.cli.mutate_view import mutation_table
from simulator.cli.progress_view import ProgressView
from simulator.cli.reports import table_console, write_reports
from simulator.json_output import json_text
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.model import Mapping
from simulator.mutation.mutate import mutation
from simulator.mutation.report.json_report import mutation_json
from simulator.mutation.results import Mutation
from simulator.observation.prometheus import Prometheus
from simulator.runtime.days import MONDAY
from simulator.runtime.scenario_coverage import recorded_scenario

__all__ = ["mutated_recording", "mutated_scenario", "write_mutation"]

_SEED: Final = 1


def mutated_scenario(  # noqa: PLR0913 - the options of one mode
    name_or_path: str,
    viewing: Viewing,
    mutating: MutateOptions,
    mapping: Mapping,
    *,
    seed: int | None,
    compress: float,
    midnight: float | None,
) -> Mutation:
    """What becomes of mistakes in the files, on a scenario's history; the seed draws both."""
    first = MONDAY if midnight is None else midnight
    drawn = chosen_draw(name_or_path, mapping, origin=first, seed=seed, compress=compress)
    tell_left_out(drawn.left_out)
    scenario = drawn.scenario
    calm = chosen_draw(CALM, mapping, origin=first, compress=compress).scenario
    with (
        ProgressView() as view,
        recorded_scenario(
            scenario,
            viewing.plan(0.0, scenario.duration, view.show, scenario.name),
            view.show,
            mapping=mapping,
            midnight=first,
            calm=calm if viewing.rules else None,
        ) as (prometheus, looked_at, _),
    ):
        return mutation(
            viewing.dashboards,
            prometheus,
            looked_at,
            _facts(viewing, mapping),
            count=mutating.count,
            seed=scenario.seed,
            least=mutating.least,
            report=view.show,
        )


def mutated_recording(  # noqa: PLR0913 - the options of one mode
    url: str,
    viewing: Viewing,
    mutating: MutateOptions,
    mapping: Mapping,
    *,
    seed: int | None,
    start: float | None,
    end: float | None,
    truth: Path | None,
) -> Mutation:
    """What becomes of mistakes in the files, on what a Prometheus has."""
    with Prometheus.from_environment(url) as prometheus, ProgressView() as view:
        return mutation(
            viewing.dashboards,
            prometheus,
            recorded_plan(prometheus, viewing, start=start, end=end, truth=truth, report=view.show),
            _facts(viewing, mapping),
            count=mutating.count,
            seed=_SEED if seed is None else seed,
            least=mutating.least,
            report=view.show,
        )


def _facts(viewing: Viewing, mapping: Mapping) -> Facts:
    return with_mapping(Facts(scrape_seconds=viewing.step), mapping)


def write_mutation(found: Mutation, *, json_file: Path | None) -> None:
    """The report that is asked for, and the table."""
    is_taken = write_reports([(json_file, lambda: json_text(mutation_json(found)))])
    console = table_console(is_output_taken=is_taken)
    console.print(mutation_table(found, folder=Path.cwd()))
