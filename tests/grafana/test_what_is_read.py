"""The README's table of what is read of dashboards is what the code reads."""

from collections.abc import Iterable
from pathlib import Path

from simulator.grafana.data_source import SPEAKING_PROMQL
from simulator.grafana.expressions import KNOWN_EXPRESSIONS
from simulator.grafana.field_matchers import KNOWN_MATCHERS
from simulator.grafana.panel_types import PANEL_TYPES, SUCCESSORS
from simulator.grafana.reducers import KNOWN_REDUCERS
from simulator.grafana.transformations import KNOWN_TRANSFORMATIONS
from simulator.grafana.v2_resource import VARIABLE_TYPES

README = Path(__file__).parents[2] / "README.md"
START = "<!-- what is read: pytest tests/grafana/test_what_is_read.py --update-golden -->\n"
END = "<!-- end of what is read -->"


def test_the_table_of_what_is_read_is_as_the_code_is(*, is_updating_golden: bool) -> None:
    text = README.read_text()
    before, _, rest = text.partition(START)
    written, _, after = rest.partition(END)
    if is_updating_golden:
        README.write_text(before + START + table() + END + after)
        return
    assert written == table()


def table() -> str:
    types = PANEL_TYPES.values()
    rows = {
        "panel types": listed(one.name for one in types if one.is_read),
        "read as another type": ", ".join(f"`{old}` as `{new}`" for old, new in SUCCESSORS.items()),
        "transformations": listed(sorted(KNOWN_TRANSFORMATIONS, key=str.lower)),
        "matchers of overrides": listed(sorted(KNOWN_MATCHERS)),
        "reducers": listed(sorted(KNOWN_REDUCERS, key=str.lower)) + ", `p1` to `p99`",
        "variables": listed(dict.fromkeys(VARIABLE_TYPES.values())),
        "data sources": "what is called " + listed(SPEAKING_PROMQL) + ", or not as another plugin",
        "expressions": listed(sorted(KNOWN_EXPRESSIONS)),
        "named, not judged": listed(one.name for one in types if one.why_unread),
    }
    lines = [f"| {what} | {names} |\n" for what, names in rows.items()]
    return "".join(["\n| | |\n", "|---|---|\n", *lines, "\n"])


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
