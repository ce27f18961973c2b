"""Makes features of columns: logarithms in place of skewed amounts, and the sum of columns of spending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.roles.clustering_columns import Candidate, ClusteringChoice
from trainer.roles.proposed_features import logarithm, sum_of, why_logarithm
from trainer.roles.recognise.business_meaning import wants_logarithm
from trainer.roles.settings.role_settings import Roles
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.meanings import BASKET, VALUE
from trainer.schema.schema import Feature


@dataclass(frozen=True, kw_only=True)
class Engineered:
    """Clustering columns and features with logarithms in place of what is skewed.

    Attributes:
        logarithms: column -> the feature that is clustered in its place.
        total: the feature that sums several columns of spending, or ``None``.
    """

    clustering: tuple[str, ...]
    features: tuple[Feature, ...]
    logarithms: dict[str, str]
    reasons: dict[str, str]
    total: str | None

    @property
    def sources(self) -> set[str]:
        """The raw columns that clustering columns and features are made of."""
        formulas = {feature.name: feature.formula.columns for feature in self.features}
        return {source for name in self.clustering for source in formulas.get(name, (name,))}

    def clustered(self, name: str | None) -> str | None:
        """The clustering feature that replaces a column, or the column itself."""
        return self.logarithms.get(name or "", name)


def engineer(
    specs: Mapping[str, ColumnSpec],
    candidates: Sequence[Candidate],
    clustering: ClusteringChoice,
    roles: Roles,
    summed: Sequence[str],
) -> Engineered:
    """Features for skewed amounts and for spending in several columns, and the clustering columns with them.

    Args:
        summed: the columns of spending whose sum is the value of a customer; empty for none.
    """
    features = list(roles.features)
    taken = {*specs, *(feature.name for feature in features)}
    reasons: dict[str, str] = {}
    logarithms: dict[str, str] = {}
    for each in candidates:
        signed = each.number.negative and specs[each.name].meaning not in (VALUE, BASKET)
        wanted = roles.log and each.name in clustering.names and not signed
        if wanted and wants_logarithm(each.number):
            feature = logarithm(specs[each.name], features, taken)
            features += [] if feature in features else [feature]
            taken.add(feature.name)
            logarithms[each.name] = feature.name
            why = why_logarithm(each.number)
            reasons[feature.name] = f"used for clustering instead of {each.header!r}: {why}"
    total = sum_of([specs[name] for name in summed], taken) if summed else None
    if total is not None:
        features.append(total)
        reasons[total.name] = f"the sum of {len(summed)} spending columns: the value of a customer"
    features_used = tuple(dict.fromkeys(logarithms.get(name, name) for name in clustering.names))
    return Engineered(
        clustering=features_used,
        features=tuple(features),
        logarithms=logarithms,
        reasons=reasons,
        total=None if total is None else total.name,
    )
