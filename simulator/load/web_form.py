"""The web form: what was typed is judged, and the platform started, before Locust starts a test."""

import time
from argparse import Namespace
from typing import Any, Final

import gevent
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from locust.runners import (
    STATE_CLEANUP,
    STATE_RUNNING,
    STATE_SPAWNING,
    STATE_STOPPING,
    MasterRunner,
    Runner,
)
from locust.util.timespan import parse_timespan
from locust.web import WebUI
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from simulator.errors import SimulatorError
from simulator.load.base_url import base_url
from simulator.load.built_in import StartStoppedError
from simulator.load.choice import Choice
from simulator.load.form_fields import (
    KIND,
    SHOWN,
    as_locust_reads,
    load_of,
    require_load,
    require_unchanged,
)
from simulator.load.kinds import chosen_kind, known_kinds, require_no_shape
from simulator.load.refused_tests import one_line, show
from simulator.load.system_under_test import SystemUnderTest
from simulator.quoting import quoted

__all__ = ["WebForm"]

_UNDER_WAY: Final = frozenset({STATE_SPAWNING, STATE_RUNNING})
_ENDING: Final = frozenset({STATE_CLEANUP, STATE_STOPPING})
_POLL_SECONDS: Final = 0.02
_NO_SHAPE: Final = "Default"
_BEGIN_SECONDS: Final = 5.0
_ENDING_SECONDS: Final = 5.0  # for messages between master and workers, on top of what users get


