"""What `simulator adopt` ends with: what panels and alerts show under the mapping, and before."""

from collections.abc import Callable, Iterator
from typing import Final

from rich.table import Table
from rich.text import Text

from simulator.adopt.boards.adopting import Adopted
from simulator.cli.adopt_run import Adoption
from simulator.cli.progress_view import ProgressView
from simulator.cli.reports import table_console
from simulator.mapping.loading import default_mapping, parse_mapping
from simulator.mapping.model import Mapping
from simulator.runtime.adoption_proof import Proof, proof_of, reads_any

__all__ = ["show_proof"]

_SCENARIOS: Final = ("calm", "tour")
_MOST_NAMED: Final = 12


def show_proof(adoption: Adoption, found: Adopted) -> None:
    """Simulates both scenarios under the mapping, and shows on standard error what they give."""
    boards, groups = adoption.read()
    after = parse_mapping(found.text, adoption.source)

    def proof(scenario: str, mapping: Mapping) -> Proof:
        with ProgressView() as view:
            return proof_of(scenario, mapping, boards, groups, view.show)

    has_before = reads_any(boards, groups, default_mapping())
    befores = {
        one: proof(one, default_mapping()) if has_before else Proof(one) for one in _SCENARIOS
    }
    afters = {one: proof(one, after) for one in _SCENARIOS}
    console = table_console(is_output_taken=True)
    console.print(_table(befores, afters))
    for line in _named(afters["tour"]):
        console.print(Text(line), soft_wrap=True)


def _table(befores: dict[str, Proof], afters: dict[str, Proof]) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("", no_wrap=True)
    for scenario in _SCENARIOS:
        table.add_column(f"{scenario}: before", justify="right")
        table.add_column("after", justify="right")
    for name, value in _ROWS.items():
        cells = [str(value(proofs[one])) for one in _SCENARIOS for proofs in (befores, afters)]
        table.add_row(name, *cells)
    return table


_ROWS: Final[dict[str, Callable[[Proof], object]]] = {
    "panels with data": lambda p: f"{p.n_with_data} of {p.n_panels}" if p.n_panels else "0",
    "  fed by measures": lambda p: p.n_by_measures,
    "  fed by extra signals alone": lambda p: p.n_by_signals,
    "  without a label or value they ask for": lambda p: p.n_without_label,
    "alerts that fire for a part of the day": lambda p: len(p.for_a_part),
    "  always": lambda p: len(p.always),
    "  never": lambda p: len(p.never),
    "  without data": lambda p: len(p.without_data),
}


def _named(tour: Proof) -> Iterator[str]:
    """The alerts of the tour that are always on, never, or without data."""
    kinds = {"always on": tour.always, "never on": tour.never, "without data": tour.without_data}
    for kind, names in kinds.items():
        if names:
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            yield f"{kind} in the tour: {', '.join(names[:_MOST_NAMED])}{more}"
