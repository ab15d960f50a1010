"""Markdown and HTML files with front matter, as Jekyll, Hugo and Eleventy keep a blog: one post each, no comments."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from askedbefore.cleantext import clean_text
from askedbefore.errors import SourceError
from askedbefore.reading.harvest import Account, Harvest, LeftOut
from askedbefore.reading.webtext import plain_title, slug_of, web_address, web_blocks
from askedbefore.records import Block, BlockKind, Post
from askedbefore.settings import FILE_NAME, Settings

MARKDOWN = {".md", ".markdown", ".mkd", ".mkdn", ".mdown", ".mdx", ".qmd", ".txt", ""}
HTML = {".html", ".htm"}
NO = {"", "false", "no", "off", "0", "none", "null", "never", "~"}
DRAFT_FOLDERS = {"_drafts", "_draft", "drafts"}
THEME_FOLDERS = {"_layouts", "_includes", "_data", "_sass", "layouts", "archetypes", "themes", "node_modules"}
LISTS = re.compile(
    r"(?:blog-?)?(?:archives?|categor(?:y|ies)|tags?|tax\w+|home|list|index|search|404|error|redirect|feed|paginate\w*)"
)
_PUBLIC = {"", "public", "everyone", "everybody", "all", "published"}
_NOT_DONE = {"draft", "private", "pending", "future", "scheduled", "trash", "unpublished", "hidden", "review"}
_DATED = re.compile(r"(\d{4}-\d\d?-\d\d?)-(?=.)")
_KEY = re.compile(rb"^[\"']?[\w.-]+[\"']?[ \t]*[:=]", re.MULTILINE)
_YAML_END = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_TOML_END = re.compile(rb"^\+\+\+[ \t]*\r?$", re.MULTILINE)
_FORMATS = ("%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")
_ZONE = re.compile(r"\s*(?:UTC\s*)?([+-]\d\d):?(\d\d)$")
_PLACEHOLDER = re.compile(r":(\w+)")
_MOST_BRACKETS = 500  # in one paragraph; looking for their partners takes the square of their number


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this has front matter with at least one value."""
    for sign, end in ((b"---", _YAML_END), (b"+++", _TOML_END)):
        first = head.partition(b"\n")[0]
        if first.rstrip() == sign:
            closing = end.search(head, len(first) + 1)
            return bool(closing and _KEY.search(head, len(first) + 1, closing.start()))
    return head.startswith(b"{") and _begins_with_json(head)


def read(path: Path, settings: Settings) -> Harvest:
    """Read one file. Raises OSError when it cannot be read, SourceError when its front matter cannot."""
    from askedbefore.reading import frontmatters

    if path.suffix.lower() not in MARKDOWN | HTML:
        raise SourceError(f"its name ends in {path.suffix[:20]}; posts end in .md or .html")
    text = _decode(path.read_bytes())
    matter, body = frontmatters.parse(text)
    file = _File(path, matter, settings)
    if reason := file.why_withheld(body):
        is_post = reason != NO_POST
        held_back = frozenset({file.slug, file.url or file.slug} if is_post else ())
        return Harvest(left_out=(LeftOut(reason, "the file"),), held_back=held_back, made=file.made)
    blocks = _blocks(body, path.suffix.lower() in HTML)
    if not blocks:
        return Harvest(left_out=(LeftOut("a post without text", "the file"),))
    title, blocks = _title(matter, blocks, file.slug)
    names = frontmatters.as_texts(matter.get("author") or matter.get("authors"))
    categories = [*frontmatters.as_texts(matter.get("categories")), *frontmatters.as_texts(matter.get("category"))]
    author = clean_text(names[0]) if names else ""
    return Harvest(
        posts=(
            Post(
                slug=file.slug,
                title=title,
                url=file.url,
                date=file.day,
                blocks=blocks,
                categories=tuple(dict.fromkeys(clean_text(one) for one in categories)),
                account=author or None,
            ),
        ),
        notes=tuple(file.notes()),
        made=file.made,
        url=settings.url,
        accounts=(Account(author, (author,)),) if author else (),
    )


