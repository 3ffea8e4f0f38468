"""References to data sources, and which of them speak PromQL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

__all__ = ["SPEAKING_PROMQL", "DataSource"]

SPEAKING_PROMQL = (
    "prometheus",
    "victoriametrics",
    "mimir",
    "thanos",
    "cortex",
    "promscale",
    "m3db",
)
"""In types of plugins, and in names: Prometheus, Amazon's, Azure's, and what speaks as they do."""

_PROMQL = re.compile("|".join(SPEAKING_PROMQL), re.IGNORECASE)

_OTHERS = re.compile(
    "loki|elastic|opensearch|influx|graphite|cloudwatch|mysql|maria|postgres|mssql|sqlite|oracle"
    "|clickhouse|bigquery|snowflake|athena|timestream|druid|mongo|redis|tempo|jaeger|zipkin|parca"
    "|pyroscope|zabbix|splunk|datadog|dynatrace|newrelic|new relic|stackdriver|azure.?monitor"
    "|testdata|infinity|alertmanager|sentry|github|gitlab|jira|kusto|victorialogs",
    re.IGNORECASE,
)
"""In the names of data sources that are named after their plugin, and speak no PromQL."""

_MIXED, _DASHBOARD, _EXPRESSION = "-- Mixed --", "-- Dashboard --", "__expr__"
_SPECIAL = frozenset({_MIXED, _DASHBOARD, "-- Grafana --", "grafana", _EXPRESSION})
_VARIABLE = re.compile(r"\$\{?(\w+)(?::\w+)?\}?|\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class DataSource:
    """A reference to a data source: by uid and plugin type, or (before 8.3) by name as `uid`.

    >>> DataSource(type="prometheus", uid="${datasource}").is_prometheus
    True
    >>> [DataSource(uid=name).is_prometheus for name in ("Production", "Loki", "Loki-Prometheus")]
    [True, False, True]
    """

    type: str | None = None
    uid: str | None = None

    @property
    def is_prometheus(self) -> bool:
        """Whether it may answer PromQL.

        A reference without a type may, unless its name is special or that of another plugin.
        """
        if self.uid in _SPECIAL or self.type in {_EXPRESSION, "datasource", "grafana"}:
            return False
        if self.type is None:
            is_other = _OTHERS.search(self.uid or "") and not _PROMQL.search(self.uid or "")
            return not is_other
        return bool(_PROMQL.search(self.type))

    @property
    def is_dashboard(self) -> bool:
        """Whether another panel's results are shown."""
        return self.uid == _DASHBOARD

    @property
    def is_expression(self) -> bool:
        """Whether the server calculates, and asks nobody."""
        return _EXPRESSION in (self.uid, self.type)

    @property
    def name(self) -> str:
        """What to call it."""
        return self.type or self.uid or "default"

    def of_known_type(self, types: Mapping[str, str]) -> "DataSource":
        """The reference with the type that its variable has, where it is one of these by name.

        >>> DataSource(uid="${DS_LOGS}").of_known_type({"DS_LOGS": "loki"})
        DataSource(type='loki', uid='${DS_LOGS}')
        """
        found = _VARIABLE.fullmatch(self.uid or "")
        known = types.get(found[1] or found[2]) if found and self.type is None else None
        return replace(self, type=known) if known else self
