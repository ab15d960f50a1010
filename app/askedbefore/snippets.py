"""What an author puts into the blog so that readers can ask there, and who is allowed to show it."""

from collections.abc import Iterator
from html import escape

from askedbefore.errors import IndexProblem, SettingsError
from askedbefore.origins import allowed_origins, origin_of
from askedbefore.settings import Paths, Settings
from askedbefore.storage.layout import builds_folder, read_current, read_manifest
from askedbefore.wording import Words, words_in

DEFAULT_ADDRESS = "http://127.0.0.1:7860"
_HERE = ("http://127.0.0.1", "http://localhost")


def page_address(given: str | None, settings: Settings) -> str:
    """Return where readers reach the page: as given, else as `blog.toml` says, else where `serve` listens by default.

    Raises SettingsError when what was given is no web address.
    """
    address = (given or settings.address or DEFAULT_ADDRESS).strip().rstrip("/")
    if origin_of(address) is None or "?" in address or "#" in address:
        raise SettingsError(
            f"--address {given} is no address of a page. Name it as readers reach it, such as https://ask.my-blog.example"
        )
    return address


def describe_embedding(address: str, paths: Paths, settings: Settings) -> Iterator[str]:
    """Yield all that the command prints, a block each: the snippets, and who may show the page."""
    for heading, snippet in snippets(address, words_in(settings.language)):
        yield f"{heading}\n\n{snippet}\n"
    yield from _allowed(paths, settings)
    if address.startswith("http:") and not address.startswith(_HERE):
        yield "The address begins with http. Browsers show no such page inside a blog with https: put it behind TLS."
    if address.startswith(_HERE):
        yield (
            "This address is reached from this machine alone. When the page is on a server, name its address: "
            "--address https://…, or  address  in blog.toml."
        )
    yield "docs/embedding.md goes through WordPress, Blogger, Ghost, Squarespace and static sites; docs/deploying.md"
    yield "through the server."


def snippets(address: str, wording: Words) -> tuple[tuple[str, str], ...]:
    """Return each way to put the page at `address` into a blog: what it is, and its HTML."""
    here, title = escape(address), escape(wording.embed_title)
    script = (
        f'<script src="{here}/embed.js" data-askedbefore async></script>\n'
        f'<noscript><a href="{here}/plain">{title}</a></noscript>'
    )
    frame = (
        f'<iframe src="{here}/" title="{title}" loading="lazy" allow="clipboard-write"\n'
        '  referrerpolicy="no-referrer" style="width: 100%; height: 40rem; border: 0"></iframe>'
    )
    return (
        ("The sidebar: one small script, and for readers without scripts a link", script),
        ("The same as a block of WordPress (in the editor: Code editor, or a Custom HTML block without the first and "
         "last line)", f"<!-- wp:html -->\n{script}\n<!-- /wp:html -->"),
        ("A frame, for blogs that take no scripts", frame),
        ("A link, for blogs that take neither", f'<a href="{here}/">{title}</a>'),
    )  # fmt: skip


def _allowed(paths: Paths, settings: Settings) -> Iterator[str]:
    """Yield who may show the page: as the live index says it, and whether `blog.toml` says something else by now."""
    try:
        manifest = read_manifest(builds_folder(paths.index) / read_current(paths.index).build)
    except IndexProblem:
        yield _name(allowed_origins(settings.embed_origins, settings.url))
        yield "There is no index yet; this is what blog.toml says."
        return
    recipe = manifest.recipe
    origins = allowed_origins(recipe.settings.get("embed_origins"), recipe.blog.url)
    yield _name(origins)
    if allowed_origins(settings.embed_origins, settings.url or recipe.blog.url) != origins:
        yield "blog.toml says something else by now. Run  askedbefore rebuild  to let it count."


def _name(origins: tuple[str, ...]) -> str:
    """Say whose pages may show it."""
    if origins:
        return f"May show it: {', '.join(origins)}. Others are refused; embed_origins in blog.toml names who may."
    return (
        "Nobody may show it: the blog's address is not known. Set  url  or  embed_origins  in blog.toml, such as "
        'embed_origins = ["https://my-blog.example"], and run  askedbefore rebuild.'
    )