NO_POST = "a list, template or other page that is no post"


class _File:
    """What a file's front matter and name say of it."""

    def __init__(self, path: Path, matter: dict[str, Any], settings: Settings) -> None:
        """Take a file."""
        from askedbefore.reading.frontmatters import as_text

        self._path, self._matter, self._site = path, matter, settings.url
        self._text = as_text
        dated = _DATED.match(path.stem)
        self._stem = path.stem[dated.end() :] if dated else path.stem
        in_name = _iso(dated[1]) if dated else ""
        self._date = next((one for key in ("date", "publishdate", "pubdate") if (one := self._get(key))), in_name)
        moment = _moment(self._date)
        self.day = moment.date().isoformat() if moment else None
        changed = next((one for key in ("lastmod", "last_modified_at", "updated") if (one := self._get(key))), "")
        latest = _moment(changed) or moment
        self.made = latest.isoformat() if latest else ""
        self.slug = self._slug()
        self.url = self._url()

    def notes(self) -> Iterator[str]:
        """Say what the file leaves open."""
        if not self.url:
            yield f"this post has no address, so its passages have no link; set url in {FILE_NAME}"
        if self._date and not self.day:
            yield "its date cannot be read; write it as 2020-01-31"

    def why_withheld(self, body: str) -> str | None:
        """Say why the file is not for readers, or return None."""
        from askedbefore.reading.templating import is_template

        folders = {part.lower() for part in self._path.parts[:-1]}
        if folders & THEME_FOLDERS or self._is_list() or is_template(body):
            return NO_POST
        if reason := self._why_private():
            return reason
        return "a draft" if folders & DRAFT_FOLDERS else None

    def _is_list(self) -> bool:
        """Say whether the file is a list of posts, a search page or such."""
        kinds = [self._get(key).lower().rpartition("/")[2] for key in ("layout", "type")]
        name = self._stem.lower()
        if any(LISTS.fullmatch(kind.removesuffix(".html").removesuffix(".njk")) for kind in kinds if kind):
            return True
        if name in ("_index", "404", "search") or self._matter.get("pagination") or self._get("redirect_to"):
            return True
        return name == "index" and not self._date and not self._get("title")

    def _why_private(self) -> str | None:
        """Say what in the front matter keeps the file from readers, or return None."""
        if self._is_on("draft") or self._get("published", "true").lower() in NO:
            return "a draft"
        if self._get("status").lower() in _NOT_DONE:
            return "a post that is not published"
        if self._is_on("private") or any(self._get(key).lower() not in _PUBLIC for key in ("visibility", "access")):
            return "a private post"
        if any(self._is_on(key) for key in ("password", "encrypted", "protected", "passphrase")):
            return "a password-protected post"
        if any(self._is_on(key) for key in ("unlisted", "hidden", "headless")) or self._is_not_rendered():
            return "a hidden post"
        now = datetime.now(UTC)
        dates = [_moment(self._get(key)) for key in ("date", "publishdate", "pubdate")]
        if any(one and one > now for one in (*dates, _moment(self._date))):
            return "a post scheduled for later"
        ends = [_moment(self._get(key)) for key in ("expirydate", "expiry_date", "unpublishdate", "expires")]
        return "a post whose time is over" if any(one and one <= now for one in ends) else None

    def _is_not_rendered(self) -> bool:
        """Say whether the site makes no page of the file."""
        builds = (self._matter.get(key) for key in ("build", "_build"))
        render = [self._text(one.get("render")) for one in builds if isinstance(one, dict) and "render" in one]
        return self._get("permalink").lower() == "false" or any(one.lower() in NO | {"link"} for one in render)

    def _get(self, name: str, without: str = "") -> str:
        """Return a value as text; a list or mapping where a plain value belongs says something, though not what."""
        value = self._matter.get(name)
        if value is None:
            return without
        return clean_text(self._text(value)) or ("something" if isinstance(value, list | dict) and value else "")

    def _is_on(self, name: str) -> bool:
        """Say whether a mark is set."""
        return self._get(name).lower() not in NO

    def _slug(self) -> str:
        """Return the post's slug: its own, the end of its own address, or its file's or folder's name."""
        own = self._get("slug").strip("/").rpartition("/")[2]
        address = self._own_address()
        name = self._path.parent.name if self._stem.lower() == "index" else self._stem
        return own or slug_of(address or "") or clean_text(name) or "post"

    def _own_address(self) -> str | None:
        """Return the address that the front matter gives, with its placeholders filled in."""
        for key in ("permalink", "url"):
            value = self._get(key)
            if "/" not in value or "{" in value:
                continue
            year, month, day = (self.day or "--").split("-")
            known = {"year": year, "month": month, "day": day, "title": self._stem, "slug": self._stem}
            value = value if web_address(value) else _filled_in(value, known)
            if web_address(value) or ":" not in value:
                return value
        return None

    def _url(self) -> str | None:
        """Return the post's link."""
        own = self._own_address()
        if own and web_address(own):
            return own
        if not self._site:
            return None
        return f"{self._site}/{own.lstrip('/')}" if own else f"{self._site}/{quote(self.slug)}/"


