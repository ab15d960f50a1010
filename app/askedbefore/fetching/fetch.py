"""Fetch a blog: find it, read it whole or what changed since, and put one file in its place."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from askedbefore.errors import FetchError
from askedbefore.fetching.collecting import COLLECTIONS, Collection, Reader, by_key, changed, read_whole
from askedbefore.fetching.discovering import Closed, Site, find_site
from askedbefore.fetching.kept import GoneRecord, Header, Kept, Part, Record, Records, read_kept, same_blog, write_kept
from askedbefore.fetching.web import Web, plain_host
from askedbefore.watching import Watcher

FEWEST_TO_LOSE = 5  # posts; fewer may all go without a question


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch brought: the blog, the file, and by kind how many public records there are, came, changed, went."""

    site: Site
    path: Path
    counts: dict[str, int]
    new: dict[str, int]
    edited: dict[str, int]
    gone: dict[str, int]
    protected: int
    closed: dict[str, str]
    was_there: bool


@dataclass(frozen=True, slots=True)
class State:
    """The records of a blog, how many of each collection it counts but does not list, and what is closed."""

    records: Records
    unlisted: dict[str, int] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)


def fetch(address: str, data: Path, web: Web, watcher: Watcher, everything: bool = False) -> FetchReport:
    """Read a blog into its file in the folder `data`; what was fetched before is not asked again, but for `everything`.

    Raises FetchError with what was asked, what came back and what to do; the file is then as it was.
    """
    watcher.stage("Finding the blog")
    site = find_site(web, address)
    path = data / file_name(site.home, ".jsonl")
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / f".{path.name}.lock", blocking=False):
            return _fetch(Reader(web, site, watcher), path, everything)
    except Timeout:
        raise FetchError(f"Another fetch of {site.home} is running. Wait for it to end.") from None
    except OSError as error:
        raise FetchError(f"{error.filename or path} cannot be written: {error.strerror or error}.") from error


def _fetch(reader: Reader, path: Path, everything: bool) -> FetchReport:
    """Read a blog that was found."""
    site = reader.site
    before = _kept_before(path, site, everything)
    part_path = path.with_name(f"{path.name}.part")
    state = State(before.records, before.header.unlisted) if before else State({})
    if before is None or everything or part_path.exists():
        state = _read_whole(reader, part_path)
    else:
        state = update(reader, state)
    _stop_before_large_loss(before, state, everything)
    records = _with_gone(before, state)
    counts = _count(records)
    header = Header(
        blog=site.home,
        name=site.name,
        fetched=site.now,
        unlisted=state.unlisted,
        closed=state.closed,
        counts=counts,
    )
    write_kept(path, Kept(header, records))
    part_path.unlink(missing_ok=True)
    return _report(site, path, before, records, state.closed)


def _kept_before(path: Path, site: Site, everything: bool) -> Kept | None:
    """Return what an earlier fetch kept of the blog. Raises FetchError when the file is another's or cannot be read."""
    if not path.exists():
        return None
    try:
        kept = read_kept(path)
    except FetchError as error:
        if everything and "newer" not in str(error):
            return None
        raise FetchError(f"{path} cannot be read: {error}.") from error
    if not same_blog(kept.header.blog, site.home):
        raise FetchError(
            f"{path} holds another blog of this host, {kept.header.blog}. Use a folder of its own:  --data FOLDER"
        )
    if kept.damaged and not everything:
        raise FetchError(f"{path} is damaged at line {kept.damaged[0]}. Fetch the blog anew:  --all")
    return kept


def _read_whole(reader: Reader, part_path: Path) -> State:
    """Read all of a blog; a fetch that was cut is taken up, and then brought up to date."""
    part = Part(part_path, reader.site.home, reader.site.name)
    try:
        closed = read_whole(reader, part)
    finally:
        part.close()
    state = State(part.records, {}, closed)
    if part.resumed:
        return update(reader, state, sure=False)
    for collection in COLLECTIONS:
        if collection.since and collection.route not in closed:
            state = reconcile(reader, collection, state, part.marks[collection.route].total)
    return state


