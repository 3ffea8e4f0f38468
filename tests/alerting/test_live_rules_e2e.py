"""Alerts are pending and firing at the evaluations at which a live Prometheus has them so."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import pytest
import yaml

from simulator.alerting.alert_history import Evaluations, alert_history
from simulator.observation.prometheus import Prometheus
from simulator.rules.model import Alert, Group
from simulator.rules.reading import read_rule_files
from simulator.runtime.processes import Supervisor
from simulator.runtime.services import prometheus
from simulator.runtime.starting import started
from simulator.seeding import generator
from tests.support.absence import give_up
from tests.support.prometheus_3 import TARGET
from tests.support.random_rules import FORMS, random_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

N_GROUPS, N_RULES = 34, 10
SECONDS = 70
N_SERIES = 6
LATE_MS = 250
"""After a scrape's end: whether an evaluation so soon sees its samples is the clock's chance."""

UNSEEN = 2
"""The first evaluations, of which Prometheus writes no states: it looks for former ones then."""

HAVE_IT: tuple[Callable[[Alert, Group], bool], ...] = (
    lambda alert, _: not alert.hold,
    lambda alert, _: alert.hold > 0.0 and alert.keep_firing > 0.0,
    lambda alert, _: "$labels" in str(alert.labels),
    lambda alert, _: "shown" in alert.labels,
    lambda alert, _: "level" in alert.labels,
    lambda _, group: group.limit > 0,
    lambda _, group: group.query_offset > 0.0,
)
"""What some of the rules that are compared have to have."""

Samples = list[tuple[int, int]]
"""When samples were taken, and how long that took, ms."""

Key = tuple[tuple[str, str], ...]
States = dict[int, dict[Key, str]]
"""By evaluation, in ms of unix time, the state of each alert by its labels."""


def exposition(seconds: int) -> str:
    """Series that stay at a level, or away, for a few seconds."""
    lines = []
    for i in range(N_SERIES):
        stay = i // 2 + 1
        level = int(generator(seconds // stay, f"live level {i}").integers(-3, 11))
        if level >= 0:
            lines.append(f'sig{{i="{i}",pair="{i % 2}"}} {level}')
        lines.append(f'total{{i="{i}",pair="{i % 2}"}} {3 * seconds + (seconds // 7) * i}')
    return "\n".join(lines) + "\n"


class Exporter(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = exposition(int(time.time() + 0.5)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def exporter() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Exporter) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def raw(url: str, selector: str) -> list[tuple[dict[str, str], list[int]]]:
    """The label sets of a selector with the times of their samples, in ms."""
    with urlopen(f"{url}/api/v1/query?{urlencode({'query': selector})}") as answer:  # noqa: S310 - ours
        found = json.load(answer)["data"]["result"]
    return [
        (one["metric"], [round(t * 1000) for t, v in one["values"] if v != "NaN"]) for one in found
    ]


def scrapes(url: str) -> Samples:
    """When each scrape began, and how long it took."""
    with urlopen(f"{url}/api/v1/query?query=scrape_duration_seconds[5m]") as answer:  # noqa: S310 - ours
        (found,) = json.load(answer)["data"]["result"]
    return [(round(at * 1000), round(float(took) * 1000)) for at, took in found["values"]]


def states_of(found: list[tuple[dict[str, str], list[int]]]) -> Mapping[str, States]:
    """Of each alert by its name; where a label's text is empty, ALERTS has its template still."""
    states: dict[str, States] = defaultdict(lambda: defaultdict(dict))
    for labels, times in found:
        own = {
            name: text
            for name, text in labels.items()
            if name not in {"__name__", "alertstate"} and "{{" not in text
        }
        for at in times:
            states[own["alertname"]][at][tuple(sorted(own.items()))] = labels["alertstate"]
    return states


def expected(alert: Alert, group: Group, asked: Prometheus, times: list[int]) -> States:
    """The states that we say it has."""
    interval = group.interval or 1.0
    start = times[0] / 1000.0 - UNSEEN * interval
    when = Evaluations(
        start, times[-1] / 1000.0, interval, group.query_offset, group.limit, since=start
    )
    found = alert_history(alert, asked, when)
    states: States = {}
    for n, at in enumerate(np.rint(when.times * 1000).astype(int).tolist()):
        states[at] = {
            tuple(sorted({**labels, **_of_row(labels, row)}.items())): "firing"
            if found.firing[row, n]
            else "pending"
            for row, labels in enumerate(found.labels)
            if found.firing[row, n] or found.active[row, n]
        }
    return states


