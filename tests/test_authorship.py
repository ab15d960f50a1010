"""Who the author is: by account, then by sign-off, and by a name only where nothing better is known."""

from dataclasses import replace

from askedbefore.markup import plain_blocks
from askedbefore.reading.authorship import find_author, name_words, tell_author
from askedbefore.reading.harvest import Account, Harvest, Proof
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings

ADA = Account("1", ("Ada Example", "ada"))
BEA = Account("2", ("Bea Guest", "bea"))


def post(slug: str, account: str | None, *comments: Comment) -> Post:
    """Return a post that an account wrote."""
    return Post(slug, slug, f"https://blog.example/{slug}/", None, plain_blocks("Text."), comments, account=account)


def comment(number: int, account: str | None = None, name: str = "") -> Comment:
    """Return a comment that an account wrote, or somebody under a name."""
    return Comment(str(number), None, False, plain_blocks("Words."), names=name_words(name), account=account)


def told(harvest: Harvest, settings: Settings, *others: Harvest) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Return the voices of a harvest's posts, the ids of the author's comments, and what was guessed."""
    authorship = find_author([harvest, *others], settings)
    found = tell_author(harvest, authorship, settings.trust_names)
    posts = (*found.posts, *found.threads)
    mine = [one.id for each in posts for one in each.comments if one.by_author]
    return [one.voice for each in posts for one in each.blocks], mine, (*authorship.guesses, *found.guesses)


def test_who_wrote_most_is_the_author_and_it_is_said() -> None:
    """A guest's post is not her voice, nor are the guest's comments; the guess says how to overrule it."""
    harvest = Harvest(
        (post("a", "1", comment(1, "1"), comment(2, "2"), comment(3)), post("b", "1"), post("c", "2")),
        accounts=(BEA, ADA),
    )
    voices, mine, guesses = told(harvest, Settings())
    assert (voices, mine) == (["author", "author", "reader"], ["1"])
    assert "“Ada Example” is taken for the author, not Bea Guest" in guesses[0]
    assert "set author in blog.toml" in guesses[0]


def test_blog_toml_overrules_and_may_name_several() -> None:
    """By displayed or login name, in any letter case; then nothing is guessed."""
    harvest = Harvest((post("a", "1"), post("b", "1"), post("c", "2", comment(1, "2"))), accounts=(ADA, BEA))
    assert told(harvest, Settings(author="bea guest")) == (["reader", "reader", "author"], ["1"], ())
    assert told(harvest, Settings(author=("Ada Example", "bea"))) == (["author"] * 3, ["1"], ())


def test_a_name_that_no_account_has_is_said() -> None:
    """A slip in blog.toml must not make all posts a guest's."""
    voices, _, guesses = told(Harvest((post("a", "1"),), accounts=(ADA,)), Settings(author="Aba Example"))
    assert voices == ["author"]
    assert "No account is named Aba Example" in guesses[0]


def test_accounts_of_several_sources_are_one_author() -> None:
    """A page of a guest alone stays a guest's; the author's login of one source is known in another."""
    export = Harvest((post("a", "1"), post("b", "1")), accounts=(ADA,), url="https://blog.example")
    page = Harvest((post("c", "Bea Guest"),), accounts=(Account("Bea Guest", ("Bea Guest",)),))
    nameless = Harvest((post("d", "1", comment(4, "1")),), accounts=(Account("1"),), url="https://blog.example")
    assert told(page, Settings(), export)[0] == ["reader"]
    assert told(nameless, Settings(), export)[:2] == (["author"], ["4"])


def test_a_name_proves_nothing_where_accounts_are_known() -> None:
    """Any visitor can type the author's name."""
    harvest = Harvest((post("a", "1", comment(1, None, "Ada Example")),), accounts=(ADA,))
    assert told(harvest, Settings())[1] == []


def test_a_name_counts_in_a_feed_and_is_said() -> None:
    """The displayed name, whole, never the login; with trust_names off nobody is taken for the author."""
    thread = post("a", None, comment(1, None, "Ada Example"), comment(2, None, "Ada"), comment(3, None, "ada"))
    feed = Harvest(threads=(thread,), proof=Proof.NAME)
    posts = Harvest((post("a", "1"),), accounts=(ADA,))
    _, mine, guesses = told(feed, Settings(), posts)
    assert mine == ["1"]
    assert "1 of its comments is taken for the author's by the name alone" in guesses[0]
    assert "trust_names = false" in guesses[0]
    assert told(feed, Settings(trust_names=False), posts)[1:] == ([], ())


def test_a_sign_off_that_an_importer_found_stays() -> None:
    """What a source knows by other means is kept."""
    signed = replace(comment(1), by_author=True)
    assert told(Harvest((post("a", None, signed, comment(2)),), proof=Proof.SIGN_OFF), Settings())[1] == ["1"]
