"""What to ask for next, so that the segment is known after few questions."""

from __future__ import annotations

from service.api.schemas import Questions
from service.languages.number_format import percent
from service.page.draw.markup import Markup, element
from service.page.texts import answer_texts

MOST = 3  # questions at once
LEAST = 0.01  # of the doubt; less is not worth asking


def question_card(questions: Questions | None) -> Markup:
    """The best next questions and what each is worth; empty where none is."""
    if questions is None or not questions["uncertainty"]:
        return Markup("")
    worth = [(each["label"], each["gain"] / questions["uncertainty"]) for each in questions["questions"]]
    entries = [
        element(
            "li", element("b", label), f": {answer_texts.QUESTION.format(share=percent(min(share, 1.0)))}"
        )
        for label, share in worth[:MOST]
        if share >= LEAST
    ]
    if not entries:
        return Markup("")
    title = element("h2", answer_texts.QUESTION_TITLE)
    return element("section", title, element("ol", *entries, class_="points questions"), class_="card")
