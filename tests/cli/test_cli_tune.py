"""`simulator tune`: what it refuses, and all it does with somebody's Prometheus."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.checking.alarms import Link, board_link
from simulator.rules.model import Alert
from simulator.rules.reading import groups_in
from simulator.seeding import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.prometheus_double import PrometheusDouble
    from tests.support.simulator_process import Ended, Program

START, DAYS, STEP = 1_789_992_000, 2, 60
MOMENTS = DAYS * 86400 // STEP
TODAY, HELD = 1.5, 120
PEAK = 5  # moments that last less than an incident, and longer than today's hold
STARTS = [START + k * 17_280 + 7200 for k in range(10)]
LAG, QUEUE = "max(kafka_consumergroup_lag)", "max(queue_depth)"
HEAD = "start,end,signal,severity\n"
UNREACHABLE = ("--prometheus", "http://127.0.0.1:9", "--truth", "one.csv", "--start", "now-1h")

RULES = f"""\
# kept as it is
groups:
- name: g
  rules:
  - alert: LagCritical   # a comment
    expr: |-
      {LAG}
        >= 1.5
    for: '2m'
    labels: {{severity: critical}}
  - {{alert: Down, expr: up == 0}}

  - alert: QueueDeep
    expr: {QUEUE} > 1.5  # no panel shows it
    for: 2m
    labels: {{severity: warning}}
