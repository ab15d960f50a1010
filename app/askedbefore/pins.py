"""Pins: the place that the author wants first when somebody asks this, in whatever words.

A pin holds when a question is closer to the pin's own question than to what the archive says elsewhere, and than to
any off-topic question. So every model and archive brings its own line, and nothing is set by hand.
"""

from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from askedbefore.curation import FILE_NAME
from askedbefore.embedding import Encoder, Vectors
from askedbefore.places import Place, find_places
from askedbefore.records import Passage, Voice
from askedbefore.storage.build import write_pins
from askedbefore.storage.layout import Manifest
from askedbefore.storage.library import Library

if TYPE_CHECKING:  # a question must not load all that reads archives
    from askedbefore.reading.harvest import Archive

NEAR = 100  # passages whose sentences a pin is measured against
CLOSEST = 3  # of these sentences; a single one may be close by chance


def place_pins(build: Path, archive: "Archive", encoder: Encoder) -> None:
    """Write into a build that is not live yet what its pins need: vectors of their questions, rows of their places."""
    pins = archive.curation.pin
    if not pins:
        return
    with closing(Library(build)) as library:
        passages = [passage for passage, _, _ in library.all_passages()]
    rows = [_rows_of(find_places(pin.place, archive.posts), passages) for pin in pins]
    write_pins(build, encoder.encode_questions([pin.question for pin in pins]), rows)


def pinned(library: Library, vector: Vectors) -> tuple[int, ...]:
    """Return the rows of the places that are pinned for a question, the best pin first.

    `vector` is the question's, of shape (dimension,). Of each place it is the shown passage closest to the question.
    """
    if not library.manifest.pins:
        return ()
    closeness = library.pins @ vector
    off_topic = float((library.measured.off_topic @ vector).max(initial=-1.0))
    order = [int(number) for number in np.argsort(-closeness, kind="stable") if closeness[number] > off_topic]
    candidates = [(closeness[number], rows) for number in order if (rows := library.manifest.pins[number])]
    if not candidates:
        return ()
    places = library.passages(rows[0] for _, rows in candidates)
    said = _said_near(library, vector)
    holding = [
        rows[int((library.passage_vectors(rows) @ vector).argmax())]
        for pin, rows in candidates
        if pin > _closeness_elsewhere(said, places[rows[0]][0])
    ]
    return tuple(dict.fromkeys(holding))


def unshown_pins(manifest: Manifest, archive: "Archive") -> tuple[str, ...]:
    """Return remarks on the pins whose place is in the archive, and holds nothing that is shown."""
    return tuple(
        f"{FILE_NAME}, pin “{pin.question}”: {pin.place} holds nothing that is shown. Pin a reply of yours or a post."
        for pin, rows in zip(manifest.recipe.curation.pin, manifest.pins, strict=True)
        if not rows and find_places(pin.place, archive.posts)
    )


def _rows_of(places: Sequence[Place], passages: Sequence[Passage]) -> tuple[int, ...]:
    """Return the rows of what is shown of some places: the author's own words, if there are any.

    A reader's comment stands for the exchange that it began.
    """
    shown = [(row, one, Place(one.post, one.comment) in places) for row, one in enumerate(passages) if one.shown]
    units = {f"{place.post}/c{place.comment}" for place in places}
    ways = (
        [row for row, one, is_there in shown if is_there and one.voice is Voice.AUTHOR],
        [row for row, one, _ in shown if one.unit in units and one.voice is Voice.AUTHOR],
        [row for row, _, is_there in shown if is_there],
    )
    return tuple(next((rows for rows in ways if rows), ()))


def _said_near(library: Library, vector: Vectors) -> list[tuple[float, Passage]]:
    """Return the cosines of the sentences near a question with it, the closest first, and where each stands."""
    near = library.passages(library.nearest_rows(vector, NEAR).tolist())
    found = [
        (float(cosine), passage)
        for passage, first, spans in near.values()
        for cosine in library.sentence_vectors(range(first, first + len(spans))) @ vector
    ]
    return sorted(found, key=lambda one: -one[0])


def _closeness_elsewhere(said: Sequence[tuple[float, Passage]], place: Passage) -> float:
    """Return how close the closest sentences are, but for those of the pinned post or exchange itself."""
    elsewhere = (
        cosine
        for cosine, passage in said
        if (passage.post != place.post if place.comment is None else passage.unit != place.unit)
    )
    closest = list(islice(elsewhere, CLOSEST))
    return float(np.mean(closest)) if closest else -1.0
