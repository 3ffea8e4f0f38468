"""The project's own users without pauses, sending single applications and nothing else."""

from _unpaced_locustfile import BranchUser, MobileUser, PartnerUser, WebUser
from locust import events
from users import CHANNEL_USERS, ChannelUser

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser"]


def _only_score(**_: object) -> None:
    """Takes the other tasks away that the scenario's mix has just given."""
    for user in CHANNEL_USERS:
        user.tasks = [ChannelUser.score]


events.test_start.add_listener(_only_score)  # type: ignore[no-untyped-call]  # Locust's is untyped
