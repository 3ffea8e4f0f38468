"""How many drives an erasure set needs (MinIO's documentation, "Erasure Coding"), and how full."""

from typing import Final

from simulator.scenario.baseline import Minio

__all__ = ["MOST_USED", "quorums"]

#: MinIO refuses what would leave less than 1 % of its drives free, with XMinioStorageFull and
#: status 507 (its `diskFillFraction`, in cmd/globals.go).
MOST_USED: Final = 0.99


def quorums(minio: Minio) -> tuple[int, int]:
    """Drives needed to read and to write: the data drives, and one more where half hold parity.

    >>> quorums(Minio()), quorums(Minio(nodes=1, drives_per_node=4, parity=2))
    ((12, 12), (2, 3))
    """
    data = minio.drives - minio.parity
    return data, data + 1 if data == minio.parity else data
