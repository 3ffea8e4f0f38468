"""What `simulator check` is told of what files do not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from simulator.cli.options import SECONDS, parsed_by, with_options
from simulator.cli.tune_options import severity_option
from simulator.quoting import quoted

if TYPE_CHECKING:
    from simulator.checking.psi_noise import DriftSample

__all__ = ["drift_option", "facts_options", "rules_paths_option"]

_F = TypeVar("_F", bound=Callable[..., Any])
_SAMPLE: Final = ("applications", "bins", "reference", "per-week")


def rules_paths_option(default: str) -> Callable[[_F], _F]:
    """Adds --rules: files, or folders with rule files in them."""
    return click.option(
        "--rules",
        type=click.Path(path_type=Path, exists=True),
        multiple=True,
        metavar="PATH",
        help="Rules of Prometheus or Grafana: a file, or a folder of them; may be repeated.  "
        f"[default: {default}]",
    )


def drift_option(command: _F) -> _F:
    """Adds --drift: the sample that a PSI is computed of."""
    return click.option(
        "--drift",
        metavar="WORD=NUMBER,...",
        callback=parsed_by(_drift),
        help="What a PSI is computed of: applications=2000,bins=10,reference=100000, and "
        "per-week=100000 of them.",
    )(command)


def facts_options(command: _F) -> _F:
    """Adds what is known around the files."""
    return with_options(
        command,
        click.option(
            "--scrape-interval",
            type=SECONDS,
            help="How often samples come, such as 30s: ranges are held against it.",
        ),
        click.option(
            "--metrics",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            multiple=True,
            metavar="FILE",
            help="What /metrics says, saved: its buckets tell how far quantiles reach.",
        ),
        drift_option,
        severity_option,
        click.option(
            "--provisioned",
            is_flag=True,
            help="All dashboards are for provisioning, also those exported to be shared.",
        ),
    )


def _drift(text: str | None) -> DriftSample | None:
    if text is None:
        return None
    from simulator.checking.psi_noise import DriftSample

    found: dict[str, int] = {}
    for part in text.split(","):
        word, _, number = part.partition("=")
        if word not in _SAMPLE or not number.isdecimal() or not 2 <= int(number) <= 10**12:  # noqa: PLR2004 - two bins are the fewest
            known = ", ".join(_SAMPLE)
            raise click.BadParameter(f"{quoted(part)} is not one of {known} = a number from 2 on")
        found[word.replace("-", "_")] = int(number)
    usual = DriftSample()
    return DriftSample(
        applications=found.get("applications", usual.applications),
        bins=found.get("bins", usual.bins),
        reference=found.get("reference", usual.reference),
        per_week=float(found.get("per_week", usual.per_week)),
        is_assumed=False,
    )
