"""`up` of the parts of a platform, each under the job that queries ask for."""

from typing import Any, Final

from simulator.adopt.boards.families import Family
from simulator.adopt.boards.matching_values import value_for
from simulator.adopt.boards.needs import LabelNeed

__all__ = ["up_source"]

_PARTS: Final = (
    ("kafka-exporter", ("kafka",)),
    ("minio", ("minio", "s3", "storage")),
    ("compliance", ("compliance", "audit")),
    ("ml-model", ("model", "train", "mlflow", "predict", "inference", "bento", "seldon", "drift")),
    ("scoring-api", ("api", "scoring", "score", "app", "backend", "service", "server", "fraud")),
)
#: What watches, and is watched by nothing here.
_WATCHERS: Final = (
    "prometheus",
    "grafana",
    "alertmanager",
    "node",
    "cadvisor",
    "pushgateway",
    "loki",
)


def up_source(family: Family) -> tuple[dict[str, Any], list[str]]:
    """The source, and what is said of jobs that are no part of the platform."""
    need = family.need.labels.get("job", LabelNeed())
    jobs = [value for one in need.conditions if (value := value_for(one)) is not None]
    jobs = list(dict.fromkeys((*jobs, *need.chosen)))
    found: dict[str, str] = {}
    notes = []
    for job in jobs:
        words = job.lower()
        parts = [part for part, known in _PARTS if any(one in words for one in known)]
        free = next((one for one in parts if one not in found), None)
        if free is None and not any(one in words for one in _WATCHERS):
            free = next((one for one, _ in reversed(_PARTS) if one not in found), None)
        if free is None:
            notes.append(f"job {job} is no part of the platform")
        else:
            found[free] = job
    components: Any = found or ["scoring-api", "ml-model", "kafka-exporter", "minio", "compliance"]
    return {"up": {"components": components}}, notes
