"""Wall time against the number of reports as a picture that needs no program but a browser, in light and in dark.

Both scales are logarithmic: time that grows as the reports do is a line rising by one decade per decade. The colours
are those of Okabe and Ito, which the colour-blind tell apart, and a brown; each line has its name at its end, too.
"""

import itertools
import math
from dataclasses import dataclass

from jinja2 import Environment

from rivals.records import Record

WIDTH, HEIGHT = 900, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 44, 52
BETWEEN_NAMES = 17
WAREHOUSE = ("whole build", "to the suspects")
# Those of the warehouse first; yellow, which is lost on white, is left out.
COLOURS = ["#0072b2", "#56b4e9", "#d55e00", "#a0522d", "#009e73", "#e69f00", "#cc79a7", "#888888"]

PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" role="img" \
font-family="system-ui, sans-serif" font-size="13" fill="#7d7d7d">
  <title>Wall time against the number of reports</title>
  <text x="{{ left }}" y="22" font-size="15" font-weight="600">Wall time against the number of reports</text>
  <g stroke="#808080" stroke-opacity="0.3">
  {%- for tick in across + up %}
    <line x1="{{ tick.x1 }}" y1="{{ tick.y1 }}" x2="{{ tick.x2 }}" y2="{{ tick.y2 }}"/>
  {%- endfor %}
  </g>
  <g text-anchor="end">
  {%- for tick in up %}
    <text x="{{ left - 8 }}" y="{{ tick.y1 + 4 }}">{{ tick.text }}</text>
  {%- endfor %}
  </g>
  <g text-anchor="middle">
  {%- for tick in across %}
    <text x="{{ tick.x1 }}" y="{{ bottom + 20 }}">{{ tick.text }}</text>
  {%- endfor %}
    <text x="{{ (left + right) / 2 }}" y="{{ bottom + 42 }}">reports</text>
  </g>
  {%- for line in lines %}
  <g fill="{{ line.colour }}" stroke="{{ line.colour }}">
    <polyline fill="none" stroke-width="{{ line.thickness }}" stroke-linejoin="round" points="{{ line.points }}"/>
    {%- for x, y in line.marks %}
    <circle cx="{{ x }}" cy="{{ y }}" r="3.5" stroke="none"/>
    {%- endfor %}
    <path stroke-opacity="0.6" stroke-dasharray="2 3" \
d="M{{ line.end[0] + 5 }} {{ line.end[1] }}L{{ right + 18 }} {{ line.name_y }}"/>
  </g>
  <text x="{{ right + 23 }}" y="{{ line.name_y + 4.5 }}" font-weight="{{ line.weight }}">{{ line.name }}</text>
  {%- endfor %}
</svg>
"""


@dataclass(frozen=True)
class _Scale:
    """A logarithmic scale from values to places on the picture."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = math.log10(value / self.low) / math.log10(self.high / self.low)
        return round(self.start + share * (self.end - self.start), 1)


def _walls(records: list[Record]) -> dict[str, dict[int, float]]:
    """The seconds of each way by number of reports, as far as they were measured."""
    walls: dict[str, dict[int, float]] = {}
    for record in sorted(records, key=lambda record: record.reports):
        costs = {**dict(zip(WAREHOUSE, (record.whole, record.to_the_suspects), strict=True)), **record.rivals}
        for name, cost in costs.items():
            if cost:
                walls.setdefault(name, {})[record.reports] = cost.wall
    return walls


def draw(records: list[Record]) -> str:
    """The picture, as SVG: the whole build, the build as far as the suspects, and each rival."""
    walls = _walls(records)
    sizes = sorted({record.reports for record in records})
    times = [wall for line in walls.values() for wall in line.values()]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    # one size alone stands at the right
    x = _Scale(sizes[0] if len(sizes) > 1 else sizes[0] / 10, sizes[-1], LEFT, right)
    y = _Scale(10.0**low, 10.0 ** max(high, low + 1), bottom, TOP)
    decades = [10.0**power for power in range(low, max(high, low + 1) + 1)]
    lines = []
    for (name, line), colour in zip(walls.items(), itertools.cycle(COLOURS), strict=False):
        marks = [(x(reports), y(wall)) for reports, wall in line.items()]
        lines.append(
            {
                "name": name,
                "colour": colour,
                "thickness": 3 if name in WAREHOUSE else 1.8,
                "weight": 600 if name in WAREHOUSE else 400,
                "marks": marks,
                "points": " ".join(f"{across},{up}" for across, up in marks),
                "end": marks[-1],
            }
        )
    for line, name_y in zip(lines, _apart([line["end"][1] for line in lines], bottom), strict=True):
        line["name_y"] = name_y
    return (
        Environment(autoescape=True)
        .from_string(PICTURE)
        .render(
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=right,
            bottom=bottom,
            across=[{"x1": x(size), "y1": TOP, "x2": x(size), "y2": bottom, "text": f"{size:,}"} for size in sizes],
            up=[{"x1": LEFT, "y1": y(wall), "x2": right, "y2": y(wall), "text": f"{wall:,g} s"} for wall in decades],
            lines=lines,
        )
    )


def _apart(places: list[float], lowest: float) -> list[float]:
    """The places of the names, as near to the ends of their lines as they can stand without touching each other."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = dict.fromkeys(order, 0.0)
    previous = -math.inf
    for number in order:
        previous = moved[number] = max(places[number], previous + BETWEEN_NAMES)
    # those that were pushed below the picture go up again
    following = lowest + BETWEEN_NAMES
    for number in reversed(order):
        following = moved[number] = min(moved[number], following - BETWEEN_NAMES)
    return [round(moved[number], 1) for number in range(len(places))]
