"""What requests meet at a moment: the causes as an API that really answers must know them."""

from dataclasses import dataclass

from simulator.simulation.arrays import Floats
from simulator.simulation.causes import FAULTS, Causes
from simulator.simulation.change import OF_PEOPLE, OF_VALUES, Alternatives
from simulator.simulation.kafka import Cluster, unwritable_share
from simulator.simulation.population import Population

__all__ = ["Conditions", "conditions"]


@dataclass(frozen=True)
class Conditions:
    """One tick's causes, as plain numbers.

    `requests_per_second` are expected, in the order of CHANNELS; `faults` are probabilities by
    reason; `unwritable` the probability that Kafka does not take a decision; `workers` requests in
    work at once; `unreachable`, `interrupted`, `slow_share` and `slow_factor` as in `Replicas`;
    `bureau` and `feature_store` slowness factors; `version_shares` of the traffic by
    model version, and their `stages` (indices into STAGES); `spoilt` how features are spoilt on
    their way to the model, and `applicants` which populations apply, both as (share, change);
    `active` which episodes are on.
    """

    requests_per_second: tuple[float, ...]
    faults: dict[str, float]
    unwritable: float
    workers: int
    unreachable: float
    interrupted: float
    slow_share: float
    slow_factor: float
    bureau: float
    feature_store: float
    version_shares: tuple[float, ...]
    stages: tuple[int, ...]
    spoilt: Alternatives
    applicants: Alternatives
    active: tuple[bool, ...]


def conditions(
    population: Population, now: Causes, nodes: Cluster, requests_per_second: Floats
) -> Conditions:
    """The conditions in the first tick of `now`."""
    slowness = {name: float(factor[0]) for name, factor in now.slowness.items()}
    return Conditions(
        requests_per_second=tuple(requests_per_second.tolist()),
        faults=dict(zip(FAULTS, now.faults[0].tolist(), strict=True)),
        unwritable=float(unwritable_share(now.partition_weights, nodes)[0]),
        workers=int(now.workers[0]),
        unreachable=float(now.replicas.unreachable[0]),
        interrupted=float(now.replicas.interrupted[0]),
        slow_share=float(now.replicas.slow_share[0]),
        slow_factor=float(now.replicas.slow_factor[0]),
        bureau=slowness["bureau"],
        feature_store=slowness["feature-store"],
        version_shares=tuple(now.version_shares[0].tolist()),
        stages=tuple(now.stages[0].tolist()),
        spoilt=population.moment(OF_VALUES, now.applicant_levels[0]),
        applicants=population.moment(OF_PEOPLE, now.applicant_levels[0]),
        active=tuple(now.active[0].tolist()),
    )
