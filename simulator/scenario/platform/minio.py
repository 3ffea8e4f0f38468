"""The object store."""

from typing import Annotated

from pydantic import Field

from simulator.scenario.fields import Described, Duration, LabelText, Ratio

__all__ = ["Minio"]


class Minio(Described):
    """The MinIO cluster: one erasure set over all drives."""

    nodes: Annotated[int, Field(ge=1, le=16)] = 4
    """Servers of the cluster."""
    servers: tuple[LabelText, ...] = ()
    """Addresses, as many as `nodes`, the first of which is scraped; minio-1:9000... without."""
    pool: LabelText = "0"
    """What the pool is called that holds the drives."""
    drives_per_node: Annotated[int, Field(ge=1, le=16)] = 4
    """Drives in each server."""
    parity: Annotated[int, Field(ge=0, le=8)] = 4
    """Drives of the set that may be lost without losing data."""
    drive_bytes: Annotated[float, Field(gt=0.0, le=1e15)] = 1e12
    """Bytes that a drive holds."""
    used_ratio: Ratio = 0.55
    """Share of the usable capacity that is used when the scenario starts."""
    healing: Duration = 1800.0
    """How long a replaced drive takes to heal."""

    @property
    def drives(self) -> int:
        """All drives."""
        return self.nodes * self.drives_per_node

    def server_names(self) -> tuple[str, ...]:
        """Addresses of the servers.

        >>> Minio(nodes=2).server_names()
        ('minio-1:9000', 'minio-2:9000')
        """
        return self.servers or tuple(f"minio-{i + 1}:9000" for i in range(self.nodes))
