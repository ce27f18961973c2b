"""What the tab Your data shows: how far a training is, and the segments it found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from inference import Contract, Segment
from service.languages.language import ENGLISH, Language, current, root, term
from service.languages.number_format import by_count, grouped, in_percent
from service.page.draw.markup import Markup, element, filled, in_english, join
from service.page.draw.palette import segment_style
from service.page.texts import answer_texts
from service.page.views.answer_card import tier_tag
from service.page.views.tables import definitions
from service.train.own_data import own_data_texts as texts
from service.train.own_sites import address_of
from service.train.training_job import Job, Result, State
from service.train.training_result import files_of

MINUTE = 60
SOON_MINUTES = 90  # seconds from which minutes are shown


def progress_view(job: Job, position: int, now: float) -> Markup:
    """A bar with the time left."""
    percent = int(100 * job.share)
    bar = element(
        "progress",
        texts.PERCENT.format(percent=percent),
        value=percent,
        max=100,
        aria_label=texts.RUNNING,
        class_="own-bar",
    )
    left = _left(job.seconds_left(now))
    line = " · ".join(each for each in (texts.PERCENT.format(percent=percent), left) if each)
    return element("div", bar, element("p", line, class_="hint")) if position == 0 else element("div", bar)


def stage_view(job: Job, position: int) -> Markup:
    """What the training does, or how many are before it."""
    before = by_count(position, texts.WAITING) if position else ""
    words = before or f"{job.stage or texts.RUNNING} …"
    return element("p", words, class_="said", role="status")


def _left(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < SOON_MINUTES:
        return texts.LEFT_SECONDS.format(count=seconds)
    return texts.LEFT_MINUTES.format(count=round(seconds / MINUTE))


def result_view(job: Job, found: Result, kept_minutes: int) -> Markup:
    """The segments, the kind of segmentation and what it means, and the way to everything else."""
    contract = found.contract
    customers = sum(each.size for each in contract.segments)
    title = texts.RESULT_TITLE.format(segments=len(contract.segments), customers=grouped(customers))
    until = datetime.fromtimestamp((job.ended or 0) + MINUTE * kept_minutes, UTC).strftime("%H:%M")
    cards = [_segment(contract, each) for each in contract.segments]
    return element(
        "div",
        element("h2", title, tabindex="-1", id="own-found", data_result=job.id),
        *_kind(contract),
        element("div", *cards, class_="own-segments"),
        *_warnings(found),
        element(
            "p",
            element(
                "a",
                texts.OPEN,
                href=address(job, current()),
                target="_blank",
                rel="noopener",
                class_="own-open",
            ),
            element("span", texts.OPEN_HINT.format(until=until), class_="hint"),
            class_="own-way",
        ),
        element("h3", texts.DOWNLOADS_TITLE),
        _downloads(job),
        class_="card",
    )


def address(job: Job, language: Language) -> str:
    """Of the page about a result, from the page that this tab is on."""
    return f"{root()}{address_of(job.id, language).removeprefix('/')}/"


def _kind(contract: Contract) -> Iterator[Markup]:
    choice = contract.choice
    if choice is None:
        return
    badge = element("span", answer_texts.KINDS.get(choice.kind, choice.kind), class_="badge")
    yield element("p", badge, f" {answer_texts.KIND_MEANINGS.get(choice.kind, '')}", class_="lead")
    yield element("p", in_english(f"{choice.reason[:1].upper()}{choice.reason[1:]}"), class_="hint")


def _segment(contract: Contract, segment: Segment) -> Markup:
    swatch = element("span", class_="swatch", aria_hidden="true")
    size = f"{grouped(segment.size)} · {in_percent(segment.share)}"
    because = element("p", filled(texts.BECAUSE, figures=in_english(segment.because)), class_="hint")
    return element(
        "article",
        element("h3", join(swatch, " ", segment.name)),
        element("p", join(size, " ", tier_tag(segment.tier, short=True))),
        *([because] if segment.because else []),
        element("p", element("b", term(texts.ACTION)), in_english(segment.action)),
        *_outcomes(contract, segment),
        class_="own-segment",
        style=segment_style(segment.id),
    )


def _outcomes(contract: Contract, segment: Segment) -> Iterator[Markup]:
    figures = [(each.title, each.words(each.segments[segment.id])) for each in contract.outcomes]
    known = [(title, words) for title, words in figures if words]
    if known:
        yield definitions(known)


def _warnings(found: Result) -> Iterator[Markup]:
    if found.warnings:
        points = [element("li", in_english(f"{each[:1].upper()}{each[1:]}")) for each in found.warnings]
        yield element("details", element("summary", texts.WARNINGS), element("ul", *points, class_="points"))


def _downloads(job: Job) -> Markup:
    made = files_of(job)
    links = [
        element("li", element("a", title, href=f"{address(job, ENGLISH)}files/{name}", download=True))
        for name, title in texts.DOWNLOADS.items()
        if name in made
    ]
    return element("ul", *links, class_="own-files")


def names_form(found: Result) -> Markup:
    """A name and a tier per segment, to be edited."""
    rows = [
        _name(index, automatic, segment)
        for index, (automatic, segment) in enumerate(
            zip(found.automatic, found.contract.segments, strict=True)
        )
    ]
    return element("div", *rows, id="own-names", class_="own-names")


def _name(index: int, automatic: str, segment: Segment) -> Markup:
    name = element(
        "input",
        type="text",
        value=segment.name,
        class_="box",
        maxlength=80,
        data_field="name",
        aria_label=texts.NAME.format(segment=segment.name),
    )
    tiers = [
        element("option", answer_texts.TIERS_SHORT.get(each, each), value=each, selected=each == segment.tier)
        for each in texts.TIERS
    ]
    tier = element(
        "select", *tiers, class_="box", data_field="tier", aria_label=texts.TIER.format(segment=segment.name)
    )
    fields = [name, tier] if segment.tier else [name]
    return element(
        "div",
        element("span", class_="swatch", aria_hidden="true"),
        *fields,
        class_="own-name",
        data_segment=automatic,
        data_name=segment.name,
        data_tier=segment.tier,
        style=segment_style(segment.id),
    )


def failed_view(job: Job) -> Markup:
    """Why there are no segments."""
    if job.state is State.CANCELLED:
        return element("p", texts.CANCELLED, class_="said done", role="status")
    return element(
        "div",
        element("h2", texts.FAILED_TITLE),
        element("p", in_english(job.problem), class_="said problem", role="alert"),
        class_="card",
    )
