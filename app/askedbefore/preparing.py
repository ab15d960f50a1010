"""What a rebuild makes vectors with, and the models that it puts into the build, so that a server needs no PyTorch.

A model that the live build has is taken over as it is; then a rebuild does not even load PyTorch. Any other is
exported, and where that does not go, sentence-transformers runs it, here and on the server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from askedbefore.embedding import Encoder, SentenceTransformerEncoder
from askedbefore.errors import IndexProblem
from askedbefore.exporting import NotExported, export
from askedbefore.guard.encoding import packaged_encoder
from askedbefore.onnxencoder import OnnxEncoder
from askedbefore.records import Passage
from askedbefore.settings import Precision
from askedbefore.storage import layout
from askedbefore.storage.build import new_build_id, onto_disk
from askedbefore.storage.layout import ENCODER, EXPORT, GUARD, Exported
from askedbefore.storage.library import Library
from askedbefore.watching import Watcher

SAMPLE = 64  # of the archive's passages, by which an exported model is compared with the original


@dataclass(frozen=True, slots=True)
class Prepared:
    """What makes the vectors of a rebuild; the models for the new build, and their files by their names in it.

    `not_exported` is why there is none. `remarks` are for the author.
    """

    encoder: Encoder
    models: tuple[Exported, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    not_exported: str | None = None
    remarks: tuple[str, ...] = ()


def prepare_models(
    encoder: Encoder,
    live: Library | None,
    passages: Sequence[Passage],
    precision: Precision,
    index: Path,
    watcher: Watcher,
) -> Prepared:
    """Find the encoder's model, and the guard's where that is another one, in the live build, or export them.

    What is exported stands in a partial build of `index`, which is gone when the rebuild has ended. Raises
    RebuildStopped when the disk does not take it.
    """
    if not isinstance(encoder, SentenceTransformerEncoder):
        return Prepared(encoder)
    aside = layout.builds_folder(index) / (new_build_id() + layout.PARTIAL)
    found: list[tuple[Exported, Path]] = []
    remarks: list[str] = []
    for folder, model, wanted in _models(encoder, precision):
        known = _known(live, folder, model, wanted)
        if known is not None and live is not None:
            found.append((known, live.folder))
            continue
        watcher.stage("Exporting the model")
        try:
            with onto_disk(aside):
                exported, too_far = export(model, aside, folder, _sample(passages), wanted)
        except NotExported as problem:
            why = f"The model {model.name} cannot run without PyTorch ({problem})"
            return Prepared(encoder, not_exported=f"{why}.", remarks=(f"{why}: a server needs it too.",))
        if too_far:
            remarks.append(f"The model {model.name} answers in fp32, not in int8 ({too_far}).")
        found.append((exported, aside))
    files = {name: build / name for exported, build in found for name in exported.files}
    exported, build = found[0]
    return Prepared(OnnxEncoder(build, exported, "fp32"), tuple(one for one, _ in found), files, None, tuple(remarks))


def _models(
    encoder: SentenceTransformerEncoder, precision: Precision
) -> list[tuple[str, SentenceTransformerEncoder, Precision]]:
    """Return the models for a build: the folder in it, the original, and the precision to serve with."""
    packaged = packaged_encoder()
    models: list[tuple[str, SentenceTransformerEncoder, Precision]] = [(ENCODER, encoder, precision)]
    if isinstance(packaged, SentenceTransformerEncoder) and packaged.fingerprint != encoder.fingerprint:
        models.append((GUARD, packaged, "fp32"))
    return models


def _known(live: Library | None, folder: str, encoder: Encoder, precision: Precision) -> Exported | None:
    """Return the model as the live build has it, if it is the same, exported in the same way, and not damaged."""
    if live is None or live.manifest.recipe.export != EXPORT:
        return None
    exported = live.manifest.model_in(folder)
    if exported is None or (exported.fingerprint, exported.wanted) != (encoder.fingerprint, precision):
        return None
    try:
        layout.check_files(live.folder, live.manifest, exported.files)
    except IndexProblem:
        return None
    return exported


def _sample(passages: Sequence[Passage]) -> list[str]:
    """Return texts of the archive, evenly taken from all, and one that is longer than any model reads."""
    texts = [passage.text for passage in passages[:: max(1, len(passages) // SAMPLE)]][:SAMPLE]
    return [*texts, " ".join(texts)[:20_000]]
