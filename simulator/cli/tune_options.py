"""What `simulator tune` is told about its aims and its rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator.cli.options import SECONDS, parsed_by, with_options
from simulator.quoting import quoted

if TYPE_CHECKING:
    from simulator.tuning.judging.objectives import Cost
    from simulator.tuning.requirements import Requirement

__all__ = ["aims_options", "require_option", "rules_option", "severity_option"]

_F = TypeVar("_F", bound=Callable[..., Any])


class _FiniteRange(click.FloatRange):
    """click takes nan for a number in any range."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))  # type: ignore[arg-type] # click's stub
        if not math.isfinite(number):
            self.fail(f"{quoted(value)} is no number", param, ctx)
        return number


def _cost(text: str | None) -> Cost | None:
    from simulator.tuning.judging.objectives import parse_cost

    return None if text is None else parse_cost(text)


def _requirements(texts: Sequence[str]) -> tuple[Requirement, ...]:
    from simulator.tuning.requirements import parse_requirements

    return tuple(one for text in texts for one in parse_requirements(text))


def _severities(texts: Sequence[str]) -> dict[str, str]:
    from simulator.checking.severities import parse_severities

    return {word: level for text in texts for word, level in parse_severities(text).items()}


def aims_options(command: _F) -> _F:
    """Adds the objective and the constraints that a proposal has to keep."""
    share, count = _FiniteRange(0.0, 1.0), _FiniteRange(0.0)
    return with_options(
        command,
        click.option(
            "--objective",
            type=click.Choice(["f1", "cost"]),
            help="What the best threshold has most, or least, of.  [default: f1]",
        ),
        click.option(
            "--cost",
            callback=parsed_by(_cost),
            metavar="WORD=PRICE,...",
            help="The least cost: false-alarm=1,miss=20,minute-late=0.1 unless said otherwise.",
        ),
        click.option("--min-recall", type=share, help="The share of incidents to be found."),
        click.option("--max-detection-time", type=SECONDS, help="The median, such as 10m."),
        click.option("--max-false-alarms-per-day", type=count, help="Such as 0.5."),
    )


def require_option(command: _F) -> _F:
    """Adds --require."""
    return click.option(
        "--require",
        "requirements",
        multiple=True,
        callback=parsed_by(_requirements),
        metavar="WORD=BOUND,...",
        help="Exit 1 where today's thresholds do not reach min-precision=0.9,min-recall=0.9, or "
        "other bounds such as max-detection-time=10m.",
    )(command)


def rules_option(command: _F) -> _F:
    """Adds --rules."""
    return click.option(
        "--rules",
        type=click.Path(path_type=Path, exists=True),
        multiple=True,
        metavar="PATH",
        help="Rules of Prometheus or Grafana, a file or a folder of them. Their alerts share the "
        "thresholds of --dashboards, or are judged alone.  [default: those of this project, with "
        "its dashboards]",
    )(command)


def severity_option(command: _F) -> _F:
    """Adds --severity."""
    return click.option(
        "--severity",
        "severities",
        multiple=True,
        callback=parsed_by(_severities),
        metavar="WORD=LEVEL,...",
        help="What a rule's label `severity` asks for, such as page=red,info=orange. One that says "
        "nothing known is for incidents of both.",
    )(command)
