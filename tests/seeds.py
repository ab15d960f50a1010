"""Small files of every format that an importer may read, with private things planted in them, for the fuzzer."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping

from tests.wxr import AUTHOR_ID, C, P, export

SECRET = "quokkasecret"  # stands in everything that no reader may see
ADDRESS = "reader@reader.invalid"
IP = "192.0.2.77"

_LETTER = "Mine goes away every August. Is it childish to count the days until she returns?"
_REPLY = "Counting the days is how many people hold on to somebody. Tell her the number."


def wordpress() -> bytes:
    """Return an export with an open post, and one of each kind that is not for readers."""
    posts = [
        P(
            "open",
            f"<p>Open to all, and long enough to be a passage of its own.</p><p>{_REPLY}</p>",
            comments=_comments(),
        ),
        P("draft", f"<p>{SECRET} one.</p>", status="draft", comments=[C(20, f"{SECRET} two.")]),
        P("locked", f"{SECRET} three.", password="sesame", comments=[C(21, f"{SECRET} four.")]),
        P("form", f"{SECRET} five.", type="feedback"),
        P("later", f"{SECRET} six.", status="future"),
        P("last", "<p>Silence in the room is not empty.</p>", type="page"),
    ]
    return export(posts).encode()


def page_text() -> bytes:
    """Return a page saved as text."""
    return f"Breaks\n\nabout-breaks\n\n{_REPLY}\n\n2 Comments\n\n  • {_LETTER}\n\n    • {_REPLY} XY\n".encode()


def zipped() -> bytes:
    """Return an export in a zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("export.xml", wordpress())
        file.writestr("notes/page.txt", page_text())
    return packed.getvalue()


def gzipped() -> bytes:
    """Return an export in a gzip file."""
    return gzip.compress(wordpress(), mtime=0)


def web_page() -> bytes:
    """Return a saved page of a classic theme, with a comment that waits."""
    return f"""<!DOCTYPE html><html><head><title>Breaks | A Test Blog</title>
<link rel="canonical" href="https://blog.example/2020/01/breaks/"></head><body class="single postid-1">
<article id="post-1" class="post-1 post"><h1 class="entry-title">Breaks</h1><time datetime="2020-01-01">1 January</time>
<div class="entry-content"><p>{_REPLY}</p></div></article><ol class="comment-list">
<li id="comment-2" class="comment"><article><div class="comment-content"><p>{_LETTER}</p></div></article><ol
class="children"><li id="comment-3" class="comment bypostauthor"><article><div class="comment-content"><p>{_REPLY}</p>
</div></article></li></ol></li><li id="comment-4" class="comment unapproved"><em class="comment-awaiting-moderation">
Your comment is awaiting moderation.</em><div class="comment-content"><p>{SECRET} {ADDRESS}</p></div></li></ol>
</body></html>""".encode()


def fetched() -> bytes:
    """Return what a live blog's REST interface gives, a line each."""
    lines: list[dict[str, object]] = [
        {"kind": "blog", "name": "A Test Blog", "home": "https://blog.example"},
        {
            "kind": "post",
            "id": 1,
            "slug": "breaks",
            "status": "publish",
            "link": "https://blog.example/breaks/",
            "title": {"rendered": "Breaks"},
            "content": {"rendered": f"<p>{_REPLY}</p>", "protected": False},
            "date": "2020-01-01T08:00:00",
        },
        {"kind": "post", "id": 2, "status": "private", "content": {"rendered": SECRET}},
        {"kind": "comment", "id": 3, "post": 1, "parent": 0, "status": "approved", "content": {"rendered": _LETTER}},
        {"kind": "comment", "id": 4, "post": 1, "status": "hold", "content": {"rendered": SECRET}},
    ]
    return "\n".join(json.dumps(line) for line in lines).encode()


def rss() -> bytes:
    """Return a feed of posts."""
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>A Test Blog</title>
<link>https://blog.example</link><item><title>Breaks</title><link>https://blog.example/breaks/</link>
<pubDate>Wed, 01 Jan 2020 08:00:00 +0000</pubDate><content:encoded><![CDATA[<p>{_REPLY}</p>]]></content:encoded></item>
</channel></rss>""".encode()


def atom() -> bytes:
    """Return a feed with a comment on its post."""
    return f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:thr="http://purl.org/syndication/thread/1.0"><title>A Test Blog</title><id>blog</id>
<entry><id>one</id><title>Breaks</title><link href="https://blog.example/breaks/"/><updated>2020-01-01T08:00:00Z</updated>
<content type="html">&lt;p&gt;{_REPLY}&lt;/p&gt;</content></entry>
<entry><id>two</id><title>Comment</title><thr:in-reply-to ref="one"/><author><name>A Reader</name></author>
<updated>2020-01-02T08:00:00Z</updated><content type="html">{_LETTER}</content></entry></feed>""".encode()


