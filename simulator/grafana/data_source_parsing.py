"""References to data sources from JSON."""

from collections.abc import Mapping
from types import MappingProxyType

from simulator.grafana.data_source import DataSource
from simulator.grafana.json_objects import JsonObject

__all__ = ["data_source_in"]


def data_source_in(
    found: JsonObject, types: Mapping[str, str] = MappingProxyType({})
) -> DataSource | None:
    """The data source that a panel, a target or a variable names; None for the default one.

    `types` are the plugins that variables of data sources stand for, by name.

    Raises:
        DashboardError: a value of the wrong kind, with its path.

    >>> data_source_in(JsonObject({"datasource": "Loki"}))
    DataSource(type=None, uid='Loki')
    """
    value = found.get("datasource")
    if isinstance(value, str):
        kind, uid = None, value if value != "default" else ""
    else:
        reference = found.child("datasource")
        kind, uid = reference.text("type") or None, reference.text("uid")
    if kind is None and not uid:
        return None
    return DataSource(kind, uid or None).of_known_type(types)
