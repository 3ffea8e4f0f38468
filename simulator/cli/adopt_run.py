"""What `simulator adopt` does: what is read, the file, and what is said of it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from simulator.adopt.boards.adopting import Adopted, adopted
from simulator.adopt.boards.running import Running
from simulator.adopt.guess import grade_of
from simulator.cli.check_run import read_rules
from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.reports import STANDARD_OUTPUT, write_reports
from simulator.errors import MappingError
from simulator.grafana.model import Dashboard
from simulator.mapping.loading import MAX_BYTES
from simulator.observation.prometheus import Prometheus
from simulator.quoting import printable
from simulator.reading.files import read_text
from simulator.rules.model import Group
from simulator.runtime.clock import unix_seconds
from simulator.tuning.writing.differences import unified_diff

__all__ = ["Adoption", "said", "write_adopted"]

_MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is to be adopted."""

    dashboards: tuple[Path, ...]
    grafana: str | None
    rules: tuple[Path, ...]
    only: re.Pattern[str] | None = None
    prometheus: str | None = None
    with_values: bool = True

    def read(self) -> tuple[list[Dashboard], tuple[Group, ...]]:
        """The dashboards and the groups of rules."""
        has_boards = self.dashboards or self.grafana is not None
        boards = chosen_dashboards(self.dashboards, grafana=self.grafana) if has_boards else []
        return boards, read_rules(self.rules)

    def ask(self, names: Sequence[str]) -> Running:
        """What a running Prometheus tells of metrics; nothing where none is named."""
        if self.prometheus is None:
            return Running()
        with Prometheus.from_environment(self.prometheus) as prometheus:
            now, with_values = unix_seconds(), self.with_values
            return Running.of(prometheus, names, now=now, with_values=with_values)

    @property
    def source(self) -> str:
        """What to call all that is read."""
        names = [one.name or str(one) for one in (*self.dashboards, *self.rules)]
        return ", ".join([*names, *([self.grafana] if self.grafana else [])])[:300]


def write_adopted(adoption: Adoption, output: Path | None) -> Adopted:
    """The mapping into its file; what changes in one that is there is shown."""
    boards, groups = adoption.read()
    file = output if output is not None and output != STANDARD_OUTPUT and output.exists() else None
    before = None if file is None else read_text(file, most=MAX_BYTES, error=MappingError)
    found = adopted(
        boards, groups, adoption.source, before=before, only=adoption.only, ask=adoption.ask
    )
    if file is None or before is None:
        write_reports([(output or STANDARD_OUTPUT, lambda: found.text)])
    else:
        click.echo(unified_diff(file, before.encode(), found.text.encode()), nl=False)
        if found.text != before:
            write_reports([(file, lambda: found.text)])
    for line in said(found):
        click.echo(printable(line), err=True)
    return found


def said(found: Adopted) -> list[str]:
    """What a person should know of an adoption, a line each."""
    proposed = found.proposal
    grades = Counter(grade_of(one.choice.surely) for one in proposed.metrics.values())
    told = ", ".join(f"{grades[grade]} {grade}" for grade in ("sure", "likely", "guess"))
    names = [name for name, _ in proposed.not_adopted]
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    lines = [
        f"{len(proposed.metrics)} metrics adopted ({told}), "
        f"{proposed.n_signals} of them as extra signals",
    ]
    if names:
        lines.append(f"not adopted: {', '.join(names[:_MOST_LISTED])}{more}")
    lines += [f"contradiction: {one}" for one in proposed.contradictions]
    if found.kept:
        lines.append(f"as a person has them: {', '.join(found.kept)}")
    if found.taken_out:
        lines.append(f"taken out by a person: {', '.join(found.taken_out)}")
    return lines
