"""Realistic scoring traffic: `locust -f locustfiles/scoring.py`.

Without --host it starts the simulated platform itself, drives it, and stops it at the end; with
--host it drives that API and starts nothing.
"""

import sys
from typing import Final

from listening import on
from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from options import add_options
from reports import keep_reports_whole, write_csv_to_the_end
from session import Session
from signals import Signals
from users import BranchUser, MobileUser, PartnerUser, WebUser
from verdict import exit_code

from simulator.errors import SimulatorError

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser"]

_UNUSABLE: Final = 2


@on(events.init_command_line_parser)
def extend(parser: LocustArgumentParser) -> None:
    """Adds the scenario's options to Locust's; this is before it opens its files."""
    write_csv_to_the_end()
    add_options(parser)


@on(events.init)
def prepare(environment: Environment, **_: object) -> None:
    """Checks the options and, where no host is given, starts the platform."""
    signals = Signals(environment)
    keep_reports_whole(environment)
    try:
        Session(environment)
    except SimulatorError as error:
        sys.stderr.write(f"scoring: {error}\n")
        sys.exit(_UNUSABLE)
    signals.prepared()


@on(events.quitting)
def judge(environment: Environment, **_: object) -> None:
    """Sets the exit code; `quitting` runs in reverse, so that users have finished by now."""
    if environment.process_exit_code is None:
        environment.process_exit_code = exit_code(environment)
