"""The labels that we say a query can have are those that a real Prometheus gives its series."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from simulator.errors import PrometheusError
from simulator.observation.prometheus import Prometheus
from simulator.promql.kept_labels import kept_labels
from simulator.promql.parsing import parsed
from simulator.runtime.served_blocks import served_blocks
from simulator.tsdb.blocks import Samples, write_block
from simulator.tsdb.ulids import ulid

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

AT = 1_767_571_200
INSIDE = [
    *("x", "sum by (a, b) (x)", "sum without (b) (x)", "max(x)", "topk(1, x)"),
    *("rate(x[5m])", "count_values by (a) ('v', x)", "group by (a) (x)"),
    *("label_replace(sum by (a) (x), 'new', '$1', 'a', '(.*)')", "label_join(x, 'new', '-', 'a')"),
    "histogram_quantile(0.5, sum by (a, le) (h_bucket))",
    "histogram_quantile(0.5, h_bucket)",
    "quantile_over_time(0.5, x[5m])",
    "absent(nobody{a='1', b=~'2'})",
    "absent_over_time(nobody{a='1'}[5m])",
    *("vector(1)", "time() - x", "-x", "(x)", "scalar(max(x))", "max_over_time((x > 0)[5m:1m])"),
]
AROUND = [
    *("{}", "sum by (a, new) ({})", "max without (a) ({})", "count({})", "{} > 0", "2 * {}"),
    *("{} and on (a) y", "{} unless on () nobody", "({}) or y", "{} * on () group_left () max(y)"),
    *("sum by (a) ({}) / sum by (a) (y)", "sum by (a) ({}) / on (a) sum by (a) (y)"),
    "sum by (a) ({}) * on (a) group_left (c) max by (a, c) (y)",
    "max by (a, c) (y) * on (a) group_right (c) sum by (a) ({})",
    "sum by (a, b) ({}) / ignoring (b) sum by (a) (y)",
    "sum by (a) ({}) > bool 1",
]


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    labels = [
        *({"__name__": "x", "a": "1", "b": one, "c": "3", "d": "4"} for one in "12"),
        {"__name__": "y", "a": "1", "c": "3", "e": "5"},
        *({"__name__": "h_bucket", "a": "1", "b": "2", "le": one} for one in ("1.0", "+Inf")),
    ]
    times = np.arange(AT - 900, AT + 1, 15, dtype=np.int64) * 1000
    shape = (len(labels), len(times))
    values = np.cumsum(np.ones(shape), axis=1) + np.arange(len(labels))[:, np.newaxis]
    samples = Samples(labels, times, values, np.ones(shape, dtype=np.bool_))
    write_block(samples, folder=folder, ulid=ulid(AT * 1000, entropy=b"0123456789"))
    return folder


def test_no_series_has_a_label_that_is_said_to_be_gone(blocks: Path) -> None:
    told, wrong = 0, []
    with served_blocks(blocks, scrape_interval_seconds=15.0) as url, Prometheus(url) as asked:
        for around, inside in product(AROUND, INSIDE):
            query = around.format(inside)
            tree = parsed(query)
            if tree is None:  # a number where series are wanted
                continue
            kept = kept_labels(tree)
            try:
                found = {name for one in asked.query(query, at=AT) for name in one.labels}
            except PrometheusError:  # such as many series for one
                continue
            found.discard("__name__")
            if kept is not None and found:
                told += 1
                if not found <= kept:
                    wrong.append(f"{query}: {sorted(found - kept)}")
    assert not wrong, "\n".join(wrong)
    assert told > 120
