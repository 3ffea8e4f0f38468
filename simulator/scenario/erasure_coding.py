"""How many drives an erasure set needs (MinIO's documentation, "Erasure Coding"), and how full."""

from typing import Final

from simulator.scenario.baseline import Minio

__all__ = ["MOST_USED", "fewest_lost", "lost_of_pools", "quorums"]

#: MinIO refuses what would leave less than 1 % of its drives free, with XMinioStorageFull and
#: status 507 (its `diskFillFraction`, in cmd/globals.go).
MOST_USED: Final = 0.99


def quorums(minio: Minio) -> tuple[int, int]:
    """Drives that a set needs to read and to write: of data, and one more where half hold parity.

    >>> quorums(Minio()), quorums(Minio(nodes=1, drives_per_node=4, parity=2))
    ((12, 12), (2, 3))
    """
    data = minio.drives_of_pool - minio.parity
    return data, data + 1 if data == minio.parity else data


def lost_of_pools(minio: Minio, *, drives: int = 0, nodes: int = 0) -> tuple[int, ...]:
    """How many drives each pool loses with so many drives, and so many of the last servers.

    Drives fail one on each of the servers that are up, and then another one on each.

    >>> lost_of_pools(Minio(nodes=8, pools=("a", "b")), drives=5)
    (4, 1)
    >>> lost_of_pools(Minio(nodes=8, pools=("a", "b")), nodes=1)
    (0, 4)
    """
    up = minio.nodes - nodes
    most = minio.drives_per_node
    of_server = [most if i >= up else min(-(-(drives - i) // up), most) for i in range(minio.nodes)]
    n_servers = minio.nodes // len(minio.pools)
    ends = range(0, minio.nodes, n_servers)
    return tuple(sum(max(n, 0) for n in of_server[first : first + n_servers]) for first in ends)


def fewest_lost(minio: Minio, of_pool: int) -> int:
    """How many drives have to fail until some pool has lost so many.

    >>> fewest_lost(Minio(), 5), fewest_lost(Minio(nodes=8, pools=("a", "b")), 5)
    (5, 9)
    """
    found = (n for n in range(minio.drives) if max(lost_of_pools(minio, drives=n)) >= of_pool)
    return next(found, minio.drives)
