"""The object store."""

from typing import Annotated

from pydantic import Field

from simulator.scenario.fields import Described, Duration, LabelText, Ratio

__all__ = ["Minio"]


class Minio(Described):
    """The MinIO cluster: in each of its pools one erasure set over all drives."""

    nodes: Annotated[int, Field(ge=1, le=64)] = 4
    """Servers of the cluster."""
    servers: tuple[LabelText, ...] = ()
    """Addresses, as many as `nodes`, the first of which is scraped; minio-1:9000... without."""
    pools: Annotated[tuple[LabelText, ...], Field(min_length=1, max_length=16)] = ("0",)
    """What its pools are called. They have as many of the `servers` each, in this order."""
    drives_per_node: Annotated[int, Field(ge=1, le=16)] = 4
    """Drives in each server."""
    parity: Annotated[int, Field(ge=0, le=8)] = 4
    """Drives of a set that may be lost without losing data."""
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

    @property
    def drives_of_pool(self) -> int:
        """Drives of each pool, which are an erasure set."""
        return self.drives // len(self.pools)

    @property
    def data_drives(self) -> int:
        """As many drives hold data, and the others parity."""
        return self.drives - self.parity * len(self.pools)

    def pools_of_servers(self) -> tuple[str, ...]:
        """The pool of each server.

        >>> Minio(nodes=4, pools=("old", "new")).pools_of_servers()
        ('old', 'old', 'new', 'new')
        """
        return tuple(self.pools[i * len(self.pools) // self.nodes] for i in range(self.nodes))

    def server_names(self) -> tuple[str, ...]:
        """Addresses of the servers.

        >>> Minio(nodes=2).server_names()
        ('minio-1:9000', 'minio-2:9000')
        """
        return self.servers or tuple(f"minio-{i + 1}:9000" for i in range(self.nodes))