def _of_row(labels: Mapping[str, str], row: int) -> dict[str, str]:
    """What tells alerts by value apart, whose values we do not put into labels."""
    return {"shown": str(row)} if "$value" in labels.get("shown", "") else {}


def are_late(samples: Samples, evaluated: list[int], offset: int) -> bool:
    """Whether samples that an evaluation asks for may not have been there yet.

    It asks for what was `offset` ms before; on a busy machine a scrape takes long now and then.
    """
    starts = np.array([start for start, _ in samples])
    ends = np.array([start + took + LATE_MS for start, took in samples])
    asked = np.array(evaluated)[:, np.newaxis]
    return bool(((starts <= asked) & (ends > asked + offset)).any())


def is_regular(times: list[int], group: Group) -> bool:
    """Whether no evaluation was left out, as they are where the machine is too busy."""
    every = round((group.interval or 1.0) * 1000)
    return all(b - a == every for a, b in pairwise(times))


def differences(
    ours: States, theirs: States, times: list[int], *, is_by_value: bool
) -> list[tuple[int, Any, Any]]:
    """The evaluations at which states are not equal; of alerts by value their number only."""
    view: Callable[[dict[Key, str]], Any] = dict
    if is_by_value:
        view = lambda states: sorted(states.values())  # noqa: E731 - one line says it
    both = [(at, view(ours.get(at, {})), view(theirs.get(at, {}))) for at in times]
    return [one for one in both if one[1] != one[2]]


def test_random_rules_are_as_a_live_prometheus_has_them(exporter: int, tmp_path: Path) -> None:
    program = TARGET / "usr" / "bin" / "prometheus"
    if not program.is_file():
        give_up(f"there is no {program}: run make setup")
    rules, config = tmp_path / "rules.yml", tmp_path / "prometheus.yml"
    rules.write_text(yaml.safe_dump(random_rules(1, N_GROUPS, N_RULES)))
    job = {"job_name": "j", "static_configs": [{"targets": [f"127.0.0.1:{exporter}"]}]}
    every = {"scrape_interval": "1s", "evaluation_interval": "1s", "scrape_timeout": "1s"}
    config.write_text(
        yaml.safe_dump({"global": every, "rule_files": [str(rules)], "scrape_configs": [job]})
    )
    service = prometheus(program, config_file=config, storage_dir=tmp_path / "data")
    with Supervisor() as supervisor:
        url = started(service, supervisor, tmp_path)
        time.sleep(SECONDS)
        compare(url, read_rule_files([rules]))


def compare(url: str, groups: tuple[Group, ...]) -> None:
    theirs = states_of(raw(url, "ALERTS[5m]"))
    samples = scrapes(url)
    beats = {name: sorted(of) for name, of in theirs.items() if name.startswith("Beat")}
    made = [(at, 0) for name in ("recorded:sig", "recorded:twice") for at in beats[f"Beat {name}"]]
    compared, wrong, transitions = list[tuple[Alert, Group]](), list[str](), 0
    with Prometheus(url) as asked:
        for group in groups[2:]:
            evaluated = beats[f"Beat {group.name}"][:-2]
            offset = round(group.query_offset * 1000)
            times = [at + offset for at in evaluated]
            if not is_regular(times, group):
                continue
            for alert in group.alerts[1:]:
                assert isinstance(alert, Alert)
                read = made if "recorded" in alert.expr else []
                if are_late([*samples, *read], evaluated, offset):
                    continue
                ours = expected(alert, group, asked, times)
                found = {at + offset: states for at, states in theirs[alert.name].items()}
                by_value = "shown" in alert.labels
                if different := differences(ours, found, times, is_by_value=by_value):
                    wrong.append(f"{alert} of {len(different)} of {len(times)}: {different[:2]}")
                transitions += sum(ours[a] != ours[b] for a, b in pairwise(times))
                compared.append((alert, group))
    assert len(compared) >= 200
    assert {int(alert.annotations["form"]) for alert, _ in compared} == set(range(len(FORMS)))
    for has_it in HAVE_IT:
        assert any(has_it(*one) for one in compared)
    assert transitions > 2000
    assert not wrong, "\n".join(wrong)