def update(reader: Reader, state: State, sure: bool = True) -> State:
    """Bring a blog's records up to date, asking only for what changed. When not `sure`, the numbers are compared too.

    WordPress gives an approval no date, and counts the comments of posts that nobody may see: whenever the comments or
    the public posts changed at all, the numbers of the comments are compared.
    """
    closed: dict[str, str] = {}
    public = _public(state)
    for collection in COLLECTIONS:
        reader.watcher.stage(f"Reading what changed of {collection.route}")
        have = {number: one for (kind, number), one in state.records.items() if kind == collection.kind}
        try:
            found = by_key(changed(reader, collection, have))
            if not collection.since:
                kept = {key: one for key, one in state.records.items() if key[0] != collection.kind}
                state = replace(state, records={**kept, **found})
                continue
            is_new = any(state.records.get(key) != one for key, one in found.items())
            state = replace(state, records={**state.records, **found})
            total = reader.total(collection)
            doubtful = not sure or (collection.kind == "comment" and (is_new or _public(state) != public))
            state = reconcile(reader, collection, state, -1 if doubtful else total)
        except Closed as error:
            if collection.needed:
                raise
            closed[collection.route] = error.answer
    return replace(state, closed=closed)


def reconcile(reader: Reader, collection: Collection, state: State, total: int) -> State:
    """Compare with how many items the blog counts, and when that does not add up with their numbers.

    What it lists no more goes, and what is missing is asked for. A total of -1 never adds up.
    """
    have = {number for kind, number in state.records if kind == collection.kind}
    if total == len(have) + state.unlisted.get(collection.route, 0):
        return state
    listed = reader.numbers(collection)
    missing = by_key(reader.by_number(collection, listed - have))
    kept = {key: one for key, one in state.records.items() if key[0] != collection.kind or key[1] in listed}
    counted = reader.total(collection) if total < 0 else total
    unlisted = {**state.unlisted, collection.route: max(counted - len(listed), 0)}
    return replace(state, records={**kept, **missing}, unlisted=unlisted)


def _public(state: State) -> set[tuple[str, int]]:
    """Return the posts and pages that readers may see."""
    return {
        key for key, one in state.records.items() if key[0] in ("post", "page") and not getattr(one, "protected", True)
    }


def _stop_before_large_loss(before: Kept | None, state: State, everything: bool) -> None:
    """Raise FetchError when more than half of the posts would go, as when a blog is half down."""
    had = [key for key in before.records if key[0] in ("post", "page")] if before else []
    lost = sum(key not in state.records for key in had)
    if not everything and lost > FEWEST_TO_LOSE and 2 * lost > len(had):
        raise FetchError(
            f"{lost:,} of the {len(had):,} posts and pages that were fetched before are not on the blog any more. "
            "The file is as it was. If they are really gone, run the same command with --all"
        )


def _with_gone(before: Kept | None, state: State) -> Records:
    """Return the records with the numbers of the posts that were there once and are no more."""
    once = {key[1] for key in before.records if key[0] in ("post", "page", "gone")} if before else set()
    now = {key[1] for key in state.records if key[0] in ("post", "page")}
    gone: list[Record] = [GoneRecord(id=number) for number in once - now]
    return {**{key: one for key, one in state.records.items() if key[0] != "gone"}, **by_key(gone)}


def _count(records: Records) -> dict[str, int]:
    """Return how many records of each kind there are."""
    counts: dict[str, int] = {}
    for kind, _ in records:
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _report(site: Site, path: Path, before: Kept | None, records: Records, closed: dict[str, str]) -> FetchReport:
    """Compare what was kept before with what is kept now."""
    old = before.records if before else {}
    wanted = ("post", "page", "comment")
    return FetchReport(
        site=site,
        path=path,
        counts=_count({key: one for key, one in records.items() if not getattr(one, "protected", False)}),
        new={kind: sum(key[0] == kind and key not in old for key in records) for kind in wanted},
        edited={
            kind: sum(key[0] == kind and key in old and old[key] != one for key, one in records.items())
            for kind in wanted
        },
        gone={kind: sum(key[0] == kind and key not in records for key in old) for kind in wanted},
        protected=sum(getattr(one, "protected", False) for one in records.values()),
        closed=closed,
        was_there=before is not None,
    )


def file_name(home: str, ending: str) -> str:
    """Return the name of a blog's file: its host, in signs that every file system knows."""
    parts = urlsplit(home)
    host = plain_host(parts.hostname or "blog") + (f"-{parts.port}" if parts.port else "")
    safe = re.sub(r"[^a-z0-9.-]", "-", host).strip(".")
    # What begins with "readme" is a note on the folder, and is not read.
    return f"{'blog-' if safe.startswith('readme') or not safe else ''}{safe[:200]}{ending}"
