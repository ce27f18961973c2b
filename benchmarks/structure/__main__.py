"""How often is the number of natural groups right, and one population recognised, next to other methods?

    python -m benchmarks.structure --sizes 200 1000 --seeds 100 101 --rivals all
    python -m benchmarks.structure --scenarios one own "2x3 grid" --sizes 200 --seeds 0
    python -m benchmarks.structure --sizes 200 --seeds 100 --choice-seeds 0 1 2 3 4 5 6 7 8 9
    python -m benchmarks.structure --scenarios large --sizes 1000 10000 100000 1000000
    python -m benchmarks.structure --summary
    python -m benchmarks.structure --publish

Each case is a line of JSON in the results; cases that are there already are not repeated. Scenarios are given
by name or by group (structured, hard, one, own, kept_back, large). ``--choice-seeds`` judges each table with
several seeds, to see how often the answer depends on the seed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.structure.scenario import Floats
from benchmarks.structure.scenarios import scenarios, table
from benchmarks.structure.structure_report import RULE, flips, own_seed, publish, scenario_text, summary
from benchmarks.structure.structure_rivals import RIVALS
from trainer.segments.structure import ChoiceSettings, choose_k

RESULTS = Path(__file__).parents[1] / "results" / "structure.jsonl"

_RIVAL_ROWS = 2_000


@dataclass(frozen=True, kw_only=True)
class Case:
    """One table and the method that judges it; ``choice_seed`` is that of the method."""

    scenario: str
    rows: int
    seed: int
    method: str
    choice_seed: int

    @property
    def key(self) -> str:
        """What identifies this case."""
        return "|".join(map(str, asdict(self).values()))


def answered(case: Case) -> dict[str, Any]:
    """Return the line of a case: what was asked, the answer, 1 for no groups, and the CPU seconds."""
    scenario = scenarios()[case.scenario]
    rows = table(scenario, case.rows, case.seed)
    start = time.process_time()
    with threadpool_limits(limits=1):
        found = _by_rule(rows, case.choice_seed) if case.method == RULE else _by_rival(rows, case)
    seconds = round(time.process_time() - start, 2)
    return {**asdict(case), "k": scenario.k, "group": scenario.group, **found, "seconds": seconds}


def _by_rule(rows: Floats, seed: int) -> dict[str, Any]:
    found = choose_k(rows, ChoiceSettings(seed=seed, jobs=1))
    figures = [
        {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(row).items()}
        for row in found.table
    ]  # the evidence, so that other limits can be tried on it
    return {
        "answer": found.natural_k or 1,
        "offered": found.k,
        "kind": found.kind,
        "p_value": found.p_value,
        "limit": round(found.limit, 3),
        "bic_k": found.bic_k,
        "columns": len(found.columns),
        "table": figures,
    }


def _by_rival(rows: Floats, case: Case) -> dict[str, Any]:
    if len(rows) > _RIVAL_ROWS:
        rows = np.random.default_rng(case.seed).choice(rows, _RIVAL_ROWS, replace=False)
    return {"answer": RIVALS[case.method]((rows - rows.mean(axis=0)) / rows.std(axis=0), case.choice_seed)}


def recorded(path: Path) -> list[dict[str, Any]]:
    """Return the lines of earlier runs."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(cases: Sequence[Case], path: Path, processes: int) -> None:
    """Answer the cases that ``path`` does not hold yet, and append them to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done = {Case(**{name: line[name] for name in Case.__annotations__}).key for line in recorded(path)}
    todo = [case for case in cases if case.key not in done]
    with path.open("a", encoding="utf-8") as file:
        for line in _answers(todo, processes):
            file.write(json.dumps(line) + "\n")
            file.flush()


def _answers(cases: Sequence[Case], processes: int) -> Iterator[dict[str, Any]]:
    if processes == 1:
        yield from map(answered, cases)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(answered, cases)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenarios", nargs="+", default=["structured", "one", "own"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--choice-seeds", type=int, nargs="+", help="default: that of the table")
    parser.add_argument("--sizes", type=int, nargs="+", default=[200])
    parser.add_argument("--rivals", nargs="+", default=[], help=f"all, or of {', '.join(RIVALS)}")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--summary", action="store_true", help="only summarise what is there")
    parser.add_argument("--publish", action="store_true", help="write the figures of --results into docs/")
    return parser.parse_args()


def main() -> None:
    """Run what is asked and print the summaries."""
    asked = _asked()
    rivals = list(RIVALS) if asked.rivals == ["all"] else asked.rivals
    chosen = [s for s in scenarios().values() if {s.name, s.group} & set(asked.scenarios)]
    cases = [
        Case(scenario=scenario.name, rows=rows, seed=seed, method=method, choice_seed=choice_seed)
        for rows in asked.sizes
        for seed in asked.seeds
        for scenario in chosen
        for method in (RULE, *rivals)
        for choice_seed in asked.choice_seeds or [seed]
    ]
    if not (asked.summary or asked.publish):
        run(cases, asked.results, asked.processes)
    lines = recorded(asked.results)
    own = own_seed(lines)
    print(scenario_text(own))
    print(summary(own))
    if (found := flips(lines)) is not None:
        print(
            f"pairs of seeds: {found.pairs}, natural k differs {found.natural:.3f}, answer {found.answer:.3f}"
        )
        print("\n".join(found.where))
    if asked.publish:
        publish(lines)


if __name__ == "__main__":
    main()
