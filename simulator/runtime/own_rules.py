"""The project's own rule files and routes, and how often its Prometheus scrapes."""

from pathlib import Path

from simulator.installation import shipped
from simulator.runtime import config
from simulator.timeline.durations import parse_duration

__all__ = ["own_routes_file", "own_rule_files", "own_scrape_seconds"]


def own_rule_files() -> list[Path]:
    """The files of alert rules that the stack's Prometheus reads.

    Raises:
        StackError: its configuration cannot be read.
    """
    folder = shipped("compose") / "prometheus"
    patterns = config.read_yaml(folder / "prometheus.yml").get("rule_files", [])
    return sorted({file for pattern in patterns for file in folder.glob(pattern)})


def own_routes_file() -> Path:
    """The configuration of the stack's Alertmanager."""
    return shipped("compose") / "alertmanager" / "alertmanager.yml"


def own_scrape_seconds() -> float:
    """The interval of the stack's scrapes.

    >>> own_scrape_seconds()
    15.0
    """
    document = config.read_yaml(shipped("compose") / "prometheus" / "prometheus.yml")
    return parse_duration(str(document["global"]["scrape_interval"]))
