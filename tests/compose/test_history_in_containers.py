"""A day of history comes before the live run in containers: the same commands, run here."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.runtime.history.handing_over import HANDOVER_FILE

COMPOSE = Path(__file__).resolve().parents[2] / "compose"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((COMPOSE / "docker-compose.yml").read_text())[
    "services"
]
PROMETHEUS_USER = SERVICES["prometheus"]["user"]
DOCKERFILE = (COMPOSE / "Dockerfile").read_text()


def words(name: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """A service's command with its variables put in, as compose does."""
    put_in = re.compile(r"\$\{(\w+):-([^}]*)\}")
    return [
        put_in.sub(lambda found: environment.get(found[1]) or found[2], word)
        for word in SERVICES[name]["command"]
    ]


def data_folder(name: str) -> tuple[str, str]:
    """Where Prometheus's volume is mounted in a service, and how."""
    (mount,) = [v for v in SERVICES[name]["volumes"] if v.startswith("prometheus-data:")]
    _, target, *mode = mount.split(":")
    return target, mode[0] if mode else "rw"


def option(name: str, option_name: str) -> str:
    (value,) = [w.partition("=")[2] for w in words(name, {}) if w.startswith(f"{option_name}=")]
    return value


def test_prometheus_and_the_live_run_start_when_the_day_is_written() -> None:
    for name in ("prometheus", "simulator"):
        condition = SERVICES[name]["depends_on"]["history"]["condition"]
        assert condition == "service_completed_successfully"
    assert SERVICES["history"]["restart"] == "no"


def test_the_day_is_written_where_prometheus_reads_and_the_live_run_goes_on() -> None:
    assert data_folder("history") == (option("history", "--output"), "rw")
    assert data_folder("prometheus") == (option("prometheus", "--storage.tsdb.path"), "rw")
    assert data_folder("simulator") == (option("simulator", "--history"), "ro")


def test_the_writer_is_the_user_whose_folder_it_is() -> None:
    user, _, group = PROMETHEUS_USER.partition(":")
    assert SERVICES["history"]["user"] == PROMETHEUS_USER
    made = f"install --directory --owner={user} --group={group} {option('history', '--output')}"
    assert made in DOCKERFILE


@pytest.mark.parametrize("environment", [{}, {"SIMULATOR_SCENARIO": "on-call"}])
def test_both_play_the_same_scenario(environment: dict[str, str]) -> None:
    scenario = environment.get("SIMULATOR_SCENARIO", "tour")
    assert words("history", environment)[2] == scenario
    assert f"--scenario={scenario}" in words("simulator", environment)


def native(name: str, folder: Path, *instead: str) -> list[str]:
    """A service's command for this machine: its folder, and what must differ here."""
    replaced = {word.partition("=")[0]: word for word in instead}
    target = data_folder(name)[0]
    command = [
        replaced.get(word.partition("=")[0], word.replace(target, str(folder)))
        for word in words(name, {})
    ]
    return [sys.executable, "-m", *command]


def run(argv: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prometheus's volume after the service `history` has run on it; a short day."""
    folder = tmp_path_factory.mktemp("volume")
    run(native("history", folder, "--duration=10m"))
    return folder


def started(volume: Path, *instead: str) -> tuple[dict[str, Any], str]:
    """What the service `simulator` says when it starts on the volume, and on stderr."""
    argv = native("simulator", volume, "--host=127.0.0.1", "--port=0", *instead)
    argv = [*(word for word in argv if not word.startswith("--pushgateway")), "--json"]
    with subprocess.Popen(
        [*argv, "--pushgateway=none"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    return said, errors


@pytest.mark.e2e
def test_the_live_run_goes_on_from_the_day_without_a_word(volume: Path) -> None:
    said, errors = started(volume)
    assert (said["scenario"], "history" in errors) == ("tour", False)


@pytest.mark.e2e
def test_a_live_run_that_starts_later_counts_anew(volume: Path) -> None:
    _, errors = started(volume, "--history-max-age=1ms")
    assert "counters start anew" in errors


@pytest.mark.e2e
def test_a_volume_that_has_samples_is_left_as_it_is(volume: Path) -> None:
    before = (volume / HANDOVER_FILE).read_bytes()
    entries = sorted(entry.name for entry in volume.iterdir())

    done = run(native("history", volume, "--duration=20m"))

    assert "has samples already; nothing was written" in done.stdout
    assert (volume / HANDOVER_FILE).read_bytes() == before
    assert sorted(entry.name for entry in volume.iterdir()) == entries
