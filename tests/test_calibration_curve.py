"""Checks that the calibration chart weights every missing pattern equally."""

from __future__ import annotations

import re

import pytest

from inference import Segmenter
from inference.contract import CalibrationBin
from service.page.draw.calibration_curve import calibration_figure, merged
from tests.synthetic import contract, number

FEW = [
    CalibrationBin(share=0.5, confidence=0.62, accuracy=0.5),
    CalibrationBin(share=0.5, confidence=1.0, accuracy=1.0),
]
MANY = [CalibrationBin(share=1.0, confidence=0.68, accuracy=0.8)]


def test_bins_of_several_patterns_are_averaged_by_their_share() -> None:
    low, high = merged([FEW, MANY])
    assert low.share == pytest.approx(0.75)
    assert low.confidence == pytest.approx((0.25 * 0.62 + 0.5 * 0.68) / 0.75)
    assert low.accuracy == pytest.approx((0.25 * 0.5 + 0.5 * 0.8) / 0.75)
    assert (high.share, high.confidence, high.accuracy) == (0.25, 1.0, 1.0)


def test_every_point_is_at_its_measured_position_and_described(published: Segmenter) -> None:
    markup = calibration_figure(published.contract)
    evaluation, classifier = published.contract.evaluation, published.contract.classifier
    assert evaluation is not None
    assert classifier is not None
    bins = merged([evaluation.calibration[pattern] for pattern in classifier.served_patterns])
    assert sum(each.share for each in bins) == pytest.approx(1)
    placed = re.findall(r'class="bubble" style="left:([\d.]+)%;bottom:([\d.]+)%', markup)
    assert placed == [(f"{each.confidence:.2%}"[:-1], f"{each.accuracy:.2%}"[:-1]) for each in bins]
    assert f"{bins[-1].confidence:.0%}: {bins[-1].accuracy:.0%}" in markup


def test_without_an_evaluation_there_is_no_chart() -> None:
    assert calibration_figure(contract([number("a")], ["One", "Two"])) == ""
