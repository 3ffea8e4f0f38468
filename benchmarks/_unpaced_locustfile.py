"""The project's own users without pauses between requests."""

import sys
from pathlib import Path

import _test_cost  # noqa: F401 - listens

sys.path.insert(0, str(Path(__file__).parents[1] / "locustfiles"))

from scoring import BranchUser, MobileUser, PartnerUser, WebUser
from users import ChannelUser

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser"]

ChannelUser.pause_seconds = 0.0
