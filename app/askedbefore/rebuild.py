"""A rebuild's whole way: read, compare, split, embed, find what is often asked, write, calibrate, verify, switch."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from askedbefore.asked import find_asked
from askedbefore.calibration import calibrate
from askedbefore.describing import count_archive, describe_build
from askedbefore.embedding import Encoder
from askedbefore.errors import RebuildStopped
from askedbefore.passages import kept_back, make_passages
from askedbefore.pins import place_pins, unshown_pins
from askedbefore.planning import make_plan
from askedbefore.preparing import prepare_models
from askedbefore.remembering import Remembering
from askedbefore.report import Came, Report, count_shown
from askedbefore.report.page import report_page
from askedbefore.settings import Paths, Settings
from askedbefore.storage.build import verify, write_build, write_questions, write_report
from askedbefore.storage.builds import live_build, rebuild_lock, switch
from askedbefore.storage.vectorindex import on_nearest
from askedbefore.unchanged import find_unchanged
from askedbefore.vectors import embed_passages
from askedbefore.watching import Watcher


def rebuild(
    sources: Sequence[Path], paths: Paths, settings: Settings, encoder: Encoder, watcher: Watcher, *, yes: bool = False
) -> Report:
    """Make the index anew from the sources, or from all of `paths.data`, and report what came of it.

    `yes` lets more than half of the live posts go. Raises AskedBeforeError with the live index untouched.
    """
    begun = time.monotonic()
    with rebuild_lock(paths.index), live_build(paths.index) as (live, remarks):
        watcher.stage("Reading")
        plan = make_plan(sources, paths, settings, encoder)
        if not yes:
            plan.stop_before_large_loss()
        archive, remarks = plan.archive, (*remarks, *plan.remarks)
        if live and live.manifest.recipe == plan.recipe:
            same, seconds = live.manifest, time.monotonic() - begun
            remarks = (*remarks, *unshown_pins(same, archive))
            shown = count_shown(passage for passage, _, _ in live.all_passages())
            return Report(
                Came.UNCHANGED, archive, plan.changes, same.counts, shown, 0, paths.index, same.id, seconds, remarks
            )

        watcher.stage("Splitting")
        unchanged = find_unchanged(live, plan.recipe)
        passages = make_passages(archive.posts, settings, unchanged)
        prepared = prepare_models(encoder, live, passages, settings.precision, paths.index, watcher)
        encoder = prepared.encoder
        embedded = embed_passages(passages, live, encoder, watcher, unchanged)

        watcher.stage("Finding what is often asked")
        questions = Remembering(encoder, live)
        asked = find_asked(archive.posts, embedded.contents, questions, unchanged)

        watcher.stage("Writing")
        manifest = describe_build(plan.recipe, archive, embedded.contents, sources or [paths.data], prepared)
        build = write_build(paths.index, embedded.contents, asked, manifest, prepared.files)
        watcher.stage("Calibrating")
        calibrate(build, encoder, live)
        place_pins(build, archive, questions)
        write_questions(build, questions.questions(manifest.dimension))
        watcher.stage("Checking")
        manifest = verify(build)
        report = Report(
            Came.BUILT,
            archive,
            plan.changes,
            manifest.counts,
            count_shown(passages),
            embedded.new_passages,
            paths.index,
            manifest.id,
            time.monotonic() - begun,
            (
                *remarks,
                *prepared.remarks,
                *kept_back(passages),
                *unshown_pins(manifest, archive),
                *on_nearest(manifest),
            ),
        )
        write_report(build, report_page(report))
        return replace(report, remarks=(*report.remarks, *switch(paths.index, build)))


def dry_run(sources: Sequence[Path], paths: Paths, settings: Settings, encoder: Encoder, watcher: Watcher) -> Report:
    """Report what a rebuild would make of the sources; nothing is embedded or written. Raises AskedBeforeError."""
    begun = time.monotonic()
    watcher.stage("Reading")
    plan = make_plan(sources, paths, settings, encoder)
    would_stop = None
    try:
        plan.stop_before_large_loss()
    except RebuildStopped as stopped:
        would_stop = str(stopped)
    watcher.stage("Splitting")
    passages = make_passages(plan.archive.posts, settings)
    counts, shown = count_archive(plan.archive, passages), count_shown(passages)
    seconds = time.monotonic() - begun
    return Report(
        Came.DRY_RUN,
        plan.archive,
        plan.changes,
        counts,
        shown,
        0,
        paths.index,
        None,
        seconds,
        (*plan.remarks, *kept_back(passages)),
        would_stop,
    )
