"""Nothing of an archive, of `blog.toml` or of a reader is ever markup: every payload through every field."""

from urllib.parse import quote, urlsplit

import lxml.html
import pytest

from askedbefore.helplines import OwnLine
from askedbefore.records import Answer, Hit, Kind, Outcome, Passage, Voice
from askedbefore.storage.layout import Blog
from askedbefore.web.page import head_html
from askedbefore.web.parts import footer_html, header_html, starts_html
from askedbefore.web.plain import plain_html
from askedbefore.web.render import answer_html, failure_html
from tests.payloads import PAYLOADS

# All that our own HTML is made of. Whatever else turns up came from a payload.
_TAGS = """html head meta title link body header h1 h2 h3 main section article blockquote p mark br span strong ul li
a button form label small textarea input details summary footer div nav style bdi"""
_ATTRIBUTES = """class id href target rel role lang charset name content method action for rows required autocomplete
spellcheck type value form aria-label tabindex autofocus data-outcome data-count data-like data-passage data-asked
data-before data-after data-words dir"""
TAGS, ATTRIBUTES = set(_TAGS.split()), set(_ATTRIBUTES.split())


def hostile(payload: str) -> tuple[Blog, list[Answer]]:
    """Return a blog and answers that hold a payload in every field."""
    url = payload if ":" in payload else f"https://blog.example/{payload}"
    line = {"region": payload, "name": payload, "phone": payload, "text": payload, "text_word": payload, "url": None}
    line |= {"chat": payload, "hours": payload, "kind": None}
    lines = [line, {**line, "kind": "emergency"}, {**line, "phone": None, "text": None, "url": payload, "region": None}]
    support = {"kind": "abuse", "message": f"{payload}\n\n{payload}", "lines": lines}
    hits = tuple(
        Hit(
            Passage(
                payload, payload, kind, voice, True, payload, payload, payload, payload, payload, payload, url, payload
            ),
            0.5,
            f"{payload}\n\n{payload}",
            ((0, len(payload)),),
            (True, True),
        )
        for kind in Kind
        for voice in Voice
    )
    topics = ((payload, (payload, f"{payload}?")),)
    blog = Blog(
        title=payload,
        url=url,
        author=payload,
        example=True,
        example_questions=(payload,),
        topics=topics,
        accent=payload,
        leave_to=url,
        lines=(OwnLine(name=payload + "x", url="https://help.example/" + quote(payload), hours=payload),),
    )
    answers = [
        Answer(payload, Outcome.PASSAGES, payload, hits, payload, support, True, payload),
        Answer(payload, Outcome.NOTHING_CLOSE, payload, (), payload, None, False, payload, (payload,)),
        Answer(payload, Outcome.INVALID, payload, message=payload),
    ]
    return blog, answers


def pages(payload: str) -> list[str]:
    """Return all HTML that can hold a payload, whole and in parts."""
    blog, answers = hostile(payload)
    parts = [head_html(blog), header_html(blog), starts_html(blog), starts_html(blog, "ab-again")]
    parts += [footer_html(blog), failure_html(payload, payload, message=payload, blog=blog)]
    for answer in answers:
        parts += [answer_html(answer, blog, is_like=True), answer_html(answer, blog, plain_form="ab-again")]
    return [*parts, *(plain_html(blog, part, payload, payload) for part in parts)]


def test_there_are_enough_payloads() -> None:
    """At least a hundred, none twice."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_only_text(payload: str) -> None:
    """No element and no attribute but our own, no address but web, number and the form's, and no template."""
    for html in pages(payload):
        assert "${" not in html
        assert "{{" not in html
        root = lxml.html.document_fromstring(html.replace("\0", ""))
        for element in root.iter():
            assert element.tag in TAGS, element.tag
            assert set(map(str, element.attrib)) <= ATTRIBUTES, element.attrib
            for name in ("href", "action"):
                assert urlsplit(element.get(name, "plain").split("#")[0]).scheme in ("", "http", "https", "tel", "sms")
                assert element.get(name, "plain") in ("plain", "plain.css", "#ab-crisis") or ":" in element.get(
                    name, ""
                )


def test_the_check_would_see_a_payload() -> None:
    """Most payloads, put in as they are, break the rule above; the rest are texts, templates and addresses."""

    def breaks(payload: str) -> bool:
        root = lxml.html.document_fromstring(f'<p title="">{payload.replace(chr(0), "")}</p>')
        return any(one.tag not in TAGS or set(one.attrib) - ATTRIBUTES - {"title"} for one in root.iter())

    assert sum(breaks(one) for one in PAYLOADS) > 90