def _filled_in(pattern: str, known: dict[str, str]) -> str:
    """Return an address whose placeholders, `:year`, are filled in; one that is not known leaves its colon."""
    return _PLACEHOLDER.sub(lambda found: known.get(found[1], "") or ":", pattern)


def _begins_with_json(head: bytes) -> bool:
    """Say whether a JSON object that names a title or date stands above a text."""
    text = head.decode("utf-8", "ignore")
    try:
        found, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool({"title", "date"} & set(found)) and bool(text[end:].strip())


def _decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, or else as Windows wrote it, with plain line ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(body: str, is_html: bool) -> tuple[Block, ...]:
    """Return the blocks of a post's text."""
    from askedbefore.reading.templating import take_out_tags

    text = take_out_tags(body)
    return web_blocks(text if is_html else _html_of(text))


def _html_of(markdown: str) -> str:
    """Return Markdown as HTML: with tables, crossed-out text and footnotes, whose signs are left out of the text."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    reader = MarkdownIt("js-default", {"html": True}).use(footnote_plugin)
    for rule in ("footnote_ref", "footnote_anchor"):
        reader.renderer.rules[rule] = lambda *_: ""  # type: ignore[attr-defined]
    parts = re.split(r"(\n[ \t]*\n)", markdown)
    return str(
        reader.render("".join(part.replace("[", "\\[") if part.count("[") > _MOST_BRACKETS else part for part in parts))
    )


def _title(matter: dict[str, Any], blocks: tuple[Block, ...], slug: str) -> tuple[str, tuple[Block, ...]]:
    """Return the title, the text's own first heading when there is no other, and the blocks without that."""
    value = matter.get("title")
    if isinstance(value, str | int) and (title := plain_title(str(value)[:1_000])):
        return title, blocks
    if blocks[0].kind is BlockKind.HEADING and len(blocks) > 1:
        return " ".join(blocks[0].text.split()), blocks[1:]
    words = slug.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "Untitled", blocks


def _iso(day: str) -> str:
    """Return a day with two figures for month and day."""
    year, month, number = day.split("-")
    return f"{year}-{month:>02}-{number:>02}"


def _moment(value: str) -> datetime | None:
    """Return a date as front matter has it, None for one that cannot be read; where no zone is named it is UTC."""
    plain = _ZONE.sub(r"\1:\2", value.strip()) if " " in value.strip() or "T" in value else value.strip()
    tries = [(plain, "")]
    if found := re.match(r"\d{4}-\d\d?-\d\d?", plain):
        tries.append((_iso(found[0]), ""))
    for text, form in (*tries, *((plain, form) for form in _FORMATS)):
        try:
            moment = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
