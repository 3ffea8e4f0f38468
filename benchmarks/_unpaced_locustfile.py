"""The project's own users without pauses between requests."""

import _test_cost  # noqa: F401 - listens

from simulator.load.scoring import BranchUser, MobileUser, PartnerUser, WebUser, listen
from simulator.load.users import ChannelUser

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser"]

listen()
ChannelUser.pause_seconds = 0.0
