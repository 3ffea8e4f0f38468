"""A Locust with a web page in one process, on a platform that starts when it is told to.

Importing locust patches the process that does it, so this is a program, which says as JSON what it
saw: `python one_locust.py RESULT_FILE`.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event as Gate
from locust import argument_parser
from locust.env import Environment
from locust.event import Events

from simulator.errors import StackError
from simulator.load import scoring, system_under_test
from simulator.load.built_in import StartStoppedError
from simulator.load.exit_code import exit_code
from simulator.load.judged_tests import is_too_bad
from simulator.load.users import ChannelUser

if TYPE_CHECKING:
    from simulator.load.choice import Choice

NOWHERE = "http://127.0.0.1:9"  # discard: nothing listens, so that users fail at once
SMOKE = (("num_users", 7), ("spawn_rate", 5.0), ("run_time", 60))
LOAD = {"user_count": "2", "spawn_rate": "2"}


class ToldPlatform:
    """Starts at once, or when it is let go, or not at all."""

    url = NOWHERE

    def __init__(self) -> None:
        self.started: list[str] = []
        self.go = Gate()
        self.go.set()
        self.fails = ""
        self.is_stopped = False
        self.choice: object = None

    def start(self, choice: Choice) -> None:
        self.is_stopped = False
        while not self.go.wait(0.01):
            if self.is_stopped:
                raise StartStoppedError("stopped before the platform had started")
        if self.fails:
            raise StackError(self.fails)
        self.started.append(choice.scenario.name)
        self.choice = choice

    def make_ready(self, choice: Choice, *, is_beginning: bool = False) -> None:
        if choice != self.choice:
            self.start(choice)
        if is_beginning:
            self.choice = None

    def stop_starting(self) -> None:
        self.is_stopped = True

    def require_running(self) -> None:
        """It always does."""

    def news(self) -> list[str]:
        return []

    def end(self) -> None:
        """Nothing runs."""

    close = end


class OneLocust:
    """A Locust as its command line makes one."""

    def __init__(self, *arguments: str) -> None:
        options = argument_parser.parse_options(["-f", "scoring.py", *arguments])
        self.environment = Environment(
            user_classes=[scoring.WebUser],
            events=Events(),  # type: ignore[no-untyped-call]  # Locust's is untyped
            host=options.host,
            parsed_options=options,
        )
        self.runner = self.environment.create_local_runner()
        self.web_ui = self.environment.create_web_ui(delayed_start=True)
        app = self.web_ui.app
        assert app is not None
        self.page = app.test_client()
        self.platform = ToldPlatform()
        monkeypatched: Any = system_under_test
        monkeypatched.BuiltInPlatform = lambda: self.platform
        scoring.prepare(environment=self.environment)

    def swarm(self, **fields: str) -> dict[str, Any]:
        answer = self.page.post("/swarm", data={**LOAD, **fields})
        return {"status": answer.status_code, **(answer.json or {})}

    def stop(self) -> None:
        self.page.post("/stop")

    def shows(self, field: str) -> bool:
        return f'"{field}": {{' in self.page.get("/").text

    def offered(self, field: str) -> list[str]:
        """What a field of the page offers to choose from."""
        self.page.get("/")
        offered: list[str] = self.web_ui.template_args["extra_options"][field]["choices"]
        return offered

    def pauses(self) -> str:
        return ChannelUser.waiting.in_words(1.0)

    def state(self) -> list[object]:
        gevent.sleep(0.1)
        return [self.runner.state, self.runner.user_count]

    def rows(self) -> dict[str, list[str]]:
        exceptions = json.loads(self.page.get("/exceptions").text)["exceptions"]
        return {
            "errors": [str(e.error) for e in self.runner.errors.values()],
            "exceptions": [row["msg"] for row in exceptions],
        }


def busy(seconds: float) -> None:
    """Work that leaves the event loop no time to look at the clock."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def seconds_of_a_timer() -> float:
    """How long a timer of 0.2 s takes that is started now."""
    begun = time.perf_counter()
    gevent.spawn_later(0.2, lambda: None).join()
    return time.perf_counter() - begun


def timers() -> dict[str, object]:
    busy(0.5)
    OneLocust("--host", NOWHERE)
    return {"after prepare": seconds_of_a_timer()}


def handlers() -> dict[str, object]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    usual = (signal.default_int_handler, signal.SIG_DFL)
    return {number.name: signal.getsignal(number) in usual for number in numbers}


REFUSED = (
    {"scenario": "clam"},
    {"seed": "abc"},
    {"compress": "0.5"},
    {"compress": "1e9"},
    {"compress": "fast"},
    {"user_count": "many"},
    {"spawn_rate": "nan"},
    {"run_time": "soon"},
    {"host": "localhost:8000"},
)


