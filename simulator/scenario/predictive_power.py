"""How much of who will default each feature tells."""

from typing import Final

from simulator.scenario.vocabulary import Feature

__all__ = ["PREDICTIVE", "predictive_share"]

#: The features that tell most of who will default: more than half, together.
PREDICTIVE: Final[tuple[Feature, ...]] = (
    "ficp_flag",
    "permanent_contract",
    "incidents_24m",
    "home_owner",
    "revolving_utilisation",
)
_EACH: Final = 0.11
_OTHERS_EACH: Final = 0.45 / 7


def predictive_share(feature: Feature) -> float:
    """The feature's share of what all of them tell."""
    return _EACH if feature in PREDICTIVE else _OTHERS_EACH
