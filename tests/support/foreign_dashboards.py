"""Dashboards of other Grafanas, and what the import makes of them."""

import json
import subprocess
from typing import Any

from tests.support.dashboard_files import FOLDER, Json
from tests.support.fake_grafana import LOKI, PROMETHEUS

PROGRAMS = FOLDER / "import"
PROMQL = "sum(rate(requests_total[5m]))"
ELSEWHERE = {"type": "prometheus", "uid": "PBFA97CFB590B2093"}
HERE = {"type": "prometheus", "uid": "prom1"}
ABSENT: Any = object()


def query(datasource: Any = ABSENT, **settings: Any) -> Json:  # noqa: ANN401 - JSON of others
    given = {} if datasource is ABSENT else {"datasource": datasource}
    return {"refId": "A", "expr": PROMQL} | settings | given


def panel(datasource: Any = ABSENT, *targets: Json, **settings: Any) -> Json:  # noqa: ANN401
    given = {} if datasource is ABSENT else {"datasource": datasource}
    board = {"id": 1, "type": "stat", "title": "Requests", "targets": list(targets) or [query()]}
    return board | settings | given


def board(*panels: Json, **settings: Any) -> Json:  # noqa: ANN401 - the same
    return {"uid": "theirs", "title": "Theirs", "schemaVersion": 39, "panels": panels} | settings


def variables(*listed: Json) -> Json:
    return {"templating": {"list": list(listed)}}


def _jq(program: str, given: str, *arguments: str) -> Json:
    done = subprocess.run(
        ["jq", "--from-file", PROGRAMS / program, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    answer: Json = json.loads(done.stdout)
    return answer


def read(text: str) -> Json:
    """What a file holds: its classic dashboard or a refusal."""
    return _jq("classic.jq", text, "--slurp")


def mapped(given: Json, sources: tuple[Json, ...] = (PROMETHEUS, LOKI)) -> Json:
    """A dashboard with the data sources of a Grafana, of which the first was chosen."""
    return _jq(
        "datasources.jq",
        json.dumps({"dashboard": given}),
        *("--argjson", "sources", json.dumps([sources])),
        *("--arg", "chosen", sources[0]["uid"]),
    )


def references(result: Json) -> list[Any]:
    """What the panels and their queries name now, in order."""
    panels = result["dashboard"]["panels"]
    return [one["datasource"] for p in panels for one in (p, *p["targets"]) if "datasource" in one]
