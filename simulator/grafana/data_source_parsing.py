"""References to data sources from JSON."""

from simulator.grafana.json_objects import JsonObject
from simulator.grafana.model import DataSource

__all__ = ["data_source_in"]


def data_source_in(found: JsonObject) -> DataSource | None:
    """The data source that a panel, a target or a variable names; None where it names none.

    Raises:
        DashboardError: a value of the wrong kind, with its path.

    >>> data_source_in(JsonObject({"datasource": "Loki"}))
    DataSource(type=None, uid='Loki')
    """
    value = found.get("datasource")
    if isinstance(value, str):
        return DataSource(uid=value) if value else None
    reference = found.child("datasource")
    if not reference.members:
        return None
    return DataSource(type=reference.text("type") or None, uid=reference.text("uid") or None)
