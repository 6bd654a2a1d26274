"""Where the figures of the narrative stand: on which page, and in which box where the file has coordinates."""

from final_accounts.ingest.document.pages import Box, Cell, Line, Word


def places_of(lines: list[Line], texts: list[str]) -> list[Cell]:
    """The place of each figure of a paragraph; one that a line break parts has the page of the paragraph alone."""
    found: list[Cell] = []
    start = (0, 0)
    for text in texts:
        at = _next(lines, text, start) or _next(lines, text, (0, 0))
        if at is None:
            found.append(Cell(text, lines[0].page))
            continue
        number, offset = at
        start = (number, offset + len(text))
        found.append(Cell(text, lines[number].page, _box(lines[number], offset, text)))
    return found


def _next(lines: list[Line], text: str, start: tuple[int, int]) -> tuple[int, int] | None:
    """Number of the line, and the offset in it, where a text stands next."""
    for number in range(start[0], len(lines)):
        offset = lines[number].text.find(text, start[1] if number == start[0] else 0)
        if offset >= 0:
            return number, offset
    return None


def _box(line: Line, offset: int, text: str) -> Box | None:
    """The box of a text in a line: that of its characters, of its word, or of the line, as far as they are known."""
    turn = line.text[:offset].count(text)
    for word in line.words:
        count = word.text.count(text)
        if turn < count:
            return _part(word, text, turn)
        turn -= count
    return line.box


def _part(word: Word, text: str, turn: int) -> Box:
    start = -1
    for _ in range(turn + 1):
        start = word.text.find(text, start + 1)
    if len(word.edges) != len(word.text):
        return word.box
    return Box(word.edges[start][0], word.box.top, word.edges[start + len(text) - 1][1], word.box.bottom)
