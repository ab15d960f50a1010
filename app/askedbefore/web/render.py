"""Answers as HTML: a reader's question, and under it what the archive has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from askedbefore.guard import Tier, find_support
from askedbefore.guard.showing import FROM_PEOPLE
from askedbefore.presenting import source_line
from askedbefore.ranking import MOST_PASSAGES
from askedbefore.records import Answer, Hit, Outcome, Voice
from askedbefore.storage.layout import Blog
from askedbefore.web.escaping import NEW_TAB, is_web_address, text_html
from askedbefore.web.lines import lines_html
from askedbefore.web.parts import language_html, leave_html, questions_html, sends
from askedbefore.wording import Words

MOST_ON_PAGE = 2 * MOST_PASSAGES  # the second half behind "Show more"

_CUT = (' data-before="…"', ' data-after="…"')  # signs outside of the quote, which is word for word


def answer_html(answer: Answer, blog: Blog, *, is_like: bool = False, plain_form: str | None = None) -> str:
    """Return a reader's question, or her wish for more like a passage, and under it what the archive has.

    Where no script runs, `plain_form` is the id of the form that the buttons send.
    """
    wording = blog.wording
    if answer.outcome is Outcome.PASSAGES:
        inner = f'<p class="ab-perhaps">{text_html(answer.message)}</p>' if answer.message else ""
        inner += _passages_html(answer.hits, wording, plain_form)
        if answer.support and answer.support.get("tier") != Tier.CONCERN:  # who may be in need now needs people first
            inner = f'<details class="ab-folded"><summary>{text_html(wording.show_passages)}</summary>{inner}</details>'
        inner += f'<p class="ab-disclaimer">{text_html(answer.disclaimer)}</p>'
    else:
        inner = f'<p class="ab-message">{text_html(answer.message or "")}</p>'
        if answer.outcome is Outcome.NOTHING_CLOSE and is_web_address(blog.url):
            way = f'<a href="{text_html(blog.url or "")}" {NEW_TAB}>{text_html(wording.search_blog)}</a>'
            inner += f'<p class="ab-message">{way}</p>'
        if answer.suggestions:
            inner += f'<p class="ab-message">{text_html(wording.suggestions_title)}</p>'
            inner += questions_html(answer.suggestions, plain_form)
    if answer.before:
        inner = f'<p class="ab-with">{text_html(wording.understood_with)}</p>{inner}'
    inner = _support_html(answer.support, blog, is_new_page=plain_form is not None) + inner
    count = min(len(answer.hits), MOST_PASSAGES)
    return _turn_html(answer.question, answer.outcome.value, inner, wording, count=count, is_like=is_like)


def failure_html(
    question: str, before: str = "", *, blog: Blog, message: str | None = None, retry: bool = False
) -> str:
    """Return what a reader sees when something went wrong on this side. Her question is not lost.

    `before` is what she asked before: a cry for help in it is not forgotten here either. With `retry` there is a
    button, by which the page's script asks once more.
    """
    wording = blog.wording
    support = find_support(question, before, wording=wording, signposts=blog.signposts)
    box = _support_html(support, blog, is_new_page=not retry)
    inner = f'{box}<p class="ab-message">{text_html(message or wording.failed)}</p>'
    if retry:
        inner += f'<p><button type="button" class="ab-retry">{text_html(wording.try_again)}</button></p>'
    return _turn_html(question, "failed", inner, wording, count=0)


def _support_html(support: Mapping[str, Any] | None, blog: Blog, *, is_new_page: bool) -> str:
    """Return the box that stands above everything else when a question may be a cry for help.

    It has the focus, by the page's script or where it `is_new_page`: the next key leads to its first number, and a new
    page announces no alerts by itself. Whoever fears a person finds the way out in it too.
    """
    if support is None:
        return ""
    first, *rest = support["message"].split("\n\n")
    below = "".join(f"<p>{text_html(one)}</p>" for one in rest)
    leave = f"<p>{leave_html(blog)}</p>" if support["kind"] in FROM_PEOPLE else ""
    focus = " autofocus" if is_new_page else ""
    return (
        f'<div class="ab-support" role="alert" tabindex="-1"{focus}><p>{text_html(first)}</p>'
        f"{lines_html(support['lines'], blog.wording)}{below}{leave}</div>"
    )


def _turn_html(question: str, outcome: str, inner: str, wording: Words, *, count: int, is_like: bool = False) -> str:
    """Return a question with what came of it."""
    asked = ""
    if question:
        label = text_html(wording.you_asked)
        asked = f'<h2 class="ab-question"><span>{label}</span> <bdi>{text_html(question)}</bdi></h2>'
    like = ' data-like="yes"' if is_like else ""
    return f'<section class="ab-turn" data-outcome="{outcome}" data-count="{count}"{like}>{asked}{inner}</section>'


def _passages_html(hits: Sequence[Hit], wording: Words, plain_form: str | None) -> str:
    """Return the closest passages, and the next ones behind a line that opens them."""
    first = "".join(_passage_html(hit, wording, plain_form) for hit in hits[:MOST_PASSAGES])
    rest = "".join(_passage_html(hit, wording, plain_form) for hit in hits[MOST_PASSAGES:])
    if not rest:
        return first
    label = (
        f'<span class="ab-closed">{text_html(wording.show_more)}</span>'
        f'<span class="ab-open">{text_html(wording.show_fewer)}</span>'
    )
    return f'{first}<details class="ab-rest"><summary>{label}</summary>{rest}</details>'


def _passage_html(hit: Hit, wording: Words, plain_form: str | None) -> str:
    """Return one passage: where it stands, what it answered, the author's words, the ways on from there."""
    passage = hit.passage
    heading = f'<p class="ab-heading" dir="auto">{text_html(passage.heading)}</p>' if passage.heading else ""
    asked = ""
    if passage.asked:
        language = language_html(passage.asked, wording.language)
        label = text_html(wording.asked_by_reader)
        asked = f'<p class="ab-asked"{language}><span>{label}</span> {text_html(passage.asked)}</p>'
    voice = "ab-reader" if passage.voice is Voice.READER else "ab-author"
    cut = "".join(name for name, is_cut in zip(_CUT, hit.cut, strict=True) if is_cut)
    quote = "".join(_paragraphs_html(hit.quote, hit.highlights))
    return (
        f'<article class="ab-passage {voice}" data-passage="{text_html(passage.id)}">'
        f'<h3 dir="auto">{text_html(source_line(passage, wording))}</h3>'
        f"{heading}{asked}<blockquote{cut}{language_html(hit.quote, wording.language)}>{quote}</blockquote>"
        f"{_ways_html(hit, wording, plain_form)}</article>"
    )


