"""A run on the clock: its episodes from when until when, and the alarms they call for."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.scenario.alarms import settling_seconds, wanted_alarms
from simulator.scenario.clock_traffic import ClockTraffic
from simulator.scenario.episode import EpisodeBase, ScrapeEpisode
from simulator.scenario.kinds.counter_reset import CounterReset
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Severity, Signal

__all__ = ["EpisodeAlarm", "EpisodeSpan", "TimedRun", "timestamp"]

_SPAN_FIELDS = {"name", "kind", "start", "duration", "alarms"}


@dataclass(frozen=True, slots=True)
class EpisodeAlarm:
    """An alarm that somebody on call would want to see, independent of any dashboard.

    `signal` and `severity` are words of the vocabulary; until `until` (unix seconds), effects of
    the episode rightly still show: its end, and what the platform takes to settle.
    """

    signal: str
    severity: str
    until: float


@dataclass(frozen=True, slots=True)
class EpisodeSpan:
    """One episode on the clock; `start` and `end` in unix seconds, the end not included.

    `alarms` are the ones it calls for; none too where nobody knows.
    """

    name: str
    kind: str
    start: float
    end: float
    alarms: tuple[EpisodeAlarm, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedRun:
    """A scenario on the clock, in ticks of `step` seconds: the truth about what was simulated.

    `start` and `end` in unix seconds; `instance` is the label of its series. An episode that
    begins after the end is not in it, nor is a mute one; one that ends later ends with it.
    """

    scenario: Scenario
    start: float
    end: float
    step: float
    instance: str

    @property
    def episodes(self) -> tuple[EpisodeSpan, ...]:
        """The episodes that began before the end, in the order of the scenario."""
        return tuple(
            EpisodeSpan(e.name, e.kind, self.start + e.start, self._end_of(e), self._alarms_of(e))
            for e in self.scenario.episodes
            if self.start + e.start < self.end and not e.mute
        )

    def _end_of(self, episode: EpisodeBase) -> float:
        return min(self.start + episode.start + episode.duration, self.end)

    def _alarms_of(self, episode: EpisodeBase) -> tuple[EpisodeAlarm, ...]:
        return tuple(
            EpisodeAlarm(signal, severity, self._until(signal, episode))
            for signal, severity in self._wanted_of(episode).items()
        )

    def _wanted_of(self, episode: EpisodeBase) -> dict[Signal, Severity]:
        """As grave as it is while most people apply."""
        start = self.start + episode.start
        busiest = self._traffic.busiest(start, start + episode.duration)
        return wanted_alarms(episode, busiest)

    @property
    def _traffic(self) -> ClockTraffic:
        return ClockTraffic(self.scenario, self.start)

    def _until(self, signal: Signal, episode: EpisodeBase) -> float:
        """To the millisecond, as it is written."""
        end = self._end_of(episode)
        return round(end + settling_seconds(signal, self._traffic, episode, end=end), 3)

    def as_json(self) -> dict[str, Any]:
        """The truth as plain JSON values; durations of the scenario in seconds.

        An episode between the platform and Prometheus that is worth no alarm is `harmless`; one in
        which counters fall says when, as `resets`.
        """
        by_name = {e.name: e for e in self.scenario.episodes}
        return {
            "start": timestamp(self.start),
            "end": timestamp(self.end),
            "step_seconds": self.step,
            "instance": self.instance,
            "episodes": [
                {
                    **asdict(span),
                    "start": timestamp(span.start),
                    "end": timestamp(span.end),
                    "alarms": [
                        {**asdict(alarm), "until": timestamp(alarm.until)} for alarm in span.alarms
                    ],
                    "parameters": by_name[span.name].model_dump(
                        mode="json", exclude=_SPAN_FIELDS, exclude_unset=True
                    ),
                    **self._of_scrapes(by_name[span.name], span),
                }
                for span in self.episodes
            ],
            "scenario": self.scenario.model_dump(mode="json"),
        }

    def _of_scrapes(self, episode: EpisodeBase, span: EpisodeSpan) -> dict[str, Any]:
        """What is told of an episode that the platform does not notice."""
        told: dict[str, Any] = {}
        if isinstance(episode, ScrapeEpisode) and not span.alarms:
            told["harmless"] = True
        if isinstance(episode, CounterReset):
            moments = (span.start + seconds for seconds in episode.restarts)
            told["resets"] = [timestamp(moment) for moment in moments if moment < span.end]
        return told


def timestamp(seconds: float) -> str:
    """Unix seconds as RFC 3339 in UTC, to the millisecond where there are any.

    >>> timestamp(1767225600.0), timestamp(0.25)
    ('2026-01-01T00:00:00Z', '1970-01-01T00:00:00.250Z')
    """
    moment = datetime.fromtimestamp(round(seconds, 3), UTC)
    spec = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=spec).replace("+00:00", "Z")
