"""Realistic scoring traffic: `locust -f locustfiles/scoring.py`.

Without --host it starts the simulated platform itself, drives it, and stops it at the end; with
--host it drives that API and starts nothing. The files beside this one:

options, choice, tags               what a test is asked to be
session, refusals, verdict          its course in this process, why it cannot begin, its exit code
users, calling, answers, mix        what users do, how they call, what is an answer
people, applications, supply        who applies, and what is sent
target, built_in, base_url          what is driven
web_form, form_fields               what the web page asks for
watching, looking, platform_state   what the platform says of its simulation
trust, counting                     whose certificates are believed; what the platform counted
finishing, reports                  how a test ends, and what is written of it
signals, prompt_end, forked         what ends Locust's process and its children
listening                           its events
shape                               the scenario's traffic as a load shape
"""

import sys
from typing import Final

import prompt_end  # noqa: F401 - it comes first, and acts by being read
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
