"""Real programs on folders of blocks: what promtool dumps, what a Prometheus answers and merges."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from simulator.runtime.processes import Supervisor
from simulator.runtime.services import Service
from simulator.runtime.starting import started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.tsdb.blocks import Samples

_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_SECONDS = 60.0
_EVER = {"start": "0", "end": "9e9"}
ADMIN = "--web.enable-admin-api"


@dataclass(frozen=True)
class Programs:
    """A Prometheus and the promtool of its version."""

    prometheus: Path
    promtool: Path

    def tsdb(self, *arguments: str) -> str:
        """What `promtool tsdb` prints."""
        done = subprocess.run(
            [str(self.promtool), "tsdb", *arguments],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-500:]}\n{done.stderr[-1500:]}"
        return done.stdout

    def dump(self, folder: Path, *, start: int | None = None, end: int | None = None) -> list[str]:
        """Every sample in a folder of blocks, or of a span of time in ms, sorted."""
        (folder / "wal").mkdir(exist_ok=True)  # it wants one
        span = [] if start is None else [f"--min-time={start}", f"--max-time={end}"]
        return sorted(self.tsdb("dump", *span, str(folder)).splitlines())

    def write_text_as_blocks(self, samples: Samples, folder: Path) -> None:
        """Blocks that promtool makes of text."""
        folder.mkdir()
        text = folder.with_suffix(".om")
        text.write_text("".join(openmetrics_lines(samples)), encoding="utf-8")
        self.tsdb("create-blocks-from", "openmetrics", str(text), str(folder))

    @contextmanager
    def serving(self, folder: Path, *flags: str, config: str = "") -> Iterator[Server]:
        """A Prometheus on the folder."""
        working = folder.with_name(f"{folder.name}-working")
        working.mkdir(exist_ok=True)
        (working / "prometheus.yml").write_text(config)
        argv = (
            str(self.prometheus),
            f"--config.file={working / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder}",
            "--storage.tsdb.retention.time=100y",
            "--web.listen-address=127.0.0.1:{port}",
            *flags,
        )
        with Supervisor() as supervisor:
            url = started(Service("prometheus", argv, "/-/ready", 9090), supervisor, working)
            yield Server(url)


@dataclass(frozen=True)
class Server:
    """A running Prometheus."""

    url: str

    def count(self, pair: tuple[str, str]) -> int:
        """How many series have this label."""
        matcher = f'{{{pair[0]}="{pair[1].translate(_ESCAPES)}"}}'
        return len(self._asked("series", **{"match[]": matcher, **_EVER}))

    def label_names(self) -> list[str]:
        """Of all series."""
        return list(self._asked("labels", **_EVER))

    def values(self, expr: str, *, at: float) -> dict[str, str]:
        """The values of an instant query, by the names of their series."""
        found = self._asked("query", query=expr, time=f"{at:.3f}")["result"]
        return {series["metric"].get("__name__", ""): series["value"][1] for series in found}

    def rewrite_without(self, name: str) -> None:
        """Has it delete the series of a name, and write their blocks anew, as compaction does."""
        for path, form in (("delete_series", {"match[]": name}), ("clean_tombstones", {})):
            url = f"{self.url}/api/v1/admin/tsdb/{path}"
            answer = requests.post(url, params=form, timeout=_SECONDS)
            assert answer.ok, answer.text

    def _asked(self, path: str, **form: str) -> Any:  # noqa: ANN401 - JSON
        answer = requests.get(f"{self.url}/api/v1/{path}", params=form, timeout=_SECONDS)
        assert answer.ok, answer.text
        return answer.json()["data"]


def openmetrics_lines(samples: Samples) -> Iterator[str]:
    """Text of all samples, families of no known type."""
    for labels, row, present in zip(
        samples.labels, samples.values.tolist(), samples.is_present.tolist(), strict=True
    ):
        pairs = {name: value for name, value in labels.items() if value and name != "__name__"}
        inside = ",".join(f'{n}="{v.translate(_ESCAPES)}"' for n, v in sorted(pairs.items()))
        for time, value, is_there in zip(samples.times_ms.tolist(), row, present, strict=True):
            if is_there:
                yield f"{labels['__name__']}{{{inside}}} {value!r} {time / 1000:.3f}\n"
    yield "# EOF\n"
