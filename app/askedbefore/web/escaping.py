"""How any text becomes HTML: everything is escaped here, and only here."""

from html import escape

NEW_TAB = 'target="_blank" rel="noopener noreferrer"'


def text_html(text: str) -> str:
    """Return text that HTML, and the templates of gr.HTML, take for nothing but text."""
    return escape(text, quote=True).replace("$", "&#36;").replace("{", "&#123;").replace("}", "&#125;")


def is_web_address(url: str | None) -> bool:
    """Say whether an address may be a link: no other scheme is ever one, whatever an archive holds."""
    return (url or "").lower().startswith(("http://", "https://"))
