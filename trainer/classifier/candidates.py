"""The classifiers that are compared in every run, by name: the only place where they are listed.

Their only task in the product is to answer for incomplete customers.
"""

from __future__ import annotations

from trainer.classifier.candidate import Candidate
from trainer.classifier.models.blend_candidate import BlendCandidate
from trainer.classifier.models.forest import ForestCandidate
from trainer.classifier.models.gaussian_candidate import GaussianCandidate
from trainer.classifier.models.logistic import LogisticCandidate
from trainer.classifier.models.xgboost_candidate import XGBoostCandidate

LOGISTIC, FOREST, BOOSTED = LogisticCandidate.name, ForestCandidate.name, XGBoostCandidate.name
GAUSSIAN, BLEND = GaussianCandidate.name, BlendCandidate.name

CANDIDATES: dict[str, Candidate] = {
    candidate.name: candidate
    for candidate in (
        LogisticCandidate(),
        ForestCandidate(),
        XGBoostCandidate(),
        GaussianCandidate(),
        BlendCandidate(),
    )
}
