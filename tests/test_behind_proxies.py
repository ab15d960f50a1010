"""The page behind nginx and Caddy as deploy/ sets them up, with TLS, under a name of its own and under a folder.

Skipped where the two are not installed.
"""

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from askedbefore.web.tools import is_installed
from tests.browsing import free_port
from tests.processes import LONG, Running, running, until
from tests.serving import small_blog
from tests.test_deploying import read

pytestmark = pytest.mark.proxy

QUESTION = "Why is a break hard?"
PRIVATE = "xylophonic"  # a word that stands in questions and must stand nowhere else
_CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
_UNUSED = "/manifest.json"  # Gradio names it in every page, wherever that is; nobody asks for it


@dataclass
class Place:
    """A page behind a proxy: its address, its server, and all that the proxy wrote."""

    url: str
    server: Running
    folder: Path

    def client(self, **options: object) -> httpx.Client:
        """Return a client that takes the proxy's certificate."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return httpx.Client(verify=context, timeout=LONG, follow_redirects=True, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the index of a small blog."""
    return small_blog(tmp_path_factory.mktemp("blog")).paths.index


def under_folder(config: str, folder: str) -> str:
    """Return a configuration with the part in use that is for a folder, as its comment says, if there is one."""
    if not folder:
        return config
    config = re.sub(r"^[ \t]+(location / \{\n.*\n.*\}|reverse_proxy .*)\n", "", config, count=1, flags=re.MULTILINE)
    return re.sub(
        r"^([ \t]+)# ?((?:location|handle_path|\s+proxy_pass|\s+reverse_proxy|\}).*)$",
        r"\1\2",
        config,
        flags=re.MULTILINE,
    )


