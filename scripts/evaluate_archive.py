"""Measure how well an archive's questions are answered, with an index made for it in a temporary folder.

usage: python scripts/evaluate_archive.py ARCHIVE QUESTIONS [--off-topic FILE ...] [--out FILE] [--json]

ARCHIVE is a folder or one file in it; a blog.toml beside the file is read. What follows is handed on to
`askedbefore evaluate`; its --help and docs/retrieval.md say what it takes.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Rebuild, then evaluate; end as the first command that fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path)
    options, handed_on = parser.parse_known_args()
    data = options.archive if options.archive.is_dir() else options.archive.parent
    with tempfile.TemporaryDirectory() as index:
        places = ["--data", str(data), "--index", index]
        run("rebuild", str(options.archive), *places, quiet=True)
        run("evaluate", str(options.questions), *places, *handed_on)


def run(*arguments: str, quiet: bool = False) -> None:
    """Run one command of the program, `quiet` without its report; end with its exit code when it fails."""
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run([sys.executable, "-m", "askedbefore", *arguments], stdout=output)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
