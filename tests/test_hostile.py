"""Files that are made to hurt: bombs, paths that leave, depth and mass. Each is read, passed over or refused."""

import gzip
import io
import os
import re
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from askedbefore.errors import SourceError
from askedbefore.links import Links
from askedbefore.passages import make_passages
from askedbefore.reading import finding, read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Settings
from tests.wxr import AUTHOR_ID, C, P, export

SECRET = "not of this folder"


def read(folder: Path) -> Archive:
    """Read all of a folder."""
    return read_archive([], folder, Settings())


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Return a zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


def passed_over(archive: Archive) -> str:
    """Return what was said of files that were not read."""
    return "\n".join(f"{one.place}: {one.reason}" for one in archive.left_out)


def test_packed_exports_are_read(tmp_path: Path) -> None:
    """A zip file gives all that is known in it, named with the file; a gzip file too."""
    files: dict[str, str | bytes] = {
        "a/export.xml": export([P("one", "One.")]),
        "b/holiday.jpg": b"\xff\xd8\xff",
        "__MACOSX/x": b"x",
    }
    (tmp_path / "packed.zip").write_bytes(zipped(files))
    (tmp_path / "other.xml.gz").write_bytes(gzip.compress(export([P("two", "Two.", id=22)]).encode()))
    archive = read(tmp_path)
    assert sorted(post.slug for post in archive.posts) == ["one", "two"]
    assert sorted(source.name for source in archive.sources) == ["other.xml.gz", "packed.zip: a/export.xml"]
    assert passed_over(archive) == "packed.zip: b/holiday.jpg: a file that is no archive: a picture"


@pytest.mark.parametrize(
    "name", ["../../outside.xml", "/outside.xml", "a/../../outside.xml", "..\\outside.xml", "C:\\x.xml"]
)
def test_no_path_leaves_the_folder(tmp_path: Path, name: str) -> None:
    """What a packed file calls its members decides nothing about where they are written."""
    data = tmp_path / "deep" / "data"
    data.mkdir(parents=True)
    (data / "packed.zip").write_bytes(zipped({name: export(), "good.xml": export([P("good", "Good.", id=33)])}))
    before = sorted(tmp_path.rglob("*"))
    assert "good" in [post.slug for post in read(data).posts]
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/outside.xml").exists()


def test_a_long_name_in_a_packed_file_costs_nothing(tmp_path: Path) -> None:
    """Names longer than a file system allows are cut."""
    (tmp_path / "packed.zip").write_bytes(zipped({"n" * 4000 + ".xml": export()}))
    assert len(read(tmp_path).posts) == 3


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_a_bomb_is_not_unpacked_whole(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What grows beyond its bounds is passed over, and the other sources are read."""
    monkeypatch.setattr(finding, "LEAST_UNPACKED", 1 << 20)
    monkeypatch.setattr(finding, "MOST_GROWTH", 20)
    bomb = export().encode() + b" " * (40 << 20)
    (tmp_path / f"bomb.{kind}").write_bytes(zipped({"bomb.xml": bomb}) if kind == "zip" else gzip.compress(bomb))
    (tmp_path / "good.xml").write_text(export([P("good", "Good.", id=33)]))
    archive = read(tmp_path)
    assert [post.slug for post in archive.posts] == ["good"]
    assert "larger than can be unpacked here" in passed_over(archive)


def test_many_members_share_one_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files that are small enough each are too large together."""
    one = export([P("one", "One.")])
    monkeypatch.setattr(finding, "LEAST_UNPACKED", len(one) + 100)
    monkeypatch.setattr(finding, "MOST_GROWTH", 0)
    (tmp_path / "packed.zip").write_bytes(zipped({"1.xml": one, "2.xml": export([P("two", "Two.", id=22)])}))
    archive = read(tmp_path)
    assert [post.slug for post in archive.posts] == ["one"]
    assert "2.xml: a file that is no archive: larger than" in passed_over(archive)


def test_packed_files_in_packed_files_stay_packed(tmp_path: Path) -> None:
    """Nested packing, as bombs have it, is said and not followed."""
    inner = zipped({"export.xml": export([P("inner", "Inner.")])})
    (tmp_path / "outer.zip").write_bytes(zipped({"inner.zip": inner, "good.xml": export([P("good", "Good.", id=33)])}))
    archive = read(tmp_path)
    assert [post.slug for post in archive.posts] == ["good"]
    assert "a packed file inside of another" in passed_over(archive)


def test_overlapping_members_are_no_trap(tmp_path: Path) -> None:
    """A directory that names one member a hundred times gives it within the bound of the file, and no traceback."""
    data = zipped({"1.xml": export([P("one", "One.")])})
    start = struct.unpack("<L", data[-6:-2])[0]
    entry, end = data[start:-22], bytearray(data[-22:])
    end[8:12] = struct.pack("<HH", 100, 100)
    end[12:16] = struct.pack("<L", 100 * len(entry))
    (tmp_path / "overlapping.zip").write_bytes(data[:start] + entry * 100 + bytes(end))
    (tmp_path / "good.xml").write_text(export([P("good", "Good.", id=33)]))
    assert "good" in [post.slug for post in read(tmp_path).posts]


def test_a_locked_or_linked_member_is_said(tmp_path: Path) -> None:
    """A member with a password is passed over; a symbolic link in a packed file is followed nowhere."""
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n\na-slug-here\n")
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(link, str(tmp_path / "secret.txt"))
        file.writestr("locked.xml", export())
    data = bytearray(packed.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + at] |= 1
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "packed.zip").write_bytes(data)
    (folder / "good.xml").write_text(export([P("good", "Good.", id=33)]))
    archive = read(folder)
    assert [post.slug for post in archive.posts] == ["good"]
    assert "locked.xml: a file that is no archive: locked with a password" in passed_over(archive)
    assert SECRET not in repr(archive)


