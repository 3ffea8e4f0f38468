"""A mapping's file from dashboards and rules; one that is there keeps what a person changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from simulator.adopt.boards.keeping import Kept, kept_of
from simulator.adopt.boards.proposal import Ask, Proposal, proposal
from simulator.adopt.boards.written_file import file_text
from simulator.errors import MappingError
from simulator.grafana.model import Dashboard
from simulator.mapping.loading import parse_mapping
from simulator.rules.model import Group

__all__ = ["Adopted", "adopted"]

_NAME: Final = "adopted"


@dataclass(frozen=True, slots=True)
class Adopted:
    """The file's text, the proposal in it, and the metrics that stay as a person has them.

    `taken_out` are those that a person took out, so that they are not written again.
    """

    text: str
    proposal: Proposal
    kept: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()


def adopted(  # noqa: PLR0913 - what is read, and what is there
    dashboards: Sequence[Dashboard],
    groups: Sequence[Group],
    source: str,
    *,
    before: str | None = None,
    only: re.Pattern[str] | None = None,
    ask: Ask | None = None,
) -> Adopted:
    """The mapping that these propose; `before` is the text of the file that is there.

    `ask` tells what a running Prometheus has of metrics.

    Raises:
        MappingError: no query reads a metric; or what is there is no mapping, or no longer one
            with what is proposed.
    """
    proposed = proposal(dashboards, groups, only=only, ask=ask)
    if not proposed.metrics and not proposed.not_adopted:
        that = f" whose name has {only.pattern}" if only is not None else ""
        raise MappingError(f"{source}: no query reads a metric{that}")
    kept = Kept() if before is None else kept_of(before, source)
    out = set(kept.removed & proposed.metrics.keys())
    shown = _without(proposed, out)
    text = file_text(shown, kept.name or _NAME, source, kept.lines)
    parse_mapping(text, source)
    names = tuple(one for one in kept.lines if one not in {"", "platform"})
    return Adopted(text, shown, names, tuple(sorted(out)))


def _without(proposed: Proposal, out: set[str]) -> Proposal:
    """A proposal without some of its metrics, which are named among those that are not adopted."""
    left = {name: one for name, one in proposed.metrics.items() if name not in out}
    said = [(name, "a person took it out") for name in sorted(out)]
    return replace(proposed, metrics=left, not_adopted=[*proposed.not_adopted, *said])
