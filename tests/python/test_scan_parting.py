"""Lines of a picture: what is parted though it stands close together, what is not though it has a gap, and dirt."""

import numpy as np
import pytest
from final_accounts.ingest.scans import can_read

looks = pytest.mark.skipif(not can_read(), reason="needs the packages that read pictures: scripts/setup scan")

# The ink of a line of 20 pixels: how wide each kind of character is, and where its ink is from top to bottom.
SHAPES = {"digit": (10, 0, 20), "comma": (4, 15, 22), "chinese": (22, -2, 22), "dash": (18, 9, 12)}


def drawn(*pieces: str | int) -> tuple[np.ndarray, object]:
    """The ink of pieces side by side, two pixels apart or as far as a number between them says; and their span."""
    from final_accounts.ingest.scans.lettering import Span

    ink = np.zeros((60, 600), bool)
    x = last = 20
    for piece in pieces:
        if isinstance(piece, int):
            x = last + piece
            continue
        wide, top, bottom = SHAPES[piece]
        ink[20 + top : 20 + bottom, x : x + wide] = True
        last = x + wide
        x = last + 2
    rows = np.flatnonzero(ink.any(axis=1))
    return ink, Span(20, int(rows[0]), last, int(rows[-1]) + 1)


def digits(text: str) -> list[str | int]:
    """The pieces of a figure; a point leaves no more than a gap here."""
    return [{",": "comma", "，": "comma"}.get(c, "digit") if c != "." else 5 for c in text]


@looks
@pytest.mark.parametrize("text", ["2,518.18", "2,51818"])
def test_a_comma_as_wide_as_chinese_text_parts_no_figure(text: str) -> None:
    """Also where what was read is no figure as figures are: the ink before the gap is a comma."""
    from final_accounts.ingest.scans.parting import words_of

    ink, span = drawn("digit", "comma", 18, *digits("518"), 5, *digits("18"))
    assert words_of(span, text, ink) == [span]


@looks
def test_a_figure_behind_a_gap_that_no_comma_leaves_is_another() -> None:
    """As wide a gap, and a digit before it: two columns."""
    from final_accounts.ingest.scans.parting import words_of

    ink, span = drawn(*digits("125"), 18, *digits("518"), 5, *digits("18"))
    assert len(words_of(span, "125518.18", ink)) == 2


@looks
@pytest.mark.parametrize(
    ("before", "gap", "behind", "text"),
    [
        (digits("781.73"), 13, digits("30202"), "781.7330202"),
        (digits("781.73"), 13, digits("30202"), "781.73 30202"),
        (digits("0.00"), 13, digits("0.00"), "0.000.00"),
        (digits("100.03"), 8, ["chinese"] * 4, "100.03五、教育支出"),
        (digits("301"), 8, ["chinese"] * 6, "301工资福利支出"),
        (["dash"], 8, digits("31022"), "一31022"),
        (["dash"], 10, ["chinese", "comma", 14, *["chinese"] * 4], "一四、公共安全"),
    ],
    ids=["code", "code, as read with a space", "amount", "label", "name", "dash and code", "dash and label"],
)
def test_what_stands_close_behind_is_parted_where_what_was_read_says_so(
    before: list, gap: int, behind: list, text: str
) -> None:
    """The gap is narrower than that between two words, and wider than those within the figure."""
    from final_accounts.ingest.scans.parting import words_of

    ink, span = drawn(*before, gap, *behind)
    _, first = drawn(*before)
    assert [(word.x0, word.x1) for word in words_of(span, text, ink)] == [
        (20, first.x1),
        (first.x1 + gap, span.x1),
    ]


@looks
@pytest.mark.parametrize(("text", "pieces"), [("2023年度", ["chinese"] * 2), ("5.32万元", ["chinese"] * 2)])
def test_a_unit_behind_a_figure_is_no_label(text: str, pieces: list) -> None:
    """Years and amounts in sentences stay what they are."""
    from final_accounts.ingest.scans.parting import words_of

    figure = text.rstrip("年度万元")
    ink, span = drawn(*digits(figure), 8, *pieces)
    assert words_of(span, text, ink) == [span]


@looks
def test_a_figure_whose_comma_was_lost_is_whole_again() -> None:
    """One to three digits, a gap as a comma leaves it, and three digits with two decimals; two amounts stay two."""
    from final_accounts.ingest.scans.lettering import Span
    from final_accounts.ingest.scans.parting import rejoined

    near = [Span(20, 20, 30, 40), Span(50, 20, 120, 40)]
    assert rejoined(near, [("2", 0.9), ("518.18", 0.8)]) == ([Span(20, 20, 120, 40)], [("2，518.18", 0.8)])
    far = [Span(20, 20, 30, 40), Span(80, 20, 150, 40)]
    assert rejoined(far, [("2", 0.9), ("518.18", 0.8)]) == (far, [("2", 0.9), ("518.18", 0.8)])
    assert rejoined(near, [("2.00", 0.9), ("518.18", 0.8)])[0] == near


