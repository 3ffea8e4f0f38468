"""Incidents as teams have them: tables and JSON, in the words of either world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.errors import TruthError
from simulator.tuning.truth.incident_files import wanted_alarms_in
from simulator.tuning.truth.incidents import WantedAlarm

if TYPE_CHECKING:
    from pathlib import Path

LAG = WantedAlarm("lag at 1000", "lag", "red", 1000.0, 2000.0, 2000.0)


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize(
    "text",
    [
        "start,end,signal,severity\n1000,2000,lag,red\n",
        "Start;End;Signal;Severity\r\n1000;2000;lag;critical\r\n",
        "\ufeffsignal\tseverity\tend\tstart\tteam\nlag\tCritical\t2000\t1000\tdata\n",
        " start , end , signal , severity , name , until \n 1000 , 2000 , lag , red ,,\n",
        "start,end,signal,severity\n1970-01-01T00:16:40Z,1970-01-01 00:33:20,lag,red\n",
    ],
)
def test_a_table_is_read_whatever_its_separator_and_order(tmp_path: Path, text: str) -> None:
    found = wanted_alarms_in(written(tmp_path, "incidents.csv", text))

    assert [(w.signal, w.severity, w.start, w.end) for w in found] == [
        (LAG.signal, LAG.severity, LAG.start, LAG.end)
    ]


def test_json_is_a_list_or_has_one_and_comes_in_time_order(tmp_path: Path) -> None:
    late = {"start": 5000, "end": 6000, "until": 7000, "signal": "*", "severity": "warning"}
    early = {"start": "1000", "end": 2000, "signal": "lag", "severity": "red"}
    plain = written(tmp_path, "a.json", json.dumps([{**late, "name": "night"}, early]))
    wrapped = written(tmp_path, "b.json", json.dumps({"incidents": [early]}))

    assert wanted_alarms_in(plain) == (
        LAG,
        WantedAlarm("night", "*", "orange", 5000.0, 6000.0, 7000.0),
    )
    assert wanted_alarms_in(wrapped) == (LAG,)


def test_a_truth_file_gives_the_alarms_of_its_episodes(tmp_path: Path) -> None:
    alarm = {"signal": "drift", "severity": "orange", "until": "1970-01-01T00:50:00Z"}
    episode = {"name": "d", "kind": "drift", "start": "1970-01-01", "end": "1970-01-01T00:40:00Z"}
    file = written(
        tmp_path,
        "truth.json",
        json.dumps({"episodes": [{**episode, "alarms": [alarm]}, {**episode, "name": "quiet"}]}),
    )

    assert wanted_alarms_in(file) == (WantedAlarm("d", "drift", "orange", 0.0, 2400.0, 3000.0),)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("i.csv", "", "columns start, end, signal, severity are wanted"),
        ("i.csv", "start,end,signal\n1,2,lag\n", "severity missing in 'start,end,signal'"),
        ("i.csv", "start,end,signal,severity\n1,2,,red\n", "line 2: no signal"),
        ("i.csv", "start,end,signal,severity\n1,2\n", "line 2: no signal, severity"),
        ("i.csv", "start,end,signal,severity\n1,2,lag,blue\n", "severity: 'blue' is none of"),
        ("i.csv", "start,end,signal,severity\n2,1,lag,red\n", "line 2: start 2, end 1"),
        ("i.csv", "start,end,signal,severity\nsoon,1,lag,red\n", "line 2: start: 'soon'"),
        (
            "i.csv",
            "start,end,signal,severity\n1,2,a,b,red\n",
            "line 2: more cells than columns: ['red']",
        ),
        (
            "i.csv",
            "start,end,start,signal,severity\n1,2,3,a,red\n",
            "the column start is there twice",
        ),
        ("i.csv", "start,end,signal,severity\n", "no incident in it is worth an alarm"),
        ("i.json", "[]", "no incident in it is worth an alarm"),
        ("i.json", "{", "not JSON"),
        ("i.json", "3", "a list of incidents is wanted"),
        ("i.json", "[3]", "i.json: 0: an object with start"),
        ("i.json", "[" * 100_000, "not JSON"),
        (
            "i.json",
            '[{"start": 1, "end": 5, "until": 4, "signal": "a", "severity": "red"}]',
            "order",
        ),
        ("none.csv", None, "none.csv: cannot be read: No such file"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    file = tmp_path / name if text is None else written(tmp_path, name, text)

    with pytest.raises(TruthError, match="^" + str(file)) as error:
        wanted_alarms_in(file)

    assert said in str(error.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "i.csv"
    file.write_bytes(b"start,\xff")

    with pytest.raises(TruthError, match="not UTF-8 text at byte 6"):
        wanted_alarms_in(file)
