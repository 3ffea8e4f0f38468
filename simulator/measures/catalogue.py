"""Every measure, by its name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.measures.applications import APPLICATIONS
from simulator.measures.compliance import COMPLIANCE
from simulator.measures.kafka import KAFKA
from simulator.measures.measure import Measure
from simulator.measures.minio import MINIO
from simulator.measures.model_health import MODEL_HEALTH
from simulator.measures.requests import PREDICTIONS, REQUESTS

__all__ = ["MEASURES"]

_ALL: Final = (*APPLICATIONS, *REQUESTS, *PREDICTIONS, *MODEL_HEALTH, *KAFKA, *MINIO, *COMPLIANCE)
MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({m.name: m for m in _ALL})
