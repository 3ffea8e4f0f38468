"""The exceptions of the package.

SimulatorError                 anything a person can mend: shown in one line, exit code 2
|-- ScenarioError              a scenario file that cannot be used
|-- MappingError               a mapping file that cannot be used
|-- OpenApiError               a document of an API that cannot be read
|-- DashboardError             a dashboard file that cannot be read
|-- PushgatewayError           the Pushgateway refused what was pushed
|-- PrometheusError            Prometheus refused a query or cannot be reached
|-- CoverageError              a coverage that cannot be computed as asked for
|   `-- AllowanceError         an exception for a panel or step that there is not
|-- AccessError                a token that cannot be used
|-- OutputError                a file that cannot be written
|-- RuleError                  a file of alert rules that cannot be used
|-- NotificationError          notifications, or what should become of them, that cannot be used
|-- BaselineError              a baseline of a check that cannot be used
|-- TuningError                thresholds that cannot be tuned as asked for
|-- TruthError                 a file of known episodes that cannot be used
`-- StackError                 a program is missing, or did not start or stop in time
"""

__all__ = [
    "AccessError",
    "AllowanceError",
    "BaselineError",
    "CoverageError",
    "DashboardError",
    "MappingError",
    "NotificationError",
    "OpenApiError",
    "OutputError",
    "PrometheusError",
    "PushgatewayError",
    "RuleError",
    "ScenarioError",
    "SimulatorError",
    "StackError",
    "TruthError",
    "TuningError",
]


class SimulatorError(Exception):
    """Something a person can mend; its text says what is wrong, where, and what to do."""


class ScenarioError(SimulatorError):
    """A scenario that cannot be used; one line per problem, each with its path and value."""


class MappingError(SimulatorError):
    """A mapping that cannot be used; one line per problem, each with its path and value."""


class OpenApiError(SimulatorError):
    """A document that describes no API, with the place in it and the value found."""


class DashboardError(SimulatorError):
    """A dashboard file that cannot be read as a Grafana dashboard."""


class PushgatewayError(SimulatorError):
    """The Pushgateway refused a push for good; carries the gateway's own text."""


class PrometheusError(SimulatorError):
    """Prometheus refused a query, or cannot be reached."""


class CoverageError(SimulatorError):
    """A coverage that cannot be computed as it is asked for."""


class AllowanceError(CoverageError):
    """An exception that is for no panel or step that there is."""


class AccessError(SimulatorError):
    """A token that cannot be used; its text never holds it."""


class OutputError(SimulatorError):
    """A file that cannot be written; what was there before is still there."""


class TruthError(SimulatorError):
    """A file of known episodes that cannot be used; with the place in it and the value found."""


class RuleError(SimulatorError):
    """A file of Prometheus's alert rules that cannot be used; with the place in it."""


class NotificationError(SimulatorError):
    """Notifications, routes, or what is expected of them, that cannot be used; with the place."""


class BaselineError(SimulatorError):
    """A baseline of a check that cannot be used; with the place in it and the value found."""


class TuningError(SimulatorError):
    """Thresholds that cannot be tuned as it is asked for."""


class StackError(SimulatorError):
    """A program of the local stack is missing, did not start, or did not stop in time."""
