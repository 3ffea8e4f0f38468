"""The kinds of episodes, one module each: its fields, its rules, its levers, what it leads to."""

from typing import Annotated, Final, get_args

from pydantic import Field

from simulator.scenario.episode import EpisodeBase
from simulator.scenario.kinds.broker_loss import BrokerLoss
from simulator.scenario.kinds.capacity_filling import CapacityFilling
from simulator.scenario.kinds.compliance_incident import ComplianceIncident
from simulator.scenario.kinds.concept_drift import ConceptDrift
from simulator.scenario.kinds.consumer_crash import ConsumerCrash
from simulator.scenario.kinds.consumer_slowdown import ConsumerSlowdown
from simulator.scenario.kinds.counter_reset import CounterReset
from simulator.scenario.kinds.data_bug import DataBug
from simulator.scenario.kinds.drive_loss import DriveLoss
from simulator.scenario.kinds.error_answers import Errors
from simulator.scenario.kinds.exporter_glitch import ExporterGlitch
from simulator.scenario.kinds.hot_partition import HotPartition
from simulator.scenario.kinds.instance_loss import InstanceLoss
from simulator.scenario.kinds.instance_slow import InstanceSlow
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.kinds.node_loss import NodeLoss
from simulator.scenario.kinds.overload import Overload
from simulator.scenario.kinds.population_shift import PopulationShift
from simulator.scenario.kinds.prior_shift import PriorShift
from simulator.scenario.kinds.rebalance import Rebalance
from simulator.scenario.kinds.scrape_gap import ScrapeGap
from simulator.scenario.kinds.slow_dependency import SlowDependency
from simulator.scenario.kinds.traffic_surge import TrafficSurge

__all__ = ["KINDS", "Episode"]

#: Every kind there is; plans try them in this order.
Episode = Annotated[
    ConceptDrift
    | PriorShift
    | ModelRelease
    | PopulationShift
    | DataBug
    | TrafficSurge
    | Errors
    | SlowDependency
    | Overload
    | InstanceLoss
    | InstanceSlow
    | ConsumerSlowdown
    | Rebalance
    | ConsumerCrash
    | BrokerLoss
    | HotPartition
    | DriveLoss
    | NodeLoss
    | CapacityFilling
    | ComplianceIncident
    | CounterReset
    | ScrapeGap
    | ExporterGlitch,
    Field(discriminator="kind"),
]
KINDS: Final[tuple[type[EpisodeBase], ...]] = get_args(get_args(Episode)[0])
