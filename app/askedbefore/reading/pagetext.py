"""A blog page saved or pasted as text.

    Title
                                  (a blank line)
    the-slug                      (may be missing)

    The post, paragraphs parted by blank lines.

    3 Comments

      • A reader's comment.

        • A reply to it: the indent of the bullet is the depth in the thread. XY

The text has no names and no dates. The author's replies are known by their sign-off (`sign_off` in `blog.toml`,
guessed when absent); comments are numbered from 1 in their order on the page.
"""

import re
from itertools import pairwise
from pathlib import Path

from askedbefore.cleaning import ends_with_sign_off, guess_sign_off
from askedbefore.markup import plain_blocks
from askedbefore.reading.harvest import Fullness, Harvest, LeftOut, Proof
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+|[a-z0-9]{3,}")
_COUNT = re.compile(
    r"(?:[\w.,]+\s+)?(?:comments?|responses?|replies|thoughts|kommentare?|commentaires?|comentarios?|reacties)"
    r"(?:\s*\(\d+\)|\s+(?:on|to)\s.{1,120})?:?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^([ \t]*)([•◦▪‣*·–-])\s+(.*)$")
_END = re.compile(
    r"leave\s+a\s+(?:comment|reply).{0,40}|post\s+navigation|comments\s+are\s+closed.{0,20}|recent\s+(?:posts|comments)"
    r"|archives|categories|(?:copyright|©).{0,80}",
    re.IGNORECASE,
)
_PINGBACK = re.compile(r"^(?:\[…\]|\[\.\.\.\]|…).*(?:\[…\]|\[\.\.\.\])$", re.DOTALL)
_TITLE_WORDS = 30


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a page saved as text: a title, then a slug or a comment count."""
    if b"\0" in head or head.lstrip()[:1] in (b"<", b"{", b"["):
        return False
    lines = [line.strip() for line in _decode(head).split("\n") if line.strip()]
    if len(lines) < 2 or len(lines[0].split()) > _TITLE_WORDS:
        return False
    return bool(_SLUG.fullmatch(lines[1])) or any(_COUNT.fullmatch(line) for line in lines[1:])


def read(path: Path, settings: Settings) -> Harvest:
    """Read one page. Raises OSError when the file cannot be read."""
    text = _decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    lines = text.expandtabs(4).split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    title, second = lines[filled[0]].strip(), lines[filled[1]].strip()
    has_slug = bool(_SLUG.fullmatch(second))
    begin = filled[2 if has_slug else 1] if len(filled) > 1 + has_slug else len(lines)
    end, first_comment = _where_comments_begin(lines, begin)
    slug = second if has_slug else re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or path.stem
    body = plain_blocks("\n".join(lines[begin:end]))
    found = _find_comments(lines[first_comment:])
    sign_off = settings.sign_off
    notes: list[str] = []
    guesses: list[str] = []
    if not sign_off and found:
        outermost = min(indent for indent, _ in found)
        replies = [text for indent, text in found if indent > outermost]
        letters = [text for indent, text in found if indent == outermost]
        sign_off = guess_sign_off([body[-1].text if body else "", *replies], letters)
        guesses.append(_on_guess(sign_off))
    comments, left_out = _thread(found, sign_off, slug)
    url = f"{settings.url}/{slug}/" if settings.url else None
    if not url:
        notes.append("this page has no address, so its passages have no link; set url in blog.toml")
    return Harvest(
        posts=(Post(slug, title, url, None, body, comments),),
        comments=len(found),
        left_out=tuple(left_out),
        notes=tuple(notes),
        guesses=tuple(guesses),
        proof=Proof.SIGN_OFF,
        fullness=Fullness.PAGE,
    )


def _decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, or else as Windows wrote it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_at_end = error.start >= len(data) - 3
        text = data.decode("utf-8", "ignore") if cut_at_end else data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _where_comments_begin(lines: list[str], begin: int) -> tuple[int, int]:
    """Return the line where the post ends and the one where its comments begin.

    They begin after the line that counts them, the next filled line being a bullet. Where none counts them, the
    bullets that run to the end of the page are comments: readers' words must not become the author's post.
    """
    filled = [number for number in range(begin, len(lines)) if lines[number].strip()]
    bullets = {number for number in filled if _BULLET.match(lines[number])}
    for number, following in pairwise(filled):
        if _COUNT.fullmatch(lines[number].strip()) and following in bullets:
            return number, following
    if filled and _COUNT.fullmatch(lines[filled[-1]].strip()):
        return filled[-1], len(lines)
    alone = [number for number in sorted(bullets) if not lines[number - 1].strip()]
    return (alone[0], alone[0]) if len(alone) > 1 else (len(lines), len(lines))


def _find_comments(lines: list[str]) -> list[tuple[int, str]]:
    """Return each comment's indent and text, in the order of the page.

    A comment begins with a bullet after an empty line; the first one shows which sign is used.
    """
    comments: list[tuple[int, list[str]]] = []
    sign: str | None = None
    before = ""
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet and sign in (None, bullet[2]) and not before.strip():
            sign = bullet[2]
            comments.append((len(bullet[1]), [bullet[3]]))
        elif _END.fullmatch(line.strip()):
            break
        elif comments:
            comments[-1][1].append(line)
        before = line
    return [(indent, "\n".join(part)) for indent, part in comments]


def _thread(found: list[tuple[int, str]], sign_off: str | None, slug: str) -> tuple[tuple[Comment, ...], list[LeftOut]]:
    """Make comments of the texts: the nearest one before it with a smaller indent is the one it answers."""
    comments: list[Comment] = []
    left_out: list[LeftOut] = []
    above: list[tuple[int, str | None]] = []
    for number, (indent, text) in enumerate(found, start=1):
        blocks = plain_blocks(text)
        while above and above[-1][0] >= indent:
            above.pop()
        parent = next((name for _, name in reversed(above) if name), None)
        if not blocks or _PINGBACK.match(text.strip()):
            reason = "a pingback" if blocks else "a comment without text"
            left_out.append(LeftOut(reason, f"comment {number} under {slug}"))
            above.append((indent, None))
            continue
        mine = sign_off is not None and ends_with_sign_off(text, sign_off)
        comments.append(Comment(str(number), parent, mine, blocks))
        above.append((indent, str(number)))
    return tuple(comments), left_out


def _on_guess(sign_off: str | None) -> str:
    """Tell the author what was taken as the sign-off of the replies."""
    if sign_off is None:
        return "no sign-off found, so no comment is taken as the author's; set sign_off in blog.toml"
    return f"comments that end in “{sign_off}” are taken as the author's replies (a guess; set sign_off in blog.toml)"
