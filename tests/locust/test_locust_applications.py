"""Applications: valid, reproducible, and drawn from who applies at the moment."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pydantic import ValidationError

from simulator.api.schemas import Application, Batch
from simulator.load.platform_state import PlatformState, Population
from simulator.scenario.kinds.population_shift import PRESETS
from simulator.scenario.vocabulary import CHANNELS, FEATURES, Feature
from tests.support.applications_sent import ApplicationsSent

if TYPE_CHECKING:
    from collections.abc import Mapping

N = 20_000
STATE = {
    "scenario": "x",
    "elapsed_seconds": 0.0,
    "duration_seconds": 60.0,
    "requests_per_second": 40.0,
    "applicants": [{"share": 1.0, "shifts": {}}],
}


def shifted(shifts: Mapping[Feature, float]) -> Population:
    return Population((1.0,), (tuple(shifts.get(f, 0.0) for f in FEATURES),))


def features(population: Population, n: int, name: str = "w") -> np.ndarray:
    """Features of n applications, shape (n, features)."""
    supply = ApplicationsSent(7, name)
    supply.meet(population)
    sent = (json.loads(supply.one("web"))["features"] for _ in range(n))
    return np.array([[each[f] for f in FEATURES] for each in sent])


def test_a_seed_gives_the_same_bytes() -> None:
    first, second = ApplicationsSent(3, "worker 0"), ApplicationsSent(3, "worker 0")
    assert [first.one("web") for _ in range(600)] == [second.one("web") for _ in range(600)]


def test_another_seed_gives_other_people() -> None:
    assert ApplicationsSent(3, "worker 0").one("web") != ApplicationsSent(4, "worker 0").one("web")


def test_another_worker_sends_other_people() -> None:
    supplies = [ApplicationsSent(3, f"worker {i}") for i in (0, 1)]
    sent = [[json.loads(s.one("web")) for _ in range(300)] for s in supplies]
    ids = [{each["applicant"]["applicant_id"] for each in listed} for listed in sent]
    ages = [[each["features"]["age"] for each in listed] for listed in sent]
    assert not ids[0] & ids[1]
    assert ages[0] != ages[1]


def test_an_applicant_s_number_is_one_person() -> None:
    supply = ApplicationsSent(3, "worker 0")
    ages = defaultdict(set)
    for _ in range(4000):
        sent = json.loads(supply.one("web"))
        ages[sent["applicant"]["applicant_id"]].add(sent["features"]["age"])
    assert all(len(each) == 1 for each in ages.values())
    assert len(ages) > 2000, "most apply once"


def test_an_application_holds_what_scoring_needs_and_nothing_else() -> None:
    sent = json.loads(ApplicationsSent(3, "worker 0").one("web"))
    assert set(sent) == {"channel", "applicant", "features"}
    assert set(sent["applicant"]) == {"applicant_id"}
    assert tuple(sent["features"]) == FEATURES


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_application_is_valid_and_of_its_channel(channel: str) -> None:
    body = ApplicationsSent(3, "worker 0").one(channel)  # type: ignore[arg-type]  # of CHANNELS
    assert Application.model_validate_json(body).channel == channel


def test_a_batch_is_valid_and_as_large_as_asked() -> None:
    batch = Batch.model_validate_json(ApplicationsSent(3, "worker 0").batch("partner", 20))
    assert len(batch.applications) == 20
    assert {a.channel for a in batch.applications} == {"partner"}


def test_an_invalid_application_is_refused_for_its_age_or_amount() -> None:
    supply = ApplicationsSent(3, "worker 0")
    places: Counter[object] = Counter()
    for _ in range(200):
        with pytest.raises(ValidationError) as caught:
            Application.model_validate_json(supply.invalid("web"))
        (problem,) = caught.value.errors()
        places[problem["loc"][-1]] += 1
    assert set(places) == {"age", "amount"}
    assert min(places.values()) > 50


@pytest.mark.parametrize("sd", [-4.0, 0.0, 4.0])
def test_no_applicant_is_out_of_the_api_s_bounds_however_shifted(sd: float) -> None:
    supply = ApplicationsSent(11, "bounds")
    supply.meet(shifted(dict.fromkeys(FEATURES, sd)))
    for _ in range(N // 100):  # in batches, as the API checks them faster so
        Batch.model_validate_json(supply.batch("partner", 100))


@pytest.mark.parametrize("feature", ["net_income", "amount"])
def test_a_shift_moves_the_mean_of_a_log_normal_feature_by_its_size(feature: Feature) -> None:
    column, sd = FEATURES.index(feature), {"net_income": 0.42, "amount": 0.78}[feature]
    before = np.log(features(Population(), N, "before")[:, column])
    after = np.log(features(shifted({feature: -0.5}), N, "after")[:, column])
    tolerance = 6.0 * sqrt(2.0 / N)  # six standard errors of a difference of means, in sd
    assert (after.mean() - before.mean()) / sd == pytest.approx(-0.5, abs=tolerance)
    assert (after.mean() - before.mean()) / sd != pytest.approx(-0.4, abs=tolerance)


def test_a_share_of_applicants_may_be_shifted() -> None:
    young = tuple(PRESETS["young-channel"].get(f, 0.0) for f in FEATURES)
    column, n = FEATURES.index("amount"), N
    mixed = Population((0.75, 0.25), ((0.0,) * len(FEATURES), young))
    before = np.log(features(Population(), n, "before")[:, column]).mean()
    after = np.log(features(mixed, n, "mixed")[:, column]).mean()
    expected = 0.25 * PRESETS["young-channel"]["amount"]
    assert (after - before) / 0.78 == pytest.approx(expected, abs=6.5 * sqrt(2.0 / n))


def test_a_new_population_applies_with_the_next_application() -> None:
    supply = ApplicationsSent(3, "worker 0")
    supply.one("web")
    supply.meet(shifted({"age": 30.0}))
    assert json.loads(supply.one("web"))["features"]["age"] == 84


def test_the_same_population_does_not_disturb_the_supply() -> None:
    reported, unreported = ApplicationsSent(3, "w"), ApplicationsSent(3, "w")
    sent = []
    for _ in range(10):
        reported.meet(Population())
        sent.append(reported.one("web"))
    assert sent == [unreported.one("web") for _ in range(10)]


def test_a_state_names_the_shifts_of_each_population() -> None:
    listed = [{"share": 0.7, "shifts": {}}, {"share": 0.3, "shifts": {"age": -0.8}}]
    population = PlatformState.of({**STATE, "applicants": listed, "more": 1}).population
    assert population.shares == (0.7, 0.3)
    assert population.shifts[0] == (0.0,) * len(FEATURES)
    assert dict(zip(FEATURES, population.shifts[1], strict=True))["age"] == -0.8


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"applicants": None}, "applicants"),
        ({"applicants": []}, "applicants"),
        ({"applicants": [{"share": 1.0}]}, "applicants.0.shifts"),
        ({"applicants": [{"share": -0.1, "shifts": {}}]}, "applicants.0.share"),
        ({"applicants": [{"share": 0.0, "shifts": {}}]}, "all shares are 0"),
        ({"applicants": [{"share": float("nan"), "shifts": {}}]}, "applicants.0.share"),
        ({"applicants": [{"share": 1, "shifts": {"height": 1.0}}]}, "height"),
        ({"applicants": [{"share": 1, "shifts": {"age": float("inf")}}]}, "shifts.age"),
        ({"requests_per_second": "many"}, "requests_per_second is 'many'"),
    ],
)
def test_a_state_that_makes_no_sense_says_where(changed: dict[str, object], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        PlatformState.of({**STATE, **changed})
