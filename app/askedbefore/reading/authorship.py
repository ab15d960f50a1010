"""Who the author is, decided from all sources together, and what of each source is hers.

An account proves who wrote; so does a sign-off. A name alone proves nothing, because any visitor can type one: it only
counts in sources that know nothing better (feeds), is said in the report, and can be switched off.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from askedbefore.reading.harvest import Account, Harvest, Proof
from askedbefore.records import Comment, Post, Voice
from askedbefore.settings import FILE_NAME, Settings

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Authorship:
    """The author or authors: all names, those displayed, and accounts; and what of that is a guess.

    `accounts` holds a blog's address with the key of an account there, for sources that give no names; `logged_in` are
    those that comments were written from somewhere: their address alone proves nothing.
    """

    names: tuple[str, ...]
    displayed: tuple[str, ...]
    accounts: frozenset[tuple[str | None, str]]
    guesses: tuple[str, ...] = ()
    logged_in: frozenset[tuple[str | None, str]] = frozenset()

    def owns(self, account: Account, blog: str | None) -> bool:
        """Say whether an account is the author's."""
        mine = {name.casefold() for name in self.names}
        return any(name.casefold() in mine for name in account.names) or (blog, account.key) in self.accounts


def find_author(harvests: Sequence[Harvest], settings: Settings) -> Authorship:
    """Return who the author is: as `blog.toml` says, else who wrote the most posts."""
    accounts = [(account, harvest.url) for harvest in harvests for account in harvest.accounts]
    wanted = {name.casefold() for name in settings.authors}
    chosen = [one for one in accounts if wanted & {name.casefold() for name in one[0].names}]
    guesses: tuple[str, ...] = ()
    if not chosen and accounts:
        chosen = [_who_wrote_most(harvests)]
        guesses = _on_guess(chosen[0][0], [account for account, _ in accounts], settings)
    names = dict.fromkeys([*settings.authors, *(name for account, _ in chosen for name in account.names)])
    displayed = dict.fromkeys([*settings.authors, *(name for account, _ in chosen for name in account.names[:1])])
    mine = {name.casefold() for name in names}
    named = [one for one in accounts if mine & {name.casefold() for name in one[0].names}]
    keys = frozenset((url, account.key) for account, url in (*chosen, *named))
    return Authorship(tuple(names), tuple(displayed), keys, guesses, frozenset(_logged_in(harvests)))


def tell_author(harvest: Harvest, authorship: Authorship, trust_names: bool) -> Harvest:
    """Return a harvest in which each comment says whether it is the author's, and a guest's posts are not her voice."""
    own = {account.key for account in harvest.accounts if authorship.owns(account, harvest.url)}
    unproved = {key for key in harvest.by_address if (harvest.url, key) in authorship.logged_in}
    by_name = harvest.proof is Proof.NAME and trust_names
    names = {name_words(name) for name in authorship.displayed} - {frozenset()} if by_name else set()
    posts, threads = (
        tuple(_tell(post, own, own - unproved, names, bool(harvest.accounts)) for post in some)
        for some in (harvest.posts, harvest.threads)
    )
    guesses = (*harvest.guesses, *_on_names(posts + threads, names))
    return replace(harvest, posts=posts, threads=threads, guesses=guesses)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name in small letters, as the names of commenters are kept."""
    return frozenset(re.findall(r"[^\W\d_]{2,}", name.casefold()))


def _logged_in(harvests: Iterable[Harvest]) -> Iterator[tuple[str | None, str]]:
    """Yield the accounts that comments were written from, each with its blog."""
    for harvest in harvests:
        for post in (*harvest.posts, *harvest.threads):
            for comment in post.comments:
                if comment.account and comment.account not in harvest.by_address:
                    yield harvest.url, comment.account


def _who_wrote_most(harvests: Iterable[Harvest]) -> tuple[Account, str | None]:
    """Return the account with the most posts in all sources, and the blog that it is of."""
    written: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], tuple[Account, str | None]] = {}
    for harvest in harvests:
        by = Counter(post.account for post in harvest.posts)
        for account in harvest.accounts:
            same = tuple(name.casefold() for name in account.names[:1]) or (harvest.url or "", account.key)
            written[same] += by[account.key]
            found.setdefault(same, (account, harvest.url))
    return found[max(found, key=lambda one: written[one])]


def _on_guess(taken: Account, accounts: Iterable[Account], settings: Settings) -> tuple[str, ...]:
    """Say whom the author was guessed to be, when there was a choice."""
    mine = set(taken.names)
    others = dict.fromkeys(one.names[0] for one in accounts if one.names and not mine & set(one.names))
    name = taken.names[0] if taken.names else f"account {taken.key}"
    named = ", ".join(list(others)[:_MOST_NAMED])
    if len(others) > _MOST_NAMED:
        named += f" nor {len(others) - _MOST_NAMED:,} more"
    if settings.authors:
        return (
            f"No account is named {' or '.join(settings.authors)}, as author in {FILE_NAME} says, so “{name}” is taken "
            f"for the author, not {named or 'another'}. Set author to the name of an account.",
        )
    if not others:
        return ()
    return (
        f"“{name}” is taken for the author, not {named}: most posts are by that account. "
        f"If that is wrong, set author in {FILE_NAME}; several authors are a list.",
    )


def _tell(post: Post, own: set[str], commenting: set[str], names: set[frozenset[str]], knows_accounts: bool) -> Post:
    """Return a post in which the author's voice and her comments are told from others'."""
    voice = Voice.AUTHOR if not knows_accounts or post.account is None or post.account in own else Voice.READER
    blocks = tuple(replace(block, voice=voice) for block in post.blocks)
    return replace(
        post,
        blocks=blocks,
        comments=tuple(_tell_comment(one, commenting, names) for one in post.comments),
        account=None,
    )


def _tell_comment(comment: Comment, own: set[str], names: set[frozenset[str]]) -> Comment:
    """Return a comment that says whether it is the author's; her own name is nothing to keep out."""
    by_author = comment.by_author or comment.account in own or (comment.account is None and comment.names in names)
    return replace(comment, by_author=by_author, account=None, names=frozenset() if by_author else comment.names)


def _on_names(posts: Sequence[Post], names: set[frozenset[str]]) -> tuple[str, ...]:
    """Say how many comments are taken for the author's by a name alone."""
    number = sum(comment.by_author for post in posts for comment in post.comments)
    if not names or not number:
        return ()
    return (
        f"{number:,} of its comments {'is' if number == 1 else 'are'} taken for the author's by the name alone, which "
        f"any visitor can type. If that is wrong, set trust_names = false in {FILE_NAME}",
    )
