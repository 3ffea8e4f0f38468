"""The compose file keeps what the README promises: loopback, pinned, hardened, whole."""

import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "compose"
DOCUMENT = yaml.safe_load((COMPOSE / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
DOCKERFILE = (COMPOSE / "Dockerfile").read_text()

# Why a service may do without asking itself whether it is well.
WITHOUT_HEALTH_CHECK = {"locust-worker": "listens on nothing", "history": "ends by itself"}

each_service = pytest.mark.parametrize("name", SERVICES)


def bind_mounts(name: str) -> list[tuple[Path, str, str]]:
    """Source on this machine, target and mode of every mounted path of a service."""
    mounts = [volume.split(":") for volume in SERVICES[name].get("volumes", [])]
    return [(COMPOSE / src, target, mode) for src, target, mode in mounts_of_paths(mounts)]


def mounts_of_paths(mounts: list[list[str]]) -> list[tuple[str, str, str]]:
    return [(m[0], m[1], m[2] if len(m) > 2 else "rw") for m in mounts if m[0].startswith(".")]


def test_the_services_are_those_of_the_platform() -> None:
    assert set(SERVICES) == {
        "pushgateway", "prometheus", "alertmanager", "grafana",
        "history", "simulator", "locust", "locust-master", "locust-worker",
    }  # fmt: skip


@each_service
def test_ports_are_published_on_loopback_only(name: str) -> None:
    ports = SERVICES[name].get("ports", [])
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in ports), ports


def test_no_port_is_published_twice() -> None:
    ports = [
        port.split(":")[1] for service in SERVICES.values() for port in service.get("ports", [])
    ]
    assert len(ports) == len(set(ports))


@each_service
def test_images_are_pinned_to_a_release_and_its_bytes(name: str) -> None:
    image = SERVICES[name]["image"]
    is_built_here = "build" in SERVICES[name]
    digest = "" if is_built_here else r"@sha256:[0-9a-f]{64}"
    assert re.search(rf":v?\d+\.\d+\.\d+{digest}$", image), image


def test_prometheus_is_of_the_version_that_a_history_is_for_where_none_is_installed() -> None:
    assert re.match(r"prom/prometheus:v[3-9]\.", SERVICES["prometheus"]["image"])
    assert "prom/prometheus" not in DOCKERFILE


@each_service
def test_containers_cannot_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert "privileged" not in service
    assert "cap_add" not in service


@each_service
def test_nothing_runs_as_root(name: str) -> None:
    assert int(SERVICES[name]["user"].split(":")[0]) > 0


@each_service
def test_memory_and_processes_are_bounded(name: str) -> None:
    assert re.fullmatch(r"\d+[mg]", SERVICES[name]["mem_limit"])
    assert SERVICES[name]["pids_limit"] > 0


@each_service
def test_every_service_asks_itself_whether_it_is_well(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    if name in WITHOUT_HEALTH_CHECK:
        assert check == {"disable": True}
    else:
        assert check.get("test") or (name == "simulator" and "HEALTHCHECK" in DOCKERFILE)


@each_service
def test_what_a_service_waits_for_can_become_healthy(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if SERVICES[other]["restart"] == "no":
            assert how == {"condition": "service_completed_successfully"}
        else:
            assert how == {"condition": "service_healthy"}
            assert other not in WITHOUT_HEALTH_CHECK


@each_service
def test_mounted_paths_exist_and_are_read_only(name: str) -> None:
    for source, target, mode in bind_mounts(name):
        assert source.is_dir(), source
        assert mode == "ro", target


@each_service
def test_named_volumes_are_declared(name: str) -> None:
    named = [v.split(":")[0] for v in SERVICES[name].get("volumes", []) if not v.startswith(".")]
    assert set(named) <= set(DOCUMENT["volumes"])


@pytest.mark.parametrize("name", ["prometheus", "alertmanager"])
def test_configuration_files_on_the_command_line_are_mounted(name: str) -> None:
    (option,) = [word for word in SERVICES[name]["command"] if word.startswith("--config.file=")]
    inside = PurePosixPath(option.removeprefix("--config.file="))
    assert any(
        (source / inside.relative_to(target)).is_file()
        for source, target, _ in bind_mounts(name)
        if inside.is_relative_to(target)
    )


def test_grafana_looks_for_dashboards_where_they_are_mounted() -> None:
    text = (COMPOSE / "grafana/provisioning/dashboards/scoring-platform.yml").read_text()
    path = yaml.safe_load(text)["providers"][0]["options"]["path"]
    assert [source.resolve() for source, target, _ in bind_mounts("grafana") if target == path] == [
        ROOT / "dashboards"
    ]


def test_grafanas_password_has_no_default() -> None:
    value = SERVICES["grafana"]["environment"]["GF_SECURITY_ADMIN_PASSWORD"]
    assert re.fullmatch(r"\$\{GRAFANA_ADMIN_PASSWORD:\?[^}]+\}", value)


@pytest.mark.parametrize("name", ["simulator", "locust", "locust-master", "locust-worker"])
def test_whoever_shows_the_simulation_or_looks_at_it_has_the_token_without_a_default(
    name: str,
) -> None:
    value = SERVICES[name]["environment"]["SIMULATOR_CONTROL_TOKEN"]
    assert re.fullmatch(r"\$\{SIMULATOR_CONTROL_TOKEN:\?[^}]+\}", value)
    assert "TOKEN" not in " ".join(SERVICES[name]["command"])


def test_visitors_of_grafana_may_only_look() -> None:
    assert SERVICES["grafana"]["environment"]["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"


@pytest.mark.parametrize("name", ["prometheus", "alertmanager"])
def test_links_of_alerts_open_on_this_machine(name: str) -> None:
    (published,) = SERVICES[name]["ports"]
    address, _, _ = published.rpartition(":")
    assert f"--web.external-url=http://{address}/" in SERVICES[name]["command"]


@each_service
def test_addresses_in_commands_are_services(name: str) -> None:
    command = " ".join(SERVICES[name].get("command", []))
    hosts = re.findall(r"https?://([a-z-]+):\d+", command)
    hosts += re.findall(r"--master-host=(\S+)", command)
    assert set(hosts) <= set(SERVICES)


@pytest.mark.parametrize(
    "name", ["history", "simulator", "locust", "locust-master", "locust-worker"]
)
def test_commands_of_the_image_are_installed_in_it(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "'.[locust]'" in DOCKERFILE
    needed = [*project["dependencies"], *project["optional-dependencies"]["locust"]]
    brought = {re.split(r"[^\w-]", dependency)[0] for dependency in needed}
    assert SERVICES[name]["command"][0] in {*project["scripts"], *brought}


def test_locust_reads_a_file_that_the_image_holds() -> None:
    command = SERVICES["locust"]["command"]
    file = command[command.index("-f") + 1]
    assert (ROOT / file).is_file()
    assert f"COPY {PurePosixPath(file).parent} /app/{PurePosixPath(file).parent}" in DOCKERFILE


def test_both_stages_use_the_same_pinned_python() -> None:
    bases = re.findall(r"^FROM (python\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert len(bases) == 2
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", bases[0])
    assert bases[0] == bases[1]


def test_the_image_runs_as_the_user_of_the_compose_file() -> None:
    (user,) = re.findall(r"^USER (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert user == SERVICES["simulator"]["user"]


def test_what_the_image_copies_passes_the_ignore_file() -> None:
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, flags=re.MULTILINE)
        for word in line.split()
    }
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert copied == {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
