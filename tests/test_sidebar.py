"""The sidebar in a real browser, in a blog's page on another site, where third-party storage is blocked."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Playwright, expect, sync_playwright

from tests.browsing import ARGUMENTS, chromium, grave_faults
from tests.hosting import Host, answering, hosting
from tests.payloads import PAYLOADS
from tests.serving import CRY, small_blog
from tests.test_escaping import pages
from tests.wxr import C, P, export

pytestmark = pytest.mark.browser

QUESTION = "is it childish to count the days?"
STORED = "[localStorage.length, sessionStorage.length, document.cookie]"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Return a server for the blog's pages."""
    with hosting() as running:
        yield running


@pytest.fixture(scope="module")
def ours(host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of our server, which allows the host."""
    blog = small_blog(tmp_path_factory.mktemp("blog"), f'embed_origins = ["{host.origin}"]')
    with answering(blog) as address:
        yield address


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Return what drives the browser."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Return a browser that blocks the storage of other sites' frames."""
    folder = tmp_path_factory.mktemp("profile")
    (folder / "Default").mkdir()
    blocks = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
    (folder / "Default" / "Preferences").write_text(json.dumps(blocks))
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium(), args=ARGUMENTS, viewport={"width": 900, "height": 700}
    )
    yield context
    context.close()


