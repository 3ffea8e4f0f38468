"""The options of a test: on the command line, by environment, and in the web form."""

from argparse import ArgumentTypeError
from typing import Final

from locust.argument_parser import LocustArgumentParser

from simulator.load.bands import BANDS
from simulator.pushing.instance import INSTANCE, USUAL_URL
from simulator.quoting import quoted
from simulator.scenario.loading import library_names

__all__ = ["add_options"]

_MOST_SERIES: Final = 10**7


def add_options(parser: LocustArgumentParser) -> None:
    """Adds the options; those that make it another test are in the web form too.

    Their help is the label of a field there, so it is short. `locust --help` shows none of them: it
    is printed before a locustfile is read.

    The web page, which anybody could start a test on, listens on loopback unless told otherwise.
    """
    parser.set_defaults(web_host="127.0.0.1")
    _add_scenario(parser)
    _add_mapping(parser)
    _add_load(parser)
    _add_verdict(parser)
    _add_trust(parser)
    _add_platform(parser)


def _add_scenario(parser: LocustArgumentParser) -> None:
    """What makes it another test; `form_fields` names these, too."""
    parser.add_argument(
        "--scenario",
        env_var="SIMULATOR_SCENARIO",
        default="calm",
        metavar="NAME|FILE",
        help=f"scenario that traffic and platform follow: {', '.join(library_names())}, or a file",
    )
    parser.add_argument(
        "--seed",
        env_var="SIMULATOR_SEED",
        metavar="N",
        help="whole number, in place of the scenario's own seed",
    )
    parser.add_argument(
        "--compress",
        type=float,
        env_var="SIMULATOR_COMPRESS",
        default=1.0,
        metavar="K",
        help="run scenario time K times as fast; rates stay as they are",
    )


def _add_trust(parser: LocustArgumentParser) -> None:
    parser.add_argument(
        "--ca-file",
        env_var="SIMULATOR_CA_FILE",
        default="",
        metavar="FILE",
        include_in_web_ui=False,
        help="certificates (PEM) to trust at an https --host, in place of the usual authorities",
    )


def _add_mapping(parser: LocustArgumentParser) -> None:
    parser.add_argument(
        "--mapping",
        action="append",
        env_var="SIMULATOR_MAPPING",
        metavar="NAME|FILE",
        include_in_web_ui=False,  # there may be several
        help="names of the built-in platform's metrics: of the library, or a file; may be repeated",
    )
    parser.add_argument(
        "--allow-series",
        type=_n_series,
        env_var="SIMULATOR_ALLOW_SERIES",
        metavar="N",
        include_in_web_ui=False,
        help="how many series mappings may make; more are refused (20000)",
    )


def _n_series(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_SERIES:
        raise ArgumentTypeError(f"{quoted(text)} is no whole number from 1 to {_MOST_SERIES}")
    return int(text)


def _add_load(parser: LocustArgumentParser) -> None:
    """How much load there is, beside Locust's own options."""
    parser.add_argument(
        "--kind",
        env_var="SIMULATOR_KIND",
        default="",
        metavar="NAME",
        help="kind of test: its users, rate, time and think time",  # the form lists them
    )
    parser.add_argument(
        "--think-time",
        env_var="SIMULATOR_THINK_TIME",
        default="",
        metavar="DURATION",
        include_in_web_ui=False,
        help="how long users wait after an answer: 2s, or 1s-5s for anything between",
    )
    parser.add_argument(
        "--pacing",
        env_var="SIMULATOR_PACING",
        default="",
        metavar="DURATION",
        include_in_web_ui=False,
        help="how long from the start of a user's request to that of the next: 2s, or 1s-5s",
    )
    parser.add_argument(
        "--open",
        action="store_true",
        env_var="SIMULATOR_OPEN",
        include_in_web_ui=False,
        help="requests begin as often as users and pauses imply, whatever answers take",
    )


def _add_verdict(parser: LocustArgumentParser) -> None:
    """What is made of the test in the end."""
    parser.add_argument(
        "--worst",
        env_var="SIMULATOR_WORST",
        default="",
        metavar="BAND",
        include_in_web_ui=False,
        help=f"worst band without exit code 1, of {', '.join(BANDS[:-1])}; orange unless given",
    )
    parser.add_argument(
        "--summary",
        env_var="SIMULATOR_SUMMARY",
        default="",
        metavar="FILE",
        include_in_web_ui=False,
        help="write what the test came to, and its bands, as JSON",
    )
    parser.add_argument(
        "--summary-html",
        env_var="SIMULATOR_SUMMARY_HTML",
        default="",
        metavar="FILE",
        include_in_web_ui=False,
        help="the same as a page",
    )


def _add_platform(parser: LocustArgumentParser) -> None:
    """What the built-in platform gets, and the web form does not show."""
    parser.add_argument(
        "--pushgateway",
        env_var="SIMULATOR_PUSHGATEWAY",
        default=USUAL_URL,
        metavar="URL",
        include_in_web_ui=False,  # it may hold a password
        help="where the built-in platform pushes its metrics; `none` pushes nowhere",
    )
    parser.add_argument(
        "--push-interval",
        env_var="SIMULATOR_PUSH_INTERVAL",
        default="5s",
        metavar="DURATION",
        include_in_web_ui=False,
        help="how often the built-in platform pushes",
    )
    parser.add_argument(
        "--keep-groups",
        action="store_true",
        env_var="SIMULATOR_KEEP_GROUPS",
        include_in_web_ui=False,
        help="leave the pushed groups in the Pushgateway at the end",
    )
    parser.add_argument(
        "--instance",
        env_var="SIMULATOR_INSTANCE",
        default=INSTANCE,
        metavar="NAME",
        include_in_web_ui=False,
        help="instance label of the built-in platform's metrics; one run at a time pushes as one",
    )
    parser.add_argument(
        "--take-over",
        action="store_true",
        env_var="SIMULATOR_TAKE_OVER",
        include_in_web_ui=False,
        help="replace the run that pushes as this instance, without looking whether it is alive",
    )
    parser.add_argument(
        "--history",
        env_var="SIMULATOR_HISTORY",
        default="",
        metavar="DIR",
        include_in_web_ui=False,
        help="the built-in platform goes on where this history of `simulator backfill` stopped",
    )
