"""Metrics of exporters whose names are known, as the library's mappings have them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from simulator.adopt.boards.tables import table
from simulator.errors import MappingError
from simulator.mapping.kinds import component_of
from simulator.mapping.loading import load_mapping, mapping_text
from simulator.reading.yaml_text import yaml_in

__all__ = ["known_metric"]

_OF: Final = {
    "default": ("kafka-exporter", "minio"),
    "minio-v3": ("minio",),
    "fastapi-instrumentator": ("scoring-api",),
}
#: Names that many write with labels of their own.
_OF_ALL: Final = frozenset(
    {"http_requests_total", "http_request_duration_seconds", "http_requests_inprogress"}
)


@cache
def _known() -> Mapping[str, tuple[str, dict[str, Any]]]:
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, components in _OF.items():
        metrics = load_mapping(name).metrics
        written: Any = yaml_in(mapping_text(name), name, error=MappingError)
        for metric, content in written["metrics"].items():
            if component_of(metrics[metric]) in components and metric not in _OF_ALL:
                found.setdefault(metric, (name, content))
    return {
        **{name: ("a usual exporter", content) for name, content in table("hosts").items()},
        **found,
    }


def known_metric(name: str) -> tuple[str, dict[str, Any]] | None:
    """The mapping of the library that has a metric of that name, and what is written there.

    MinIO's names of before 2022 have a disk where later ones have a drive.

    >>> known_metric("kafka_brokers")
    ('default', {'measure': 'brokers'})
    """
    found = _known().get(name)
    if found is None and name.startswith("minio_"):
        found = _known().get(name.replace("_disk_", "_drive_"))
    return found
