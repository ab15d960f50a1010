"""Readers who ask without pause, in every way that the server knows, and look at each answer."""

import html
import math
import random
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from scripts.faults.blog import MARK, PATIENCE, QUESTIONS, Blog

WAYS = ("/api/ask", "/turn", "/plain")
OPENING = 5.0  # seconds in which, while one reader waits for the new build to open, others still get the one before
_QUOTES = re.compile(r"<blockquote[^>]*>(.*?)</blockquote>", re.DOTALL)


@dataclass
class Life:
    """When an edition may have become live, and when it certainly was no more, by `time.monotonic`."""

    edition: int
    begun: float
    ended: float = math.inf


@dataclass
class Readers:
    """What several readers at one server have seen so far; safe to be read while they ask."""

    url: str
    blog: Blog
    pause: float = 0.0
    answers: int = 0
    quotes: int = 0
    seen: list[tuple[float, float, int]] = field(default_factory=list)  # asked when, answered when, from which edition
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise AssertionError when anything was not as it must be."""
        assert not self.faults, f"{len(self.faults)} faults, the first: {self.faults[0]}"
        assert self.quotes, "nothing was quoted"

    def check_times(self, lives: Sequence["Life"]) -> None:
        """Raise AssertionError when an answer is of an edition that was not live between question and answer."""
        spans = {life.edition: life for life in lives}
        for asked, answered, edition in self.seen:
            life = spans.get(edition)
            assert life, f"an answer of edition {edition}, which never was live"
            assert life.begun <= answered, f"an answer of edition {edition}, before it"
            assert asked <= life.ended + OPENING, f"an answer of edition {edition}, {asked - life.ended:.1f} s after it"

    def ask_on(self, seed: int) -> None:
        """Ask until told to end."""
        chance = random.Random(seed)
        with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
            while not self._ended.wait(self.pause):
                way, question = chance.choice(WAYS), chance.choice(self.blog.questions)
                begun = time.monotonic()
                try:
                    sent = (
                        client.post(way, json={"question": question})
                        if way == "/api/ask"
                        else client.post(way, data={"question": question})
                    )
                    self.seen += [(begun, time.monotonic(), one) for one in self._look_at(way, sent)]
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    self.faults.append(f"{way}: {error!r}")
                self.slowest = max(self.slowest, time.monotonic() - begun)

    def _look_at(self, way: str, sent: httpx.Response) -> set[int]:
        """Note what is wrong with an answer: its status, words of two editions or of nobody. Return its editions."""
        if sent.status_code != 200:
            self.faults.append(f"{way}: status {sent.status_code}: {sent.text[:200]}")
            return set()
        editions = {int(one) for one in MARK.findall(sent.text)}
        if len(editions) > 1:
            self.faults.append(f"{way}: an answer of the editions {sorted(editions)}")
        quotes = _quotes(way, sent)
        self.faults += [f"{way}: not in the archive: {one}" for one in quotes if not self.blog.is_word_for_word(one)]
        self.faults += [f"{way}: of no edition: {one}" for one in quotes if not MARK.search(one)]
        self.answers += 1
        self.quotes += len(quotes)
        return editions

    def end(self) -> None:
        """Tell all to end."""
        self._ended.set()


@contextmanager
def readers(url: str, blog: Blog, number: int = 4, pause: float = 0.0) -> Iterator[Readers]:
    """Let so many readers ask until the block ends, each with a pause after an answer (seconds)."""
    asking = Readers(url, blog, pause)
    threads = [threading.Thread(target=asking.ask_on, args=(seed,), daemon=True) for seed in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield asking
    finally:
        asking.end()
        for thread in threads:
            thread.join(PATIENCE)


def take_over(lives: list[Life], edition: int, begun: float) -> None:
    """Note that an edition is live now, since some moment after `begun`, and the one before it no more."""
    lives[-1].ended = time.monotonic()
    lives.append(Life(edition, begun))


def become(blog: Blog, edition: int, lives: list[Life]) -> float:
    """Make an edition the live one, note it, and return how long that took."""
    begun = time.monotonic()
    blog.rebuild(edition)
    take_over(lives, edition, begun)
    return time.monotonic() - begun


def ask_once(url: str) -> str:
    """Return an answer's text, asked for on a connection of its own."""
    return httpx.post(f"{url}/api/ask", json={"question": QUESTIONS[0]}, timeout=PATIENCE).raise_for_status().text


def _quotes(way: str, sent: httpx.Response) -> list[str]:
    """Return what an answer quotes."""
    if way == "/api/ask":
        return [one["quote"] for one in sent.json()["passages"]]
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in _QUOTES.findall(sent.text)]
