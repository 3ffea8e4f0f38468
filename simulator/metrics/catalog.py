"""Every metric of the platform, declared once; those about itself are in `self_monitoring`."""

from typing import Final

from simulator.metrics.families import Family
from simulator.metrics.kafka import KAFKA
from simulator.metrics.minio import MINIO
from simulator.metrics.scoring import COMPLIANCE, MODEL, SCORING

__all__ = ["CATALOG", "JOBS"]

CATALOG: Final[tuple[Family, ...]] = (*MODEL, *SCORING, *KAFKA, *MINIO, *COMPLIANCE)
#: The simulated components; each is a Pushgateway group of its own.
JOBS: Final[tuple[str, ...]] = tuple(dict.fromkeys(f.job for f in CATALOG))