class WebForm:
    """POST /swarm, as the page and scripts send it: Locust sees of it only what can be used.

    The answer waits until the platform is at the start of the scenario. So it tells the truth, a
    run time counts from when users start, and what is refused is shown under the form.
    """

    def __init__(
        self, web_ui: WebUI, runner: Runner, target: SystemUnderTest, options: Namespace
    ) -> None:
        self._environment = web_ui.environment
        self._web_ui = web_ui
        self._runner = runner
        self._target = target
        self._options = options
        self._ends_at: float | None = None
        self._n_workers = 0
        self._kinds = ["", *known_kinds(options)]
        self._is_handed_on = False
        app = web_ui.app
        if app is None:
            raise SimulatorError("Locust's web page has no application to judge the form in")
        self._swarm = app.ensure_sync(app.view_functions["locust.swarm"])
        self._stop = app.ensure_sync(app.view_functions["locust.stop"])
        for name, view in (("locust.swarm", self._start), ("locust.stop", self._end)):
            guarded = web_ui.auth_required_if_enabled(view)  # type: ignore[no-untyped-call]  # Locust's is untyped
            app.view_functions[name] = guarded
        app.context_processor(self._fill_in)

    def _start(self) -> ResponseReturnValue:
        """Answers POST /swarm."""
        try:
            fields = self._usable(MultiDict(request.form))
        except StartStoppedError as stopped:
            return self._refusal(str(stopped))
        except SimulatorError as error:
            reason = one_line(error)
            show(self._runner, reason)
            return self._refusal(reason)
        request.form = ImmutableMultiDict(fields)
        gevent.get_hub().loop.update_now()  # the run time counts from here
        seconds = _run_time(fields)
        self._ends_at = time.monotonic() + seconds if seconds else None
        self._is_handed_on = True
        try:
            answer = self._swarm()
            self._wait_for_the_start()
        finally:
            self._is_handed_on = False
        return answer

    def _wait_for_the_start(self) -> None:
        """Lets a test begin that Locust is about to begin: until then it could not be stopped."""
        deadline = time.monotonic() + _BEGIN_SECONDS
        while self._runner.state not in _UNDER_WAY and time.monotonic() < deadline:
            gevent.sleep(_POLL_SECONDS)

    def _end(self) -> ResponseReturnValue:
        """Answers POST /stop."""
        while self._is_handed_on and self._runner.state not in _UNDER_WAY:
            gevent.sleep(_POLL_SECONDS)
        return self._stop()

    def _refusal(self, reason: str) -> Response:
        """As Locust itself refuses: with status 200, since its page shows no other answer."""
        host = self._environment.host
        return jsonify({"success": False, "message": reason, "host": host})

    def _usable(self, fields: MultiDict[str, str]) -> MultiDict[str, str]:
        """The fields as Locust is to read them; what they ask for is ready.

        Raises:
            SimulatorError: a field cannot be used, or cannot be changed now; or the platform does
                not start.
            StartStoppedError: the test was stopped in the meantime.
        """
        self._wait_for_the_end()
        self._wait_for_workers()
        if self._target.is_starting or self._is_handed_on:
            raise SimulatorError("a test is starting: wait until it runs, or stop it first")
        self._take_kind(fields)
        _run_time(fields)
        if not self._has_shape(fields):
            require_load(fields)
        asked = as_locust_reads(self._options, fields)
        present = self._environment.host or self._target.host
        if self._runner.state in _UNDER_WAY:
            asked.host = _host(fields, empty=present, missing=present)
            require_unchanged(Namespace(**{**vars(self._options), "host": present}), asked)
            self._keep_run_time(fields)
        else:
            host = _host(fields, empty=self._target.host, missing=present)
            asked.host = self._target.make_ready(host, Choice.of(asked))
        fields["host"] = asked.host
        return fields

    def _take_kind(self, fields: MultiDict[str, str]) -> None:
        """Puts users, rate and time of a kind that was chosen in the form into its fields.

        Where it is the kind that the form was shown with, what is in its fields comes first.

        Raises:
            SimulatorError: there is no such kind, or a load shape says how many users there are.
        """
        if self._runner.state in _UNDER_WAY:
            return  # it cannot change then
        kind = chosen_kind(as_locust_reads(self._options, fields))
        if kind is not None:
            require_no_shape(kind, has_shape=self._has_shape(fields))
            if kind.name != str(self._options.kind or "").strip():
                for name, value in load_of(kind).items():
                    fields[name] = value

    def _has_shape(self, fields: MultiDict[str, str]) -> bool:
        """Whether a load shape says how many users there are."""
        if self._web_ui.userclass_picker_is_active:
            return fields.get("shape_class", _NO_SHAPE) != _NO_SHAPE
        return self._environment.shape_class is not None

    def _keep_run_time(self, fields: MultiDict[str, str]) -> None:
        """Asks for what is left of the test's run time, which the page's form to edit leaves out.

        Locust would take that for a test without an end.
        """
        if self._ends_at is not None and not fields.get("run_time"):
            fields["run_time"] = str(max(round(self._ends_at - time.monotonic()), 1))

    def _wait_for_the_end(self) -> None:
        """Lets a test that is being stopped come to its end.

        Raises:
            SimulatorError: it does not.
        """
        deadline = time.monotonic() + self._environment.stop_timeout + _ENDING_SECONDS
        while self._runner.state in _ENDING:
            if time.monotonic() > deadline:
                raise SimulatorError("the test before is still being stopped: try again later")
            gevent.sleep(_POLL_SECONDS)

    def _wait_for_workers(self) -> None:
        """Lets the workers of the test before come back, which takes a moment.

        Raises:
            SimulatorError: there is none.
        """
        runner = self._runner
        if not isinstance(runner, MasterRunner):
            return
        deadline = time.monotonic() + _ENDING_SECONDS
        while runner.worker_count < self._n_workers and time.monotonic() < deadline:
            gevent.sleep(_POLL_SECONDS)
        self._n_workers = runner.worker_count
        if not self._n_workers:
            raise SimulatorError(
                "no worker has connected: start one with "
                "`locust -f locustfiles/scoring.py --worker`, and try again"
            )

    def _fill_in(self) -> dict[str, Any]:
        """Shows the options of the latest test; none where they would not reach the platform."""
        shown = self._web_ui.template_args.get("extra_options", {})
        for name in SHOWN:
            if not self._target.is_built_in:
                shown.pop(name, None)
            elif name in shown:
                shown[name]["default_value"] = getattr(self._options, name)
        if KIND in shown:
            shown[KIND]["default_value"] = self._options.kind
            shown[KIND]["choices"] = self._kinds
        return {}


def _host(fields: MultiDict[str, str], *, empty: str, missing: str) -> str:
    typed = fields.get("host")
    if typed is None:
        return missing
    return base_url(typed, source="host") if typed.strip() else empty


def _run_time(fields: MultiDict[str, str]) -> int:
    """Seconds until the test is to end; 0 where it has no end.

    Raises:
        SimulatorError: the form says something else.
    """
    typed = fields.get("run_time", "")
    try:
        return parse_timespan(typed) if typed else 0
    except (ValueError, OverflowError):
        raise SimulatorError(
            f"run_time is {quoted(typed)}: give a duration such as 90s, 20m or 1h30m"
        ) from None
