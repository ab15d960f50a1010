"""Numbers in words for people."""


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 post, 2 posts, 1,200 replies."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
