"""What a source can be told apart by, as it is written in a mapping."""

from collections.abc import Mapping
from typing import Any, Final

from simulator.mapping.component_sources import OF_VERSIONS, OFFSET_DIMENSIONS
from simulator.mapping.properties import dimensions_along
from simulator.measures.catalogue import MEASURES

__all__ = ["told_apart_by"]

_OF_LAST: Final = ("version", "model", "channel", "level", "decision")
_OF_VERSIONS: Final = ("version", "model", "algorithm", "trained_on")


def told_apart_by(source: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: C901, PLR0911 - one for each form
    """The dimensions that labels of it may have.

    >>> told_apart_by({"measure": "unscored"})[:3]
    ('channel', 'reason', 'version')
    >>> told_apart_by({"ratio": {"of": {"measure": "unscored"}, "to": {"measure": "scored"}}})[:2]
    ('channel', 'version')
    """
    for form in ("flag", "events", "rate", "mean"):
        if form in source:
            return told_apart_by(source[form]["of"])
    if "measure" in source:
        return dimensions_along(MEASURES[source["measure"]])
    if "ratio" in source:
        to = told_apart_by(source["ratio"]["to"])
        return tuple(one for one in told_apart_by(source["ratio"]["of"]) if one in to)
    if "complement" in source:
        return told_apart_by(source["complement"])
    if "count" in source:
        by = source["count"]["by"]
        return tuple(one for one in told_apart_by(source["count"]["of"]) if one not in by)
    if "transform" in source:
        return dimensions_along(MEASURES["scores"])
    if "last" in source:
        return _OF_LAST
    if "offsets" in source:
        return OFFSET_DIMENSIONS[source["offsets"]["of"]]
    if "time" in source and source["time"]["of"] in OF_VERSIONS:
        return _OF_VERSIONS
    return ()
