"""Every state of the page in a real browser, without the model: what is seen, heard, and reached by keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.browsing import ARGUMENTS, chromium, grave_faults
from tests.hosting import answering
from tests.serving import CRY, small_blog
from tests.wxr import P, export

pytestmark = pytest.mark.browser

QUESTION = "is it childish to count the days?"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a page with an accent of the author's."""
    blog = small_blog(tmp_path_factory.mktemp("blog"), 'accent = "#ffd400"\nleave_to = "https://away.example/"')
    with answering(blog) as address:
        yield address


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """Return the page as a reader opens it."""
    context = browser.new_context(viewport={"width": 900, "height": 800})
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_label("Your question")).to_be_visible()
    yield page
    context.close()


def ask(page: Page, question: str = QUESTION) -> None:
    """Type a question and send it."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def answered(page: Page, question: str = QUESTION) -> None:
    """Ask, and wait for what comes of it."""
    ask(page, question)
    expect(page.locator("#ab-answer [data-outcome]")).to_be_visible()


def refusing(status: int) -> Callable[[Route], None]:
    """Answer in place of the server, as a proxy does whose server is away."""
    return lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>Bad gateway</h1>")


def thinking(page: Page) -> None:
    """Let no answer come."""
    page.route("**/turn", lambda _: None)
    ask(page)
    expect(page.locator("#ab-answer")).to_contain_text("Looking through")


def restarting(page: Page) -> None:
    """Let the server be away."""
    page.route("**/turn", refusing(502))
    ask(page)
    expect(page.locator("#ab-answer")).to_contain_text("Trying once more")


def lost(page: Page) -> None:
    """Let it be away for long."""
    page.route("**/turn", lambda route: route.abort())
    ask(page)
    expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=40_000)


STATES: dict[str, Callable[[Page], None]] = {
    "first visit": lambda page: None,
    "crisis": lambda page: page.get_by_role("link", name="In crisis?").click(),
    "thinking": thinking,
    "answer": answered,
    "guard": lambda page: answered(page, CRY),
    "too long": lambda page: answered(page, "so long " * 200),
    "restarting": restarting,
    "lost": lost,
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_grave_in_any_state(page: Page, state: str, theme: str) -> None:
    """With an accent that could not be read on a light page, in light and dark."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.reload()
    expect(page.get_by_label("Your question")).to_be_visible()
    STATES[state](page)
    assert grave_faults(page) == []


def test_a_question_outlives_a_restart(page: Page) -> None:
    """It is sent once more by itself, stays in the box until it is answered, and what was answered before stays."""
    answered(page, "why pay a fee for a missed hour?")
    page.route("**/turn", refusing(502), times=1)
    ask(page)
    expect(page.locator("#ab-answer")).to_contain_text("Trying once more")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.locator("#ab-answer article").first).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.locator("#ab-earlier .ab-question")).to_contain_text("missed hour")


def test_a_lost_connection_is_said_and_help_stands_open(page: Page) -> None:
    """Nobody here can hear what she wrote; with one touch it is sent again."""
    lost(page)
    expect(page.locator("#ab-status")).to_contain_text("did not come through")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.get_by_role("link", name="Call 988").first).to_be_visible()
    page.unroute("**/turn")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#ab-answer article").first).to_be_visible()


def test_a_linked_question_is_answered_on_arrival_and_none_is_ever_put_there(page: Page, url: str) -> None:
    """It stands in the fragment; a reader's own question stays out of the address."""
    ask(page)
    expect(page.locator("#ab-answer article").first).to_be_visible()
    assert page.url == f"{url}/"
    page.goto(f"{url}/#q=why%20pay%20a%20fee%3F")
    expect(page.locator("#ab-answer .ab-question")).to_contain_text("why pay a fee?")
    expect(page.locator("#ab-answer article").first).to_be_visible()


