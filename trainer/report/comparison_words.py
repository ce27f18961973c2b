"""A comparison of two models in words: for the screen and for the model card."""

from __future__ import annotations

from inference.wording import counted, listed
from trainer.report.card.markdown import paragraphs, table
from trainer.report.model_comparison import Comparison, Drift

COMPARED = "## Compared with the running model"


def comparison_sentences(found: Comparison) -> list[str]:
    """What a person should know before the retrained model takes over."""
    share = f"{found.moved / found.customers:.1%}"
    sentences = [
        f"{found.moved:,} of {counted(found.customers, 'customer')} ({share}) would be in another segment; "
        f"adjusted Rand index {found.agreement:.3f}",
        f"{counted(len(found.kept), 'segment')} of {sum(map(len, (found.kept, found.renamed, found.gone)))} "
        f"{'keeps its' if len(found.kept) == 1 else 'keep their'} name",
    ]
    sentences += [f"{old!r} continues as {new!r}" for old, new in found.renamed.items()]
    if found.gone:
        sentences.append(f"gone: {listed(found.gone)}")
    if found.new:
        sentences.append(f"new: {listed(found.new)}")
    sentences.append(f"drift with the running model: {_drift(found.before)}")
    sentences.append(f"drift with the retrained model: {_drift(found.after)}")
    return sentences


def rule_sentences(found: Comparison) -> list[str]:
    """What the rule says, and why."""
    if found.publish:
        return ["the rule publishes it: there was drift, it is gone, and segments and columns go on"]
    return [f"the rule does not publish it: {each}" for each in found.against]


def flow_rows(found: Comparison) -> tuple[list[str], list[list[str]]]:
    """From the segments of the running model (rows) to those of the retrained one (columns), in customers."""
    seen = {name for flow in found.flows.values() for name in flow}
    columns = [name for name in found.flows if name in seen]
    columns += sorted(seen - set(columns))
    rows = [[name, *(f"{flow.get(each, 0):,}" for each in columns)] for name, flow in found.flows.items()]
    return ["From \\ to", *columns], rows


def comparison_section(found: Comparison) -> str:
    """The section of the model card."""
    lines = "\n".join(f"- {each}" for each in (*comparison_sentences(found), *rule_sentences(found)))
    intro = f"Both models answered the customers of today; the running one was `{found.running[:12]}`."
    return paragraphs(COMPARED, intro, table(*flow_rows(found)), lines)


def _drift(drift: Drift) -> str:
    advice = ", train again" if drift.retrain else ""
    return f"{drift.light}{advice}. {' '.join(drift.reasons)}".removesuffix(".")
