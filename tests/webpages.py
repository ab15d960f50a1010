"""Write pages of blogs for tests, as themes of several kinds mark them."""

from dataclasses import dataclass

DEEP = "text of the post that stays together and is long enough to be told from what a menu says"


@dataclass
class C:
    """A comment of a page, with those that answer it."""

    id: int
    text: str
    answers: tuple["C", ...] = ()
    name: str = "Bo Reader"
    marks: str = ""
    note: str = ""
    can_be_answered: bool = True

    def classes(self, depth: int) -> str:
        """Return what WordPress's `comment_class()` writes."""
        kind = "" if "pingback" in self.marks else "comment"
        return f"{kind} {self.marks} even depth-{depth}"


OWN = "byuser comment-author-ada bypostauthor"
THREAD = (
    C(
        11,
        "May I knock twice?",
        (
            C(
                12,
                "You may knock as often as you like.",
                (C(13, "Thank you, I will."),),
                name="Ada Example",
                marks=OWN,
            ),
        ),
    ),
    C(14, "An odd house quotes you", marks="pingback", name="Odd House"),
    C(15, "This waits.", note='<em class="comment-awaiting-moderation">Your comment is awaiting moderation.</em>'),
    C(16, "I am the author, believe me.", name="Ada Example"),
)
CONTENT = """<p>A door can be shut without being locked &#8212; try it.</p>
<h2>The handle</h2><p>Turn it<br />
slowly.</p><ul><li>Left first</li><li>Then right</li></ul>
<div class="sharedaddy"><h3>Share this:</h3></div><div class="jp-relatedposts">Related: Windows</div>"""


def classic(thread: tuple[C, ...] = THREAD, content: str = CONTENT, **others: str) -> str:
    """Return a page whose comments are marked as in WordPress's classic themes since HTML5."""
    return page(f'<ol class="comment-list">{"".join(_html5(one, 1) for one in thread)}</ol>', content, **others)


def early(thread: tuple[C, ...] = THREAD, content: str = CONTENT) -> str:
    """Return a page whose comments are marked as in the themes of 2010: dates in words, `ol.commentlist`."""
    return page(f'<ol class="commentlist">{"".join(_early(one, 1) for one in thread)}</ol>', content)


def plain(thread: tuple[C, ...] = THREAD, content: str = CONTENT) -> str:
    """Return a page whose comments are marked as WordPress does for themes without HTML5."""
    return page(f'<ol class="commentlist">{"".join(_plain(one, 1) for one in thread)}</ol>', content)


def block(thread: tuple[C, ...] = THREAD, content: str = CONTENT) -> str:
    """Return a page of a block theme."""
    inner = f'<ol class="wp-block-comment-template">{"".join(_block(one, 1) for one in thread)}</ol>'
    return f"""{head()}<body class="post-template-default single single-post postid-7">
<main><h1 class="wp-block-post-title">The Shut Door</h1>
<div class="entry-content wp-block-post-content">{content}</div>
<div class="wp-block-post-date"><time datetime="2019-03-04T08:00:00+00:00">March 4, 2019</time></div>
<div class="taxonomy-category wp-block-post-terms"><a href="/category/houses/" rel="tag">Houses</a></div>
<div class="wp-block-post-author"><p class="wp-block-post-author__name">Ada Example</p></div>
<div class="wp-block-comments"><h2>Responses</h2>{inner}</div></main></body></html>"""


def head(title: str = "The Shut Door", address: str = "https://blog.example/2019/03/shut-door/") -> str:
    """Return the head of a page of WordPress."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>{title} &#8211; A Test Blog</title>
<link rel="https://api.w.org/" href="https://blog.example/wp-json/"><link rel="canonical" href="{address}">
<link rel="shortlink" href="https://blog.example/?p=7"><meta property="og:site_name" content="A Test Blog"></head>"""


