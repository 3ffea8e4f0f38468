"""A file that says what is expected of notifications."""

from pathlib import Path

import pytest

from simulator.errors import NotificationError
from simulator.notifying.expected import read_expected


def written(folder: Path, text: str) -> Path:
    file = folder / "expected.yml"
    file.write_text(text)
    return file


def test_it_says_who_is_told_when_and_how(tmp_path: Path) -> None:
    text = "within: 5m\nalerts:\n- {alert: Kafka*, receivers: [page], group_by: [job], within: 1m}"
    everything, kafka = read_expected(written(tmp_path, text))
    assert (everything.alert, everything.within, everything.receivers) == ("*", 300.0, None)
    assert kafka.receivers == frozenset({"page"})
    assert kafka.group_by == frozenset({"job"})
    assert kafka.within == 60.0
    assert kafka.is_for("KafkaLag")
    assert not kafka.is_for("MinioDown")


def test_nobody_may_be_expected_to_be_told(tmp_path: Path) -> None:
    (one,) = read_expected(written(tmp_path, "alerts: [{alert: A, receivers: []}]"))
    assert one.receivers == frozenset()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a", "a mapping with a list of alerts is wanted"),
        ("{alerts: [{alert: A, receiver: page}]}", "'receiver' is none of .*receivers"),
        ("{alerts: [{receivers: [page]}]}", r"alerts\.0\.alert: the name of an alert"),
        ("{alerts: [{alert: A, group_by: job}]}", r"group_by: a list of names is wanted"),
        ("{within: soon}", "within: 'soon' is not a duration"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NotificationError, match=said):
        read_expected(written(tmp_path, text))
