"""Every measure, by its name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.measures.applications import APPLICATIONS
from simulator.measures.compliance import COMPLIANCE
from simulator.measures.kafka import KAFKA
from simulator.measures.measure import Measure
from simulator.measures.minio import MINIO
from simulator.measures.minio_objects import OBJECTS
from simulator.measures.minio_servers import SERVERS
from simulator.measures.model_health import MODEL_HEALTH
from simulator.measures.requests import PREDICTIONS, REQUESTS

__all__ = ["MEASURES"]

_MINIO: Final = (*MINIO, *OBJECTS, *SERVERS)
_ALL: Final = (*APPLICATIONS, *REQUESTS, *PREDICTIONS, *MODEL_HEALTH, *KAFKA, *_MINIO, *COMPLIANCE)
MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({m.name: m for m in _ALL})