def _ways_html(hit: Hit, wording: Words, plain_form: str | None) -> str:
    """Return the ways on from a passage: to its place in the blog, to others like it, and its link to keep."""
    passage, ways = hit.passage, ""
    if passage.url and is_web_address(passage.url):
        label = text_html(wording.read_on_blog.format(title=passage.title))
        url = text_html(passage.url)
        ways = f'<a href="{url}" {NEW_TAB} aria-label="{label}">{text_html(wording.read_in_context)}</a>'
    asked = text_html(wording.more_like.format(title=passage.title))
    button = sends("like", passage.id, plain_form)
    ways += f'<button {button} class="ab-more" data-asked="{asked}">{text_html(wording.more_like_this)}</button>'
    if plain_form is None and is_web_address(passage.url):
        ways += f'<button type="button" class="ab-copy">{text_html(wording.copy_link)}</button>'
    return f'<p class="ab-ways">{ways}</p>'


def _paragraphs_html(text: str, highlights: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the paragraphs of a quote with the highlighted ranges marked; no range crosses a paragraph's end."""
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        pieces, at = [], start
        for begin, stop in highlights:
            if start <= begin and stop <= end:
                pieces += [text_html(text[at:begin]), f"<mark>{text_html(text[begin:stop])}</mark>"]
                at = stop
        pieces.append(text_html(text[at:end]))
        yield "<p>" + "".join(pieces).replace("\n", "<br>") + "</p>"
        start = end + 2
