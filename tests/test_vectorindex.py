"""The nearest of very many vectors: in few lists where that finds enough, else among all; what is kept stays exact."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from askedbefore.checking import check_index
from askedbefore.embedding import Vectors
from askedbefore.errors import IndexProblem
from askedbefore.settings import Settings
from askedbefore.storage import layout, vectorindex
from askedbefore.storage.build import write_build
from askedbefore.storage.vectorindex import VectorIndex, write_vectors
from tests.conftest import Blog
from tests.synthetic import synthetic_posts, with_edited_post
from tests.wxr import export


def clustered(number: int) -> Vectors:
    """Return unit vectors around 40 centres, always the same."""
    chance = np.random.default_rng(1)
    around = chance.standard_normal((40, 32))[chance.integers(40, size=number)]
    vectors = (around + 0.3 * chance.standard_normal((number, 32))).astype(np.float32)
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


VECTORS, QUESTIONS = clustered(4200)[:4000], clustered(4200)[4000:]


def test_few_vectors_are_all_looked_at(tmp_path: Path) -> None:
    """Under the threshold there is no second file."""
    nearest = write_vectors(tmp_path, VECTORS, QUESTIONS, large=4001)
    assert nearest == layout.Nearest()
    assert [path.name for path in tmp_path.iterdir()] == [layout.VECTORS]
    expected = np.argsort(-(VECTORS @ QUESTIONS[0]), kind="stable")[:7]
    assert VectorIndex(tmp_path, nearest).nearest(QUESTIONS[0], 7).tolist() == expected.tolist()


def test_many_are_found_in_the_fewest_lists_that_hold_enough(tmp_path: Path) -> None:
    """The recall that is recorded is reached on the sample, with fewer lists it is not; the vectors stay exact."""
    nearest = write_vectors(tmp_path, VECTORS, QUESTIONS, large=4000)
    assert 0 < nearest.probes < nearest.lists / 8 + 1
    truth = np.argsort(-(QUESTIONS @ VECTORS.T), axis=1)[:, :10]

    def recall(how: layout.Nearest) -> float:
        """Return the share of the ten nearest that is found."""
        index = VectorIndex(tmp_path, how)
        return vectorindex.share_found([index.nearest(one, 10) for one in QUESTIONS], list(truth))

    assert recall(nearest) == pytest.approx(nearest.recall, abs=1e-3)
    assert nearest.recall >= vectorindex.RECALL
    if nearest.probes > 1:
        assert recall(nearest.model_copy(update={"probes": nearest.probes - 1})) < vectorindex.RECALL
    assert (VectorIndex(tmp_path, nearest).take(np.arange(4000)) == VECTORS).all()


def test_the_same_vectors_make_the_same_files(tmp_path: Path) -> None:
    """Nothing in it is by chance."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_vectors(tmp_path / name, VECTORS, QUESTIONS, large=1000)
    one, other = ((tmp_path / name / layout.LISTS).read_bytes() for name in ("one", "other"))
    assert one == other


def test_what_has_no_neighbourhoods_is_all_looked_at_and_that_is_said(tmp_path: Path) -> None:
    """In vectors without any order an eighth of the lists holds too little."""
    vectors = np.random.default_rng(1).standard_normal((4000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = write_vectors(tmp_path, vectors[:3800], vectors[3800:], large=1000)
    assert nearest.lists == 0
    assert "of what is nearest" in str(nearest.why)
    assert not (tmp_path / layout.LISTS).exists()
    assert "all passages are looked at" in vectorindex.describe_nearest(nearest)


def test_a_large_archive_is_rebuilt_without_embedding_again(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole rebuild with lists; vectors taken over are exactly those that were computed; damage is refused."""
    monkeypatch.setattr("askedbefore.rebuild.write_build", partial(write_build, large=100))
    monkeypatch.setattr("askedbefore.storage.vectorindex.RECALL", 0.0)
    posts = synthetic_posts(40, words=60, comments=4)
    blog.write("export.xml", export(posts))
    blog.rebuild()
    first = blog.library()
    assert first.manifest.nearest.lists
    assert any(line.startswith("Large: ") for line in check_index(blog.paths, Settings(), blog.encoder))
    before = {
        one.text: vector
        for (one, _, _), vector in zip(
            first.all_passages(), first.passage_vectors(range(first.manifest.counts.passages)), strict=True
        )
    }
    blog.write("export.xml", export(with_edited_post(posts, 3, "Something that is new.")))
    blog.encoder.embedded.clear()
    blog.rebuild()
    assert len(blog.encoder.embedded) < 5
    second = blog.library()
    after = second.passage_vectors(range(second.manifest.counts.passages))
    taken_over = [
        (vector, before[one.text])
        for (one, _, _), vector in zip(second.all_passages(), after, strict=True)
        if one.text in before
    ]
    assert len(taken_over) > 100
    assert all((now == then).all() for now, then in taken_over)
    path = second.folder / layout.LISTS
    path.write_bytes(path.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(IndexProblem, match=layout.LISTS):
        blog.library()
