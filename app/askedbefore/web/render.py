"""Answers as HTML. Everything that comes from the archive or a reader is escaped here, and only here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from askedbefore.guard import find_support
from askedbefore.presenting import source_line
from askedbefore.records import Answer, Hit, Outcome, Voice
from askedbefore.storage.layout import Blog
from askedbefore.wording import (
    ASKED_BY_READER,
    CRISIS_LINES,
    CRISIS_TEXT,
    CRISIS_TITLE,
    DISCLAIMER,
    EXAMPLE_NOTE,
    FAILED,
    INTRODUCTION,
    MORE_LIKE,
    MORE_LIKE_THIS,
    READ_IN_CONTEXT,
    READ_ON_BLOG,
    SEARCH_BLOG,
    SHOW_PASSAGES,
    SUGGESTIONS_TITLE,
    UNDERSTOOD_WITH,
    YOU_ASKED,
)


def text_html(text: str) -> str:
    """Return text that HTML, and the templates of gr.HTML, take for nothing but text."""
    return escape(text, quote=True).replace("$", "&#36;").replace("{", "&#123;").replace("}", "&#125;")


def _is_web_address(url: str | None) -> bool:
    """Say whether an address may be a link: no other scheme is ever one, whatever an archive holds."""
    return (url or "").lower().startswith(("http://", "https://"))


def header_html(blog: Blog) -> str:
    """Return the head of the page: the blog's name, and what one can do here."""
    name = text_html(blog.title)
    title = f'<a href="{text_html(blog.url or "")}" {_NEW_TAB}>{name}</a>' if _is_web_address(blog.url) else name
    note = f'<p class="ab-note">{text_html(EXAMPLE_NOTE)}</p>' if blog.example else ""
    return f'<header class="ab-header"><h1>{title}</h1><p>{text_html(INTRODUCTION)}</p>{note}</header>'


def footer_html() -> str:
    """Return what always stands below: the disclaimer, and where to turn in a crisis."""
    return (
        f'<footer class="ab-footer"><p class="ab-disclaimer">{text_html(DISCLAIMER)}</p>'
        f'<details class="ab-crisis"><summary>{text_html(CRISIS_TITLE)}</summary>'
        f"<p>{text_html(CRISIS_TEXT)}</p>{_lines_html(CRISIS_LINES)}</details></footer>"
    )


def _lines_html(lines: Iterable[Mapping[str, str | None]]) -> str:
    """Return help lines as a list; a number can be called by touching it."""
    items = ""
    for line in lines:
        way = ""
        if number := line["phone"]:
            way = f'<a href="tel:{text_html(number.replace(" ", ""))}">{text_html(number)}</a>'
        elif _is_web_address(address := line["url"] or ""):
            way = f'<a href="{text_html(address)}" {_NEW_TAB}>{text_html(urlsplit(address).netloc)}</a>'
        items += f"<li><strong>{text_html(str(line['region']))}</strong>: {text_html(str(line['name']))} {way}</li>"
    return f"<ul>{items}</ul>"


def _support_html(support: Mapping[str, Any] | None) -> str:
    """Return the box that stands above everything else when a question may be a cry for help."""
    if support is None:
        return ""
    message, lines = text_html(support["message"]), _lines_html(support["lines"])
    return f'<div class="ab-support" role="alert"><p>{message}</p>{lines}</div>'


def answer_html(answer: Answer, blog: Blog, *, is_like: bool = False, plain_form: str | None = None) -> str:
    """Return a reader's question, or her wish for more like a passage, and under it what the archive has.

    Where no script runs, `plain_form` is the id of the form that the buttons send.
    """
    if answer.outcome is Outcome.PASSAGES:
        inner = f'<p class="ab-perhaps">{text_html(answer.message)}</p>' if answer.message else ""
        inner += "".join(_passage_html(hit, plain_form) for hit in answer.hits)
        if answer.support:
            inner = f'<details class="ab-folded"><summary>{text_html(SHOW_PASSAGES)}</summary>{inner}</details>'
        inner += f'<p class="ab-disclaimer">{text_html(answer.disclaimer)}</p>'
    else:
        inner = f'<p class="ab-message">{text_html(answer.message or "")}</p>'
        if answer.outcome is Outcome.NOTHING_CLOSE and _is_web_address(blog.url):
            way = f'<a href="{text_html(blog.url or "")}" {_NEW_TAB}>{text_html(SEARCH_BLOG)}</a>'
            inner += f'<p class="ab-message">{way}</p>'
        inner += _suggestions_html(answer.suggestions, plain_form)
    if answer.before:
        inner = f'<p class="ab-with">{text_html(UNDERSTOOD_WITH)}</p>{inner}'
    inner = _support_html(answer.support) + inner
    return _turn_html(answer.question, answer.outcome.value, inner, count=len(answer.hits), is_like=is_like)


