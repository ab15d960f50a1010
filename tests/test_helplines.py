"""Help lines: each number as its country writes it, and which of them are shown. A wrong number is the worst fault."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from askedbefore.checking import check_index
from askedbefore.errors import SettingsError
from askedbefore.guard import Finding, Kind, Tier, find_support
from askedbefore.guard.showing import support_for
from askedbefore.helplines import EVERYWHERE, HelpLine, OwnLine, Signposts, choose_lines, general_lines, help_book
from askedbefore.helplines.saying import digits
from askedbefore.settings import Settings, load_settings
from askedbefore.web.lines import lines_html
from askedbefore.wording import ENGLISH, languages, words_in
from scripts.list_helplines import DOCUMENT, document
from tests.conftest import Blog
from tests.serving import CRY, client, small_blog

# What a number is in each country, as digits: short codes, free numbers, mobile and local ones.
NORTH_AMERICA = r"911|988|18(?:00|88|77|66|55|44|33)\d{7}"
NUMBERS = {
    "US": NORTH_AMERICA,
    "CA": NORTH_AMERICA,
    "UK": r"999|111|116123|08001111|080[08]\d{7}",
    "IE": r"112|116123|1800\d{6}|01\d{7}",
    "AU": r"000|13\d{4}|1[38]00\d{6}",
    "NZ": r"111|1737|0800\d{6,7}",
    "EU": r"112",
    "DE": r"112|116\d{3}|0800\d{7}|0221\d{6}",
    "FR": r"112|3114|3919|119|0800\d{6}|09\d{8}",
    "ES": r"112|024|016|900\d{6}",
    "AT": r"112|142|147|0800\d{6}",
    "CH": r"112|143|147",
}
TEXTS = {
    "US": r"988|\d{5,6}|1800\d{7}",
    "CA": r"988|\d{5,6}",
    "UK": r"85258|07\d{9}",
    "IE": r"5\d{4}",
    "AU": r"04\d{8}",
    "NZ": r"1737|\d{3,4}",
    "FR": r"114",
}
EMERGENCY = {
    "US": "911", "CA": "911", "UK": "999", "IE": "112", "AU": "000", "NZ": "111", "EU": "112",
    "DE": "112", "AT": "112", "CH": "112", "FR": "112", "ES": "112",
}  # fmt: skip
CRISIS = {
    "US": "988", "CA": "988", "UK": "116 123", "IE": "116 123", "AU": "13 11 14", "NZ": "1737",
    "DE": "0800 111 0 111", "AT": "142", "CH": "143", "FR": "3114", "ES": "024",
}  # fmt: skip

BOOK = help_book()
REGIONS = [region for region in BOOK.regions if region != EVERYWHERE]


def title(line: HelpLine) -> str:
    """Return what a test is called."""
    return f"{line.region} {line.name}"


@pytest.mark.parametrize("line", BOOK.lines, ids=title)
def test_a_line_is_whole_and_its_numbers_are_of_its_country(line: HelpLine) -> None:
    """Short code, free or local number; a word only with a number to send it to; https, a source and a day."""
    assert line.region in BOOK.regions
    assert line.kinds
    assert line.phone or line.text or line.url
    if line.phone:
        assert re.fullmatch(NUMBERS[line.region], digits(line.phone)), line.phone
    if line.text:
        assert re.fullmatch(TEXTS[line.region], digits(line.text)), line.text
    assert line.text or not line.text_word
    for address in (line.chat, line.url):
        assert address is None or re.fullmatch(r"https://[\w.-]+\.[a-z]+(?:/\S*)?", address)
    assert re.fullmatch(r"https?://[\w.-]+\.[a-z]+\.?/\S*", line.source)
    assert date(2026, 1, 1) <= line.checked
    assert not line.hours or line.hours.strip() == line.hours
    assert len(line.name) <= 72


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_its_emergency_number_and_somebody_day_and_night(region: str) -> None:
    """Both are known here too, so that no slip of a finger changes them. The European Union has only the first."""
    lines = BOOK.of(region)
    assert [line.phone for line in lines if "emergency" in line.kinds] == [EMERGENCY[region]]
    general = [line for line in lines if line.general]
    assert [line.phone for line in general][:1] == ([CRISIS[region]] if region in CRISIS else [])
    assert all((line.hours or "").startswith("24/7") for line in general[:1])
    assert set(BOOK.regions[region]) == set(languages())


def test_no_line_stands_there_twice_and_all_regions_are_known() -> None:
    """Nor is a default region unknown, and the whole world comes last."""
    assert len({(line.region, line.name) for line in BOOK.lines}) == len(BOOK.lines)
    assert {one for codes in BOOK.defaults.values() for one in codes} <= set(REGIONS)
    assert set(BOOK.defaults) == set(languages())
    assert [line.url for line in BOOK.of(EVERYWHERE)] == ["https://findahelpline.com/"]


def test_what_was_doubtful_is_left_out() -> None:
    """Until somebody has dialled it."""
    numbers = {(line.region, digits(line.phone)) for line in BOOK.lines if line.phone}
    doubtful = {("CH", "142"), ("DE", "08007022240"), ("DE", "113"), ("FR", "0801901911"), ("AT", "0800201120")}
    assert not numbers & doubtful
    assert not any(
        word in line.name for line in BOOK.lines for word in ("Rape Crisis Scotland", "HCPC", "CORU", "NEDA")
    )


def test_the_document_is_the_list() -> None:
    """Made by `python -m scripts.list_helplines`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()
    assert "verify before you publish" in document().splitlines()[0]


