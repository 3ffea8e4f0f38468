"""Who was scored last among real requests."""

from simulator.api.request_counter import RequestCounter
from simulator.scenario.vocabulary import CHANNELS, Channel
from simulator.simulation.tally import LastScored


def _score(counter: RequestCounter, channel: Channel, *scores: int) -> None:
    """A request, counted as the API counts it: first how it ended, and then who was scored."""
    if len(scores) == 1:
        counter.single(channel, "success")
    else:
        counter.batch(channel, "success", len(scores))
    for score in scores:
        counter.scored(
            true=[0.0] * 12,
            given=[float(score)] * 12,
            score=score,
            version=0,
            prediction_seconds=score / 1e4,
            bureau_failed=None,
        )


def _last(counter: RequestCounter) -> LastScored:
    last = counter.take().last
    assert last is not None
    return last


def test_it_is_the_latest_with_all_that_it_had() -> None:
    counter = RequestCounter(1)
    _score(counter, "mobile", 700)
    _score(counter, "web", 612)
    counter.single("branch", "timeout")
    last = _last(counter)
    assert (CHANNELS[last.channel], last.score, last.version) == ("web", 612, 0)
    assert last.prediction_seconds == 0.0612
    assert last.given.tolist() == [612.0] * 12


def test_of_a_batch_it_is_the_last_in_it() -> None:
    counter = RequestCounter(1)
    _score(counter, "web", 700)
    _score(counter, "partner", 650, 660)
    counter.batch("mobile", "success", 0)
    last = _last(counter)
    assert (CHANNELS[last.channel], last.score) == ("partner", 660)


def test_where_nobody_was_scored_there_is_none() -> None:
    counter = RequestCounter(1)
    counter.single("web", "timeout")
    assert counter.take().last is None
    _score(counter, "web", 700)
    counter.take()
    assert counter.take().last is None
