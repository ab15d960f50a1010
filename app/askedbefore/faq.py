"""What readers have often asked, put to people and programs: as terminal text, as JSON, and as a page for the blog."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.text import Text

from askedbefore import __version__
from askedbefore.errors import AskedBeforeError
from askedbefore.presenting import source_line
from askedbefore.records import AskedQuestion, Passage
from askedbefore.storage.layout import Blog
from askedbefore.storage.library import Library
from askedbefore.web.escaping import text_html
from askedbefore.web.parts import footer_html
from askedbefore.wording import Words

NOTHING_ASKED = (
    "There is no such question: the archive holds none of a reader's that stands alone and that the author answered. "
    "If the blog has comments, put an export that holds them into the data folder and run  askedbefore rebuild."
)
_MARK = '<meta name="generator" content="askedbefore'
_HEAD = 2_000  # bytes in which the mark stands
_TOPICS_WORTH_A_LIST = 4
_OPENING_WORDS = 9  # of a reply that is only linked


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """An often-asked question with its replies, the best first; of each, the passages in their order."""

    asked: AskedQuestion
    replies: tuple[tuple[Passage, ...], ...]


def read_faq(library: Library) -> list[AnsweredQuestion]:
    """Return what readers have often asked with the passages that answer it; what is not shown never appears."""
    wanted = {one for question in library.asked for one in question.answers}
    passages = {one.id: one for one, _, _ in library.all_passages() if one.id in wanted and one.shown}
    found = []
    for question in library.asked:
        answers = [passages[one] for one in question.answers if one in passages]
        replies = tuple(tuple(group) for _, group in groupby(answers, key=lambda one: (one.post, one.comment)))
        if replies:
            found.append(AnsweredQuestion(question, replies))
    return found


def faq_json(faq: Sequence[AnsweredQuestion]) -> list[dict[str, Any]]:
    """Return the list in the public JSON form: topic, question, count, and as answers id, url, title and quote."""
    return [
        {
            "topic": one.asked.topic,
            "question": one.asked.question,
            "count": one.asked.count,
            "answers": [
                {"id": passage.id, "url": passage.url, "title": passage.title, "quote": passage.text}
                for reply in one.replies
                for passage in reply
            ],
        }
        for one in faq
    ]


def terminal_faq(faq: Sequence[AnsweredQuestion], wording: Words) -> Iterator[Text]:
    """Yield the list as blocks of terminal text: by topic, each question with where it is answered."""
    if not faq:
        yield Text(NOTHING_ASKED)
        return
    for topic, questions in groupby(faq, key=lambda one: one.asked.topic):
        yield Text(f"\n{topic}", style="bold cyan")
        for one in questions:
            often = f"  ({wording.asked_often.format(count=one.asked.count)})" if one.asked.count > 1 else ""
            yield Text(f"  {one.asked.question}").append(often, style="dim")
            for first, *_ in one.replies:
                yield Text(
                    f"      {first.url or source_line(first, wording)}", style="dim", no_wrap=True, overflow="ignore"
                )
    yield Text(f"\n{wording.disclaimer}", style="dim")


def faq_html(faq: Sequence[AnsweredQuestion], blog: Blog) -> str:
    """Return one page that stands by itself: no script, no request to anywhere; everything of the archive escaped.

    Raises AskedBeforeError when there is nothing to put on it.
    """
    if not faq:
        raise AskedBeforeError(NOTHING_ASKED)
    wording = blog.wording
    topics = [(topic, list(group)) for topic, group in groupby(faq, key=lambda one: one.asked.topic)]
    title = text_html(f"{wording.faq_title} · {blog.title}")
    name = text_html(blog.title)
    link = f'<a href="{text_html(blog.url)}">{name}</a>' if blog.url else name
    note = f'<p class="note">{text_html(wording.example_note)}</p>' if blog.example else ""
    sections = "".join(
        _topic_html(number, topic, group, wording) for number, (topic, group) in enumerate(topics, start=1)
    )
    style = files("askedbefore").joinpath("faq.css").read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="{wording.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{_MARK} {__version__}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header><p class="blog">{link}</p><h1>{text_html(wording.faq_title)}</h1>
<p>{text_html(wording.faq_introduction)}</p>{note}</header>
{_contents_html([topic for topic, _ in topics], wording)}<main>
{sections}</main>
{footer_html(blog)}
</body>
</html>
"""


def write_page(path: Path, page: str) -> None:
    """Put a page where a file may stand already; it is replaced whole or not at all, and only if it is such a page.

    Raises AskedBeforeError with the reason when it cannot be written.
    """
    if not path.parent.is_dir():
        raise AskedBeforeError(f"There is no folder {path.parent}. Make it, or name another place for the page.")
    if path.is_dir():
        raise AskedBeforeError(f"{path} is a folder. Name a file for the page, such as {path / 'faq.html'}")
    aside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.exists() and _MARK.encode() not in path.read_bytes()[:_HEAD]:
            raise AskedBeforeError(
                f"{path} is there already and is no page that this command made, so it stays. Name another file."
            )
        aside.write_text(page, encoding="utf-8", newline="\n")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise AskedBeforeError(f"{path} cannot be written: {error.strerror or error}. Name another place.") from error


def _contents_html(topics: Sequence[str], wording: Words) -> str:
    """Return the topics as links into the page, when there are enough to look for one."""
    if len(topics) < _TOPICS_WORTH_A_LIST:
        return ""
    items = "".join(f'<li><a href="#topic-{n}">{text_html(topic)}</a></li>' for n, topic in enumerate(topics, start=1))
    return f'<nav aria-label="{text_html(wording.faq_topics)}"><ul>{items}</ul></nav>\n'


def _topic_html(number: int, topic: str, questions: Sequence[AnsweredQuestion], wording: Words) -> str:
    """Return a topic with its questions, each of them closed until it is touched."""
    inside = "".join(_question_html(one, wording) for one in questions)
    return (
        f'<section aria-labelledby="topic-{number}">\n<h2 id="topic-{number}">{text_html(topic)}</h2>\n'
        f"{inside}</section>\n"
    )


def _question_html(one: AnsweredQuestion, wording: Words) -> str:
    """Return a question, under it the best reply word for word with its place, and links to the other replies."""
    often = ""
    if one.asked.count > 1:
        often = f' <span class="often">{text_html(wording.asked_often.format(count=one.asked.count))}</span>'
    best, *others = one.replies
    paragraphs = [paragraph for passage in best for paragraph in passage.text.split("\n\n")]
    quote = "".join(f"<p>{text_html(one)}</p>" for one in paragraphs).replace("\n", "<br>")
    also = "".join(f"<li>{_place_html(reply[0], f'“{_opening(reply[0].text)} …”')}</li>" for reply in others)
    link = f" {_place_html(best[0], wording.read_in_context)}" if best[0].url else ""
    more = f'<p class="also">{text_html(wording.also_answered)}</p><ul class="also">{also}</ul>' if also else ""
    return (
        f"<details>\n<summary><span>{text_html(one.asked.question)}</span>{often}</summary>\n"
        f"<figure><blockquote>{quote}</blockquote><figcaption>{text_html(source_line(best[0], wording))}.{link}"
        f"</figcaption></figure>{more}\n</details>\n"
    )


def _place_html(passage: Passage, label: str) -> str:
    """Return a link to a passage's place in the blog, or only the label when it has no address."""
    return f'<a href="{text_html(passage.url)}">{text_html(label)}</a>' if passage.url else text_html(label)


def _opening(text: str) -> str:
    """Return the first words of a text."""
    return " ".join(text.split()[:_OPENING_WORDS])
