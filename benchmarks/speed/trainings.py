"""Training from a file: this product with all its decisions, beside the same steps in plain scikit-learn."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks.speed.files import MEMORY, SECONDS
from benchmarks.speed.measuring import OURS, Case, Figures, Way
from benchmarks.speed.processes import measured

COLUMNS, GROUPS, AT_ONCE = 8, 4, 1_000_000
NAMES = tuple(
    f"{what}_per_month"
    for what in ("visits", "orders", "calls", "logins", "mails", "chats", "views", "items")
)
# As its documentation shows: the numbers of segments tried with silhouettes of a sample, twenty bootstraps of
# the chosen one, three classifiers compared on five folds with hidden values, the best one fitted and saved.
PLAIN = """\
import sys, joblib, numpy as np, pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier
source, target = sys.argv[1:]
frame = pd.read_parquet(source)
scaler = StandardScaler()
points = scaler.fit_transform(frame)
rng = np.random.default_rng(0)
some = points[rng.permutation(len(points))[:2000]]
fits = {k: KMeans(k, n_init=10, random_state=0).fit(points) for k in range(2, 11)}
k = max(fits, key=lambda each: silhouette_score(some, fits[each].predict(some)))
for _ in range(20):
    drawn = points[rng.integers(0, len(points), len(points))]
    again = KMeans(k, n_init=10, random_state=0).fit(drawn)
    adjusted_rand_score(fits[k].labels_, again.predict(points))
labels = fits[k].labels_
hidden = np.where(rng.random(points.shape) < 0.25, 0.0, points)
candidates = [LogisticRegression(max_iter=1000), RandomForestClassifier(200, n_jobs=-1), XGBClassifier()]
scores = [cross_val_score(each, hidden, labels, cv=5, scoring="neg_log_loss").mean() for each in candidates]
best = candidates[int(np.argmax(scores))].fit(hidden, labels)
joblib.dump((scaler, fits[k], best), target)
"""


def write_groups(path: Path, rows: int) -> None:
    """Customers of four groups with eight columns, a million rows at a time, as Parquet."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(20, 80, (GROUPS, COLUMNS))
    schema = pa.schema([(name, pa.float64()) for name in NAMES])
    with parquet.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, AT_ONCE):
            count = min(AT_ONCE, rows - first)
            cells = rng.normal(centres[rng.integers(0, GROUPS, count)], 6).round(1)
            writer.write_table(pa.table(dict(zip(NAMES, cells.T, strict=True)), schema=schema))


@contextmanager
def _ways(rows: int, *, options: tuple[str, ...], beside: bool) -> Iterator[Mapping[str, Way]]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source, out = folder / "customers.parquet", folder / "out"
        write_groups(source, rows)
        train = [sys.executable, "-m", "trainer", "--data", str(source), "--out", str(out), *options]
        ways: dict[str, Way] = {OURS: partial(_trained, train, out)}
        if beside:
            plain = [sys.executable, "-c", PLAIN, str(source), str(folder / "parts.joblib")]
            ways["the same steps in scikit-learn"] = lambda _: measured(plain)
        yield ways


def _trained(command: list[str], out: Path, _turn: int) -> Figures:
    found = measured(command)
    shutil.rmtree(out)
    return found


def _case(
    rows: int, title: str, *, options: tuple[str, ...] = (), rounds: int = 1, wanted: str, beside: bool = True
) -> Case:
    return Case(
        key=f"train-{rows}",
        title=title,
        metrics=(SECONDS, MEMORY),
        ways=partial(_ways, rows, options=options, beside=beside),
        rounds=rounds,
        wanted=wanted,
        warm_up=False,
        large=rows > 200,
    )


QUICK = ("--quick",)
CASES = (
    _case(200, "training on 200 x 8, all decisions", rounds=3, wanted="<= 20 s"),
    _case(10_000, "training on 10 k x 8, all decisions", wanted=""),
    _case(1_000_000, "training on 1 M x 8, `--quick`", options=QUICK, wanted="<= 60 s"),
    _case(
        10_000_000,
        "training on 10 M x 8, `--quick`",
        options=QUICK,
        wanted="<= 5 min, <= 6 GB",
        beside=False,
    ),
)