def page(
    comments: str,
    content: str = CONTENT,
    body: str = "post-template-default single single-post postid-7",
    post: str = "type-post status-publish",
    title: str = "The Shut Door",
    address: str = "https://blog.example/2019/03/shut-door/",
    byline: str = 'By <a href="https://blog.example/author/ada/" rel="author">Ada Example</a>',
) -> str:
    """Return a page of a classic theme."""
    return f"""{head(title, address)}<body class="{body}"><nav>Home About</nav><main>
<article id="post-7" class="post-7 {post} hentry"><header><h1 class="entry-title">{title}</h1></header>
<div class="entry-content">{content}</div>
<footer class="entry-footer"><time class="entry-date published" datetime="2019-03-04T08:00:00+00:00">March 4</time>
<span class="byline">{byline}</span><a href="/category/houses/" rel="category tag">Houses</a></footer></article>
<div id="comments" class="comments-area"><h2>Thoughts on the door</h2>{comments}
<div id="respond"><form><p>Leave a comment, all of you who can write</p></form></div></div></main>
<aside class="widget-area"><ul><li class="recentcomments">Bo on another post: a secret</li></ul></aside>
</body></html>"""


def _html5(one: C, depth: int) -> str:
    """Return a comment with those below it."""
    reply = (
        '<div class="reply"><a class="comment-reply-link" href="#respond">Reply</a></div>'
        if one.can_be_answered
        else ""
    )
    below = "".join(_html5(other, depth + 1) for other in one.answers)
    return f"""<li id="comment-{one.id}" class="{one.classes(depth)}">
<article id="div-comment-{one.id}" class="comment-body"><footer class="comment-meta">
<div class="comment-author vcard"><img class="avatar" alt=""><b class="fn">{one.name}</b>
<span class="says">says:</span></div><div class="comment-metadata"><a href="#comment-{one.id}">
<time datetime="2019-05-{one.id}T10:00:00+00:00">May {one.id}</time></a> <span class="edit-link">Edit</span>
</div>{one.note}</footer><div class="comment-content"><p>{one.text}</p></div>{reply}</article>
{f'<ol class="children">{below}</ol>' if below else ""}</li>"""


def _early(one: C, depth: int) -> str:
    """Return a comment with those below it."""
    below = "".join(_early(other, depth + 1) for other in one.answers)
    return f"""<li class="{one.classes(depth)}" id="li-comment-{one.id}"><div id="comment-{one.id}">
<div class="comment-author vcard"><cite class="fn">{one.name}</cite> <span class="says">says:</span></div>{one.note}
<div class="comment-meta commentmetadata"><a href="#comment-{one.id}">May {one.id}, 2019 at 9:00 am</a> (Edit)</div>
<div class="comment-body"><p>{one.text}</p></div><div class="reply"><a class="comment-reply-link">Reply</a></div></div>
{f'<ul class="children">{below}</ul>' if below else ""}</li>"""


def _plain(one: C, depth: int) -> str:
    """Return a comment with those below it."""
    below = "".join(_plain(other, depth + 1) for other in one.answers)
    return f"""<li class="{one.classes(depth)}" id="comment-{one.id}">
<div id="div-comment-{one.id}" class="comment-body"><div class="comment-author vcard">
<cite class="fn">{one.name}</cite> <span class="says">says:</span></div>{one.note}
<div class="comment-meta commentmetadata"><a href="#comment-{one.id}">{one.id} May 2019 at 9:00 am</a></div>
<p>{one.text}</p><div class="reply"><a class="comment-reply-link">Reply</a></div></div>
{f'<ul class="children">{below}</ul>' if below else ""}</li>"""


def _block(one: C, depth: int) -> str:
    """Return a comment with those below it."""
    below = "".join(_block(other, depth + 1) for other in one.answers)
    return f"""<li id="comment-{one.id}" class="{one.classes(depth)}"><div class="wp-block-columns">
<div class="wp-block-comment-author-name">{one.name}</div><div class="wp-block-comment-date">
<time datetime="2019-05-{one.id}T10:00:00+00:00">May {one.id}, 2019</time></div>
<div class="wp-block-comment-content">{one.note}<p>{one.text}</p></div>
<div class="wp-block-comment-reply-link"><a class="comment-reply-link">Reply</a></div></div>
{f"<ol>{below}</ol>" if below else ""}</li>"""
