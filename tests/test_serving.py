"""Several processes behind one socket, and an end that leaves nobody without her answer."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

from askedbefore.web import serving
from tests.processes import LONG, ROOT, Running, is_alive, running, until
from tests.serving import CRY, small_blog

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

QUESTION = "Why is a break hard?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the index of a small blog."""
    return small_blog(tmp_path_factory.mktemp("blog")).paths.index


@pytest.fixture(scope="module")
def two(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return two processes behind one socket."""
    with running(index, tmp_path_factory.mktemp("two"), workers=2) as server:
        yield server


def asks(server: Running) -> dict[str, object]:
    """Return an answer, asked for on a connection of its own."""
    response = httpx.post(f"{server.url}/api/ask", json={"question": QUESTION}, timeout=LONG)
    assert response.status_code == 200
    found: dict[str, object] = response.json()
    return found


def gradio_run(server: Running) -> dict[str, object]:
    """Return an answer, asked for by Gradio's way of one request."""
    sent = httpx.post(f"{server.url}/gradio_api/run/ask", json={"data": [QUESTION, None]}, timeout=LONG)
    found: dict[str, object] = sent.json()["data"][0]
    return found


def until_all_have_answered(server: Running, ask: Callable[[int], object]) -> None:
    """Ask until each process has answered at least once."""
    for path in server.folder.glob("answered-*"):
        path.unlink()
    with ThreadPoolExecutor(8) as pool:
        until(lambda: all(pool.map(ask, range(8))) and server.have_answered() == server.answering())


def test_every_way_in_is_answered_by_every_process(two: Running) -> None:
    """The page's own way, the API, the page without scripts and Gradio's run: none needs the same one twice."""

    def turn(_: int) -> bool:
        """Ask as the page does."""
        sent = httpx.post(f"{two.url}/turn", data={"question": QUESTION}, timeout=LONG)
        return sent.status_code == 200 and "ab-passage" in sent.text

    def plain(_: int) -> bool:
        """Ask as the page without scripts does."""
        sent = httpx.post(f"{two.url}/plain", data={"question": QUESTION}, timeout=LONG)
        return sent.status_code == 200 and "ab-passage" in sent.text

    for ask in (turn, plain, lambda _: asks(two)["passages"]):
        until_all_have_answered(two, ask)
    until_all_have_answered(two, lambda _: gradio_run(two)["passages"])
    page = httpx.get(two.url).text
    assert all(httpx.get(two.url).text == page for _ in range(8))


def test_gradios_queue_is_refused_by_all(two: Running) -> None:
    """It is in one process, and what it says comes by a second request: it would work now and then."""
    client = Client(two.url, verbose=False)
    with pytest.raises(httpx.HTTPStatusError, match="501"):
        client.predict(QUESTION, api_name="/ask")
    for _ in range(8):
        refused = httpx.post(f"{two.url}/gradio_api/call/ask", json={"data": [QUESTION, None]})
        assert refused.status_code == 501
        assert "/api/ask" in refused.json()["error"]


def test_gradios_client_asks_one_process(index: Path, tmp_path: Path) -> None:
    """As the README says."""
    with running(index, tmp_path, workers=1) as server:
        assert Client(server.url, verbose=False).predict(QUESTION, api_name="/ask")["passages"]


def test_a_dead_process_is_replaced(two: Running) -> None:
    """Readers are answered meanwhile by the other one, and afterwards by both."""
    victim = min(two.answering())
    os.kill(victim, signal.SIGKILL)
    until(lambda: not is_alive(victim))
    assert asks(two)["passages"]
    until(lambda: len(two.answering()) == 2)
    until_all_have_answered(two, lambda _: asks(two)["passages"])
    assert "another one takes its place" in two.output()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_limit_counts_over_all_processes(index: Path, tmp_path: Path, workers: int) -> None:
    """Whichever answers, a reader may ask so often and no oftener, and help lines come all the same."""
    with running(index, tmp_path, workers, per_minute=6) as server:
        sent = [httpx.post(f"{server.url}/api/ask", json={"question": CRY}, timeout=LONG) for _ in range(9)]
    assert sorted(one.status_code for one in sent) == [200] * 6 + [429] * 3
    assert all(one.json()["support"] for one in sent)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", [1, 2])
def test_an_end_in_good_order(index: Path, tmp_path: Path, workers: int, sign: signal.Signals) -> None:
    """What is being answered is answered, nobody else is let in, and the exit code says that all is well."""
    with running(index, tmp_path, workers) as server, ThreadPoolExecutor(1) as pool:
        (tmp_path / "slow").touch()
        being_answered = pool.submit(asks, server)
        until((tmp_path / "begun").exists)
        server.process.send_signal(sign)
        until(lambda: is_refused(server))
        assert server.process.poll() is None
        assert not being_answered.done()
        (tmp_path / "go").touch()
        assert being_answered.result(LONG)["passages"]
        assert server.process.wait(LONG) == 0
        assert not server.answering()
        assert server.output() == f"ready {server.url}\n"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_answer_that_never_comes_does_not_hold_the_end_up(index: Path, tmp_path: Path, workers: int) -> None:
    """After the time for answers is over the processes end all the same."""
    with running(index, tmp_path, workers) as server, ThreadPoolExecutor(1) as pool:
        (tmp_path / "slow").touch()
        pool.submit(asks, server)
        until((tmp_path / "begun").exists)
        server.process.terminate()
        assert server.process.wait(LONG) == 0
        assert not server.answering()


def test_processes_do_not_outlive_the_one_that_looks_after_them(index: Path, tmp_path: Path) -> None:
    """Else they would hold the port, and nobody would end them."""
    with running(index, tmp_path, workers=2) as server:
        server.process.kill()
        until(lambda: not server.answering())


def test_what_cannot_start_is_not_tried_for_ever(index: Path, tmp_path: Path) -> None:
    """The command ends with one message."""
    (tmp_path / "broken").touch()
    command = [sys.executable, "-m", "tests.processes", str(index), "0", "2", str(tmp_path), "0", ""]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG)
    assert done.returncode == 1
    assert "AskedBeforeError: The server could not start." in done.stderr


def test_an_answer_is_sent_at_once() -> None:
    """TCP does not keep an answer back until its header is acknowledged, which may take 40 ms."""

    async def no_delay() -> int:
        """Return how asyncio sets a connection that it takes from our socket."""
        taken: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        listener = serving._listen("127.0.0.1", 0)
        async with await asyncio.start_server(lambda _, writer: taken.set_result(writer), sock=listener):
            with socket.create_connection(listener.getsockname()):
                writer = await taken
                writer.close()
                found: int = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                return found

    assert asyncio.run(no_delay())


def is_refused(server: Running) -> bool:
    """Say whether nobody listens any more."""
    try:
        httpx.get(f"{server.url}/healthz", timeout=LONG)
    except httpx.ConnectError:
        return True
    except httpx.TransportError:  # let in at the last moment
        return False
    return False
