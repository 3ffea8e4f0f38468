"""A heatmap saved by Grafana 8 or before: whether its buckets come from the data source.

public/app/plugins/panel/heatmap/migrations.ts (angularToReactHeatmap).
"""

from simulator.grafana.migrations.json_parts import Json, member

__all__ = ["old_heatmap"]


def old_heatmap(old: Json) -> Json:
    """The panel; where it has no options its old settings decide, as they do without any."""
    if member(old, "options"):
        return old
    return {**old, "options": {"calculate": old.get("dataFormat") != "tsbuckets"}}