@looks
def test_the_height_of_a_page_of_dashes_is_that_of_its_text() -> None:
    """Whatever the dashes are read as."""
    from final_accounts.ingest.scans.dirt import usual_height
    from final_accounts.ingest.scans.lettering import Span

    text = [Span(0, 0, 60, 20)] * 3
    dashes = [Span(0, 0, 20, 4)] * 9
    read = [("12345", 0.9)] * 3 + [("一", 0.9), ("1", 0.2), ("3", 0.3)] * 3
    assert usual_height(text + dashes, read) == 20


@looks
def test_dirt_is_no_text_and_a_dash_in_the_middle_of_a_line_is() -> None:
    """What is small and pale, full of holes, or of the edge of the paper."""
    from final_accounts.ingest.scans.dirt import without_dirt
    from final_accounts.ingest.scans.lettering import Span

    white = np.full((200, 400), 255, np.uint8)
    spans = {
        "text": Span(50, 40, 110, 60),
        "digit": Span(150, 40, 160, 60),
        "dash": Span(200, 49, 208, 52),
        "pale": Span(250, 60, 258, 72),
        "holes": Span(300, 90, 306, 96),
        "flat holes": Span(350, 49, 358, 53),
        "edge": Span(0, 120, 4, 135),
    }
    for name, span in spans.items():
        white[span.top : span.bottom, span.x0 : span.x1] = 160 if name == "pale" else 10
    white[91:95, 301:305] = white[50:52, 351:358] = 255
    read = [(name, 0.9) for name in spans]
    kept, said = without_dirt(white, white < 200, list(spans.values()), read, 20)
    assert [name for name, _ in said] == ["text", "digit", "dash"]
    assert kept == [spans["text"], spans["digit"], spans["dash"]]


@looks
@pytest.mark.parametrize(("text", "dash"), [("一", "—"), ("e", "—"), ("------", "—"), ("一、", "")])
def test_a_flat_line_is_a_dash_whatever_it_is_read_as_but_the_number_of_a_paragraph(text: str, dash: str) -> None:
    """A rule above it may take the upper stroke of a 二 away: it is read as 一、, and its neighbours say what it is."""
    from final_accounts.ingest.scans.dirt import dash_of
    from final_accounts.ingest.scans.lettering import Span

    assert dash_of(Span(0, 0, 20, 5), 20, text) == dash


@looks
@pytest.mark.parametrize(("wide", "comma"), [(3, "，"), (1, ","), (0, ",")])
def test_the_figures_of_a_page_have_one_kind_of_comma(wide: int, comma: str) -> None:
    """That of most of them: a narrow one whose ink is lost leaves a gap, too. Figures without one have no say."""
    from final_accounts.ingest.scans.lettering import Span
    from final_accounts.ingest.scans.parting import comma_of

    ink = np.zeros((200, 400), bool)
    spans = [Span(20, 10 + 40 * n, 80, 30 + 40 * n) for n in range(5)]
    for n, span in enumerate(spans):
        ink[span.top : span.bottom, span.x0 : span.x1] = True
        ink[span.top : span.bottom, 35 : 35 + (18 if n < wide or n == 4 else 3)] = False
    assert comma_of(spans, [*["2,518.18"] * 4, "251818"], ink) == comma


@looks
def test_a_dash_that_a_model_is_not_certain_of_is_sure() -> None:
    """It says so itself; a figure of so little certainty was not read."""
    from final_accounts.ingest.scans.page import read_picture

    certainties = iter([0.9, 0.1, 0.9, 0.1])

    class Eyes:
        """Finds what is drawn below; reads a line as its certainty lets it."""

        def boxes(self, _: np.ndarray) -> list[tuple[int, int, int, int]]:
            return [(95, 195, 165, 225), (295, 205, 325, 215), (395, 195, 465, 225)]

        def read(self, crops: list[np.ndarray]) -> list[tuple[str, float]]:
            return [("M", 0.1) if len(crop) < 20 else ("125.00", next(certainties)) for crop in crops]

    white = np.full((400, 600, 3), 255, np.uint8)
    for x0 in (100, 400):
        for n in range(5):
            white[200:220, x0 + 12 * n : x0 + 12 * n + 10] = 0
    white[208:211, 300:320] = 0
    lettering = read_picture(white, Eyes(), (0, 0), None)
    assert "".join(char["text"] for char in lettering.chars).count("—") == 1
    assert [(seen.text, seen.is_sure) for seen in lettering.seen] == [("125.00", True), ("125.00", False)]