"""


def board(*, steps: Sequence[tuple[str, object]] = (("green", None), ("red", TODAY))) -> str:
    found = [{"color": color, "value": value} for color, value in steps]
    panel = {
        "id": 7,
        "type": "timeseries",
        "title": "R\u00fcckstand",
        "targets": [{"refId": "A", "expr": LAG}],
        "fieldConfig": {
            "defaults": {
                "min": TODAY,
                "thresholds": {"mode": "absolute", "steps": found},
                "color": {"mode": "thresholds"},
                "custom": {"thresholdsStyle": {"mode": "line"}},
            },
            "overrides": [],
        },
    }
    document = {"uid": "b", "title": "Board", "panels": [panel]}
    return json.dumps(document, indent=3, ensure_ascii=False) + "\n"


def incidents(signal: str = "consumer-lag", severity: str = "red") -> str:
    return "".join(f"{one},{one + 1800},{signal},{severity}\n" for one in STARTS)


def signal_values() -> list[list[object]]:
    """Noise from 1 to 2; 10 in each incident, and for a short time between two of them."""
    values = 1.0 + generator(7, "tune").random(MOMENTS).round(2)
    for one in STARTS:
        first = (one - START) // STEP
        values[first : first + 1800 // STEP] = 10.0
        values[first + 100 : first + 100 + PEAK] = 10.0
    return [[START + i * STEP, str(v)] for i, v in enumerate(values.tolist())]


@dataclass
class Place:
    """A folder with a dashboard, rules and incidents, and a Prometheus that knows the signal."""

    folder: Path
    run: Program
    url: str

    @property
    def files(self) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in self.folder.iterdir() if one.is_file()}

    def tune(self, *more: str, dashboard: str = "board.json", truth: str = "inc.csv") -> Ended:
        return self.run(
            *("tune", "--prometheus", self.url, "--step", f"{STEP}s", "--truth", truth),
            *("--start", str(START), "--end", str(START + DAYS * 86400)),
            *("--dashboards", dashboard, "--rules", "rules.yml", *more),
        )

    def reported(self, *more: str) -> dict[str, Any]:
        """What it says in JSON: every threshold by its alert, and all else."""
        ended = self.tune("--json", "-", *more)
        assert ended.code == 0, ended.stderr
        document: dict[str, Any] = json.loads(ended.stdout, parse_constant=pytest.fail)
        return {one["alert"] or one["level"]: one for one in document["thresholds"]} | document


@pytest.fixture
def place(
    tmp_path: Path, simulator: Program, double: PrometheusDouble, monkeypatch: pytest.MonkeyPatch
) -> Place:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "board.json").write_text(board())
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "inc.csv").write_text(HEAD + incidents() + incidents("QueueDeep", "warning"))
    for query in (LAG, QUEUE):
        double.plots(query, a=signal_values())
    return Place(tmp_path, simulator, double.url)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    texts = {
        "one.csv": HEAD + "1000,2000,lag,red\n",
        "wrong.csv": HEAD + "1000,2000,lag,red\n1000,2000,lag,pink\n",
        "none.yml": "groups: 3\n",
        "plain.json": json.dumps({"title": "B", "panels": [{"type": "stat", "title": "P"}]}),
        "board.json": board(),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give a SCENARIO, or --prometheus with --truth"),
        (("tour", *UNREACHABLE), "one of the two"),
        (UNREACHABLE[:4], "--prometheus needs --truth FILE and --start"),
        ((*UNREACHABLE, "--end", "now-2h"), "--start is not before --end"),
        ((*UNREACHABLE, "--duration", "6h", "--seed", "3"), "--seed, --duration: only with a SCEN"),
        (("tour", "--start", "now-1h"), "--start: only with --prometheus"),
        (("tour", "--end", "now", "--truth", "one.csv"), "--end, --truth: only with --prometheus"),
        (("tour", "--write", "--dry-run"), "--write and --dry-run: one of the two"),
        (("tour", "--force"), "--force goes with --write, --write-rules or --dry-run"),
        (("tour", "--write-rules", "board.json"), "board.json is there already: name another"),
        (("tour", "--objective", "f1", "--cost", "miss=3"), "--cost is an objective of its own"),
        (("tour", "--cost", "miss"), "'miss': a number from 0 to 1,000,000"),
        (("tour", "--cost", "mist=3"), "'mist' is none of false-alarm, miss, minute-late"),
        (("tour", "--cost", "miss=-1"), "a number from 0 to 1,000,000"),
        (("tour", "--require", "min-nothing=1"), "'min-nothing' is none of min-precision"),
        (("tour", "--require", "min-recall=much"), "'min-recall=much'"),
        (("tour", "--require", "max-detection-time=5"), "'5'"),
        (("tour", "--min-recall", "1.5"), "--min-recall"),
        (("tour", "--max-false-alarms-per-day", "-1"), "--max-false-alarms-per-day"),
        (("tour", "--seeds", "0"), "--seeds"),
        (("tour", "--rules", "absent.yml"), "absent.yml"),
        (("tour", "--rules", "none.yml"), "none.yml: groups: a list is wanted, found 3"),
        ((*UNREACHABLE, "--truth", "absent.csv"), "absent.csv: cannot be read"),
        ((*UNREACHABLE, "--truth", "wrong.csv"), "wrong.csv: line 3: severity: 'pink'"),
        ((*UNREACHABLE, "--dashboards", "plain.json"), "no orange or red threshold is written"),
        ((*UNREACHABLE, "--dashboards", "absent.json"), "absent.json"),
        (UNREACHABLE, "Prometheus http://127.0.0.1:9 cannot be reached"),
        ((*UNREACHABLE, "--start", "now-200d"), "576,000 moments in steps of 30 s are more than"),
        (("tour", "--step", "0s"), "a step of 0 s is too short"),
        (("tour", "--duration", "0s"), "less than two steps"),
        ((*UNREACHABLE, "--start", "0", "--step", "1s"), "moments in"),
        ((*UNREACHABLE, "--min-recall", "nan"), "--min-recall"),
    ],
)
def test_bad_input_exits_2_and_says_what_is_wrong(
    simulator: Program, arguments: tuple[str, ...], said: str
) -> None:
    ended = simulator("tune", *arguments)

    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_today_and_the_proposal_are_in_the_table(place: Place) -> None:
    before = place.files
    ended = place.tune()

    assert ended.code == 0
    lines = ended.stdout.splitlines()
    title = next(
        i for i, line in enumerate(lines) if line.startswith("R\u00fcckstand  incidents: ")
    )
    assert lines[title + 1].split()[:6] == ["\u25a0", "red", "\u2265", "1.5", "for", "2m"]
    assert lines[title + 2].split()[:3] == ["\u2192", "red", "\u2265"]
    assert lines[title + 2].split()[5:9] == ["5m", "1.00", "1.00", "1.00"]
    assert lines[-1] == "2 thresholds: 2 would be better elsewhere, 0 stay"
    assert place.files == before


def test_the_proposal_is_the_known_optimum(place: Place) -> None:
    reported = place.reported("--html", "pages")

    for alert in ("LagCritical", "QueueDeep"):
        proposal = reported[alert]["proposal"]
        assert 2.0 < proposal["threshold"] <= 10.0
        assert proposal["for"] == PEAK * STEP
        assert proposal["unseen"]["f1"]["value"] == 1.0
        assert reported[alert]["today"]["overall"]["precision"]["value"] < 0.5
        assert reported[alert]["today"]["overall"]["found"] == 10
    assert (reported["recordings"], reported["chosen_on"], reported["unknown_signals"]) == (
        5,
        3,
        [],
    )
    names = {one.name for one in (place.folder / "pages").iterdir()}
    assert names == {"index.html", "01-ruckstand.html", "02-queuedeep.html"}
    assert "QueueDeep" in (place.folder / "pages" / "index.html").read_text()


def test_json_takes_standard_output_or_a_file(place: Place) -> None:
    out, file = place.tune("--json", "-"), place.tune("--json", "told.json")

    assert "2 thresholds:" in out.stderr
    assert "2 thresholds:" in file.stdout
    assert (place.folder / "told.json").read_text() == out.stdout


def test_what_is_undefined_is_null(place: Place) -> None:
    (place.folder / "board.json").write_text(board(steps=[("green", None), ("red", 99)]))
    reported = place.reported()  # no alarm at all: no precision

    one = next(each for each in reported["thresholds"] if each["level"] == "red")
    precision = one["today"]["overall"]["precision"]
    assert precision == {"value": None, "interval": [None, None]}


def changed_lines(before: bytes, after: bytes) -> list[tuple[str, str]]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(a.decode(), b.decode()) for a, b in pairs if a != b]


def test_write_changes_numbers_and_holds_and_only_once(place: Place) -> None:
    before = place.files
    reported = place.reported()
    ended = place.tune("--write")
    after = place.files

    lag, queue = (f"{reported[a]['proposal']['threshold']:g}" for a in ("LagCritical", "QueueDeep"))
    assert ended.stderr.endswith("changed board.json\nchanged rules.yml\n")
    was = '"value": 1.5'
    ((old, new),) = changed_lines(before["board.json"], after["board.json"])
    assert (old.strip(), new) == (was, old.replace("1.5", lag))
    assert changed_lines(before["rules.yml"], after["rules.yml"]) == [
        ("        >= 1.5", f"        >= {lag}"),
        ("    for: '2m'", "    for: '5m'"),
        (f"    expr: {QUEUE} > 1.5  # no panel shows it",)
        + (f"    expr: {QUEUE} > {queue}  # no panel shows it",),
        ("    for: 2m", "    for: 5m"),
    ]
    again = place.tune("--write")
    assert again.stderr.endswith("nothing to change: every threshold stays\n")
    assert place.files == after


@pytest.mark.parametrize("name", ["board.json", "my board.json"])
def test_dry_run_prints_the_patch_that_write_makes(place: Place, name: str) -> None:
    (place.folder / "board.json").rename(place.folder / name)
    before = place.files
    ended = place.tune("--dry-run", dashboard=name)

    assert place.files == before
    assert "2 thresholds:" in ended.stderr
    place.tune("--write", dashboard=name)
    written = place.files
    if (program := shutil.which("patch")) is None:
        pytest.skip("no patch on PATH")
    for one, content in before.items():
        (place.folder / one).write_bytes(content)
    command = [program, "-p0", "--batch", "--fuzz=0"]
    subprocess.run(command, input=ended.stdout, text=True, check=True, capture_output=True)
    assert place.files == written


def test_json_and_a_patch_do_not_share_standard_output(place: Place) -> None:
    ended = place.tune("--dry-run", "--json", "-")

    assert ended.code == 2 or json.loads(ended.stdout)


def test_require_judges_today(place: Place) -> None:
    failed = place.tune("--require", "min-precision=0.99")
    fine = place.tune("--require", "min-recall=0.5", "--require", "max-detection-time=5m")

    assert (failed.code, fine.code) == (1, 0)
    lines = [one for one in failed.stdout.splitlines() if "min-precision" in one]
    assert [one.partition(": ")[0] for one in lines] == ["R\u00fcckstand, red", "QueueDeep, orange"]
    assert all(one.endswith("min-precision 0.99, today 0.06") for one in lines)
    assert failed.stdout.endswith("2 requirements not reached\n")


def test_the_objective_decides(place: Place) -> None:
    late = place.reported("--cost", "false-alarm=0.001,miss=1,minute-late=1")
    calm = place.reported("--max-false-alarms-per-day", "0")

    assert late["objective"] == "cost per day"
    assert late["LagCritical"]["today"]["unseen"]["detection_median"]["value"] == STEP
    assert late["LagCritical"]["proposal"]["unseen"]["detection_median"]["value"] == 0.0
    unseen = calm["LagCritical"]["proposal"]["unseen"]
    assert unseen["false_alarms_per_day"]["value"] == 0.0
    assert calm["LagCritical"]["proposal"]["for"] == PEAK * STEP


def test_what_nothing_watches_and_what_no_incident_asks_for_is_said(place: Place) -> None:
    (place.folder / "inc.csv").write_text(HEAD + incidents("lost") + incidents(severity="orange"))
    before = place.files
    ended = place.tune("--write")

    assert ended.code == 0
    assert "nothing here watches lost" in ended.stdout
    assert "no incident asks for it: R\u00fcckstand red" in ended.stdout
    assert ended.stdout.endswith("2 thresholds: 0 would be better elsewhere, 2 stay\n")
    assert place.files == before


def test_a_constraint_that_nothing_keeps_leaves_the_threshold(place: Place) -> None:
    ended = place.tune("--max-false-alarms-per-day", "0", "--max-detection-time", "0s")

    assert (
        "no threshold finds incidents and keeps the constraints: R\u00fcckstand red" in ended.stdout
    )


def test_a_refused_query_is_said(place: Place, double: PrometheusDouble) -> None:
    double.refuses(LAG, "parse error")
    ended = place.tune()

    assert ended.code == 0
    assert "R\u00fcckstand: not tuned," in ended.stdout
    assert "QueueDeep" in ended.stdout


@pytest.mark.parametrize("more", [("--end", f"{START + 1}"), ("--step", "25h")])
def test_time_without_a_moment_is_refused(place: Place, more: tuple[str, ...]) -> None:
    ended = place.tune(*more)

    assert (ended.code, ended.stdout) == (2, "")


def test_a_panel_without_an_alert_gets_one_with_the_hold_that_was_measured(place: Place) -> None:
    asked = (
        *("tune", "--prometheus", place.url, "--step", f"{STEP}s", "--truth", "inc.csv"),
        *("--start", str(START), "--end", str(START + DAYS * 86400), "--json", "told.json"),
        *("--dashboards", "board.json"),
    )
    alone = place.run(*asked)
    (without,) = json.loads((place.folder / "told.json").read_text())["thresholds"]

    ended = place.run(*asked, "--write-rules", "new.yml", "--force")

    (one,) = json.loads((place.folder / "told.json").read_text())["thresholds"]
    (group,) = groups_in((place.folder / "new.yml").read_text(), Path("new.yml"))
    (alert,) = group.alerts
    assert isinstance(alert, Alert)
    setting = one["proposal"]
    assert (alone.code, ended.code) == (0, 0)
    assert without["proposal"]["for"] == 0.0
    assert alert.hold == setting["for"] == 300.0
    assert alert.labels["severity"] == "critical"
    assert alert.expr == f"({LAG}) >= {setting['threshold']:g}"
    assert board_link(alert.annotations["panel"]) == Link("b", "7")
