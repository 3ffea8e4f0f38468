"""What Locust's reports of a run count: its CSV, JSON and HTML files."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ROWS = re.compile(r'"requests_statistics": (\[.*?\}\])', re.DOTALL)


class Reports:
    """The reports of a run in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def arguments(self) -> tuple[str, ...]:
        """Options that make Locust write them."""
        csv_files, json_file = self._folder / "csv", self._folder / "json"
        html_file = self._folder / "html-{u}.html"
        options = ("--csv", csv_files, "--json-file", json_file, "--html", html_file)
        return tuple(map(str, options))

    def counted(self) -> dict[str, Mapping[tuple[str, str], int]]:
        """Requests by method and route, in each report."""
        return {"csv": dict(self._in_csv()), "json": self._in_json(), "html": self._in_html()}

    @property
    def last_total(self) -> int:
        """All requests, as the last line of the history has them."""
        with (self._folder / "csv_stats_history.csv").open(encoding="utf-8") as lines:
            return int(list(csv.DictReader(lines))[-1]["Total Request Count"])

    def _in_csv(self) -> Iterator[tuple[tuple[str, str], int]]:
        with (self._folder / "csv_stats.csv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                if row["Type"]:
                    yield (row["Type"], row["Name"]), int(row["Request Count"])

    def _in_json(self) -> dict[tuple[str, str], int]:
        rows = json.loads((self._folder / "json.json").read_text("utf-8"))
        return {(r["method"], r["name"]): r["num_requests"] for r in rows}

    def _in_html(self) -> dict[tuple[str, str], int]:
        (report,) = self._folder.glob("html-*.html")
        found = _ROWS.search(report.read_text("utf-8"))
        rows = json.loads(found[1]) if found else []
        return {(r["method"], r["name"]): r["num_requests"] for r in rows if r["method"]}