def shown(kind: str, text: str, *regions: str, language: str = "en") -> list[tuple[str | None, str | None]]:
    """Return the regions and numbers, or addresses, that are chosen."""
    lines = choose_lines(kind, text, Signposts(regions), language)
    return [(line["region"], line["phone"] or line["text"] or line["url"]) for line in lines]


WORLD = ("Everywhere", "https://findahelpline.com/")


@pytest.mark.parametrize(
    ("kind", "text", "numbers"),
    [
        ("suicide", "I want to die", ["911", "988", "741741"]),
        ("self_harm", "I cut myself", ["911", "988", "741741"]),
        ("eating_disorder", "I purge every day", ["911", "1-888-375-7767", "1-866-662-1235", "988"]),
        ("abuse", "he hits me", ["911", "1-800-799-7233", "988"]),
        ("abuse", "my stepdad hits me", ["911", "1-800-422-4453", "1-800-799-7233", "988"]),
        ("abuse", "he raped me", ["911", "1-800-656-4673", "1-800-799-7233", "988"]),
        (
            "abuse",
            "my therapist had sex with me",
            ["911", "1-800-656-4673", "988", "https://asppb.net/consumers/complaints-discipline/filing-a-complaint"],
        ),
        ("danger", "I am going to hurt him", ["911", "1-800-799-7233", "988"]),
    ],
)
def test_what_fits_comes_first_in_one_region(kind: str, text: str, numbers: list[str]) -> None:
    """Emergency, at most three that fit, one for any trouble among them; where to complain last; then the world."""
    assert shown(kind, text, "US") == [*(("United States", one) for one in numbers), WORLD]


def test_of_many_regions_the_one_that_fits_best_and_a_general_one_are_shown() -> None:
    """So that the box stays short; for suicide that is the same line. Lines for children are not for grown-ups."""
    regions = ("IE", "NZ", "CH")
    assert shown("suicide", "", *regions) == [
        ("Ireland", "112"), ("Ireland", "116 123"),
        ("New Zealand", "111"), ("New Zealand", "1737"),
        ("Switzerland", "112"), ("Switzerland", "143"), WORLD,
    ]  # fmt: skip
    assert shown("abuse", "he beats me", *regions) == [
        ("Ireland", "112"), ("Ireland", "1800 341 900"), ("Ireland", "116 123"),
        ("New Zealand", "111"), ("New Zealand", "0800 733 843"), ("New Zealand", "1737"),
        ("Switzerland", "112"), ("Switzerland", "143"), WORLD,
    ]  # fmt: skip
    assert ("Switzerland", "147") in shown("abuse", "my mum beats me, I am 13", *regions)


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("text", ["", "my therapist did it", "my son was raped"])
def test_every_region_shows_few_lines_and_a_general_one_for_every_kind(kind: str, region: str, text: str) -> None:
    """With any other region beside it or alone."""
    for regions in [(region,), tuple(dict.fromkeys((region, "US", "FR", "NZ")))]:
        own = [number for name, number in shown(kind, text, *regions) if name == BOOK.name_of(region, "en")]
        assert own[0] == EMERGENCY[region]
        assert region == "EU" or CRISIS[region] in own
        assert len(own) == len(set(own)) <= 4