class Visit:
    """A reader on a page of the blog: every request, and what the console complained of."""

    def __init__(self, browser: BrowserContext, url: str, **media: Any) -> None:
        """Open the page."""
        self.asked_for: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_page()
        self.page.emulate_media(**media)
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("console", lambda one: self.complaints.append(one.text) if one.type != "log" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")

    def from_ours(self, ours: str) -> list[str]:
        """Return the paths that were asked for on our server."""
        return [one.removeprefix(ours) for one in self.asked_for if one.startswith(ours)]

    def box(self, number: int = 0) -> Locator:
        """Return a sidebar."""
        return self.page.locator(".askedbefore").nth(number)

    def ask(self, number: int = 0, question: str = QUESTION) -> FrameLocator:
        """Ask in a sidebar, wait for passages, and return the page in its frame."""
        self.box(number).get_by_label("Your question").fill(question)
        self.box(number).get_by_role("button", name="Ask", exact=True).click()
        frame = self.box(number).locator("iframe").content_frame
        expect(frame.locator("#ab-answer article").first).to_be_visible(timeout=20_000)
        return frame


def blog_page(host: Host, ours: str, *, attributes: str = "", width: int = 300, **more: Any) -> str:
    """Put a page of a blog with a sidebar on the host, and return its address."""
    style = more.pop("style", "background: #fff")
    body = (
        f'<body style="{style}"><h1>A post</h1><p>{"Words. " * 400}</p><a href="#">A link</a>'
        f'<div id="side" style="width: {width}px"><script src="{ours}/embed.js" data-askedbefore {attributes}></script>'
        f"</div><p>{'More. ' * 400}</p></body>"
    )
    return host.put(more.pop("path", "/"), body, '<link rel="icon" href="data:,">', **more)


def test_before_a_touch_it_costs_one_small_request(browser: BrowserContext, host: Host, ours: str) -> None:
    """At most 4 KB packed; no focus, no scrolling, nothing stored, and no name left in the blog's page."""
    response = httpx.get(f"{ours}/embed.js", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(response.content, 9)) <= 4096
    assert int(response.headers["content-length"]) <= 4096
    without = Visit(browser, host.put("/without", "<body>Nothing</body>", '<link rel="icon" href="data:,">'))
    visit = Visit(browser, blog_page(host, ours))
    expect(visit.box().get_by_label("Your question")).to_be_visible()
    visit.page.wait_for_timeout(500)
    assert visit.from_ours(ours) == ["/embed.js"]
    assert visit.page.evaluate(
        "[document.activeElement.tagName, scrollY, document.querySelectorAll('iframe').length]"
    ) == [
        "BODY",
        0,
        0,
    ]
    assert visit.page.evaluate(STORED) == [0, 0, ""]
    names = "Object.getOwnPropertyNames(window).sort()"
    assert visit.page.evaluate(names) == without.page.evaluate(names)
    assert visit.complaints == []
    visit.page.close()
    without.page.close()


def test_an_answer_cross_site(browser: BrowserContext, host: Host, ours: str) -> None:
    """It comes although storage is blocked; the frame is as high as its content; the question is in no address."""
    visit = Visit(browser, blog_page(host, ours))
    visit.box().scroll_into_view_if_needed()
    scrolled = visit.page.evaluate("scrollY")
    frame = visit.ask()
    visit.page.wait_for_timeout(700)
    inside = next(one for one in visit.page.frames if one.url.startswith(ours))
    assert "SecurityError" in inside.evaluate(
        "(() => { try { localStorage.length; return '' } catch (e) { return e.name } })()"
    )
    assert inside.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit.page.evaluate("scrollY") == scrolled
    assert not [one for one in visit.asked_for if "childish" in one]
    assert visit.page.evaluate(STORED) == [0, 0, ""]
    assert browser.cookies() == []
    expect(visit.box().get_by_label("Your question")).to_be_hidden()
    height = visit.box().locator("iframe").bounding_box()
    expect(frame.get_by_role("link", name="In crisis?")).to_be_visible()
    frame.get_by_role("link", name="In crisis?").click()
    expect(frame.get_by_role("link", name="findahelpline.com")).to_be_visible()
    visit.page.wait_for_timeout(300)
    grown = visit.box().locator("iframe").bounding_box()
    assert height
    assert grown
    assert grown["height"] > height["height"] + 50
    assert inside.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    assert visit.complaints == []
    visit.page.close()


def test_at_the_end_of_the_page_nothing_jumps(browser: BrowserContext, host: Host, ours: str) -> None:
    """The page never becomes shorter under the reader, and never longer by what is not yet seen."""
    body = f'<body><p style="height: 2000px">Words.</p><script src="{ours}/embed.js" data-askedbefore></script></body>'
    visit = Visit(browser, host.put("/end", body, '<link rel="icon" href="data:,">'))
    visit.box().get_by_label("Your question").fill(QUESTION)
    visit.page.wait_for_timeout(2500)  # the page in the frame is ready, and waits
    height = visit.page.evaluate("document.documentElement.scrollHeight")
    assert height < 2400
    visit.page.evaluate(
        """() => {
        scrollTo(0, 1e6);
        window.least = [scrollY, document.documentElement.scrollHeight];
        const look = () => {
            least[0] = Math.min(least[0], scrollY);
            least[1] = Math.min(least[1], document.documentElement.scrollHeight);
            requestAnimationFrame(look);
        };
        look();
    }"""
    )
    scrolled = visit.page.evaluate("scrollY")
    visit.ask()
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("least") == [scrolled, height]
    visit.page.close()


def test_twice_on_a_page_and_put_in_late(browser: BrowserContext, host: Host, ours: str) -> None:
    """Each has its own box and its own answer."""
    script = f'<script src="{ours}/embed.js" data-askedbefore></script>'
    visit = Visit(
        browser, host.put("/twice", f"<body><div>{script}</div><div>{script}</div><div id=late></div></body>")
    )
    expect(visit.page.locator(".askedbefore")).to_have_count(2)
    visit.page.evaluate(
        """(src) => {
        const late = Object.assign(document.createElement("script"), { src });
        late.setAttribute("data-askedbefore", "");
        document.querySelector("#late").append(late);
    }""",
        f"{ours}/embed.js",
    )
    expect(visit.page.locator("#late .askedbefore")).to_have_count(1)
    visit.ask(2, "why pay a fee for a missed hour?")
    frame = visit.ask(0)
    expect(frame.locator("#ab-answer .ab-question")).to_contain_text(QUESTION)
    expect(visit.box(2).locator("iframe").content_frame.locator("#ab-answer .ab-question")).to_contain_text(
        "missed hour"
    )
    expect(visit.box(1).get_by_label("Your question")).to_have_value("")
    visit.page.close()


def test_under_a_strict_policy_of_the_blog(browser: BrowserContext, host: Host, ours: str) -> None:
    """One that names our origin for scripts and frames, allows no inline style, and trusts no text as markup."""
    policy = (
        f"default-src 'none'; script-src {ours}; frame-src {ours}; style-src 'none'; require-trusted-types-for 'script'"
    )
    body = f'<body><script src="{ours}/embed.js" data-askedbefore data-accent="#7a3b2e"></script></body>'
    visit = Visit(browser, host.put("/strict", body, Content_Security_Policy=policy))
    button = visit.box().get_by_role("button", name="Ask", exact=True)
    assert button.evaluate("one => getComputedStyle(one).backgroundColor").startswith("oklch(0.43")
    frame = visit.ask()
    expect(frame.locator("#ab-ask")).to_have_css("background-color", re.compile(r"oklch\(0\.43"))
    assert [one for one in visit.complaints if "favicon" not in one] == []
    visit.page.close()


def test_by_keyboard_alone(browser: BrowserContext, host: Host, ours: str) -> None:
    """Tab reaches it, Enter asks, the focus goes on into the answer, and Tab from there to its links."""
    visit = Visit(browser, blog_page(host, ours))
    page = visit.page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(visit.box().get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION[:5])
    page.keyboard.press("Shift+Enter")
    page.keyboard.type(QUESTION[5:])
    page.keyboard.press("Enter")
    frame = visit.box().locator("iframe").content_frame
    expect(frame.locator("#ab-answer article").first).to_be_visible(timeout=20_000)
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.tagName") == "IFRAME"
    page.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="In crisis?")).to_be_focused()
    page.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="Leave this page quickly")).to_be_focused()
    page.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="Read this in context").first).to_be_focused()
    page.close()


