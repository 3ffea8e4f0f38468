"""The kinds of mistakes that are made."""

from enum import StrEnum

__all__ = ["Kind"]


class Kind(StrEnum):
    """What is changed; each kind is judged by itself."""

    SIGN = "sign"
    THRESHOLD = "threshold"
    LABEL = "label"
    METRIC = "metric"
    AGGREGATION = "aggregation"
    HOLD = "for"
    UNIT = "unit"
