"""Which groups a run takes over, which it watches, and which it leaves to those who push them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from simulator.pushing.claim import Claim, InstanceInUseError
from simulator.pushing.mark import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.pushing.gateway import Pushgateway
    from simulator.pushing.groups import Group
    from tests.support.gateway_double import GatewayDouble

OWN = Mark(started=2000.5, interval_seconds=5.0)
THEIRS = Mark(started=1000.25, interval_seconds=5.0)
DAY = 86_400.0


class Watch:
    """A clock that pauses move, while something may happen; it can be told to give up."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.gives_up = False

    def clock(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> bool:
        self.seconds += seconds
        self.pauses.append(seconds)
        self.meanwhile()
        return self.gives_up


@pytest.fixture
def watch() -> Watch:
    return Watch()


def claim_of(
    gateway: Pushgateway, watch: Watch, mark: Mark = OWN, *, takes_over: bool = False
) -> Claim:
    return Claim(
        gateway,
        "a",
        mark,
        takes_over=takes_over,
        clock=watch.clock,
        pause=watch.pause,
        may_begin=lambda: True,
    )


@pytest.fixture
def claim(gateway: Pushgateway, watch: Watch) -> Claim:
    return claim_of(gateway, watch)


def killed_run(double: GatewayDouble, *, seconds_ago: float, mark: Mark = THEIRS) -> None:
    double.put_group("minio", "a", b"m 1\n", seconds_ago=seconds_ago + 0.1)
    double.put_group("simulator", "a", mark.text, seconds_ago=seconds_ago)


def is_taken_over(double: GatewayDouble) -> bool:
    jobs = {dict(key)["job"] for key in double.groups if dict(key)["instance"] == "a"}
    return jobs == {"simulator"} and double.body_of("simulator", "a") == OWN.text


def test_where_nobody_pushes_the_instance_is_claimed_at_once(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    assert claim.make()
    assert is_taken_over(double)
    assert watch.seconds == 0.0


@pytest.mark.parametrize("error", [0.0, DAY, -DAY])
def test_groups_that_are_pushed_again_are_left_to_who_pushes_them(
    double: GatewayDouble, claim: Claim, watch: Watch, error: float
) -> None:
    double.clock_error_seconds = error
    killed_run(double, seconds_ago=2.0)
    before = dict(double.groups)
    watch.meanwhile = lambda: double.put_group("minio", "a", b"m 1\n", seconds_ago=0.0)

    with pytest.raises(InstanceInUseError) as in_use:
        claim.make()

    assert double.groups == before
    assert watch.seconds < 2.0  # the first look is enough
    for part in ("instance 'a'", double.url, "--instance", "SIMULATOR_INSTANCE", "--take-over"):
        assert part in str(in_use.value)


@pytest.mark.parametrize("error", [0.0, DAY, -DAY])
def test_groups_of_a_killed_run_are_watched_for_what_is_left_of_three_intervals(
    double: GatewayDouble,
    claim: Claim,
    watch: Watch,
    caplog: pytest.LogCaptureFixture,
    error: float,
) -> None:
    caplog.set_level(logging.INFO, logger="simulator")
    double.clock_error_seconds = error
    killed_run(double, seconds_ago=6.0)

    assert claim.make()

    assert 8.0 <= watch.seconds <= 11.0  # 15 - 6, of which the Date header tells whole seconds
    assert is_taken_over(double)
    waiting, taken = caplog.messages
    assert "watching for" in waiting
    assert "--take-over does not wait" in waiting
    assert taken == "deleted 2 groups of an earlier run of 'a'"


@pytest.mark.parametrize("error", [0.0, DAY, -DAY])
def test_groups_of_a_run_long_gone_are_taken_over_at_once(
    double: GatewayDouble, claim: Claim, watch: Watch, error: float
) -> None:
    double.clock_error_seconds = error
    killed_run(double, seconds_ago=17.0)

    assert claim.make()
    assert is_taken_over(double)
    assert watch.seconds == 0.0


def test_without_the_gateway_s_time_groups_are_watched_for_all_three_intervals(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    double.says_the_time = False
    killed_run(double, seconds_ago=3000.0)

    assert claim.make()
    assert 15.0 <= watch.seconds < 17.0


def test_the_interval_that_counts_is_that_of_who_pushed(
    double: GatewayDouble, gateway: Pushgateway, watch: Watch
) -> None:
    killed_run(double, seconds_ago=0.0, mark=Mark(started=1.0, interval_seconds=10.0))

    claim_of(gateway, watch, Mark(started=2.0, interval_seconds=0.2)).make()

    assert 28.0 <= watch.seconds <= 32.0


def test_groups_without_a_mark_are_watched_for_three_of_our_intervals(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    double.put_group("minio", "a", b"m 1\n", seconds_ago=0.0)

    claim.make()

    assert 14.0 <= watch.seconds <= 17.0


def test_what_takes_longer_than_a_minute_to_know_is_refused_at_once(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    killed_run(double, seconds_ago=60.0, mark=Mark(started=1.0, interval_seconds=3600.0))

    with pytest.raises(InstanceInUseError, match=r"may be in use .* in 2h5\dm.*--take-over"):
        claim.make()

    assert watch.seconds == 0.0
    assert len(double.groups) == 2


def test_taking_over_looks_at_nothing(
    double: GatewayDouble, gateway: Pushgateway, watch: Watch
) -> None:
    killed_run(double, seconds_ago=0.0)

    assert claim_of(gateway, watch, takes_over=True).make()
    assert is_taken_over(double)
    assert watch.seconds == 0.0


def test_groups_whose_run_said_its_end_are_taken_over_at_once(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    double.put_group("simulator", "a", THEIRS.last_text, seconds_ago=0.0)

    assert claim.make()
    assert is_taken_over(double)
    assert watch.seconds == 0.0


def test_a_run_that_ends_while_it_is_watched_is_not_waited_for(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    killed_run(double, seconds_ago=0.0)
    watch.meanwhile = double.groups.clear

    assert claim.make()
    assert is_taken_over(double)
    assert watch.seconds < 2.0


def test_a_run_that_keeps_its_groups_while_it_is_watched_is_not_waited_for(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    killed_run(double, seconds_ago=0.0)
    watch.meanwhile = lambda: double.put_group("simulator", "a", THEIRS.last_text, seconds_ago=0.0)

    assert claim.make()
    assert watch.seconds < 2.0


@pytest.mark.parametrize(("interval", "longest"), [(0.2, 0.2), (5.0, 1.0)])
def test_who_pushes_often_is_looked_at_often(
    double: GatewayDouble, claim: Claim, watch: Watch, interval: float, longest: float
) -> None:
    killed_run(double, seconds_ago=0.0, mark=Mark(started=1000.25, interval_seconds=interval))

    assert claim.make()
    assert 0.0 < max(watch.pauses) <= longest


def test_a_run_that_may_not_begin_claims_nothing(
    double: GatewayDouble, gateway: Pushgateway, watch: Watch
) -> None:
    claim = Claim(
        gateway,
        "a",
        OWN,
        takes_over=False,
        clock=watch.clock,
        pause=watch.pause,
        may_begin=lambda: False,
    )

    assert not claim.make()
    assert not claim.is_made
    assert double.groups == {}


@pytest.mark.parametrize(
    ("job", "further"), [("backup", {}), ("minio", {"shard": "1"}), ("simulator", {"zone": "b"})]
)
def test_groups_that_no_simulator_pushes_neither_count_nor_go(
    double: GatewayDouble, claim: Claim, watch: Watch, job: str, further: dict[str, str]
) -> None:
    double.put_group(job, "a", b"", seconds_ago=0.0, **further)
    left = next(iter(double.groups))

    claim.make()

    assert watch.seconds == 0.0
    assert left in double.groups


def test_giving_up_while_watching_changes_nothing(
    double: GatewayDouble, claim: Claim, watch: Watch
) -> None:
    killed_run(double, seconds_ago=0.0)
    watch.gives_up = True

    assert not claim.make()
    assert {seen.method for seen in double.seen} == {"GET"}
    assert not claim.is_made


def test_a_claim_that_another_run_replaced_is_noticed_before_the_next_push(
    double: GatewayDouble, claim: Claim
) -> None:
    claim.make()
    claim.require_kept()
    double.put_group("simulator", "a", THEIRS.text)

    with pytest.raises(InstanceInUseError, match="another run has begun to push as instance 'a'"):
        claim.require_kept()


def test_looking_at_the_groups_takes_a_quarter_of_the_time_at_most(
    double: GatewayDouble, claim: Claim, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim.make()
    listed = claim._groups

    def slowly() -> list[Group]:
        watch.seconds += 3.0
        return listed()

    monkeypatch.setattr(claim, "_groups", slowly)  # white box: a list that takes 3 s
    double.seen.clear()
    while watch.seconds < 120.0:
        claim.require_kept()
        watch.seconds += 1.0

    assert len(double.seen) == 10  # of 3 s, every 12


def test_who_takes_over_insists_once_against_a_push_that_was_under_way(
    double: GatewayDouble, gateway: Pushgateway, watch: Watch
) -> None:
    claim = claim_of(gateway, watch, takes_over=True)
    claim.make()
    double.put_group("simulator", "a", THEIRS.text)
    claim.require_kept()
    assert double.body_of("simulator", "a") == OWN.text

    double.put_group("simulator", "a", THEIRS.text)
    with pytest.raises(InstanceInUseError):
        claim.require_kept()


def test_of_two_runs_that_begin_in_the_same_moment_one_goes_on(
    double: GatewayDouble, gateway: Pushgateway, watch: Watch
) -> None:
    first, second = claim_of(gateway, watch), claim_of(gateway, watch, THEIRS)
    first.make()
    double.put_group("simulator", "a", THEIRS.text)  # as if both had found nothing
    second.is_made = True

    second.require_kept()
    with pytest.raises(InstanceInUseError):
        first.require_kept()


def test_what_another_run_pushes_is_not_deleted_at_the_end(
    double: GatewayDouble, claim: Claim
) -> None:
    claim.make()
    double.put_group("simulator", "a", THEIRS.text)
    double.put_group("minio", "a", b"m 1\n")

    with pytest.raises(InstanceInUseError):
        claim.release()

    assert len(double.groups) == 2
