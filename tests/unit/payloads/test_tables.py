"""NumPy's and pandas' values, bounded and labelled, without importing either."""

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from everyrun.domain.payloads import Capturer
from tests.unit.payloads.test_storable import assert_storable

NAN = {"$type": "float", "value": "nan"}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float64(1.5), {"$type": "numpy.float64", "value": 1.5}),
        (np.float32("nan"), {"$type": "numpy.float32", "value": NAN}),
        (np.int64(5), {"$type": "numpy.int64", "value": 5}),
        (np.bool_(True), {"$type": "numpy.bool", "value": True}),
        (np.str_("a"), {"$type": "numpy.str_", "value": "a"}),
        (
            np.datetime64("2026-01-02T03:04:05.123456789"),
            {"$type": "numpy.datetime64", "value": "2026-01-02T03:04:05.123456789"},
        ),
        (np.timedelta64(5, "s"), {"$type": "numpy.timedelta64", "value": "5 seconds"}),
        (np.longdouble(1.5), {"$type": "numpy.longdouble", "value": "1.5"}),
        (
            np.array([[1, 2], [3, 4]], dtype="int32"),
            {
                "$type": "numpy.ndarray",
                "dtype": "int32",
                "shape": [2, 2],
                "value": [[1, 2], [3, 4]],
            },
        ),
        (np.array(7), {"$type": "numpy.ndarray", "dtype": "int64", "shape": [], "value": 7}),
        (
            np.array(["2026-01-02"], dtype="datetime64[D]"),
            {
                "$type": "numpy.ndarray",
                "dtype": "datetime64[D]",
                "shape": [1],
                "value": ["2026-01-02"],
            },
        ),
        (
            np.array([{"password": "x"}, (1,)], dtype=object),
            {
                "$type": "numpy.ndarray",
                "dtype": "object",
                "shape": [2],
                "value": [{"password": "***"}, {"$type": "tuple", "value": [1]}],
            },
        ),
        (
            pd.Timestamp("2026-01-02T03:04:05.123456789", tz="Asia/Seoul"),
            {"$type": "pandas.Timestamp", "value": "2026-01-02T03:04:05.123456789+09:00"},
        ),
        (pd.Timedelta(days=1), {"$type": "pandas.Timedelta", "value": "P1DT0H0M0S"}),
        (pd.NaT, {"$type": "pandas.NaT"}),
        (pd.NA, {"$type": "pandas.NA"}),
        (pd.Period("2026-01"), {"$type": "pandas.Period", "value": "2026-01"}),
        (
            pd.Index([1, 2]),
            {"$type": "pandas.Index", "dtype": "int64", "value": [1, 2]},
        ),
        (
            pd.Series([1.5, None], name="n"),
            {
                "$type": "pandas.Series",
                "length": 2,
                "name": "n",
                "dtype": "float64",
                "index": {"$type": "range", "value": [0, 2, 1]},
                "value": [1.5, NAN],
            },
        ),
        (
            pd.DataFrame({"a": [1, 2], "token": ["x", "y"]}, index=["r", "s"]),
            {
                "$type": "pandas.DataFrame",
                "shape": [2, 2],
                "columns": ["a", "token"],
                "dtypes": ["int64", "str"],
                "index": ["r", "s"],
                "value": [[1, "***"], [2, "***"]],
            },
        ),
        (
            pd.DataFrame(),
            {
                "$type": "pandas.DataFrame",
                "shape": [0, 0],
                "columns": [],
                "dtypes": [],
                "index": {"$type": "range", "value": [0, 0, 1]},
                "value": [],
            },
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_a_table_library_is_labelled(value: Any, plain: Any) -> None:
    assert plain == Capturer().plain(value)


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(3_000_000),
        np.zeros((3_000, 1_000)),
        np.full(1_000, "é" * 10_000),
        np.array([b"\xff" * 1_000] * 1_000),
        np.array([(1, 2.5)] * 50_000, dtype=[("a", "i4"), ("b", "f8")]),
        pd.DataFrame({"a": range(100_000), "b": "text"}),
        pd.DataFrame({"a": range(100_000)}, index=pd.date_range("2026", periods=100_000, freq="s")),
        pd.DataFrame([range(20_000)]),
        pd.Series(["é" * 500] * 10_000),
        pd.Series(range(100_000), index=[f"row {n}" for n in range(100_000)]),
        pd.MultiIndex.from_product([range(300), list("abc")]),
        pd.Series(pd.Categorical(["a", "b"] * 10_000)),
    ],
    ids=lambda value: f"{type(value).__name__}{value.shape}",
)
@pytest.mark.parametrize("max_bytes", [500, 20_000])
def test_a_large_table_is_cut_to_size(value: Any, max_bytes: int) -> None:
    plain = Capturer(max_bytes).plain(value)

    assert_storable(plain, max_bytes)
    assert "object" != plain["$type"]


def test_a_cut_array_says_how_many_items_are_missing() -> None:
    plain = Capturer(1_000).plain(np.zeros((1_000, 1_000), dtype="int8"))

    assert [1_000, 1_000] == plain["shape"]
    assert 1_000_000 == len(plain["flat"]) - 1 + plain["flat"][-1]["items"]


def test_a_cut_frame_says_how_many_rows_are_missing() -> None:
    plain = Capturer(1_000).plain(pd.DataFrame({"a": range(5_000)}))

    assert 5_000 == len(plain["value"]) - 1 + plain["value"][-1]["items"]


def test_neither_library_is_imported_for_it() -> None:
    program = (
        "import sys, everyrun.domain.payloads as payloads;"
        "payloads.Capturer().plain([object(), {1, 2}, ValueError()]);"
        "print(sorted({'numpy', 'pandas', 'pydantic', 'attr'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "[]" == answer.stdout.strip()
