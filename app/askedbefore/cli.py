"""The command line: `askedbefore fetch | rebuild | ask | questions | serve | embed | check | rollback | evaluate`.

Heavy packages are imported inside the commands that need them, so that `--help` stays quick.
"""

import io
import json
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askedbefore import __version__
from askedbefore.errors import AskedBeforeError, is_out_of_memory
from askedbefore.extras import has_rebuild_extra, need_rebuild_extra
from askedbefore.terminal import bars, err, find_and_print_paths, out, print_answer, print_lines

if TYPE_CHECKING:
    from askedbefore.embedding import Encoder
    from askedbefore.settings import Paths
    from askedbefore.storage.library import Library

app = typer.Typer(
    help="Readers ask a blog a question; the blog answers in its author's own published words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # coloured help takes three times as long to come
)

_NO_MEMORY = (
    "askedbefore: There is not enough memory for this. The index that was live, if there was one, still is. "
    "End other programs, or take a machine with more memory, and run the same command again.\n"
)

DataOption = Annotated[
    Path | None, typer.Option("--data", help="The folder with the archive and blog.toml.  [default: ./data]")
]
IndexOption = Annotated[Path | None, typer.Option("--index", help="The folder with the index.  [default: ./index]")]


def main() -> None:
    """Run the command line; end with 1 and one clear message on what a person can mend, with 2 on wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # quotes hold signs that a terminal may not know
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        app()
    except AskedBeforeError as error:
        err.print(f"askedbefore: {error}")
        sys.exit(1)
    except (MemoryError, RuntimeError, ImportError, OSError) as error:
        if not is_out_of_memory(error):
            raise
        sys.stderr.write(_NO_MEMORY)  # plainly: there may be too little left for more
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("askedbefore: stopped.")
        sys.exit(130)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        out.print(f"askedbefore {__version__}")
        raise typer.Exit


@app.command("fetch")
def fetch_command(
    address: Annotated[str, typer.Argument(help="The blog's address, such as https://my-blog.example")],
    everything: Annotated[
        bool, typer.Option("--all", help="Read everything anew, edited comments too, not only what changed.")
    ] = False,
    feeds: Annotated[bool, typer.Option("--feeds", help="Read its feeds, where nothing better is open.")] = False,
    data: DataOption = None,
) -> None:
    """Read a WordPress blog from the network into one file of the data folder; the next time only what changed.

    Example:  askedbefore fetch https://my-blog.example
    """
    need_rebuild_extra("fetch")
    from askedbefore.settings import find_paths

    folder = find_paths(data).data
    err.print(f"data  {folder}", style="dim")
    from askedbefore.fetching import describing
    from askedbefore.fetching.feeds import fetch_feeds
    from askedbefore.fetching.fetch import fetch
    from askedbefore.fetching.web import Web

    with bars() as watcher, Web() as web:
        if feeds:
            lines = describing.describe_feeds(fetch_feeds(address, folder, web, watcher))
        else:
            lines = describing.describe_fetch(fetch(address, folder, web, watcher, everything))
    for line in lines:
        out.print(line, style="bold" if not line.startswith(" ") else None)


@app.command("rebuild")
def rebuild_command(
    sources: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders to read, instead of all of the data folder.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Go on even when more than half of the posts would go.")] = False,
    look_only: Annotated[
        bool, typer.Option("--dry-run", help="Read and report as a rebuild would; embed and write nothing.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name each thing that was left out or changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
    data: DataOption = None,
    index: IndexOption = None,
) -> None:
    """Read the archive and make the index anew; only what changed costs time.

    Example:  askedbefore rebuild --dry-run data/export.xml
    """
    need_rebuild_extra("rebuild")
    paths = find_and_print_paths(data, index)
    from askedbefore.settings import leave_processors_to_model, load_settings

    leave_processors_to_model()
    settings = load_settings(paths.data)
    from askedbefore.embedding import SentenceTransformerEncoder
    from askedbefore.rebuild import dry_run, rebuild
    from askedbefore.report.text import describe

    encoder = SentenceTransformerEncoder(settings.model)
    with bars() as watcher:
        if look_only:
            report = dry_run(sources or [], paths, settings, encoder, watcher)
        else:
            report = rebuild(sources or [], paths, settings, encoder, watcher, yes=yes)
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        return
    print_lines(describe(report, verbose))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, or - to read one a line from standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    before: Annotated[str | None, typer.Option(help="The question before this one, if this is a follow-up.")] = None,
    most: Annotated[int, typer.Option(help="How many passages to show.", min=1, max=20)] = 3,
    data: DataOption = None,
    index: IndexOption = None,
) -> None:
    """Answer a question from the index, here in the terminal.

    Example:  askedbefore ask "why does my therapist not hug me?"
    """
    paths = find_and_print_paths(data, index)
    try:
        library, encoder = _open(paths)
    except AskedBeforeError as error:
        _print_support(question, as_json, str(error), paths)
        raise
    from askedbefore.answer import answer_question

    answer = partial(answer_question, library=library, encoder=encoder, before=before, most=most)
    if question == "-":
        for line in sys.stdin.buffer:
            text = line.rstrip(b"\r\n").decode("utf-8", "replace")
            print(json.dumps(answer(text).to_json(), ensure_ascii=False), flush=True)
    elif as_json:
        print(json.dumps(answer(question).to_json(), ensure_ascii=False, indent=1))
    else:
        print_answer(answer(question), library.wording)


@app.command()
def questions(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with the answers to this file, for the blog.")
    ] = None,
    data: DataOption = None,
    index: IndexOption = None,
) -> None:
    """List what readers have often asked and the author answered, by topic.

    As JSON: a list of topic, question, count, and answers with id, url, title and quote, the best first.

    Example:  askedbefore questions --html faq.html
    """
    paths = find_and_print_paths(data, index)
    from askedbefore import faq
    from askedbefore.storage.served import open_live

    with closing(open_live(paths.index)) as library:
        found, blog = faq.read_faq(library), library.blog
    if html:
        faq.write_page(html.expanduser().absolute(), faq.faq_html(found, blog))
        err.print(f"Written: {html}")
    if as_json:
        print(json.dumps(faq.faq_json(found), ensure_ascii=False, indent=1))
    elif not html:
        for text in faq.terminal_faq(found, blog.wording):
            out.print(text)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 7860,
    root_path: Annotated[str, typer.Option(help="The folder that a proxy serves the page under, such as /ask.")] = "",
    proxy: Annotated[
        list[str] | None,
        typer.Option(help="A proxy that is believed when it says who asks.  [default: one on this machine]"),
    ] = None,
    per_minute: Annotated[
        int, typer.Option(help="How often one reader may ask in a minute; 0 for no limit.", min=0)
    ] = 60,
    workers: Annotated[
        int, typer.Option(help="How many processes answer; each loads the model for itself.", min=1, max=64)
    ] = 1,
    data: DataOption = None,
    index: IndexOption = None,
) -> None:
    """Serve the readers' page and the API; a rebuild is noticed without a restart.

    Example:  askedbefore serve --port 8000
    """
    paths = find_and_print_paths(data, index)
    from askedbefore.web.proxies import ON_THIS_MACHINE, check_proxies
    from askedbefore.web.serving import Site, check_port, load_encoder, make_ready
    from askedbefore.web.serving import serve as serve_site

    check_port(host, port)
    believed = tuple(proxy or ON_THIS_MACHINE)
    check_proxies(believed)
    library, encoder = _open(paths)
    library.close()
    load = partial(make_ready, encoder) if workers == 1 else partial(load_encoder, paths.index)
    folder = f"/{root_path.strip('/')}" if root_path.strip("/") else ""
    site = Site(paths.index, load, folder, believed, per_minute)
    serve_site(site, host, port, workers, lambda address: err.print(f"The page is on {address} (end it with Ctrl+C)"))


@app.command()
def embed(
    address: Annotated[
        str | None,
        typer.Option(help="Where readers reach the page.  [default: from blog.toml, else http://127.0.0.1:7860]"),
    ] = None,
    data: DataOption = None,
    index: IndexOption = None,
) -> None:
    """Print what to put into the blog so that readers can ask there, and say who is allowed to show it.

    Example:  askedbefore embed --address https://ask.my-blog.example
    """
    paths = find_and_print_paths(data, index)
    from askedbefore.settings import load_settings
    from askedbefore.snippets import describe_embedding, page_address

    settings = load_settings(paths.data)
    for text in describe_embedding(page_address(address, settings), paths, settings):
        out.print(text)


@app.command()
def check(data: DataOption = None, index: IndexOption = None) -> None:
    """Say whether the index is sound, current and servable, and what to do if not.

    Example:  askedbefore check
    """
    paths = find_and_print_paths(data, index)
    from askedbefore.settings import load_settings

    settings = load_settings(paths.data)
    library, encoder = _open(paths)
    model = library.manifest.recipe.settings.get("model")
    library.close()
    encoder.encode_questions(["ready"])
    from askedbefore.checking import check_index
    from askedbefore.embedding import SentenceTransformerEncoder

    installed = SentenceTransformerEncoder(model) if has_rebuild_extra() else None
    for line in check_index(paths, settings, encoder, installed=installed):
        out.print(line)


@app.command()
def rollback(data: DataOption = None, index: IndexOption = None) -> None:
    """Go back to the build before the live one; a second time, forward again.

    Example:  askedbefore rollback
    """
    paths = find_and_print_paths(data, index)
    from askedbefore.curation import load_curation
    from askedbefore.storage.rollback import describe_rollback, roll_back

    for line in describe_rollback(roll_back(paths.index, load_curation(paths.data))):
        out.print(line)


@app.command("evaluate")
def evaluate_command(
    questions: Annotated[Path, typer.Argument(help="Questions with their right places, .jsonl or .csv.")],
    off_topic: Annotated[
        list[Path] | None, typer.Option(help="A file of questions that the archive cannot answer, a line each.")
    ] = None,
    report: Annotated[Path, typer.Option("--out", help="The file to write the report to.")] = Path("evaluation.html"),
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures and outcomes as JSON.")] = False,
    data: DataOption = None,
    index: IndexOption = None,
) -> None:
    """Measure how well the index answers questions whose right places are known, and write a report.

    Example:  askedbefore evaluate questions.csv --off-topic unrelated.txt
    """
    need_rebuild_extra("evaluate")
    paths = find_and_print_paths(data, index)
    from askedbefore.evaluation.evaluate import evaluate
    from askedbefore.evaluation.report import check_target, write_report
    from askedbefore.evaluation.summary import describe_evaluation

    check_target(report)
    library, encoder = _open(paths)
    with bars() as watcher:
        evaluation = evaluate(questions, off_topic or [], library, encoder, watcher)
        watcher.stage("Drawing")
        write_report(report, evaluation, library)
    if as_json:
        print(json.dumps(evaluation.to_json(), ensure_ascii=False, indent=1))
    else:
        print_lines(describe_evaluation(evaluation))
    err.print(f"The report is in {report.absolute()}")


def _open(paths: "Paths") -> "tuple[Library, Encoder]":
    """Open the index that readers are answered from and its model; say what a person should know of either."""
    from askedbefore.settings import leave_processors_to_model

    leave_processors_to_model()
    from askedbefore.opening import open_encoder
    from askedbefore.storage.served import open_served

    library, remark = open_served(paths.index)
    if remark:
        err.print(f"askedbefore: {remark}")
    opened = open_encoder(library.folder, library.manifest)
    library.check_fits(opened.encoder)
    if opened.remark:
        err.print(opened.remark, style="dim")
    return library, opened.encoder


def _print_support(question: str, as_json: bool, problem: str, paths: "Paths") -> None:
    """Print what a question that may be a cry for help gets where there is no index: it must not wait for one."""
    from askedbefore.guard import find_support
    from askedbefore.records import Answer, Outcome
    from askedbefore.settings import Settings, load_settings
    from askedbefore.wording import words_in

    try:
        settings = load_settings(paths.data)
    except AskedBeforeError:
        settings = Settings()
    wording = words_in(settings.language)
    support = find_support(question, wording=wording, signposts=settings.signposts)
    if support is None:
        return
    answer = Answer(question, Outcome.INVALID, wording.disclaimer, message=problem, support=support)
    if as_json:
        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=1))
    else:
        print_answer(answer, wording)