def test_without_regions_the_language_decides() -> None:
    """The English-speaking world and the European Union; for a page in German, where German is spoken."""
    assert [one for one, _ in shown("suicide", "")][::2] == [
        "United States", "Canada", "United Kingdom", "Ireland", "Australia", "New Zealand", "European Union"
    ]  # fmt: skip
    assert shown("suicide", "", language="de") == [
        ("Deutschland", "112"), ("Deutschland", "0800 111 0 111"), ("Österreich", "112"), ("Österreich", "142"),
        ("Schweiz", "112"), ("Schweiz", "143"), ("Europäische Union", "112"), ("Überall", WORLD[1]),
    ]  # fmt: skip


def test_the_authors_own_lines_come_first() -> None:
    """Those of no shown region before all others, those of one after its emergency number."""
    own = (OwnLine(name="My practice", phone="+1 555 010 0100"), OwnLine(name="Town line", text="555", region="us"))
    lines = general_lines(Signposts(("US",), own), "en")
    assert [(line["region"], line["name"]) for line in lines[:4]] == [
        (None, "My practice"),
        ("United States", "Emergency"),
        ("United States", "Town line"),
        ("United States", "988 Suicide & Crisis Lifeline"),
    ]
    html = lines_html(lines, ENGLISH)
    assert 'href="tel:+15550100100"' in html
    assert 'href="sms:555"' in html


def test_a_number_is_called_or_written_to_by_touch() -> None:
    """The link holds digits alone; what to write stands beside it as text."""
    html = lines_html(choose_lines("abuse", "he hits me", Signposts(("US",)), "en"), ENGLISH)
    assert '<a href="tel:18007997233">Call <bdi>1-800-799-7233</bdi></a>' in html
    assert '<a href="sms:88788">Text START to <bdi>88788</bdi></a>' in html
    assert set(re.findall(r'href="(\w+):', html)) == {"tel", "sms", "https"}


@pytest.mark.parametrize(
    ("tier", "kind", "said", "not_said"),
    [
        (Tier.ACUTE, Kind.SUICIDE, "talk to a person now", "If this is about"),
        (Tier.ACUTE, Kind.DANGER, "call the emergency number", "your own therapist"),
        (Tier.CONCERN, Kind.SELF_HARM, "If this is about you or somebody near you", "in danger"),
        (Tier.CONCERN, Kind.ABUSE, "somebody whom you trust", "your own therapist"),
        (Tier.CONCERN, Kind.EATING_DISORDER, "to your own therapist or doctor", "in danger"),
    ],
)
def test_the_words_fit_what_was_found(tier: Tier, kind: Kind, said: str, not_said: str) -> None:
    """Who is in danger from somebody may be so from her own therapist. Nothing is asked, and it stays short."""
    for language in languages():
        support = support_for(Finding(tier, kind), "", words_in(language), Signposts())
        assert support is not None
        assert "?" not in support["message"]
        assert len(support["message"].split()) < 75
        assert len(support["message"].split("\n\n")) == 2
        if language == "en":
            assert said in support["message"]
            assert not_said not in support["message"]


def test_settings_choose_regions_and_add_lines(blog: Blog) -> None:
    """Small letters will do, and each region counts once."""
    blog.write(
        "blog.toml", 'regions = ["us", "CA", "US"]\n[[lines]]\nname = "My practice"\nphone = "+1 555 010 0100"\n'
    )
    settings = load_settings(blog.paths.data)
    assert settings.regions == ("US", "CA")
    assert settings.signposts.own == (OwnLine(name="My practice", phone="+1 555 010 0100"),)
    assert Settings().signposts == Signposts()


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            'regions = ["GB"]',
            "GB is none of the regions that there are help lines for: US (United States), CA (Canada)",
        ),
        ("regions = []", "regions: must name a region"),
        ('regions = "US"', "regions: must be a list"),
        ('[[lines]]\nphone = "1"', "lines, number 1, name: is missing"),
        ('[[lines]]\nname = "A"', "lines, number 1: must say how to reach it: phone, text, chat or url"),
        ('[[lines]]\nname = "A"\nphone = "call me"', "lines, number 1, phone: must be a telephone number"),
        ('[[lines]]\nname = "A"\nurl = "javascript:1"', "lines, number 1, url: must start with http"),
        ('[[lines]]\nname = "A"\nphone = "112"\nregion = "XX"', "XX is none of the regions"),
        ('[[lines]]\nname = "A"\nfone = "112"', "lines, number 1, fone: no such setting; did you mean phone?"),
    ],
)
def test_a_slip_in_the_settings_is_said_in_one_message(blog: Blog, toml: str, message: str) -> None:
    """With the place, and what can stand there."""
    blog.write("blog.toml", toml)
    with pytest.raises(SettingsError) as raised:
        load_settings(blog.paths.data)
    assert message in str(raised.value)


