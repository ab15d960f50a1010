"""Import Gradio in half of the time."""

import inspect
from typing import Any


def import_gradio() -> None:
    """Import Gradio, and keep it from writing stubs for editors into its own folder.

    For these it reads the source of all its components at each start; but not of one that is in no file, so that is
    what it is told. To be called before anything else imports it.
    """
    file_of = inspect.getfile

    def file_unless_component(thing: Any) -> str:
        """Return the file that something is defined in. Raises OSError for a component of Gradio."""
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError
        return file_of(thing)

    inspect.getfile = file_unless_component  # type: ignore[assignment]
    try:
        import gradio  # noqa: F401
    finally:
        inspect.getfile = file_of
