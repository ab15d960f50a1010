"""Exchanges: each reply knows what it answers, and what is shown of the question says nothing of who asked."""

from askedbefore.markup import plain_blocks
from askedbefore.records import Comment
from askedbefore.threads import find_exchanges, question_excerpt


def comment(number: int, parent: int | None, author: bool, text: str = "") -> Comment:
    """Return a comment."""
    words = (
        text or f"These are so many words of comment number {number} that it can speak for itself, " + "and on " * 15
    )
    return Comment(str(number), str(parent) if parent else None, author, plain_blocks(words))


def shape(*comments: Comment) -> tuple[list[tuple[str | None, list[str], list[str]]], list[str]]:
    """Return question, what led up to it, and replies of each exchange; and who was not answered."""
    exchanges, unanswered = find_exchanges(comments)
    return (
        [
            (one.question.id if one.question else None, [c.id for c in one.before], [c.id for c in one.replies])
            for one in exchanges
        ],
        [one.id for one in unanswered],
    )


def test_a_reply_answers_the_readers_comment_above_it() -> None:
    """Also four levels deep, and also when the author adds to an own reply."""
    assert shape(
        comment(1, None, False),
        comment(2, 1, True),
        comment(3, 2, False),
        comment(4, 3, True),
        comment(5, 4, True),
        comment(6, None, False),
    ) == ([("1", [], ["2"]), ("3", [], ["4", "5"])], ["6"])


def test_readers_between_themselves_lead_up_to_the_question() -> None:
    """What was said since the author last spoke belongs to the question."""
    assert shape(comment(1, None, False), comment(2, 1, False), comment(3, 2, True)) == ([("2", ["1"], ["3"])], [])


def test_a_short_question_is_understood_with_the_one_before() -> None:
    """`And by letter?` says little on its own."""
    short = comment(3, 2, False, "And by letter?")
    assert shape(comment(1, None, False), comment(2, 1, True), short, comment(4, 3, True)) == (
        [("1", [], ["2"]), ("3", ["1"], ["4"])],
        [],
    )


def test_a_comment_of_the_author_alone_and_a_parent_that_is_gone() -> None:
    """Neither has a question; a cycle of parents does no harm."""
    assert shape(comment(1, None, True), comment(2, 99, True)) == ([(None, [], ["1"]), (None, [], ["2"])], [])
    assert shape(comment(1, 2, True), comment(2, 1, True))[1] == []


def excerpt(text: str) -> str:
    """Return what is shown of a reader's comment."""
    return question_excerpt(comment(1, None, False, text))


def test_the_excerpt_is_the_readers_question_in_her_words() -> None:
    """A short comment stands whole; of a long one the last question with what leads up to it."""
    assert excerpt("Is it childish? I count the days.") == "Is it childish? I count the days."
    long = (
        "Nothing here matters at all. " * 20 + "Is it childish to count? " + "After it comes a long line of more. " * 20
    )
    shown = excerpt(long)
    assert shown.startswith("… Nothing here")
    assert "Is it childish to count?" in shown
    assert len(shown.split()) <= 62


def test_the_excerpt_does_not_say_who_asked() -> None:
    """A closing line with a name, and addresses of any kind, stay out."""
    assert excerpt("May I hug her?\n\nThanks,\nBeatrice") == "May I hug her?"
    assert excerpt("May I hug her?\nAll my best, AG") == "May I hug her?"
    assert excerpt("May I hug her? Thanks, Rita Miller") == "May I hug her?"
    assert excerpt("May I hug her?\n– Rita Anne Miller, Dayton") == "May I hug her?"
    assert excerpt("Call 555-123-4567? May I hug her?") == "… May I hug her?"
    assert excerpt("May I hug her? Love is what I need.") == "May I hug her? Love is what I need."
    assert excerpt("May I hug her? Best wishes, Rita") == "May I hug her?"
    assert excerpt("I hate it\nlost my therapist") == "I hate it\nlost my therapist"
    named = Comment("1", None, False, plain_blocks("I am Rita from Ohio. May I hug her?"), names=frozenset({"rita"}))
    assert question_excerpt(named) == "… May I hug her?"
    one = Comment("1", None, False, plain_blocks("May I hug her just one time?"), names=frozenset({"quiet", "one"}))
    assert question_excerpt(one) == "May I hug her just one time?"
    assert (
        excerpt("May I hug her? See https://my-diary.example/me or write to bea@home.invalid. Please.")
        == "May I hug her? …"
    )
