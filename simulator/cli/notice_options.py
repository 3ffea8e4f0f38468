"""What `simulator cover` is told of notifications: routes, expectations, and where they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator.cli.options import SECONDS, refuse, with_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.coverage.verdicts import Coverage
    from simulator.grafana.model import Dashboard
    from simulator.notifying.results import NotificationCoverage
    from simulator.progress import Report
    from simulator.rules.model import Group

__all__ = ["NoticeOptions", "alertmanager_option", "notice_options"]

_F = TypeVar("_F", bound=Callable[..., Any])
_PLAY_SECONDS = 60.0
_LEAST_SECONDS, _MOST_SECONDS = 1.0, 3600.0


def alertmanager_option(command: _F) -> _F:
    """Adds --alertmanager: the configuration that alerts are routed by."""
    return click.option(
        "--alertmanager",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        metavar="FILE",
        help="An Alertmanager's configuration: its routes, groups, waits and inhibitions count, "
        "and whom it tells is replaced by a receiver on this machine.  [default: this project's]",
    )(command)


def notice_options(command: _F) -> _F:
    """Adds --notifications, and what goes with it."""
    return with_options(
        command,
        click.option(
            "--notifications",
            is_flag=True,
            help="With --rules: play what alerts did to a real Alertmanager, and judge who is "
            "told of them, when, how grouped, and whether their links open.",
        ),
        alertmanager_option,
        click.option(
            "--expected",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
            help="What is expected of notifications: by alert, receivers, group_by and within.",
        ),
        click.option(
            "--play-time",
            type=SECONDS,
            help="How long alerts are played, by the clock.  [default: 1m]",
        ),
        click.option(
            "--receiver",
            metavar="URL",
            help="With --prometheus: where `simulator stack --receiver` tells what came.",
        ),
    )


@dataclass(frozen=True)
class NoticeOptions:
    """The options as they were given."""

    notifications: bool
    alertmanager: Path | None
    expected: Path | None
    play_time: float | None
    receiver: str | None

    @property
    def seconds(self) -> float:
        """How long alerts are played, by the clock."""
        return _PLAY_SECONDS if self.play_time is None else self.play_time

    def require_sensible(self, rules: Sequence[Group], *, is_recorded: bool) -> None:
        """Nothing, where they mean something together.

        Raises:
            click.UsageError: some do not; with what to do.
        """
        given = {name: value for name, value in vars(self).items() if name != "notifications"}
        if not self.notifications:
            refuse("only with --notifications", **given)
            return
        if not _LEAST_SECONDS <= self.seconds <= _MOST_SECONDS:
            raise click.UsageError("--play-time: from 1s to 1h")
        if not any(group.alerts for group in rules):
            raise click.UsageError("--notifications: give the alerts that are told with --rules")
        if is_recorded and self.receiver is None:
            raise click.UsageError(
                "--notifications with --prometheus: give the address of a receiver that was told "
                "meanwhile with --receiver, as `simulator stack --receiver` prints it"
            )
        if is_recorded:
            refuse("not with --receiver, which was told by the clock", play_time=self.play_time)
        else:
            refuse("only with --prometheus", receiver=self.receiver)

    def judge(
        self, dashboards: Sequence[Dashboard], rules: Sequence[Group], report: Report
    ) -> Callable[[Coverage, str], NotificationCoverage] | None:
        """What judges the notifications, if anything does.

        Raises:
            NotificationError: a file cannot be used.
        """
        if not self.notifications:
            return None
        from simulator.notifying.expected import read_expected
        from simulator.notifying.routing import read_routing
        from simulator.runtime.notices import Asked
        from simulator.runtime.own_rules import own_routes_file

        asked = Asked(
            rules,
            dashboards,
            read_routing(self.alertmanager or own_routes_file()),
            read_expected(self.expected) if self.expected else (),
        )
        if self.receiver is not None:
            return partial(asked.received, receiver=self.receiver)
        return partial(asked.played, seconds=self.seconds, report=report)
