"""Write WordPress exports for tests, from short descriptions of posts and comments."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

AUTHOR_ID = "1"


@dataclass
class C:
    """A comment of an export."""

    id: int
    text: str
    parent: int = 0
    user: str = "0"
    approved: str = "1"
    type: str = "comment"
    name: str = "A Reader's Name"
    email: str = "reader@reader.invalid"


@dataclass
class P:
    """A post of an export."""

    slug: str
    content: str
    title: str = ""
    status: str = "publish"
    type: str = "post"
    password: str = ""
    comments: list[C] = field(default_factory=list)
    id: int = 0
    categories: list[str] = field(default_factory=list)


POSTS = [
    P(
        "breaks",
        "<p>A break in the work can feel like being left behind. Say so before the break begins, and again when it is "
        "over. The calendar on the wall is not your enemy, though it may look like one in July.</p>"
        "<h2>Before it begins</h2>"
        "<p>Ask on which day it starts and on which day it ends, and write both down where you can see them.</p>",
        comments=[
            C(2, "Mine goes away every August. Is it childish to count the days until she returns?"),
            C(3, "Counting the days is how many people hold on to somebody. Tell her the number.\n\nXY", 2, AUTHOR_ID),
            C(4, "Thank you, I told her. But what if she laughs at my number?", 3),
            C(5, "Then you will have heard how she laughs, and you can ask her what was funny. XY", 4, AUTHOR_ID),
        ],
    ),
    P(
        "fees",
        "A missed hour is paid for because the hour was kept free for you.\n\nIf the fee feels like a punishment, the "
        "feeling deserves an hour of its own, and nobody should be surprised by a bill.",
        comments=[C(6, "I was ill and paid all the same. May I be angry about the money?", 0)],
    ),
    P(
        "silence",
        "<!-- wp:paragraph --><p>Silence in the room is not empty.\nIt is where the second sentence grows.</p>"
        "<!-- /wp:paragraph -->",
    ),
]


def export(posts: list[P] | None = None, title: str = "A Test Blog", url: str = "https://blog.example") -> str:
    """Return a WXR 1.2 export of the posts."""
    items = "\n".join(_item(post, number) for number, post in enumerate(POSTS if posts is None else posts, start=1))
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>{escape(title)}</title><link>{url}</link><pubDate>Sat, 03 Jan 2026 10:00:00 +0000</pubDate>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>{url}</wp:base_blog_url>
<wp:author><wp:author_id>{AUTHOR_ID}</wp:author_id><wp:author_login>ada</wp:author_login>
<wp:author_email>ada@blog.example</wp:author_email>
<wp:author_display_name>Ada Example</wp:author_display_name></wp:author>
{items}
</channel></rss>
"""


def _item(post: P, number: int) -> str:
    """Return one post as an item, its fields in WordPress's order."""
    comments = "\n".join(_comment(comment) for comment in post.comments)
    filed = "".join(
        f'<category domain="category" nicename="x"><![CDATA[{name}]]></category>' for name in post.categories
    )
    title = post.title or post.slug.replace("-", " ").capitalize()
    month = (number - 1) % 9 + 1
    return f"""<item><title><![CDATA[{title}]]></title><link>https://blog.example/2020/0{month}/{post.slug}/</link>
<dc:creator><![CDATA[ada]]></dc:creator><content:encoded><![CDATA[{post.content}]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{post.id or number}</wp:post_id>
<wp:post_date><![CDATA[2020-0{month}-01 08:00:00]]></wp:post_date><wp:post_name><![CDATA[{post.slug}]]></wp:post_name>
<wp:status><![CDATA[{post.status}]]></wp:status><wp:post_type><![CDATA[{post.type}]]></wp:post_type>
<wp:post_password><![CDATA[{post.password}]]></wp:post_password>
<category domain="post_tag"><![CDATA[A tag]]></category>{filed}{comments}</item>"""


def _comment(comment: C) -> str:
    """Return one comment."""
    return f"""<wp:comment><wp:comment_id>{comment.id}</wp:comment_id>
<wp:comment_author><![CDATA[{comment.name}]]></wp:comment_author>
<wp:comment_author_email><![CDATA[{comment.email}]]></wp:comment_author_email>
<wp:comment_author_IP><![CDATA[192.0.2.77]]></wp:comment_author_IP>
<wp:comment_date><![CDATA[2020-05-{comment.id % 28 + 1:02} 10:00:00]]></wp:comment_date>
<wp:comment_content><![CDATA[{comment.text}]]></wp:comment_content>
<wp:comment_approved>{comment.approved}</wp:comment_approved><wp:comment_type>{comment.type}</wp:comment_type>
<wp:comment_parent>{comment.parent}</wp:comment_parent>
<wp:comment_user_id>{comment.user}</wp:comment_user_id></wp:comment>"""
