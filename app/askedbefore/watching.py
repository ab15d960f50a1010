"""How a long piece of work tells whoever watches how far it is."""

from typing import Protocol


class Watcher(Protocol):
    """Somebody who is shown the stages of a rebuild."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Take note that a stage begins; `total` is the number of its steps, when that is known."""
        ...

    def advance(self, steps: int = 1) -> None:
        """Take note that so many more steps of the stage are done."""
        ...


class Unwatched:
    """A watcher for when nobody looks."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Show nothing."""

    def advance(self, steps: int = 1) -> None:
        """Show nothing."""
