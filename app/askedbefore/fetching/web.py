"""A polite reader of one web site: one request at a time, a pause before each, patience when it is asked for."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
from httpx_retries import Retry, RetryTransport

from askedbefore import __version__
from askedbefore.errors import FetchError

USER_AGENT = (
    f"askedbefore/{__version__} (reads a blog's public posts for its author's own search; one request at a time)"
)
PAUSE = 0.5  # seconds between two requests
LONGEST_WAIT = 120.0  # seconds that a blog may ask for before it is better to come back another day
MOST_BYTES = 64 << 20  # of one answer
LONGEST_ANSWER = 300.0  # seconds that one answer may take
MOST_REDIRECTS = 5
BUSY = (429, 500, 502, 503, 504)

Params = Mapping[str, str | int]


class Web:
    """Reads pages of one site; closed at the end of a `with`. `transport` takes the network's place in tests."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        """Prepare; nothing is asked yet."""
        self._retry = Retry(
            total=5, backoff_factor=1.0, backoff_jitter=0.5, max_backoff_wait=LONGEST_WAIT, status_forcelist=BUSY
        )
        careful = _Careful(transport or httpx.HTTPTransport())
        self._client = httpx.Client(
            transport=RetryTransport(careful, self._retry),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(60.0, connect=15.0),
        )
        self._asked = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, address: str, params: Params | None = None) -> httpx.Response:
        """Return what an address answers, read whole, whatever its status; redirects on the same host are followed.

        Raises FetchError when there is no answer, it leads elsewhere, is too large, or the blog is too busy.
        """
        url = httpx.URL(address)
        if params:
            url = url.copy_merge_params(dict(params))
        for _ in range(MOST_REDIRECTS):
            response = self._send(url)
            if not response.has_redirect_location:
                return response
            url = _redirect(url, response)
        raise FetchError(f"{address} leads from one address to the next without end.")

    def _send(self, url: httpx.URL) -> httpx.Response:
        """Send one request. A host that does not answer the very first one is not asked again."""
        # Only a blog that has answered before is worth waiting for when it does not.
        retry = self._retry if self._asked else self._retry.copy_with(retry_on_exceptions=())
        if self._asked:
            time.sleep(PAUSE)
        try:
            response = self._client.get(url, extensions={"retry": retry})
        except httpx.TimeoutException as error:
            raise FetchError(f"{url.host} does not answer in time. {GO_ON}") from error
        except httpx.ConnectError as error:
            raise FetchError(
                f"{url.host} cannot be reached ({error}). Is the address right, and is this computer on the network?"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(f"The connection to {url.host} broke off ({error}). {GO_ON}") from error
        self._asked = True
        if response.status_code in BUSY:
            raise FetchError(f"{without_query(url)} answers {response.status_code} again and again. {GO_ON}")
        return response


GO_ON = "Run the same command again later; it goes on from where it stopped."


class _Careful(httpx.BaseTransport):
    """Reads each answer whole, within bounds, so that one that breaks off is asked for again."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        """Wrap what sends the requests."""
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to a request. Raises FetchError for one that is too large or asks to wait too long."""
        response = self._inner.handle_request(request)
        try:
            _stop_when_told(request.url, response)
            parts: list[bytes] = []
            size, begun = 0, time.monotonic()
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > MOST_BYTES or time.monotonic() - begun > LONGEST_ANSWER:
                    raise FetchError(f"{without_query(request.url)} gives more than can be taken in.")
        finally:
            response.close()
        unpacked = [item for item in response.headers.raw if item[0].lower() not in _OF_TRANSFER]
        return httpx.Response(response.status_code, headers=unpacked, content=b"".join(parts))

    def close(self) -> None:
        """Close what sends the requests."""
        self._inner.close()


_OF_TRANSFER = {b"content-encoding", b"content-length", b"transfer-encoding"}


def without_query(url: httpx.URL) -> str:
    """Return an address for a message."""
    return str(url.copy_with(query=None))


def _stop_when_told(url: httpx.URL, response: httpx.Response) -> None:
    """Raise FetchError when a busy blog asks for a longer wait than anybody would sit through."""
    told = response.headers.get("Retry-After", "")
    if response.status_code not in BUSY or not told:
        return
    try:
        seconds = Retry().parse_retry_after(told)
    except ValueError:
        return
    if seconds > LONGEST_WAIT:
        raise FetchError(f"{url.host} asks to be left alone for {round(seconds / 60):,} minutes. {GO_ON}")


def _redirect(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Return where an answer leads. Raises FetchError when that is another host or no web address."""
    try:
        target = url.join(response.headers["Location"])
    except httpx.InvalidURL as error:
        raise FetchError(f"{without_query(url)} leads to an address that is none.") from error
    if target.scheme not in ("http", "https") or (url.scheme == "https" and target.scheme == "http"):
        raise FetchError(f"{without_query(url)} leads to {target.scheme}:, which is not followed.")
    if plain_host(target.host) != plain_host(url.host):
        raise FetchError(
            f"{without_query(url)} leads to another site, {target.host}. If that is your blog, run  "
            f"askedbefore fetch {target.scheme}://{target.netloc.decode('ascii', 'replace')}/"
        )
    return target


def plain_host(host: str) -> str:
    """Return a host as it is compared, without www."""
    return host.casefold().removeprefix("www.")


def check_address(address: str) -> str:
    """Return an address as it can be asked for. Raises FetchError when it is no web address."""
    typed = address.strip()
    whole = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(whole)
        url = httpx.URL(whole)
        good = parts.scheme in ("http", "https") and bool(url.host) and " " not in whole
    except (ValueError, httpx.InvalidURL):
        good = False
    if not good or parts.username or parts.password:
        raise FetchError(f"{address} is no address of a blog. It looks like  https://my-blog.example")
    return str(url.copy_with(fragment=None, query=None))