def blogger() -> bytes:
    """Return a Blogger export with a draft."""
    kind = '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#'
    return f"""<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'
xmlns:app='http://purl.org/atom/app#' xmlns:thr='http://purl.org/syndication/thread/1.0'>
<generator uri='http://www.blogger.com'>Blogger</generator><title>A Test Blog</title>
<entry><id>tag:blogger.com,1999:blog-1.post-1</id>{kind}post"/><title>Breaks</title><author><name>Ada</name></author>
<published>2020-01-01T08:00:00Z</published><content type='html'>&lt;p&gt;{_REPLY}&lt;/p&gt;</content></entry>
<entry><id>tag:blogger.com,1999:blog-1.post-2</id>{kind}post"/><app:control><app:draft>yes</app:draft></app:control>
<title>Draft</title><content type='html'>{SECRET}</content></entry></feed>""".encode()


def ghost() -> bytes:
    """Return a Ghost export with a draft and a post for members."""
    posts = [
        {"id": "1", "slug": "breaks", "title": "Breaks", "html": f"<p>{_REPLY}</p>", "status": "published"},
        {"id": "2", "slug": "draft", "title": "Draft", "html": SECRET, "status": "draft"},
        {"id": "3", "slug": "paid", "title": "Paid", "html": SECRET, "status": "published", "visibility": "paid"},
    ]
    posts[0]["visibility"] = "public"
    users = [{"id": "1", "name": "Ada Example", "slug": "ada", "email": ADDRESS}]
    whole = {"db": [{"meta": {"version": "5.0.0"}, "data": {"posts": posts, "users": users}}]}
    return json.dumps(whole).encode()


def disqus() -> bytes:
    """Return a Disqus export with a deleted comment and one of spam."""
    return f"""<?xml version="1.0" encoding="utf-8"?><disqus xmlns="http://disqus.com"
xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="1"><link>https://blog.example/breaks/</link>
<title>Breaks</title></thread><post dsq:id="2"><message><![CDATA[<p>{_LETTER}</p>]]></message>
<createdAt>2020-01-02T08:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Ann</name>
<email>{ADDRESS}</email></author><ipAddress>{IP}</ipAddress><thread dsq:id="1"/></post>
<post dsq:id="3"><message>{SECRET}
</message><isDeleted>true</isDeleted><isSpam>true</isSpam><thread dsq:id="1"/></post></disqus>""".encode()


def markdown() -> bytes:
    """Return a post with front matter."""
    return f"---\ntitle: Breaks\ndate: 2020-01-01\ntags: [a, b]\n---\n\n## Before it begins\n\n{_REPLY}\n".encode()


def markdown_draft() -> bytes:
    """Return a draft with front matter. It says so twice: a name that damage has changed is another name."""
    return f"---\ntitle: Draft\ndraft: true\npublished: false\n---\n\n{SECRET}\n".encode()


def _comments() -> list[C]:
    """Return comments of which two are for readers."""
    return [
        C(2, _LETTER),
        C(3, _REPLY, 2, AUTHOR_ID),
        C(10, f"{SECRET} seven.", approved="0"),
        C(11, f"{SECRET} eight.", approved="spam"),
        C(12, f"{SECRET} nine.", type="order_note"),
    ]


# What says, in formats without a frame that damage would show in, that private words are private. Where nothing of it
# is left, nobody could know.
SIGNS: Mapping[str, tuple[bytes, ...]] = {
    "markdown": (b"draft: true", b"published: false"),
    "webpage": (b' class="comment unapproved"', b' class="comment-awaiting-moderation"'),
}

# What each importer reads. A seed of a format that no importer knows yet must only be passed over.
SEEDS: Mapping[str, tuple[Callable[[], bytes], ...]] = {
    "wordpress": (wordpress,),
    "pagetext": (page_text,),
    "packed": (zipped, gzipped),
    "webpage": (web_page,),
    "fetched": (fetched,),
    "feeds": (rss, atom),
    "blogger": (blogger,),
    "ghost": (ghost,),
    "disqus": (disqus,),
    "markdown": (markdown, markdown_draft),
}