def test_others_are_refused(browser: BrowserContext, host: Host, ours: str) -> None:
    """By the frame, by CORS, and with a link for readers and a word for the author; the allowed one may read."""
    elsewhere = blog_page(host, ours, path="/refused").replace("localhost", "127.0.0.1")
    visit = Visit(browser, elsewhere)
    expect(visit.box().get_by_role("link", name="ask on a page of its own")).to_have_attribute("href", f"{ours}/")
    assert visit.box().locator("textarea").count() == 0
    assert any("embed_origins" in one for one in visit.complaints)
    reads = "(url) => fetch(url).then((one) => one.json()).then((one) => one.outcome, () => 'refused')"
    address = f"{ours}/api/ask?question=count+the+days"
    assert visit.page.evaluate(reads, address) == "refused"
    visit.page.evaluate("(src) => document.body.append(Object.assign(document.createElement('iframe'), { src }))", ours)
    visit.page.wait_for_timeout(1500)
    assert any("frame-ancestors" in one for one in visit.complaints)
    visit.page.close()
    allowed = Visit(browser, blog_page(host, ours))
    assert allowed.page.evaluate(reads, address) == "passages"
    allowed.page.close()


def test_a_message_from_anybody_else_is_not_listened_to(browser: BrowserContext, host: Host, ours: str) -> None:
    """Neither by the sidebar, nor by the page in the frame."""
    visit = Visit(browser, blog_page(host, ours))
    frame = visit.ask()
    box = visit.box().locator("iframe")
    visit.page.wait_for_timeout(700)
    before = box.bounding_box()
    visit.page.evaluate("window.postMessage({ askedbefore: 'height', height: 9 }, '*')")
    inside = next(one for one in visit.page.frames if one.url.startswith(ours))
    inside.evaluate("window.postMessage({ askedbefore: 'ask', question: 'forged' }, '*')")
    visit.page.wait_for_timeout(500)
    assert box.bounding_box() == before
    expect(frame.locator("#ab-answer .ab-question")).to_contain_text(QUESTION)
    visit.page.close()


@pytest.mark.parametrize(
    ("style", "attributes", "system", "dark"),
    [
        ("background: #fff", "", "dark", False),
        ("background: #10151c", "", "light", True),
        ("", "", "dark", True),
        ("", "", "light", False),
        ("background: #10151c", 'data-theme="light"', "dark", False),
        ("background: #fff", 'data-theme="dark"', "light", True),
    ],
)
def test_light_or_dark_as_the_blog(
    browser: BrowserContext, host: Host, ours: str, style: str, attributes: str, system: Any, dark: bool
) -> None:
    """What `data-theme` says, else the blog's own ground, else the reader's system."""
    visit = Visit(browser, blog_page(host, ours, attributes=attributes, style=style), color_scheme=system)
    ground = visit.box().locator("form").evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground == ("rgb(27, 26, 25)" if dark else "rgb(250, 248, 245)")
    visit.page.close()