def refusals() -> dict[str, object]:
    seen: dict[str, object] = {}
    for fields in REFUSED:
        locust = OneLocust()
        answer = locust.swarm(**fields)
        seen[json.dumps(fields)] = {"answer": answer, "state": locust.state(), **locust.rows()}
    locust = OneLocust()
    locust.platform.fails = "the platform ended with exit code 2:\n  Usage: x\n  Error: no gateway"
    seen["platform"] = {"answer": locust.swarm(scenario="tour"), **locust.rows()}
    seen["exit code"] = exit_code(locust.environment)
    locust.platform.choice = None
    locust.runner.start(1, 1)  # as the command line does
    seen["not from the form"] = {"state": locust.state(), **locust.rows()}
    locust.platform.fails = ""
    seen["afterwards"] = {"answer": locust.swarm(scenario="tour"), "state": locust.state()}
    seen["afterwards"]["rows"] = locust.rows()["exceptions"]  # type: ignore[index]
    locust.stop()
    return seen


def stops() -> dict[str, object]:
    locust = OneLocust()
    locust.platform.go.clear()
    starting = gevent.spawn(locust.swarm, scenario="tour")
    gevent.sleep(0.1)
    seen: dict[str, object] = {"starting": locust.state(), "second": locust.swarm()}
    locust.stop()
    seen |= {"answer": starting.get(timeout=5.0), "stopped": locust.state()}
    locust.platform.go.set()
    seen["let go"] = locust.state()
    seen |= {"again": locust.swarm(scenario="tour"), "running": locust.state()}
    locust.stop()
    locust.platform.go.clear()
    locust.runner.start(2, 2)  # as the command line does
    seen["starting by itself"] = locust.state()
    locust.runner.stop()
    locust.platform.go.set()
    return {**seen, "stopped by itself": locust.state(), "started": locust.platform.started}


def edits() -> dict[str, object]:
    locust = OneLocust("--seed", "7")
    locust.swarm(run_time="1s")
    begun = time.monotonic()
    seen: dict[str, object] = {
        "host": locust.swarm(host="", user_count="3")["success"],
        "host then": locust.environment.host,
        "users then": locust.state(),
        "same": locust.swarm(scenario="calm", seed="7", compress="1", host=f"{NOWHERE}/ "),
        "other host": locust.swarm(host="http://127.0.0.1:10"),
    }
    for fields in ({"scenario": "tour"}, {"seed": "8"}, {"compress": "2"}, {"seed": ""}):
        seen[json.dumps(fields)] = locust.swarm(**fields)
    while locust.runner.state != "stopped" and time.monotonic() < begun + 10.0:
        gevent.sleep(0.05)
    return {**seen, "seconds": time.monotonic() - begun, "kept": locust.environment.host}


def pages() -> dict[str, object]:
    own, given = OneLocust(), OneLocust("--host", f" {NOWHERE}/base/ ")
    kind = OneLocust("--kind", "smoke", "--users", "7")
    own.swarm(scenario="tour")
    seen = {
        "own": [own.shows(field) for field in ("scenario", "seed", "compress")],
        "given": [given.shows(field) for field in ("scenario", "seed", "compress")],
        "latest": '"default_value": "tour"' in own.page.get("/").text,
        "kind": [f'"{field}": {value}' in kind.page.get("/").text for field, value in SMOKE],
        "host": given.environment.host,
    }
    own.stop()
    return seen


def kinds() -> dict[str, object]:
    kind = {"users": 3, "rate": 100, "time": "9s", "think_time": "5s"}
    mapping = {"version": 1, "name": "theirs", "load": {"kinds": {"nightly": kind}}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "theirs.yaml"
        path.write_text(json.dumps(mapping), encoding="utf-8")
        locust = OneLocust("--host", NOWHERE, "--mapping", str(path))
        seen: dict[str, object] = {
            "listed": locust.offered("kind"),
            "unknown": locust.swarm(kind="nigtly")["message"],
            "chosen": [locust.swarm(kind="nightly")["success"], locust.state()[1]],
            "pauses": locust.pauses(),
            "other": locust.swarm(kind="smoke")["message"],
            "more": [locust.swarm(kind="nightly", user_count="4")["success"], locust.state()[1]],
        }
        locust.stop()
        seen["again"] = [locust.swarm(kind="nightly", user_count="2")["success"], locust.state()[1]]
        locust.stop()
        seen["none"] = [locust.swarm(kind="", user_count="1")["success"], locust.pauses()]
        locust.stop()
    return {**seen, "judged": is_too_bad(locust.environment)}


if __name__ == "__main__":
    scoring.listen()
    looks = (timers, handlers, refusals, stops, edits, pages, kinds)
    seen = {look.__name__: look() for look in looks}
    Path(sys.argv[1]).write_text(json.dumps(seen), encoding="utf-8")
