"""Pages of reports as pictures: which are shown, where they come from, and how many."""

import errno
from pathlib import Path

import pytest
from final_accounts.ingest.batch import Result
from final_accounts.ingest.files.pictured import pictures
from final_accounts.ingest.files.upright import turns_of
from final_accounts.ingest.writing import keep_source
from final_accounts.site import contents, printed
from final_accounts.site.contents import PAGES, problems_of_site
from final_accounts.site.printed import Limits, PrintedPages
from PIL import Image
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

SHA = "5" * 64
HEIGHT = 842
ENOUGH = Limits(page=150_000, release=1_000_000)
# the table of a page stands between these heights
TOP, BOTTOM = 100.0, 300.0


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder with a report of three pages: a heading, a sentence, and one who signed stand above their tables."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    folder = tmp_path / "sources"
    folder.mkdir()
    canvas = Canvas(str(folder / f"{SHA}.pdf"), pagesize=(595, HEIGHT))
    for above in ("收入决算表", "张三同志负责此项工作。", "收入决算表 填表人：张三"):
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(60, HEIGHT - 60, above)
        canvas.rect(60, HEIGHT - BOTTOM, 400, BOTTOM - TOP)
        canvas.drawString(60, HEIGHT - 400, "审核：李四")
        canvas.showPage()
    canvas.save()
    return folder


def ink_below(file: Path) -> bool:
    """Whether anything stands below the table of a page."""
    with Image.open(file) as image:
        low = round(BOTTOM * image.width / 595) + 5
        return image.convert("L").crop((0, low, image.width, image.height)).getextrema()[0] < 250


def test_pages_with_tables_are_drawn_once_for_each_file(sources: Path, tmp_path: Path) -> None:
    """With their size in points; what another site has is taken over and not drawn again."""
    first = PrintedPages(tmp_path / "first", [sources], None, True, ENOUGH)
    found = first.of(SHA, [1, 3])
    assert found is not None
    assert [*found["pages"]] == [1, 3]
    assert found["hidden"] == {}
    name, *size = found["pages"][1]
    assert size == [595, HEIGHT]
    assert ink_below(tmp_path / "first" / name)
    assert first.of(SHA, [1]) == {"pages": {1: found["pages"][1]}, "hidden": {}}

    (sources / f"{SHA}.pdf").write_bytes(b"no longer what it was")
    second = PrintedPages(tmp_path / "second", [sources], tmp_path / "first", True, ENOUGH)
    assert second.of(SHA, [1, 3]) == found
    assert (tmp_path / "second" / name).samefile(tmp_path / "first" / name)
    assert second.names == first.names


@pytest.mark.parametrize(("sha256", "pages"), [("6" * 64, (1,)), (None, (1,)), (SHA, ())])
def test_a_report_without_its_file_or_places_has_no_pictures(
    sha256: str | None, pages: tuple[int, ...], sources: Path, tmp_path: Path
) -> None:
    """Its page shows the tables alone."""
    assert (
        PrintedPages(tmp_path / "site", [sources, tmp_path / "none"], None, True, ENOUGH).of(sha256, list(pages))
        is None
    )


def test_pages_beyond_the_limits_are_named(sources: Path, tmp_path: Path) -> None:
    """One that is too large, those for which there is no more room, and a file that cannot be drawn."""
    small = PrintedPages(tmp_path / "small", [sources], None, True, Limits(page=10, release=1000))
    assert small.of(SHA, [1]) == {"pages": {}, "hidden": {1: printed.TOO_LARGE}}
    size = len(pictures(sources / f"{SHA}.pdf", [1], {})[1].png)
    full = PrintedPages(tmp_path / "full", [sources], None, True, Limits(page=100_000, release=size + 10))
    found = full.of(SHA, [1, 2])
    assert found is not None
    assert (list(found["pages"]), found["hidden"]) == ([1], {2: printed.TOO_MANY})
    (sources / f"{SHA}.pdf").write_bytes(b"%PDF-1.7\nand nothing more")
    broken = PrintedPages(tmp_path / "broken", [sources], None, True, ENOUGH)
    assert broken.of(SHA, [1]) == {"pages": {}, "hidden": {1: printed.UNREADABLE}}


def test_a_page_that_the_file_does_not_have_hides_no_other(sources: Path, tmp_path: Path) -> None:
    """A quotation may stand on a page of another file of the report."""
    found = PrintedPages(tmp_path / "site", [sources], None, True, ENOUGH).of(SHA, [1, 99])
    assert found is not None
    assert list(found["pages"]) == [1]
    assert list(found["hidden"]) == [99]


def test_without_personal_data_no_page_is_shown(sources: Path, tmp_path: Path) -> None:
    """Whatever stands on it, and whatever the site before shows."""
    PrintedPages(tmp_path / "with", [sources], None, True, ENOUGH).of(SHA, [1])
    pages = PrintedPages(tmp_path / "without", [sources], tmp_path / "with", False, ENOUGH)
    assert pages.of(SHA, [1, 2, 3]) == {"pages": {}, "hidden": dict.fromkeys((1, 2, 3), printed.MAY_NAME)}
    assert pages.names == set()
    assert not (tmp_path / "without").exists()


def test_pages_that_were_turned_to_be_read_are_turned_to_be_shown(sources: Path, tmp_path: Path) -> None:
    """How is kept beside the file."""
    result = Result(str(sources / f"{SHA}.pdf"), rows={"reports": [{"source_sha256": SHA}]}, turned=[(1, 90)])
    keep_source(tmp_path / "kept", result)
    assert turns_of(tmp_path / "kept" / f"{SHA}.pdf") == {1: 90}
    found = PrintedPages(tmp_path / "site", [tmp_path / "kept"], None, True, ENOUGH).of(SHA, [1])
    assert found is not None
    assert found["pages"][1][1:] == [HEIGHT, 595]


def test_the_audit_of_a_site_names_what_is_missing_strange_or_of_another_release(tmp_path: Path) -> None:
    """Pages and pictures alike."""
    pages = {"index.html": b'<meta name="release-id" content="now">', "printed/5/1-a.png": b"\x89PNG and so on"}
    for name, content in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / PAGES).write_text("".join(f"{name}\n" for name in pages), encoding="utf-8")
    assert problems_of_site(tmp_path, "now") == []
    assert problems_of_site(tmp_path, "then") == ["site/index.html does not say that it is of release then"]
    (tmp_path / "printed/5/1-a.png").write_bytes(b"")
    (tmp_path / "strange.txt").write_bytes(b"")
    assert problems_of_site(tmp_path, "now") == [
        "site/strange.txt is no page of the release",
        "site/printed/5/1-a.png is no picture",
    ]
    (tmp_path / "index.html").unlink()
    assert "site/index.html is missing" in problems_of_site(tmp_path, "now")


def test_a_page_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad disk is no reason for a traceback; the list of pages may be what cannot be read."""

    def unreadable(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / PAGES).write_text("index.html\n", encoding="utf-8")
    (tmp_path / "index.html").touch()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", unreadable)
        assert problems_of_site(tmp_path, "now") == [f"site/{PAGES} cannot be read: Input/output error"]
        patch.setattr(contents, "listed", lambda _: {"index.html"})
        problems = problems_of_site(tmp_path, "now")
        assert "site/index.html cannot be read: Input/output error" in problems