def test_a_damaged_packed_file_is_said(tmp_path: Path) -> None:
    """Cut at any place, a packed file gives what it can or is passed over."""
    whole = zipped({"export.xml": export()})
    (tmp_path / "good.xml").write_text(export([P("good", "Good.", id=33)]))
    for length in range(10, len(whole), 97):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        (tmp_path / "cut.gz").write_bytes(gzip.compress(whole)[:length])
        archive = read(tmp_path)
        assert "good" in [post.slug for post in archive.posts]
        assert "cut.zip: a file that is no archive" in passed_over(archive)


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    """Pipes, devices and links that go round are neither read nor waited for; a named one is refused."""
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "good.xml").write_text(export())
    assert len(read(tmp_path).posts) == 3
    for name in ("pipe.xml", "endless"):
        with pytest.raises(SourceError, match="neither a file nor a folder"):
            read_archive([tmp_path / name], tmp_path, Settings())


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that cannot be opened is not left out in silence: its posts would go."""
    (tmp_path / "export.xml").write_text(export())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match=r"export\.xml cannot be read: Permission denied"):
        read(tmp_path)


def test_folders_of_any_depth(tmp_path: Path) -> None:
    """A folder in a folder, 1,200 times, is walked through."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    (tmp_path / "export.xml").write_text(export())
    try:
        assert len(read(tmp_path).posts) == 3
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # what clears temporary folders does not go so deep


def test_a_thread_of_a_thousand_levels(tmp_path: Path) -> None:
    """Every comment answers the one before it; all stand in one thread, and each reply in its exchange."""
    comments = [
        C(
            n,
            f"Number {n} counts the days until she returns. Is that so?",
            n - 1 if n > 2 else 0,
            AUTHOR_ID if n % 2 else "0",
        )
        for n in range(2, 1002)
    ]
    (tmp_path / "export.xml").write_text(export([P("one", "<p>The text of the post is short.</p>", comments=comments)]))
    posts = read(tmp_path).posts
    parents = {one.id: one.parent for one in posts[0].comments}
    assert (len(parents), parents["2"], parents["3"], parents["1001"]) == (1000, None, "2", "1000")
    settings = Settings(comments_per_page=50)
    assert sum(passage.kind.value == "reply" for passage in make_passages(posts, settings)) == 500
    last = next(one for one in posts[0].comments if one.id == "1001")
    assert Links(posts[0], 50).to_comment(last, "") == "https://blog.example/2020/01/one/comment-page-1/#comment-1001"


@pytest.mark.timeout(600)
def test_a_hundred_thousand_comments(tmp_path: Path) -> None:
    """One post can have them all; every one is read."""
    first, second = export([P("one", "Text of the post.", comments=[C(2, "Counting the days.")])]).split("<wp:comment>")
    comment, end = second.split("</wp:comment>")
    comment = re.sub(r"<wp:comment_(author|author_email|author_IP|date)>.*?</wp:comment_\1>\s*", "", comment)
    with (tmp_path / "export.xml").open("w") as file:
        file.write(first)
        for n in range(2, 100_002):
            numbered = comment.replace("comment_id>2<", f"comment_id>{n}<").replace("Counting", f"{n} I am counting")
            file.write(f"<wp:comment>{numbered}</wp:comment>")
        file.write(end)
    post = read(tmp_path).posts[0]
    assert len(post.comments) == 100_000
    assert post.comments[-1].text == "100001 I am counting the days."


@pytest.mark.parametrize(
    "content",
    [
        "word " * 200_000,
        "<div>" * 10_000 + "Deep." + "</div>" * 10_000,
        "<p>" * 10_000,
        "[a][" * 50_000,
        "&lt;" * 100_000,
    ],
)
def test_a_post_of_odd_mass_is_read(tmp_path: Path, content: str) -> None:
    """A line of a megabyte, 10,000 nested tags, and brackets without end cost neither the post nor its neighbour."""
    (tmp_path / "export.xml").write_text(export([P("odd", content), P("good", "Good and whole.")]))
    posts = read(tmp_path).posts
    assert [post.slug for post in posts] == ["odd", "good"]
    assert posts[1].blocks[0].text == "Good and whole."


def test_nested_tags_of_the_export_itself(tmp_path: Path) -> None:
    """Ten thousand tags inside of an item, outside of its texts, cost that item at most."""
    text = export([P("odd", "Odd."), P("good", "Good.", id=33)]).replace(
        "<wp:post_id>1<", "<x>" * 10_000 + "<wp:post_id>1<", 1
    )
    (tmp_path / "export.xml").write_text(text)
    assert "good" in [post.slug for post in read(tmp_path).posts]


def test_entities_that_grow_are_not_unfolded(tmp_path: Path) -> None:
    """One entity of 10,000 letters, used 10,000 times, stays a name; so does one that names another file."""
    (tmp_path / "secret.txt").write_text(SECRET)
    outside = f'<!ENTITY outside SYSTEM "file://{tmp_path / "secret.txt"}">'
    doctype = f'<!DOCTYPE rss [<!ENTITY long "{"a" * 10_000}">{outside}]>'
    text = export([P("one", "TEXT")]).replace("<rss", f"{doctype}<rss", 1)
    data = tmp_path / "data"
    data.mkdir()
    (data / "export.xml").write_text(text.replace("<![CDATA[TEXT]]>", "Said: &outside;" + "&long;" * 10_000))
    archive = read(data)
    assert archive.posts[0].blocks[0].text.startswith("Said: &outside;&long;&long;")
    assert SECRET not in repr(archive)
    assert "aaaa" not in repr(archive)