def test_a_new_question_begins_with_an_empty_page(page: Page) -> None:
    """What was asked is gone from the page, the box has the focus, and the next question follows nothing."""
    answered(page)
    page.get_by_role("button", name="New question").click()
    expect(page.locator(".ab-turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()
    with page.expect_request("**/turn") as sent:
        ask(page)
    assert "before=&" in str(sent.value.post_data)


def test_a_link_to_a_passage_is_copied(page: Page) -> None:
    """It is the place in the blog; where copying is forbidden, the link stands there to be copied by hand."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answered(page)
    article = page.locator("#ab-answer article").first
    place = article.get_by_role("link", name=re.compile("Read this in context")).get_attribute("href")
    article.get_by_role("button", name="Copy link").click()
    expect(article.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == place
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    article.get_by_role("button", name="Copied").click()
    expect(article.locator("input.ab-link")).to_have_value(str(place))


@pytest.mark.parametrize("way", ["touch", "Shift"])
def test_the_page_is_left_at_once_and_back_does_not_lead_to_it(page: Page, way: str) -> None:
    """By the link, and by Shift three times."""
    page.route("https://away.example/**", lambda route: route.fulfill(body="Weather", content_type="text/html"))
    page.goto("about:blank")
    page.go_back()
    expect(page.get_by_label("Your question")).to_be_visible()
    steps = page.evaluate("history.length")
    if way == "touch":
        page.get_by_role("link", name="Leave this page quickly").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("https://away.example/")
    assert page.evaluate("history.length") == steps


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    """The way out first; then the box, an answer and its ways on, with a focus that can be seen."""
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    names = []
    for _ in range(4):
        names.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.tagName"))
        page.keyboard.press("Tab")
    assert "Leave this page quickly" in names
    assert "TEXTAREA" in names
    page.get_by_label("Your question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#ab-answer article").first).to_be_visible()
    expect(page.locator("#ab-status")).to_have_text(re.compile(r"\d passages? found"))
    more = page.get_by_role("button", name="More like this").first
    more.focus()
    assert more.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#ab-answer .ab-question")).to_contain_text("More like this")


@pytest.mark.parametrize("state", ["first visit", "answer", "guard"])
def test_it_reflows_at_320_pixels_which_is_400_percent(page: Page, state: str) -> None:
    """Nothing is wider than the window."""
    page.set_viewport_size({"width": 320, "height": 640})
    STATES[state](page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_in_high_contrast_everything_has_its_borders(page: Page) -> None:
    """Marks and buttons are told from what is around them without colours of ours."""
    page.emulate_media(forced_colors="active")
    answered(page)
    look = "one => getComputedStyle(one).borderStyle"
    assert page.locator("#ab-ask").evaluate(look) == "solid"
    assert page.locator("#ab-answer mark").first.evaluate("one => getComputedStyle(one).backgroundColor") not in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )


@pytest.mark.parametrize(("theme", "least"), [("light", 0.475), ("dark", 0.79)])
def test_the_author_s_colour_is_worn_so_that_it_can_be_read(page: Page, theme: str, least: float) -> None:
    """A bright yellow is darker on the light page and as it is on the dark one."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.reload()
    expect(page.get_by_label("Your question")).to_be_visible()
    color = page.locator("#ab-ask").evaluate("one => getComputedStyle(one).backgroundColor")
    lightness, _, hue = (float(one) for one in re.findall(r"[\d.]+", color))
    assert least <= lightness <= (0.485 if theme == "light" else 1)
    assert 80 < hue < 110


def test_help_is_one_touch_away_wherever_the_reader_is(page: Page) -> None:
    """The link at the head opens the lines below and brings her there; the address tells nothing of it."""
    answered(page)
    page.get_by_role("link", name="In crisis?").click()
    expect(page.get_by_role("link", name="Call 988").first).to_be_in_viewport()
    assert page.evaluate("document.activeElement.textContent") == "In crisis?"
    assert "#" not in page.url


def test_no_script_that_gets_into_the_page_runs(page: Page) -> None:
    """Neither one in an attribute nor one in an element nor one in a link, were the escaping ever to fail."""
    page.evaluate(
        """() => {
            window.ran = 0;
            const evil = '<img src="x" onerror="ran++"><a id="evil" href="javascript:ran++">';
            document.body.insertAdjacentHTML("beforeend", evil);
            document.body.append(Object.assign(document.createElement("script"), { textContent: "ran++" }));
            document.getElementById("evil").click();
        }"""
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") == 0


def test_right_to_left_passages_read_from_the_right(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """On a page that reads from the left; its language is named, and its marks stand inside of it."""
    blog = small_blog(tmp_path_factory.mktemp("hebrew"))
    words = "השתיקה בחדר איננה ריקה. שם צומח המשפט השני, ואף אחד לא מאיץ בו כשהוא מאחר להגיע אחר הצהריים."
    blog.write("export.xml", export([P("silence", f"<p>{words}</p>", title="השתיקה")]))
    blog.rebuild(yes=True)
    with answering(blog) as address:
        page = browser.new_page()
        page.goto(address)
        answered(page, "למה השתיקה בחדר?")
        quote = page.locator("#ab-answer blockquote").first
        expect(quote).to_have_attribute("lang", "he")
        assert quote.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert page.evaluate("getComputedStyle(document.querySelector('.ab-question bdi')).direction") == "rtl"
        assert page.evaluate("getComputedStyle(document.querySelector('.ab-header')).direction") == "ltr"
        page.close()


def test_a_page_that_reads_from_the_right_is_a_mirror(page: Page) -> None:
    """As a translation with `direction = "rtl"` makes it: the question stands on the other side, nothing overflows."""
    page.set_viewport_size({"width": 320, "height": 640})
    answered(page, "why?")
    page.evaluate("document.documentElement.dir = 'rtl'")
    question = page.locator("#ab-answer .ab-question").bounding_box()
    assert question is not None
    assert question["x"] < 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_german_page_speaks_german(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The page, its plain sister and the sidebar's script; a passage in another language says in which it is."""
    blog = small_blog(tmp_path_factory.mktemp("deutsch"), 'language = "de"')
    with answering(blog) as address:
        page = browser.new_page()
        page.goto(address)
        page.get_by_label("Ihre Frage").fill(QUESTION)
        page.get_by_role("button", name="Fragen", exact=True).click()
        expect(page.locator("#ab-answer article").first).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "de"
        expect(page.locator("#ab-answer blockquote").first).to_have_attribute("lang", "en")
        expect(page.locator("#ab-status")).to_contain_text("gefunden")
        page.goto(f"{address}/plain")
        expect(page.get_by_label("Ihre Frage")).to_be_visible()
        page.close()


def test_the_help_box_is_the_next_thing_by_keyboard(page: Page) -> None:
    """It has the focus, and the next key leads to its first number; on the plain page too."""
    answered(page, CRY)
    expect(page.locator("#ab-answer .ab-support")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#ab-answer").get_by_role("link", name="Call 911").first).to_be_focused()
    page.goto(page.url + "plain")
    page.get_by_label("Your question").fill(CRY)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".ab-support")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".ab-support").get_by_role("link", name="Call 911").first).to_be_focused()


WIDEST = (
    "Math.max(...[...document.querySelectorAll('main, .ab-support *')].map(one => one.getBoundingClientRect().right))"
)


def test_the_help_box_can_be_read_at_260_pixels_in_german(page: Page) -> None:
    """Its words are longer."""
    page.set_viewport_size({"width": 260, "height": 700})
    page.goto(page.url + "?lang=de")
    page.get_by_label("Ihre Frage").fill("mein Mann schlägt mich")
    page.get_by_role("button", name="Fragen", exact=True).click()
    expect(page.locator(".ab-support").get_by_role("link", name="116 016 anrufen")).to_be_visible()
    assert page.evaluate(WIDEST) <= 260


@pytest.mark.parametrize("place", ["", "plain"])
def test_the_help_box_can_be_read_at_260_pixels_and_printed(page: Page, place: str) -> None:
    """Nothing sticks out, no number is broken over two lines, and paper has the permanent list too, unfolded."""
    page.set_viewport_size({"width": 260, "height": 700})
    page.goto(page.url + place)
    page.get_by_label("Your question").fill("my therapist raped me")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".ab-support")).to_be_visible()
    assert page.evaluate(WIDEST) <= 260
    assert page.evaluate(
        "[...document.querySelectorAll('.ab-reach bdi')].every(one => one.getClientRects().length < 2)"
    )
    in_footer = page.locator("#ab-crisis").get_by_role("link", name="Call 988").first
    expect(in_footer).to_be_hidden()
    page.emulate_media(media="print")
    expect(in_footer).to_be_visible()
    expect(page.locator(".ab-nav")).to_be_hidden()
