"""Whether the extra `rebuild` is installed: what reads archives and runs PyTorch, which a server does not need."""

import sys
from importlib.util import find_spec

from askedbefore.errors import AskedBeforeError

INSTALL = f"{sys.executable} -m pip install 'askedbefore[rebuild]'"
_TELLING = "sentence_transformers"  # one package tells: they are installed together


def has_rebuild_extra() -> bool:
    """Say whether archives can be read here and models exported, without importing anything."""
    return find_spec(_TELLING) is not None


def need_rebuild_extra(command: str) -> None:
    """Raise AskedBeforeError when a command cannot run here, with what to install."""
    if not has_rebuild_extra():
        raise AskedBeforeError(
            f"askedbefore {command}  needs packages that a server does without. Install them with  {INSTALL}"
        )
