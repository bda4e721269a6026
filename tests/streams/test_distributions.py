"""Every distribution by sampling, against its formulas. Seeds are fixed; bounds are 4 standard
errors, narrow enough for a wrong parameter to show."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.demand.sampling import LONGEST_S, RecordedValues, whole_seconds
from sim.scenario import Distribution, ScenarioError
from sim.streams import Streams

N = 200_000
H = 3600


def drawn(spec) -> np.ndarray:
    distribution = Distribution.model_validate(spec)
    return distribution.sampler(RecordedValues({}))(Streams(1, 0)("test"), N)


SIGMA = math.log(3) / stats.norm.ppf(0.9)  # median 2, p90 6
LOG_CV = math.sqrt(math.log(1 + 0.6**2))
CASES = [
    ({"exponential": "2 h"}, stats.expon(scale=2 * H)),
    ({"gamma": {"mean": "2 h", "cv": 0.5}}, stats.gamma(4, scale=H / 2)),
    ({"gamma": {"mean": "2 h", "cv": 2.0}}, stats.gamma(0.25, scale=8 * H)),
    (
        {"lognormal": {"mean": "2 h", "cv": 0.6}},
        stats.lognorm(LOG_CV, scale=2 * H / math.sqrt(1.36)),
    ),
    ({"lognormal": {"median": "2 wd", "p90": "6 wd"}}, stats.lognorm(SIGMA, scale=2 * 86_400)),
    ({"uniform": {"low": "1 h", "high": "3 h"}}, stats.uniform(H, 2 * H)),
    ({"triangular": {"low": "1 h", "mode": "2 h", "high": "5 h"}}, stats.triang(0.25, H, 4 * H)),
    # beta-PERT: a = 1 + 4·(2-1)/4 = 2, b = 1 + 4·(5-2)/4 = 4
    ({"pert": {"low": "1 h", "mode": "2 h", "high": "5 h"}}, stats.beta(2, 4, H, 4 * H)),
]


@pytest.mark.parametrize(("spec", "theory"), CASES)
def test_mean_variance_and_quantiles(spec, theory):
    values = drawn(spec)
    sd, kurtosis = theory.std(), float(theory.stats("k")) + 3
    assert values.mean() == pytest.approx(theory.mean(), abs=4 * sd / N**0.5)
    if kurtosis < 100:  # else the variance is not known well enough from the sample
        error = sd**2 * ((kurtosis - 1) / N) ** 0.5
        assert values.var() == pytest.approx(sd**2, abs=4 * error)
    for p in (0.05, 0.1, 0.5, 0.9, 0.95):
        error = (p * (1 - p) / N) ** 0.5
        assert (values <= theory.ppf(p)).mean() == pytest.approx(p, abs=4 * error)


@pytest.mark.parametrize(("spec", "theory"), CASES)
def test_the_whole_distribution_is_the_stated_one(spec, theory):
    assert stats.kstest(drawn(spec), theory.cdf).pvalue > 0.001


def test_the_stated_numbers_come_out():
    values = drawn({"lognormal": {"mean": "2 h", "cv": 0.6}})
    assert values.mean() == pytest.approx(2 * H, rel=0.01)
    assert values.std() / values.mean() == pytest.approx(0.6, rel=0.02)
    values = drawn({"lognormal": {"median": "2 wd", "p90": "6 wd"}})
    assert np.median(values) == pytest.approx(2 * 86_400, rel=0.01)
    assert np.quantile(values, 0.9) == pytest.approx(6 * 86_400, rel=0.015)
    values = drawn({"pert": {"low": "1 h", "mode": "2 h", "high": "5 h"}})
    assert values.mean() == pytest.approx((1 + 4 * 2 + 5) / 6 * H, rel=0.005)


def test_what_does_not_vary():
    assert set(drawn("30 min")) == {1800}
    assert set(drawn("7 cd")) == {7}  # a legal period: days
    assert set(drawn({"constant": "7 cd"})) == {7 * 86_400}
    assert set(drawn("0.5 wd")) == {43_200}
    for kind in ("triangular", "pert"):
        assert set(drawn({kind: {"low": "1 h", "mode": "1 h", "high": "1 h"}})) == {H}
    assert set(drawn({"uniform": {"low": "1 h", "high": "1 h"}})) == {H}


def test_scale_multiplies_every_value():
    plain = {"exponential": "2 h"}
    assert np.array_equal(drawn(plain | {"scale": 0.25}), 0.25 * drawn(plain))
    assert set(drawn({"constant": "2 h", "scale": 0.0})) == {0}


def test_whole_seconds_halves_up():
    values = np.array([0.0, 0.49, 0.5, 1.5, 2.5, 2.499999, 1e30])
    assert whole_seconds(values).tolist() == [0, 0, 1, 2, 3, 2, LONGEST_S]


def test_rounding_keeps_the_mean():
    values = drawn({"exponential": "3 s"})
    # Σ P(X ≥ k + ½) = 1 / (2 sinh(1/6)) = 2.98615 for a mean of 3 s: 14 ms less
    shift = 1 / (2 * math.sinh(1 / 6)) - 3
    assert whole_seconds(values).mean() == pytest.approx(values.mean() + shift, abs=0.003)


def test_empirical_values_are_equally_likely(tmp_path):
    file = tmp_path / "log.csv"
    file.write_text("days,name\n0.5,a\n1,b\n1,c\n4,e\n")
    spec = {"empirical": {"file": "log.csv", "column": "days", "unit": "wd"}}
    recorded = RecordedValues({"log.csv": file})
    draw = Distribution.model_validate(spec).sampler(recorded)
    values, counts = np.unique(draw(Streams(1, 0)("test"), N) / 86_400, return_counts=True)
    assert values.tolist() == [0.5, 1, 4]
    for count, p in zip(counts, (0.25, 0.5, 0.25), strict=True):
        assert count / N == pytest.approx(p, abs=4 * (p * (1 - p) / N) ** 0.5)
    assert recorded("log.csv", "days") is recorded("log.csv", "days")


RECORDED = """h,name
5,a
-93,b
,c
"1,250",d
0,e
seven,f
nan,g
1_000,h
7.5,i
+.5e1,j
"""


def test_every_bad_row_of_recorded_values_is_told_at_once(tmp_path):
    file = tmp_path / "d.csv"
    file.write_text(RECORDED)
    with pytest.raises(ScenarioError) as error:
        RecordedValues({"d.csv": file})("d.csv", "h")
    assert str(error.value).split("\n") == [
        "d.csv:3: h: '-93': a duration is not below 0",
        "d.csv:4: h: is empty; take the row out, or fill it in",
        "d.csv:5: h: '1,250': must be a number: write 1250 without the comma",
        "d.csv:6: h: '0': a duration of 0: take the row out, or allow it with 'zeros: true'",
        "d.csv:7: h: 'seven': must be a number",
        "d.csv:8: h: 'nan': must be a number",
        "d.csv:9: h: '1_000': must be a number",
    ]


def test_zeros_are_values_if_they_are_meant(tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("h\n0\n7.5\n")
    spec = {"empirical": {"file": "d.csv", "column": "h", "unit": "h", "zeros": True}}
    drawn = Distribution.model_validate(spec).sampler(RecordedValues({"d.csv": file}))
    assert set(drawn(Streams(1, 0)("test"), 100).tolist()) == {0.0, 7.5 * 3600}


def test_of_very_many_bad_rows_fifty_are_told(tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("h\n" + "x\n" * 70)
    with pytest.raises(ScenarioError) as error:
        RecordedValues({"d.csv": file})("d.csv", "h")
    told = str(error.value).splitlines()
    assert len(told) == 51
    assert told[49:] == ["d.csv:51: h: 'x': must be a number", "… and 20 more mistakes"]


def test_a_blank_line_between_the_values_of_a_single_column_is_an_empty_one(tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("h\n5\n\n7\n\n\n")
    with pytest.raises(ScenarioError) as error:
        RecordedValues({"d.csv": file})("d.csv", "h")
    assert [problem.line for problem in error.value.problems] == [3]  # those at the end are none


def test_recorded_values_of_a_parquet_file_have_the_number_of_their_row(tmp_path):
    file = tmp_path / "d.parquet"
    pd.DataFrame({"h": [1.5, 2.0, None, -1.0]}).to_parquet(file)
    with pytest.raises(ScenarioError) as error:
        RecordedValues({"d.parquet": file})("d.parquet", "h")
    assert str(error.value).split("\n") == [
        "d.parquet: row 3: h: is empty; take the row out, or fill it in",
        "d.parquet: row 4: h: '-1': a duration is not below 0",
    ]
