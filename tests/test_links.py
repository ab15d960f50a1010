"""Links lead to the very place, and only ever to the web."""

from dataclasses import replace

from askedbefore.links import Links, flatten, text_fragment
from askedbefore.markup import html_blocks, plain_blocks
from askedbefore.records import Comment, Post

TEXT = 'The first words of it - "so" she said - are many. They end here, quietly & well.'
COMMENTS = tuple(
    Comment(str(n), "1" if n == 2 else None, False, plain_blocks("Text."), anchor=f"comment-{n}") for n in range(1, 6)
)
POST = Post("slug", "Title", "https://blog.example/slug/", None, plain_blocks(TEXT), COMMENTS)


def test_a_passage_has_a_text_fragment_of_plain_words() -> None:
    """Words next to what WordPress changes on the page (quotes, dashes, &) are not relied on."""
    fragment = "The%20first%20words%20of%20it,many.%20They%20end%20here%2C%20quietly"
    assert Links(POST).to_passage(TEXT) == f"https://blog.example/slug/#:~:text={fragment}"


def test_a_fragment_is_percent_encoded_with_its_dashes() -> None:
    """`,` `&` and `-` have a meaning in a text fragment."""
    page = "Ask, then wait for it. Well, that was all there is, was it?"
    fragment = text_fragment(page, flatten(page))
    assert fragment == "Ask%2C%20then%20wait%20for%20it,all%20there%20is%2C%20was%20it%3F"


def test_a_start_that_stands_twice_is_made_longer_or_given_up() -> None:
    """A browser takes the first place it finds, so the start must be the only one."""
    page = "We begin with the same five words today. And we begin with the same five words tomorrow, as it happens."
    passage = page[len("We begin with the same five words today. ") :]
    start = str(text_fragment(passage, flatten(page))).split(",")[0]
    assert page.casefold().count(start.replace("%20", " ").replace("%2C", ",").casefold()) == 1
    assert text_fragment("Same words.", "same words. same words.") is None
    assert Links(replace(POST, blocks=plain_blocks("Same words.\n\nSame words."))).to_passage("Same words.") == POST.url


def test_wide_spaces_are_not_relied_on() -> None:
    """A browser does not take several characters of white space for one, where one of them does not break."""
    (block,) = html_blocks("<p>That&nbsp; would be absurd, and I said so at once to her.</p>")
    assert block.text == "That would be absurd, and I said so at once to her."
    assert "#:~:text=would%20be%20absurd" in str(Links(replace(POST, blocks=(block,))).to_passage(block.text))
    (block,) = html_blocks("<p>That&nbsp;would be absurd, and I said so at once to her.</p>")
    assert "#:~:text=That%20would%20be" in str(Links(replace(POST, blocks=(block,))).to_passage(block.text))


def test_comments_have_permalinks() -> None:
    """With paging on, the page is that of the whole thread, oldest first."""
    assert Links(POST).to_comment(COMMENTS[1], "Text.") == "https://blog.example/slug/#comment-2"
    pages = [Links(POST, 2).to_comment(one, "Text.") for one in COMMENTS]
    plain = replace(POST, url="https://blog.example/?p=1")
    assert Links(plain, 2).to_comment(COMMENTS[4], "Text.") == "https://blog.example/?p=1&cpage=2#comment-5"
    assert [str(page).split("/")[4] for page in pages] == ["comment-page-1"] * 3 + ["comment-page-2"] * 2


def test_a_page_without_anchors_gets_a_fragment_for_comments_too() -> None:
    """A page saved as text has no comment ids of the blog's."""
    comment = Comment("1", None, True, plain_blocks("Only here stand these words."))
    post = replace(POST, comments=(comment,))
    assert "#:~:text=Only%20here" in str(Links(post).to_comment(comment, comment.text))


def test_only_web_addresses_become_links() -> None:
    """Nothing of the archive can become a link that runs a script."""
    for url in (None, "javascript:alert(1)", "data:text/html,x", "ftp://blog.example/"):
        post = replace(POST, url=url)
        assert Links(post).to_passage(TEXT) is None
        assert Links(post).to_comment(COMMENTS[0], "Text.") is None
