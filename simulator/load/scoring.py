"""Users of the scoring API and what Locust does with them, from its options to its exit code."""

import sys

import scipy.stats  # noqa: F401 - before Locust forks, not in each worker as a test starts
from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from simulator.errors import SimulatorError
from simulator.load.exit_code import exit_code
from simulator.load.judged_tests import is_too_bad, judge_tests, prepare_kind
from simulator.load.lifecycle import Lifecycle
from simulator.load.listening import on
from simulator.load.locust_reports import keep_reports_whole, write_csv_to_the_end
from simulator.load.options import add_options
from simulator.load.termination import Signals
from simulator.load.users import BranchUser, MobileUser, PartnerUser, WebUser

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser", "listen", "prepare"]

_TOO_BAD, _UNUSABLE = 1, 2


def listen() -> None:
    """Has the events of this Locust extend its options, prepare its tests and set its exit code."""
    on(events.init_command_line_parser, _extend)
    on(events.init, prepare)
    on(events.quitting, _judge)


def _extend(parser: LocustArgumentParser) -> None:
    """Adds the scenario's options to Locust's; this is before it opens its files."""
    write_csv_to_the_end()
    add_options(parser)


def prepare(environment: Environment, **_: object) -> None:
    """Checks the options and, where no host is given, starts the platform."""
    signals = Signals(environment)
    keep_reports_whole(environment)
    try:
        prepare_kind(environment)
        Lifecycle(environment)
        judge_tests(environment)
    except SimulatorError as error:
        sys.stderr.write(f"scoring: {error}\n")
        sys.exit(_UNUSABLE)
    signals.prepared()


def _judge(environment: Environment, **_: object) -> None:
    """Sets the exit code; `quitting` runs in reverse, so that users have finished by now."""
    if environment.process_exit_code is None:
        code = exit_code(environment)
        environment.process_exit_code = code or (_TOO_BAD if is_too_bad(environment) else 0)