def test_check_warns_of_an_old_list(small_blog: Blog) -> None:
    """After a year, by the oldest line of the regions that are shown; it says what to do."""

    def said(today: date, settings: Settings) -> str:
        """Return what is said of the help lines on a day."""
        lines = check_index(small_blog.paths, settings, small_blog.encoder, today)
        return next(line for line in lines if line.startswith("Help lines"))

    oldest = min(line.checked for line in BOOK.lines if line.region in ("US", EVERYWHERE))
    settings = Settings(regions=("US",))
    assert "WARNING" not in said(oldest + timedelta(days=365), settings)
    old = said(oldest + timedelta(days=366), settings)
    assert f"of US; the oldest was checked on {oldest.isoformat()}" in old
    assert "docs/helplines.md" in old
    assert "[[lines]]" in old
    assert "regions in blog.toml" not in old
    assert "US, CA, UK" in said(oldest, Settings())
    assert "regions in blog.toml" in said(oldest, Settings())


LOCAL = 'regions = ["NZ"]\n[[lines]]\nname = "My practice"\nphone = "03 555 0100"\n'


def test_every_way_in_shows_the_same_lines(tmp_path: Path) -> None:
    """The API, its errors, the page's answer and the plain page; the permanent list and the blog's sidebar too."""
    blog = small_blog(tmp_path, LOCAL)
    server = client(blog)
    answer = server.post("/api/ask", json={"question": CRY}).json()
    wrong = server.post("/api/ask", json={"question": CRY, "most": 0}).json()
    for found in (answer, wrong):
        lines = found["support"]["lines"]
        assert [line["phone"] for line in lines] == ["03 555 0100", "111", "1737", "0800 543 354", None]
        assert all(isinstance(one, str | None) for line in lines for one in line.values())
    for html in (server.post("/turn", data={"question": CRY}).text, server.post("/plain", data={"question": CRY}).text):
        box = html[html.index('class="ab-support" role="alert" tabindex="-1"') :]
        for link in ("tel:035550100", "tel:111", "tel:1737", "sms:1737", "https://findahelpline.com/"):
            assert f'href="{link}"' in box
    plain = server.get("/plain").text
    assert 'href="tel:035550100"' in plain[plain.index('id="ab-crisis"') :]
    assert (
        '["My practice","03 555 0100","tel:035550100"],["New Zealand (111)","1737","tel:1737"]'
        in server.get("/embed.js").text
    )


def test_passages_are_folded_only_when_it_is_acute(tmp_path: Path) -> None:
    """Who may be worried about somebody reads on below the box."""
    server = client(small_blog(tmp_path))
    acute = server.post("/turn", data={"question": f"{CRY}. is it childish to count the days?"}).text
    concern = server.post("/turn", data={"question": "he hits me. is it childish to count the days?"}).text
    assert acute.index('class="ab-support"') < acute.index('class="ab-folded"') < acute.index("<article")
    assert concern.index('class="ab-support"') < concern.index("<article")
    assert 'class="ab-folded"' not in concern


def test_help_beside_nothing_close_does_not_ask_for_other_words(small_blog: Blog) -> None:
    """It would be cold."""
    answer = small_blog.ask("kms zebra xylophone")
    assert answer.support is not None
    assert answer.message == ENGLISH.nothing_beside_help


def test_support_without_an_index_is_of_the_settings(blog: Blog, capsys: pytest.CaptureFixture[str]) -> None:
    """At the terminal, as text and as JSON."""
    from typer.testing import CliRunner

    from askedbefore.cli import app

    blog.write("blog.toml", LOCAL)
    folders = ["--data", str(blog.paths.data), "--index", str(blog.paths.index)]
    text = CliRunner().invoke(app, ["ask", CRY, *folders]).stdout
    assert "  My practice: Call 03 555 0100" in text
    assert "\nNew Zealand\n  Emergency: Call 111\n  1737, Need to talk?: Call 1737, Text 1737" in text
    assert text.index("findahelpline.com") < text.index("your own therapist")
    found = json.loads(CliRunner().invoke(app, ["ask", CRY, "--json", *folders]).stdout)
    assert found["support"]["lines"][0]["name"] == "My practice"
    assert find_support(CRY) is not None