def _suggestions_html(questions: Sequence[str], plain_form: str | None) -> str:
    """Return questions that the archive does answer, each a button that asks it."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button {_sends("question", one, plain_form)} class="ab-suggestion">{text_html(one)}</button></li>'
        for one in questions
    )
    return f'<p class="ab-message">{text_html(SUGGESTIONS_TITLE)}</p><ul class="ab-suggestions">{buttons}</ul>'


def _sends(name: str, value: str, plain_form: str | None) -> str:
    """Return how a button works: by the page's script, or by sending a form with this field."""
    if plain_form is None:
        return 'type="button"'
    return f'type="submit" form="{text_html(plain_form)}" name="{name}" value="{text_html(value)}"'


def failure_html(question: str, before: str = "", *, message: str = FAILED) -> str:
    """Return what a reader sees when something went wrong on this side. Her question is not lost.

    `before` is what she asked before: a cry for help in it is not forgotten here either.
    """
    support = _support_html(find_support(question, before))
    inner = f'{support}<p class="ab-message">{text_html(message)}</p>'
    return _turn_html(question, "failed", inner, count=0)


def asset(name: str) -> str:
    """Return the text of a style sheet or script that comes with this package."""
    return files("askedbefore.web").joinpath(name).read_text(encoding="utf-8")


_CUT = (' data-before="…"', ' data-after="…"')  # signs outside of the quote, which is word for word
_NEW_TAB = 'target="_blank" rel="noopener noreferrer"'


def _turn_html(question: str, outcome: str, inner: str, count: int, is_like: bool = False) -> str:
    """Return a question with what came of it."""
    asked = (
        f'<h2 class="ab-question"><span>{text_html(YOU_ASKED)}</span> {text_html(question)}</h2>' if question else ""
    )
    like = ' data-like="yes"' if is_like else ""
    return f'<section class="ab-turn" data-outcome="{outcome}" data-count="{count}"{like}>{asked}{inner}</section>'


def _passage_html(hit: Hit, plain_form: str | None) -> str:
    """Return one passage: where it stands, what it answered, the author's words, the way to its place."""
    passage = hit.passage
    heading = f'<p class="ab-heading">{text_html(passage.heading)}</p>' if passage.heading else ""
    asked = ""
    if passage.asked:
        asked = f'<p class="ab-asked"><span>{text_html(ASKED_BY_READER)}</span> {text_html(passage.asked)}</p>'
    link = ""
    if passage.url and _is_web_address(passage.url):
        label = READ_ON_BLOG.format(title=passage.title)
        link = (
            f'<a href="{text_html(passage.url)}" {_NEW_TAB} aria-label="{text_html(label)}">'
            f"{text_html(READ_IN_CONTEXT)}</a>"
        )
    asked_like = text_html(MORE_LIKE.format(title=passage.title))
    sends = _sends("like", passage.id, plain_form)
    like = f'<button {sends} class="ab-more" data-asked="{asked_like}">{text_html(MORE_LIKE_THIS)}</button>'
    voice = "ab-reader" if passage.voice is Voice.READER else "ab-author"
    cut = "".join(name for name, is_cut in zip(_CUT, hit.cut, strict=True) if is_cut)
    quote = "".join(_paragraphs_html(hit.quote, hit.highlights))
    return (
        f'<article class="ab-passage {voice}" data-passage="{text_html(passage.id)}">'
        f"<h3>{text_html(source_line(passage))}</h3>"
        f"{heading}{asked}<blockquote{cut}>{quote}</blockquote>"
        f'<p class="ab-ways">{link}{like}</p></article>'
    )


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
