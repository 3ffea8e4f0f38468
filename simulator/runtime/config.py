"""The configuration of the native stack: that of `compose/`, with local addresses.

The files under `compose/` are the only source. What differs on loopback is replaced here, and
nothing else: addresses, the scrape interval, and paths that are a container's own.
"""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.errors import StackError
from simulator.reading.files import read_text
from simulator.reading.yaml_text import yaml_in
from simulator.timeline.durations import format_duration

__all__ = ["grafana_dashboards", "grafana_datasources", "prometheus_config", "read_yaml"]

_MOST_BYTES = 1024 * 1024


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        StackError: when the file is missing, is not YAML, or holds something else.
    """
    text = read_text(file, most=_MOST_BYTES, error=StackError)
    document = yaml_in(text, file, error=StackError, has_aliases=True)
    if not isinstance(document, dict):
        raise StackError(f"{file} holds {type(document).__name__}, not a mapping")
    return document


def prometheus_config(
    document: Mapping[str, Any],
    *,
    scrape_interval_seconds: float,
    addresses: Mapping[str, str],
    folder: Path,
) -> dict[str, Any]:
    """Prometheus's configuration with local targets, interval and rule paths.

    `addresses` maps a service of the compose file to its `host:port` here; targets of services
    that do not run here are left out. Relative rule paths are taken from `folder`.

    >>> config = prometheus_config(
    ...     {"scrape_configs": [{"static_configs": [{"targets": ["pushgateway:9091"]}]}]},
    ...     scrape_interval_seconds=1.0,
    ...     addresses={"pushgateway": "127.0.0.1:40001"},
    ...     folder=Path("/"),
    ... )
    >>> config["global"]["scrape_interval"], config["scrape_configs"][0]["static_configs"]
    ('1s', [{'targets': ['127.0.0.1:40001']}])
    """
    config = copy.deepcopy(dict(document))
    interval = format_duration(scrape_interval_seconds)
    config["global"] = config.get("global", {}) | {
        "scrape_interval": interval,
        "evaluation_interval": interval,
    }
    if "rule_files" in config:
        config["rule_files"] = [str(folder / pattern) for pattern in config["rule_files"]]
    alertmanagers = config.get("alerting", {}).get("alertmanagers", [])
    for user in [*config.get("scrape_configs", []), *alertmanagers]:
        for static in user.get("static_configs", []):
            static["targets"] = _local_targets(static["targets"], addresses)
    return config


def grafana_datasources(
    document: Mapping[str, Any], *, prometheus_url: str, scrape_interval_seconds: float
) -> dict[str, Any]:
    """The provisioned data sources, reading from the local Prometheus."""
    config = copy.deepcopy(dict(document))
    for source in config["datasources"]:
        source["url"] = prometheus_url
        source["jsonData"]["timeInterval"] = format_duration(scrape_interval_seconds)
    return config


def grafana_dashboards(document: Mapping[str, Any], *, folder: Path) -> dict[str, Any]:
    """The provisioned dashboards, read from `folder`."""
    config = copy.deepcopy(dict(document))
    for provider in config["providers"]:
        provider["options"]["path"] = str(folder)
    return config


def _local_targets(targets: list[str], addresses: Mapping[str, str]) -> list[str]:
    services = (target.partition(":")[0] for target in targets)
    return [addresses[service] for service in services if service in addresses]
