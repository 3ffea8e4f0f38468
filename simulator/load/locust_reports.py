"""What Locust writes of a run, final and whole: `--csv`, `--json`, `--json-file` and `--html`.

Locust's `main` ends so: users stop, the HTML report is written (on Ctrl-C before users have
stopped, on SIGTERM not always), JSON is made by a method for workers that sets every row back to 0,
and the CSV files are closed with what was written into them up to a second ago, or up to a second
after the JSON. Workers that `--processes` starts write the same JSON file, from rows that they have
sent to the master already. Here each is written from what all users did, when they have ended.
"""

import csv
import logging
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any, Final, TextIO

import gevent
from locust import stats
from locust.env import Environment
from locust.html import get_html_report, process_html_filename
from locust.runners import WorkerRunner
from locust.stats import RequestStats, StatsCSVFileWriter, StatsEntryDict

from simulator.load.listening import on

__all__ = ["LastingCsv", "keep_reports_whole", "write_csv_to_the_end"]

_LOG = logging.getLogger("scoring")
_NOT_WHOLE: Final = 1


class LastingCsv(StatsCSVFileWriter):
    """Locust's CSV files, which are written once more when a test ends and before they close."""

    _writing: "gevent.Greenlet[..., Any] | None" = None
    _is_given_up = False

    def __init__(self, environment: Environment, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Locust's
        super().__init__(environment, *arguments, **options)
        on(environment.events.test_stop, self._write)

    def stats_writer(self) -> None:
        """Writes once a second, until the files are closed or cannot be written."""
        current = gevent.getcurrent()
        self._writing = current if isinstance(current, gevent.Greenlet) else None
        try:
            super().stats_writer()
        except OSError as error:
            self._give_up(error)

    def close_files(self) -> None:
        """Writes what there is now, and closes; nothing again, as where SIGTERM ends `main`.

        Raises:
            SystemExit: they are not whole.
        """
        if self.requests_csv_filehandle.closed:
            return
        if self._writing is not None:
            self._writing.kill()  # it waits between its rounds, and would find closed files
        self._write()
        for file in self._files:
            try:
                file.close()  # which writes what has waited in memory
            except OSError as error:
                self._give_up(error)
        if self._is_given_up:
            sys.exit(_NOT_WHOLE)

    @property
    def _files(self) -> tuple[TextIO, ...]:
        return (
            self.requests_csv_filehandle,
            self.stats_history_csv_filehandle,
            self.failures_csv_filehandle,
            self.exceptions_csv_filehandle,
        )

    def _write(self, **_: object) -> None:
        if self.requests_csv_filehandle.closed or self._is_given_up:
            return
        try:
            self._write_all()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Says once that the files are not whole; the test itself is none the worse for it."""
        if not self._is_given_up:
            self._is_given_up = True
            reason = error.strerror or error
            _LOG.error("%s_*.csv are not whole: cannot be written: %s", self.base_filepath, reason)

    def _write_all(self) -> None:
        for file, rows in (
            (self.requests_csv_filehandle, self.requests_csv),
            (self.failures_csv_filehandle, self.failures_csv),
            (self.exceptions_csv_filehandle, self.exceptions_csv),
        ):
            file.seek(0)
            rows(csv.writer(file))
            file.truncate()
            file.flush()
        if not self.stats_history_csv_filehandle.tell():
            self.stats_history_csv_writer.writerow(self.stats_history_csv_columns)
        self._stats_history_data_rows(self.stats_history_csv_writer, time.time())
        self.stats_history_flush()


def write_csv_to_the_end() -> None:
    """Makes Locust's `main` write its CSV files this way; it takes the class from its module."""
    stats.StatsCSVFileWriter = LastingCsv  # type: ignore[misc]  # a class to mypy, a name to main


def keep_reports_whole(environment: Environment) -> None:
    """Makes the other reports of this process those of the whole run."""
    options = environment.parsed_options
    if options is None:
        return
    if isinstance(environment.runner, WorkerRunner):
        _leave_json_to_the_master(options)
        return
    _keep_rows(environment.stats)

    def write_html(**_: object) -> None:
        if options.html_file:
            process_html_filename(options)
            path = Path(options.html_file)
            path.parent.mkdir(parents=True, exist_ok=True)
            report = get_html_report(environment, show_download_link=False)  # type: ignore[no-untyped-call]  # Locust's is untyped
            path.write_text(report, "utf-8")

    on(environment.events.quit, write_html)


def _leave_json_to_the_master(options: Namespace) -> None:
    """A worker's rows are at the master's; what is left of them would take the place of all."""
    if (options.json or options.json_file) and not options.processes:
        _LOG.warning("--json and --json-file are the master's to write: this worker writes none")
    options.json, options.json_file = False, None


def _keep_rows(rows: RequestStats) -> None:
    """Lets rows be read without setting them to 0, so that CSV and tables can follow JSON."""

    def serialized() -> list[StatsEntryDict]:
        used = (e for e in rows.entries.values() if e.num_requests or e.num_failures)
        return [entry.serialize() for entry in used]

    rows.serialize_stats = serialized  # type: ignore[method-assign]  # Locust makes the object
