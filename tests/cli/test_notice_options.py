"""Options about notifications: what they mean nothing without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Program

ALERT = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]"
ROUTES = "{route: {receiver: a}, receivers: [{name: a}]}"
LIVE = ("--prometheus", "http://127.0.0.1:9", "--start", "now-1h", "--rules", "r.yml")
TOLD = ("calm", "--notifications", "--rules", "r.yml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cover", "calm", "--expected", "none.yml"), "--expected: only with --notifications"),
        (("cover", "calm", "--play-time", "5s"), "--play-time: only with --notifications"),
        (("cover", "calm", "--notifications"), "give the alerts that are told with --rules"),
        (("cover", *TOLD, "--play-time", "0s"), "--play-time: from 1s to 1h"),
        (("cover", *TOLD, "--play-time", "2h"), "--play-time: from 1s to 1h"),
        (("cover", *TOLD, "--receiver", "http://x"), "--receiver: only with --prometheus"),
        (("cover", *LIVE, "--notifications"), "with --prometheus: give the address of a receiver"),
        (
            ("cover", *LIVE, "--notifications", "--receiver", "http://x", "--play-time", "9s"),
            "--play-time: not with --receiver",
        ),
        (("cover", *TOLD, "--alertmanager", "none.yml"), "none.yml: an Alertmanager's config"),
        (("cover", *TOLD, "--expected", "none.yml"), "none.yml: a mapping with a list of alerts"),
        (("stack", "--alertmanager", "routes.yml"), "--alertmanager: only with --receiver"),
        (("stack", "--receiver", "--alertmanager", "none.yml"), "no route is there"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    simulator: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("r.yml", ALERT), ("none.yml", "{}"), ("routes.yml", ROUTES)):
        (tmp_path / name).write_text(text)
    ended = simulator(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
