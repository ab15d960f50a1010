"""The errors that a person is meant to read: what happened, where, and what to do."""


class AskedBeforeError(Exception):
    """Base of every error shown to a person; its text is the whole message."""


class SettingsError(AskedBeforeError):
    """`blog.toml`, `curation.toml` or the environment holds something that cannot be used."""


class SourceError(AskedBeforeError):
    """A source cannot be read, is no archive, or holds nothing that readers may see."""


class FetchError(AskedBeforeError):
    """A blog cannot be read from the network, or what it gave cannot be kept."""


class IndexProblem(AskedBeforeError):
    """There is no index, or the one there is damaged or was made by something else."""


class RebuildStopped(AskedBeforeError):
    """A rebuild ended before the switch; the index that was live still is."""


class ModelError(AskedBeforeError):
    """The embedding model cannot be loaded or does not fit the index."""


class EvaluationError(AskedBeforeError):
    """Labelled questions cannot be read or match nothing, or the report cannot be written."""


_NO_MEMORY = (
    "can't allocate memory",
    "cannot allocate memory",
    "can't start new thread",
    "failed to map segment",
    "not enough memory",
    "bad_alloc",
    "bad allocation",
    "failed to allocate memory",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether the machine had too little memory. Many libraries, and what loads them, say so in words only."""
    in_words = isinstance(error, RuntimeError | ImportError | OSError)
    return isinstance(error, MemoryError) or (in_words and any(one in str(error).lower() for one in _NO_MEMORY))
