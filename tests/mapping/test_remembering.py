"""What metrics remember from one tick to the next goes on in the run after."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from simulator.errors import ScenarioError
from simulator.mapping.remembering import memory_in, memory_left
from simulator.simulation.arrays import Floats

_VALUES = st.one_of(st.floats(-(2.0**53), 2.0**53), st.just(np.nan))


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=_VALUES))
def test_what_is_left_comes_back_bit_for_bit_over_a_file(values: Floats) -> None:
    back = memory_in(json.loads(json.dumps(memory_left({"drift_detected": values}))))
    np.testing.assert_array_equal(back["drift_detected"], values)


@pytest.mark.parametrize(
    "left",
    [
        None,
        [],
        "x",
        {"a": 1},
        {"a": "x"},
        {"a": [True]},
        {"a": ["1"]},
        {"a": [[1], [1, 2]]},
        {"a": [10**400]},
        {"a": [float("inf")]},
        {"a": [-1e16]},
        {"a": {"b": 1}},
        {"a": [{}]},
    ],
)
def test_what_no_run_leaves_is_refused(left: object) -> None:
    with pytest.raises(ScenarioError, match="the run before left"):
        memory_in(left)