def nginx(folder: Path, upstream: int, port: int, root_path: str) -> list[str]:
    """Write nginx's configuration around the shipped one and return the command. By itself it would log all."""
    subprocess.run(
        [*_CERTIFICATE, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True,
        capture_output=True,
    )
    site = under_folder(read("nginx.conf"), root_path)
    for old, new in {
        r"listen \[::\]:.*;": "",
        r"listen 80;": f"listen 127.0.0.1:{free_port()};",
        r"listen 443": f"listen 127.0.0.1:{port}",
        r"/etc/letsencrypt/\S+/fullchain.pem": f"{folder}/cert.pem",
        r"/etc/letsencrypt/\S+/privkey.pem": f"{folder}/key.pem",
        r"/var/log/nginx": str(folder),
        r"127.0.0.1:7860": f"127.0.0.1:{upstream}",
    }.items():
        site, count = re.subn(old, new, site)
        assert count, old
    (folder / "site.conf").write_text(site)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/main.log info; events {{}}\n"
        f"http {{ access_log {folder}/access.log; {temporary} include {folder}/site.conf; }}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, upstream: int, port: int, root_path: str) -> list[str]:
    """Write the shipped configuration with other ports and return the command. It makes its own certificate."""
    more = f"admin off\n\tskip_install_trust\n\thttp_port {free_port()}\n"
    text = under_folder(read("Caddyfile"), root_path).replace("admin off\n", more)
    (folder / "Caddyfile").write_text(text)
    places = [f"XDG_DATA_HOME={folder}/data", f"XDG_CONFIG_HOME={folder}/config"]
    addresses = [f"ADDRESS=https://localhost:{port}", f"UPSTREAM=127.0.0.1:{upstream}"]
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return ["env", *places, *addresses, *command]


@contextmanager
def behind(
    proxy: Callable[..., list[str]], index: Path, folder: Path, root_path: str, per_minute: int
) -> Iterator[Place]:
    """Run the server and a proxy before it until the block ends."""
    if not (program := shutil.which(proxy.__name__, path=f"{os.environ['PATH']}:/usr/sbin")):
        pytest.skip(f"{proxy.__name__} is not installed")
    (folder / "proxy").mkdir()
    port = free_port()
    with running(index, folder, 2, per_minute, root_path) as server, (folder / "proxy" / "said.txt").open("wb") as said:
        upstream = int(server.url.rpartition(":")[2])
        command = proxy(folder / "proxy", upstream, port, root_path)
        command[command.index(proxy.__name__)] = program
        process = subprocess.Popen(command, stdout=said, stderr=said)
        place = Place(f"https://localhost:{port}{root_path}/", server, folder / "proxy")
        try:
            until(lambda: process.poll() is not None or _is_up(place))
            assert process.poll() is None, (folder / "proxy" / "said.txt").read_text()
            yield place
        finally:
            process.terminate()
            process.wait(LONG)


def _is_up(place: Place) -> bool:
    """Say whether the page is reached."""
    try:
        with place.client() as client:
            return client.get(f"{place.url}healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(
    params=[(nginx, ""), (nginx, "/ask"), (caddy, ""), (caddy, "/ask")],
    scope="module",
    ids=lambda one: one[0].__name__ + one[1],
)
def place(request: pytest.FixtureRequest, index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Return a page behind each proxy, under a name of its own and under a folder."""
    proxy, root_path = request.param
    with behind(proxy, index, tmp_path_factory.mktemp("place"), root_path, per_minute=0) as found:
        yield found


def test_the_page_and_all_its_parts_are_there(place: Place) -> None:
    """And it knows its own address."""
    with place.client() as client:
        page = client.get(place.url)
        assert page.status_code == 200
        assert client.get(f"{place.url}config").json()["root"] == place.url.rstrip("/")
        parts = {one for one in re.findall(r'(?:src|href)="([^"#]+)"', page.text) if not one.startswith("data:")}
        assert len(parts) > 3
        for part in sorted(parts - {_UNUSED}):
            address = urljoin(place.url, part)
            assert address.startswith(place.url), part
            assert client.get(address).status_code == 200, part
        for name in ("embed.js", "frame.js", "plain.css", "api/openapi.json"):
            assert client.get(place.url + name).status_code == 200, name


def test_every_way_to_ask_is_answered(place: Place) -> None:
    """The page's own, the page without scripts, where its form leads, and programs."""
    with place.client() as client:
        assert "ab-passage" in client.post(f"{place.url}turn", data={"question": QUESTION}).text
        plain = client.get(f"{place.url}plain")
        action = re.search(r'<form[^>]* action="([^"]*)"', plain.text)
        address = urljoin(str(plain.url), action.group(1) if action else "")
        assert address == f"{place.url}plain"
        assert "ab-passage" in client.post(address, data={"question": QUESTION}).text
        assert client.post(f"{place.url}api/ask", json={"question": QUESTION}).json()["passages"]
        assert client.get(f"{place.url}api/ask", params={"question": QUESTION}).json()["passages"]
        sent = client.post(f"{place.url}gradio_api/run/ask", json={"data": [QUESTION, None]})
        assert sent.json()["data"][0]["passages"]
        if is_installed():
            message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            listed = client.post(f"{place.url}mcp", json=message, headers={"Accept": "application/json"})
            assert len(listed.json()["result"]["tools"]) == 2


def test_the_longest_question_and_one_that_is_too_long(place: Place) -> None:
    """Are read and refused as without a proxy."""
    with place.client() as client:
        assert client.post(f"{place.url}turn", data={"question": f"{PRIVATE} " * 15_000}).status_code == 200
        with suppress(httpx.TransportError):  # it is refused before all of it is sent, and Caddy then breaks off
            assert client.post(f"{place.url}turn", data={"question": f"{PRIVATE} " * 40_000}).status_code in (413, 502)


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_what_is_asked_stands_in_no_file(index: Path, tmp_path: Path, proxy: Callable[..., list[str]]) -> None:
    """Not when all is well, not when it is refused, and not when nobody answers; and a reader is not who she says."""
    with behind(proxy, index, tmp_path, "/ask", per_minute=3) as place, place.client() as client:
        found = [
            client.get(
                f"{place.url}api/ask",
                params={"question": f"{PRIVATE} {number}"},
                headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Forwarded-Host": "elsewhere.example"},
            ).status_code
            for number in range(5)
        ]
        assert found == [200] * 3 + [429] * 2
        client.post(f"{place.url}turn", data={"question": f"{PRIVATE} " * 12_000})
        client.get(f"{place.url}no/such/{PRIVATE}")
        place.server.process.kill()
        until(lambda: not place.server.answering())
        assert client.get(f"{place.url}api/ask", params={"question": PRIVATE}).status_code == 502
        assert client.post(f"{place.url}turn", data={"question": PRIVATE}).status_code == 502
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if PRIVATE.encode() in path.read_bytes()] == []


def test_the_image_says_how_it_is(index: Path, tmp_path: Path) -> None:
    """By the very command of the Dockerfile: 0 while somebody answers, else another number."""
    code = re.search(r'CMD \["python", "-c", "(.*?)"\]', read("Dockerfile"))
    assert code
    with running(index, tmp_path, 1) as server:
        command = [sys.executable, "-c", code.group(1).replace("7860", server.url.rpartition(":")[2])]
        assert subprocess.run(command, check=False).returncode == 0
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
