"""When applicants come, by channel."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.scenario.vocabulary import Channel
from simulator.timeline.week import Week

__all__ = ["CHANNEL_WEEKS"]

#: The web has a lunch dip, two office peaks and one in the evening, after French web-use curves (AT
#: Internet and Mediametrie 2007). No lender publishes its hours by channel, so the others are a
#: design choice: phones are used on the way to work, over lunch and in the evening; partners are
#: shops and brokers, with what their sites send at night; branches are open from 9 to 18 o'clock,
#: Monday to Saturday. Together: strong starts of the week, and weak weekends.
CHANNEL_WEEKS: Final[Mapping[Channel, Week]] = MappingProxyType(
    {
        "web": Week(
            hours=(
                *(0.25, 0.15, 0.10, 0.08, 0.08, 0.12, 0.25, 0.55, 0.95, 1.35, 1.60, 1.55),
                *(1.20, 1.30, 1.60, 1.60, 1.55, 1.65, 1.60, 1.40, 1.45, 1.50, 1.10, 0.60),
            ),
            days=(1.10, 1.06, 1.08, 1.06, 1.04, 0.85, 0.81),
        ),
        "mobile": Week(
            hours=(
                *(0.42, 0.27, 0.18, 0.14, 0.13, 0.19, 0.38, 0.70, 0.95, 1.05, 1.20, 1.25),
                *(1.35, 1.35, 1.25, 1.25, 1.35, 1.50, 1.60, 1.55, 1.65, 1.75, 1.35, 0.80),
            ),
            days=(1.04, 1.02, 1.04, 1.02, 1.02, 0.95, 0.91),
        ),
        "partner": Week(
            hours=(
                *(0.20, 0.14, 0.11, 0.10, 0.10, 0.12, 0.18, 0.38, 0.90, 1.60, 1.95, 1.95),
                *(1.30, 1.30, 1.90, 1.95, 1.95, 1.95, 1.80, 1.30, 0.70, 0.50, 0.35, 0.20),
            ),
            days=(1.12, 1.10, 1.10, 1.10, 1.12, 1.05, 0.45),
        ),
        "branch": Week(
            hours=(
                *(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.5, 1.5),
                *(0.6, 0.5, 1.4, 1.6, 1.6, 1.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            ),
            days=(1.0, 1.1, 1.1, 1.1, 1.1, 0.6, 0.0),
        ),
    }
)