def test_options_and_a_change_of_theme(browser: BrowserContext, host: Host, ours: str) -> None:
    """Placeholder and language; when the blog turns dark, box and answer turn with it."""
    attributes = 'data-placeholder="What is on your mind?" data-lang="de"'
    visit = Visit(browser, blog_page(host, ours, attributes=attributes))
    expect(visit.box().get_by_placeholder("What is on your mind?")).to_be_visible()
    visit.box().get_by_label("Ihre Frage").fill(QUESTION)
    visit.box().get_by_role("button", name="Fragen", exact=True).click()
    frame = visit.box().locator("iframe").content_frame
    expect(frame.locator("#ab-answer article").first).to_be_visible(timeout=20_000)
    expect(frame.locator("#ab-answer article").first).to_contain_text("Im Zusammenhang lesen")
    expect(frame.get_by_label("Ihre Frage")).to_be_visible()
    inside = next(one for one in visit.page.frames if one.url.startswith(ours))
    assert inside.evaluate("document.documentElement.lang") == "de"
    assert not inside.evaluate("document.body.classList.contains('dark')")
    visit.page.evaluate("document.body.style.background = '#111'")
    visit.page.wait_for_timeout(300)
    assert inside.evaluate("document.body.classList.contains('dark')")
    assert "dark" in str(visit.box().locator(".box").get_attribute("class"))
    visit.page.close()


@pytest.mark.parametrize("width", [260, 400])
def test_in_a_narrow_column(browser: BrowserContext, host: Host, ours: str, width: int) -> None:
    """Nothing is wider than it, before the answer and in it."""
    visit = Visit(browser, blog_page(host, ours, width=width))
    assert visit.box().evaluate("one => one.shadowRoot.querySelector('.box').scrollWidth") <= width
    visit.ask()
    inside = next(one for one in visit.page.frames if one.url.startswith(ours))
    assert inside.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width, width]
    visit.page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("position", ["inline", "floating"])
def test_axe_finds_nothing_grave_in_a_blog(
    browser: BrowserContext, host: Host, ours: str, position: str, theme: str
) -> None:
    """Before a touch, with the help lines open, with an answer, and with help above it; around the frame and in it."""
    style = "background: #111; color: #eee" if theme == "dark" else "background: #fff"
    visit = Visit(browser, blog_page(host, ours, attributes=f'data-position="{position}"', style=style))
    page = visit.page
    page.locator("a").first.evaluate("one => one.remove()")  # the host's own, which is no fault of ours
    if position == "floating":
        visit.box().get_by_role("button", name="Ask this blog").click()
    assert grave_faults(page) == []
    visit.box().get_by_text("In crisis?").click()
    assert grave_faults(page) == []
    frame = visit.ask()
    inside = next(one for one in page.frames if one.url.startswith(ours))
    assert grave_faults(page) == []
    assert grave_faults(inside) == []
    frame.get_by_label("Your question").fill(CRY)
    frame.get_by_role("button", name="Ask", exact=True).click()
    expect(frame.locator("#ab-answer .ab-support")).to_be_visible()
    assert grave_faults(inside) == []
    page.close()


