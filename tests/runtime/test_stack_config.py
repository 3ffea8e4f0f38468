from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.errors import StackError
from simulator.installation import shipped
from simulator.runtime import config, services

COMPOSE = shipped("compose")
ADDRESSES = {"pushgateway": "127.0.0.1:40001", "alertmanager": "127.0.0.1:40002"}


def local_prometheus(**overrides: object) -> dict[str, Any]:
    options: dict[str, Any] = {
        "scrape_interval_seconds": 1.0,
        "addresses": ADDRESSES,
        "folder": COMPOSE / "prometheus",
    }
    document = config.read_yaml(COMPOSE / "prometheus" / "prometheus.yml")
    return config.prometheus_config(document, **options | overrides)


def test_only_targets_interval_and_rule_paths_change() -> None:
    given = config.read_yaml(COMPOSE / "prometheus" / "prometheus.yml")
    local = local_prometheus()
    given["global"]["scrape_interval"] = given["global"]["evaluation_interval"] = "1s"
    given["rule_files"] = [str(COMPOSE / "prometheus" / "rules" / "*.yml")]
    given["scrape_configs"][0]["static_configs"][0]["targets"] = ["127.0.0.1:40001"]
    given["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = ["127.0.0.1:40002"]
    assert local == given


def test_the_given_document_is_left_as_it_was() -> None:
    document = config.read_yaml(COMPOSE / "prometheus" / "prometheus.yml")
    before = yaml.safe_dump(document)
    config.prometheus_config(
        document, scrape_interval_seconds=1.0, addresses=ADDRESSES, folder=COMPOSE
    )
    assert yaml.safe_dump(document) == before


def test_without_an_alertmanager_there_is_no_target_for_one() -> None:
    local = local_prometheus(addresses={"pushgateway": "127.0.0.1:40001"})
    assert local["alerting"]["alertmanagers"][0]["static_configs"] == [{"targets": []}]


def test_pushed_labels_win_over_those_of_the_gateway() -> None:
    assert local_prometheus()["scrape_configs"][0]["honor_labels"] is True


@pytest.mark.parametrize(("seconds", "spelled"), [(0.25, "250ms"), (15.0, "15s"), (90.0, "1m30s")])
def test_the_interval_is_spelled_as_prometheus_reads_it(seconds: float, spelled: str) -> None:
    local = local_prometheus(scrape_interval_seconds=seconds)
    assert local["global"] == {"scrape_interval": spelled, "evaluation_interval": spelled}


def test_grafana_reads_the_local_prometheus_at_its_interval() -> None:
    given = config.read_yaml(COMPOSE / "grafana/provisioning/datasources/prometheus.yml")
    local = config.grafana_datasources(
        given, prometheus_url="http://127.0.0.1:40003", scrape_interval_seconds=1.0
    )
    (source,) = local["datasources"]
    assert (source["uid"], source["url"], source["jsonData"]["timeInterval"]) == (
        "prometheus",
        "http://127.0.0.1:40003",
        "1s",
    )


def test_grafana_reads_the_dashboards_of_the_checkout(tmp_path: Path) -> None:
    given = config.read_yaml(COMPOSE / "grafana/provisioning/dashboards/scoring-platform.yml")
    local = config.grafana_dashboards(given, folder=tmp_path)
    assert local["providers"][0]["options"] == {"path": str(tmp_path)}


@pytest.mark.parametrize(("text", "says"), [("- a", " holds list"), ("a: [", ": not YAML")])
def test_a_configuration_that_cannot_be_used_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "prometheus.yml"
    file.write_text(text)
    with pytest.raises(StackError, match=rf"prometheus\.yml{says}"):
        config.read_yaml(file)


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"absent\.yml: cannot be read: No such file"):
        config.read_yaml(tmp_path / "absent.yml")


def test_every_service_listens_on_loopback_only(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "program"
    started = [
        services.pushgateway(program),
        services.alertmanager(program, config_file=tmp_path, storage_dir=tmp_path),
        services.prometheus(program, config_file=tmp_path, storage_dir=tmp_path),
    ]
    for service in started:
        assert "--web.listen-address=127.0.0.1:40001" in service.argv_on(40001)


def test_the_alertmanager_opens_no_cluster_port(tmp_path: Path) -> None:
    service = services.alertmanager(tmp_path / "a", config_file=tmp_path, storage_dir=tmp_path)
    assert "--cluster.listen-address=" in service.argv


def test_debians_pages_are_named_to_debians_programs(tmp_path: Path) -> None:
    pages = tmp_path / "usr" / "share" / "prometheus" / "web"
    (pages / "templates").mkdir(parents=True)
    program = tmp_path / "usr" / "bin" / "prometheus"
    service = services.prometheus(program, config_file=tmp_path, storage_dir=tmp_path)
    assert f"--web.local-assets={pages}" in service.argv


def test_upstreams_programs_get_no_flag_of_debians(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "prometheus"
    service = services.prometheus(program, config_file=tmp_path, storage_dir=tmp_path)
    assert not [word for word in service.argv if word.startswith("--web.local-assets")]


def test_debians_alertmanager_out_of_its_place_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "usr/share/prometheus/alertmanager/default.tmpl"
    template.parent.mkdir(parents=True)
    template.touch()
    program = tmp_path / "usr" / "bin" / "prometheus-alertmanager"
    monkeypatch.setenv("PATH", "")  # neither unshare nor setpriv
    obstacle = services.alertmanager_obstacle(program, system=tmp_path / "elsewhere")
    assert obstacle is not None
    assert "sudo apt-get install prometheus-alertmanager" in obstacle


def test_an_installed_alertmanager_has_no_obstacle(tmp_path: Path) -> None:
    template = tmp_path / "usr/share/prometheus/alertmanager/default.tmpl"
    template.parent.mkdir(parents=True)
    template.touch()
    program = tmp_path / "usr" / "bin" / "prometheus-alertmanager"
    assert services.alertmanager_obstacle(program, system=tmp_path) is None


@pytest.fixture
def grafana_program(tmp_path: Path) -> Path:
    """Grafana as its archive lays it out."""
    (tmp_path / "grafana" / "conf").mkdir(parents=True)
    (tmp_path / "grafana" / "conf" / "defaults.ini").touch()
    return tmp_path / "grafana" / "bin" / "grafana"


def test_grafanas_password_is_on_no_command_line(
    grafana_program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAFANA_ADMIN_PASSWORD", "hunter2")
    service = services.grafana(grafana_program, provisioning_dir=tmp_path, data_dir=tmp_path)
    assert "hunter2" not in " ".join(service.argv)
    assert service.env["GF_SECURITY_ADMIN_PASSWORD"] == "hunter2"  # noqa: S105 - made up


def test_grafanas_random_password_is_in_a_file_for_this_user_only(
    grafana_program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRAFANA_ADMIN_PASSWORD", raising=False)
    service = services.grafana(grafana_program, provisioning_dir=tmp_path, data_dir=tmp_path)
    file = tmp_path / "admin-password"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() == service.env["GF_SECURITY_ADMIN_PASSWORD"]
    assert len(file.read_text()) > 16


def test_a_grafana_without_its_pages_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"no conf/defaults\.ini of Grafana"):
        services.grafana(tmp_path / "bin/grafana", provisioning_dir=tmp_path, data_dir=tmp_path)
