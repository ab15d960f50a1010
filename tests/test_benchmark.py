"""What the benchmark compares with runs as it would anywhere."""

import os
from pathlib import Path

from askedbefore.settings import Paths
from scripts.benchmark.rebuilding import EDITED, FROM_NOTHING, UNCHANGED, rebuilds


def test_what_is_set_for_a_rebuild_does_not_slow_what_it_is_compared_with(tmp_path: Path) -> None:
    """Processes that are started after it would inherit it; of an edited post one passage is new, else none."""
    paths = Paths(data=tmp_path / "data", index=tmp_path / "index")
    paths.data.mkdir()
    before = dict(os.environ)
    runs = rebuilds(paths, 3, 40, 2, fake=True)
    assert dict(os.environ) == before
    assert [run.name for run in runs] == [FROM_NOTHING, EDITED, UNCHANGED]
    assert [run.embedded for run in runs] == [runs[0].passages, 1, 0]
