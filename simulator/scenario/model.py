"""The scenario: the whole plan of a run, as one frozen value."""

import operator
from typing import Annotated, Final, Self, TypeVar

from pydantic import Field

from simulator.errors import ScenarioError
from simulator.quoting import quoted
from simulator.scenario.baseline import Baseline
from simulator.scenario.channel_hours import CHANNEL_WEEKS
from simulator.scenario.distributions.drawn import Drawn
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.group_episode import GroupEpisode
from simulator.scenario.kinds import Episode
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.mix import channel_shares, endpoint_shares, sender_shares
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.spelling import did_you_mean
from simulator.timeline.profile import Profile

__all__ = ["Scenario"]

_E = TypeVar("_E", bound=EpisodeBase)
_G = TypeVar("_G", bound=GroupEpisode)
_MOST_COMPRESSION: Final = 1e5


class Scenario(Baseline):
    """The whole plan of a run: seed, traffic, platform and episodes.

    `drawn` are episodes that are still to be drawn (see `simulator.scenario.draws`).
    """

    episodes: tuple[Episode, ...] = ()
    drawn: Annotated[tuple[Drawn, ...], Field(exclude_if=operator.not_)] = ()

    def compressed(self, factor: float) -> Self:
        """The scenario run `factor` times as fast; rates stay as they are.

        >>> Scenario(name="x", description="x", duration="1h").compressed(60).duration
        60.0

        Raises:
            ScenarioError: a factor below 1, or that makes it more than 100 000 times as fast.
        """
        compression = self.compression * factor
        if not (factor >= 1.0 and compression <= _MOST_COMPRESSION):
            raise ScenarioError(
                f"scenario {self.name!r} cannot run {factor:g} times as fast; "
                f"from 1 to {_MOST_COMPRESSION:g} times"
            )
        faster = super().compressed(factor)
        return faster.model_copy(update={"compression": compression})

    @property
    def uncompressed(self) -> Self:
        """The scenario at its own pace, however fast it is run.

        >>> Scenario(name="x", description="x", duration="1h").compressed(60).uncompressed.duration
        3600.0
        """
        if self.compression == 1.0:
            return self
        slower = super().compressed(1.0 / self.compression)
        return slower.model_copy(update={"compression": 1.0})

    def delayed(self, seconds: float) -> Self:
        """The scenario with a time before it in which no episode is on.

        >>> Scenario(name="x", description="x", duration="1h").delayed(600.0).duration
        4200.0
        """
        later = tuple(e.model_copy(update={"start": e.start + seconds}) for e in self.episodes)
        return self.model_copy(update={"duration": self.duration + seconds, "episodes": later})

    def muted(self, *names: str) -> Self:
        """The scenario with these episodes at intensity 0: what would have been without them.

        They stay where they are, with their names, and so do the columns of every series and all
        random draws. A run of it beside one of the scenario itself differs only in what the
        episodes did.

        >>> from simulator.scenario.loading import load_scenario
        >>> [e.name for e in load_scenario("tour").muted("campaign").episodes if e.mute]
        ['campaign']

        Raises:
            ScenarioError: there is no episode of that name.
        """
        known = [e.name for e in self.episodes]
        for name in names:
            if name not in known:
                raise ScenarioError(
                    f"scenario {self.name!r} has no episode {quoted(name)} to mute; "
                    f"it has {', '.join(known) or 'none'}{did_you_mean(name, known)}"
                )
        quiet = (
            e.model_copy(update={"mute": True}) if e.name in names else e for e in self.episodes
        )
        return self.model_copy(update={"episodes": tuple(quiet)})

    def profile(self, origin: float) -> Profile:
        """Requests by channel over time when the scenario starts at Unix seconds `origin`."""
        t = self.traffic
        batches = float(endpoint_shares(t)[ENDPOINTS.index("batch")])
        senders = t.requests_per_second * sender_shares(channel_shares(t), batches)
        return Profile(
            means=tuple(senders.tolist()),
            weeks=tuple(CHANNEL_WEEKS[c] for c in CHANNELS),
            origin=origin,
            country=t.country,
            time_zone=t.time_zone,
            shape=t.profile,
            compression=self.compression,
        )

    @property
    def releases(self) -> tuple[ModelRelease, ...]:
        """The model releases, in time order."""
        return tuple(sorted(self.of_kind(ModelRelease), key=lambda e: e.start))

    @property
    def versions(self) -> tuple[str, ...]:
        """Model versions: the one in production, then the releases in time order."""
        return (self.platform.model.version, *(e.version for e in self.releases))

    def of_kind(self, kind: type[_E]) -> tuple[_E, ...]:
        """The episodes of one kind, in the order of the file."""
        return tuple(e for e in self.episodes if isinstance(e, kind))

    def of_readers(self, kind: type[_G]) -> tuple[_G, ...]:
        """Those of one kind whose consumer group reads the scoring topic."""
        names = {group.name for group in self.platform.kafka.consumer_groups}
        return tuple(e for e in self.of_kind(kind) if e.group in names)