def test_a_floating_button(browser: BrowserContext, host: Host, ours: str) -> None:
    """Opens and closes, also by Escape from inside of the answer; the focus comes back to it."""
    visit = Visit(browser, blog_page(host, ours, attributes='data-position="floating"'))
    button = visit.box().get_by_role("button", name="Ask this blog")
    expect(visit.box().get_by_label("Your question")).to_be_hidden()
    assert visit.page.evaluate("document.activeElement.tagName") == "BODY"
    button.click()
    expect(visit.box().get_by_label("Your question")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    visit.ask()
    visit.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert visit.page.evaluate("scrollY") == 0
    visit.page.close()


def test_a_server_that_is_away_does_not_lose_the_question(browser: BrowserContext, host: Host, ours: str) -> None:
    """The reader is told, with a link and help lines; what she typed is still there, and can be sent again."""
    visit = Visit(browser, blog_page(host, ours))
    visit.page.clock.install()
    visit.page.route(f"{ours}/?*", lambda route: route.abort())
    visit.box().get_by_label("Your question").fill(QUESTION)
    visit.box().get_by_role("button", name="Ask", exact=True).click()
    visit.page.clock.fast_forward(21_000)
    expect(visit.box().get_by_role("status")).to_contain_text("The answer did not come")
    expect(visit.box().get_by_label("Your question")).to_have_value(QUESTION)
    visit.box().get_by_text("In crisis?").click()
    expect(visit.box().get_by_role("link", name="988")).to_have_attribute("href", "tel:988")
    visit.page.unroute(f"{ours}/?*")
    visit.page.clock.resume()
    visit.ask()
    visit.page.close()


def test_no_payload_runs_where_all_stand_on_one_page(browser: BrowserContext, host: Host) -> None:
    """Everything that is rendered of all payloads, in one page without any policy."""
    body = "".join(part for payload in PAYLOADS for part in pages(payload) if not part.startswith("<!doctype"))
    trap = "<script>window.times = 0; window.ran = window.alert = () => { window.times += 1; return '' }</script>"
    visit = Visit(browser, host.put("/hostile", f"<body>{body}</body>", trap))
    assert visit.page.evaluate("document.querySelectorAll('.ab-passage').length") > 1000
    visit.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    visit.page.mouse.move(100, 100)
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("window.times") == 0
    assert visit.page.evaluate("document.querySelectorAll('svg, img, iframe, object, body script').length") == 0
    assert visit.page.evaluate("[...document.querySelectorAll('style')].map((one) => one.textContent).join('')") == ""
    visit.page.close()


def test_the_trap_springs(browser: BrowserContext, host: Host) -> None:
    """The payloads do run where nothing is escaped, so that the test above can fail."""
    trap = "<script>window.times = 0; window.ran = window.alert = () => { window.times += 1; return '' }</script>"
    visit = Visit(browser, host.put("/sprung", f"<body>{'<p>'.join(PAYLOADS[:40])}</body>", trap))
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("window.times") > 5
    visit.page.close()


def test_a_hostile_archive_behind_the_real_page(browser: BrowserContext, host: Host, tmp_path: Path) -> None:
    """Titles, names, headings, texts and settings, through Gradio's templates, in the page and in the sidebar."""
    posts = [
        P(
            f"p{number}",
            f"<h2>{escaped(one)}</h2><p>zebra{number} crossing {escaped(one)} in the quiet room of words.</p>",
            title=one.replace("]]>", ""),
            comments=[
                C(2 * number + 100, f"Is zebra{number} a question? {escaped(one)}", name=one.replace("]]>", "")),
                C(2 * number + 101, f"Yes, zebra{number} is: {escaped(one)}", 2 * number + 100, "1"),
            ],
        )
        for number, one in enumerate(payload.replace("\0", "").replace("\x01", "") for payload in PAYLOADS[::4])
    ]
    evil = "</script><script>ran()</script>${ran()}{{ran()}}"
    blog = small_blog(tmp_path, f"title = '{evil}'\nauthor = '{evil}'\nembed_origins = ['{host.origin}']")
    blog.write("export.xml", export(posts))
    blog.rebuild(yes=True)
    with answering(blog) as ours:
        visit = Visit(
            browser, host.put("/hostile-sidebar", f"<body><script src='{ours}/embed.js' data-askedbefore></script>")
        )
        visit.page.add_init_script(
            "window.times = 0; window.ran = window.alert = () => { window.times += 1; return '' }"
        )
        visit.page.reload()
        for number in (0, 7, 20):
            question = f"zebra{number} <img src=x onerror=ran()> ${{ran()}}"
            if number == 0:
                frame = visit.ask(question=question)
            else:
                frame.get_by_label("Your question").fill(question)
                frame.get_by_role("button", name="Ask", exact=True).click()
            expect(frame.locator("#ab-answer .ab-question")).to_contain_text(f"zebra{number}", timeout=20_000)
            expect(frame.locator("#ab-answer article").first).to_be_visible()
        for one in visit.page.frames:
            assert one.evaluate("window.times") == 0
        visit.page.close()


def escaped(payload: str) -> str:
    """Return a payload as a blog's HTML holds it when its author writes about markup."""
    return payload.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")


def test_the_plain_page_without_scripts(playwright: Playwright, ours: str) -> None:
    """A question, its answer, a follow-up and more like a passage, on a phone; no question in the address."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{ours}/plain")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article").first).to_contain_text("Counting the days")
    assert page.url == f"{ours}/plain"
    assert page.locator("article blockquote").first.bounding_box()["width"] < 320  # type: ignore[index]
    page.get_by_role("button", name="More like this").first.click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("More like this, from")
    assert page.url == f"{ours}/plain"
    page.get_by_role("link", name="Ask something new").click()
    page.get_by_label("Your question").fill("gearbox oil penguin")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".ab-message").first).to_contain_text("Nothing in the archive")
    assert context.cookies() == []
    browser.close()
