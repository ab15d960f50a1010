"""A rebuild's whole way: read, compare, split, embed, find what is often asked, write, calibrate, verify, switch."""

import time
from collections.abc import Sequence
from pathlib import Path

from askedbefore.asked import find_asked
from askedbefore.calibration import calibrate
from askedbefore.changes import compare, hash_posts, reading_recipe, stop_before_large_loss
from askedbefore.curation import load_curation
from askedbefore.describing import describe_build, describe_recipe, on_recipe
from askedbefore.embedding import Encoder
from askedbefore.passages import make_passages
from askedbefore.pins import place_pins, unshown_pins
from askedbefore.reading import read_archive
from askedbefore.remembering import Remembering
from askedbefore.report import Report
from askedbefore.settings import Paths, Settings
from askedbefore.storage.build import (
    last_manifest,
    live_build,
    rebuild_lock,
    switch,
    verify,
    write_build,
    write_questions,
)
from askedbefore.vectors import embed_passages
from askedbefore.watching import Watcher


def rebuild(
    sources: Sequence[Path], paths: Paths, settings: Settings, encoder: Encoder, watcher: Watcher, *, yes: bool = False
) -> Report:
    """Make the index anew from the sources, or from all of `paths.data`, and report what came of it.

    `yes` lets more than half of the live posts go. Raises AskedBeforeError with the live index untouched.
    """
    begun = time.monotonic()
    curation = load_curation(paths.data)
    with rebuild_lock(paths.index), live_build(paths.index) as (live, remarks):
        watcher.stage("Reading")
        archive = read_archive(sources, paths.data, settings, curation)

        last = last_manifest(paths.index)
        before = last.recipe.posts if last else {}
        hashes = hash_posts(archive.posts)
        changes = compare(before, hashes, same_reading=last is None or last.recipe.reading == reading_recipe())
        makes_way = last is not None and last.recipe.blog.example and not settings.example
        if not yes and not makes_way:
            stop_before_large_loss(changes, len(before))

        recipe = describe_recipe(hashes, archive, settings, encoder)
        remarks = (*remarks, *on_recipe(last, recipe, changes))
        if live and live.manifest.recipe == recipe:
            manifest = live.manifest
            seconds = time.monotonic() - begun
            remarks = (*remarks, *unshown_pins(manifest, archive))
            return Report(archive, changes, manifest.counts, 0, paths.index, manifest.id, seconds, True, remarks)

        watcher.stage("Splitting")
        passages = make_passages(archive.posts, settings)
        embedded = embed_passages(passages, live, encoder, watcher)

        watcher.stage("Finding what is often asked")
        questions = Remembering(encoder, live)
        asked = find_asked(archive.posts, embedded.contents, questions)

        watcher.stage("Writing")
        manifest = describe_build(recipe, archive, embedded.contents, sources or [paths.data])
        build = write_build(paths.index, embedded.contents, asked, manifest)
        watcher.stage("Calibrating")
        calibrate(build, encoder, live)
        place_pins(build, archive, questions)
        write_questions(build, questions.questions(manifest.dimension))
        watcher.stage("Checking")
        manifest = verify(build)
        remarks = (*remarks, *unshown_pins(manifest, archive), *switch(paths.index, build))
    seconds = time.monotonic() - begun
    return Report(
        archive, changes, manifest.counts, embedded.new_passages, paths.index, build.name, seconds, remarks=remarks
    )
