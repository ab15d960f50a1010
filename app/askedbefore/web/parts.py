"""What stands around answers, as HTML."""

from collections.abc import Sequence
from importlib.resources import files

from askedbefore.helplines import general_lines
from askedbefore.languages import language_of
from askedbefore.settings import COLOR
from askedbefore.storage.layout import Blog
from askedbefore.web.escaping import is_web_address, text_html
from askedbefore.web.lines import lines_html

_CRISIS = "ab-crisis"


def asset(name: str) -> str:
    """Return the text of a style sheet or script that comes with this package."""
    return files("askedbefore.web").joinpath(name).read_text(encoding="utf-8")


def language_html(text: str, page: str) -> str:
    """Return the attributes of an element with a text of the archive: its direction, and its language if another."""
    language = language_of(text)
    return ' dir="auto"' + (f' lang="{text_html(language)}"' if language not in (None, page) else "")


def accent_css(accent: str | None) -> str:
    """Return the rules that give both pages the author's colour, made darker or lighter where it cannot be read.

    Browsers that cannot do that keep the page's own colour. They stand apart from the page's style sheet because Gradio
    rewrites every selector inside of a condition there.
    """
    if not accent or not COLOR.fullmatch(accent):
        return ""
    light, dark = f"oklch(from {accent} min(l, 0.48) c h)", f"oklch(from {accent} max(l, 0.79) c h)"
    return (
        "@supports (color: oklch(from red l c h)) { "
        f":root, .gradio-container {{ --accent: {light} !important; --ab-accent: {light} !important; }} "
        f".dark .gradio-container, .gradio-container.dark {{ --ab-accent: {dark} !important; }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {dark} !important; }} }} }}"
    )


def leave_html(blog: Blog) -> str:
    """Return the link that leads away at once; the page's script also clears what stood there."""
    wording = blog.wording
    away = blog.leave_to if is_web_address(blog.leave_to) else wording.leave_to
    return f'<a class="ab-leave" href="{text_html(away or "")}" rel="noreferrer">{text_html(wording.leave)}</a>'


def header_html(blog: Blog) -> str:
    """Return the head of the page: a quick way out, the blog's name with the way back to it, what one can do here."""
    wording, name = blog.wording, text_html(blog.title)
    back = ""
    if is_web_address(blog.url):
        back = f'<a class="ab-back" href="{text_html(blog.url or "")}">{text_html(wording.back_to_blog)}</a>'
    crisis = f'<a class="ab-help" href="#{_CRISIS}">{text_html(wording.crisis_title)}</a>'
    note = f'<p class="ab-note">{text_html(wording.example_note)}</p>' if blog.example else ""
    return (
        f'<header class="ab-header"><nav class="ab-nav">{back}{crisis}{leave_html(blog)}</nav>'
        f'<h1 dir="auto">{name}</h1><p>{text_html(wording.introduction)}</p>{note}</header>'
    )


def footer_html(blog: Blog) -> str:
    """Return what always stands below: the disclaimer, and where to turn in a crisis."""
    wording, lines = blog.wording, general_lines(blog.signposts, blog.language)
    return (
        f'<footer class="ab-footer"><p class="ab-disclaimer">{text_html(wording.disclaimer)}</p>'
        f'<details class="ab-crisis" id="{_CRISIS}"><summary>{text_html(wording.crisis_title)}</summary>'
        f"<p>{text_html(wording.crisis_text)}</p>{lines_html(lines, wording)}</details></footer>"
    )


def starts_html(blog: Blog, plain_form: str | None = None) -> str:
    """Return questions to begin with: a few, and behind a line what else readers have often asked, by topic."""
    wording = blog.wording
    if not blog.example_questions:
        return ""
    few = questions_html(blog.example_questions, plain_form)
    seen = set(blog.example_questions)
    topics = [(topic, [one for one in questions if one not in seen]) for topic, questions in blog.topics]
    sections = "".join(
        f'<h3 dir="auto">{text_html(topic)}</h3>{questions_html(questions, plain_form)}'
        for topic, questions in topics
        if questions
    )
    more = f"<details><summary>{text_html(wording.topics_title)}</summary>{sections}</details>" if sections else ""
    return f'<section class="ab-starts"><h2>{text_html(wording.examples_title)}</h2>{few}{more}</section>'


def questions_html(questions: Sequence[str], plain_form: str | None) -> str:
    """Return questions that the archive does answer, each a button that asks it."""
    buttons = "".join(
        f'<li><button {sends("question", one, plain_form)} class="ab-suggestion" dir="auto">'
        f"{text_html(one)}</button></li>"
        for one in questions
    )
    return f'<ul class="ab-suggestions">{buttons}</ul>'


def sends(name: str, value: str, plain_form: str | None) -> str:
    """Return how a button works: by the page's script, or by sending a form with this field."""
    if plain_form is None:
        return 'type="button"'
    return f'type="submit" form="{text_html(plain_form)}" name="{name}" value="{text_html(value)}"'
