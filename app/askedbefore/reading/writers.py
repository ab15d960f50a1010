"""Which account of a WordPress export wrote a comment: it was logged in, or else under its e-mail address."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askedbefore.reading.harvest import Account
from askedbefore.reading.wxr import Fields
from askedbefore.records import Post

GUESS = (
    "Comments that were not written from an account, but under an e-mail address that an account has, are "
    "taken for that account's. Only the blog knows such addresses, but it asks nobody to prove one."
)


class Writers:
    """The accounts of an export, and what comments tell of them as they are read; addresses are kept as hashes only."""

    def __init__(self, accounts: Sequence[Fields]) -> None:
        """Take the list of accounts, which fills while the file is read: it stands before the items."""
        self._accounts = accounts
        self._known = 0
        self._emails: dict[str, str] = {}
        self._logged_in: set[str] = set()
        self._addressed: dict[tuple[int, str], str] = {}

    def account_of(self, fields: Fields, post: int, comment: str) -> str | None:
        """Return the key of the account that wrote a comment logged in; what may be by its address is noted."""
        user = fields.get("wp:comment_user_id", "0")
        if user not in ("", "0"):
            self._logged_in.add(user)
            return user if self._accounts else fields.get("wp:comment_author")
        account = self._by_email().get(_email(fields.get("wp:comment_author_email", "")))
        if account and comment:
            self._addressed[post, comment] = account
        return None

    def tell_addressed(self, posts: list[Post]) -> set[str]:
        """Put into the posts who wrote under an address, and return those accounts.

        WordPress asks nobody to prove an address, so that of an account which comments logged in proves nothing.
        """
        by_post: dict[int, dict[str, str]] = {}
        for (place, comment), account in self._addressed.items():
            if account not in self._logged_in:
                by_post.setdefault(place, {})[comment] = account
        told: set[str] = set()
        for place, accounts in by_post.items():
            comments = [replace(one, account=one.account or accounts.get(one.id)) for one in posts[place].comments]
            posts[place] = replace(posts[place], comments=tuple(comments))
            told |= {one.account for one in comments if one.account and one.account == accounts.get(one.id)}
        return told

    def keys(self) -> dict[str, str]:
        """Return what comments know an account by, for each name that posts know it by."""
        return {fields.get("wp:author_login", ""): _key(fields) for fields in self._accounts}

    def accounts(self, posts: Sequence[Post]) -> Iterator[Account]:
        """Yield who can write posts. An export without a list (WXR 1.0) names them only over what they wrote."""
        for fields in self._accounts:
            names = (fields.get("wp:author_display_name"), fields.get("wp:author_login"))
            yield Account(_key(fields), tuple(dict.fromkeys(name for name in names if name)))
        if not self._accounts:
            yield from (Account(name, (name,)) for name in dict.fromkeys(post.account for post in posts) if name)

    def _by_email(self) -> dict[str, str]:
        """Return the accounts by the hashes of their addresses."""
        if self._known < len(self._accounts):
            self._known = len(self._accounts)
            found = {_email(fields.get("wp:author_email", "")): _key(fields) for fields in self._accounts}
            self._emails = {email: key for email, key in found.items() if email and key}
        return self._emails


def _key(fields: Fields) -> str:
    """Return what comments and posts know an account by."""
    return fields.get("wp:author_id") or fields.get("wp:author_login", "")


def _email(address: str) -> str:
    """Return a hash of an e-mail address, "" for none; the address itself is not kept."""
    plain = address.strip().casefold()
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest() if plain else ""
