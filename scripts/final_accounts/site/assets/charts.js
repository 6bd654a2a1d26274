// Pictures of the size of the need: flows between columns of nodes, and bars side by side. Amounts stand in them as text.
"use strict";

const PALETTE = [
  "#3b6ea5",
  "#c98a2b",
  "#5b8c7b",
  "#8a6a9e",
  "#b05f4a",
  "#6f7f8f",
  "#9aa84f",
  "#4f8fb5",
];
const narrow = () => window.innerWidth < 640;

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...given(children));
  return element;
}
/** What a part of a picture says when it is pointed at. */
const hover = (text) => svg("title", {}, text);

const noteOf = ({ note }) => (note ? ` (${note})` : "");

/** About how wide a text is, in pixels: Chinese letters are square. */
const widthOf = (text) => [...text].reduce((all, letter) => all + (letter > "\u2e80" ? 13.2 : 7.6), 0);

/**
 * Flows between columns of nodes. `nodes`: [{id, column, name, value, text, color}], `links`: [{from, to, value}]; values are
 * decimal texts in yuan; `text` is the amount that is written, `note` what else is said of a node or link. On a phone the
 * columns stand below each other, as lists of bars.
 */
function flowsPicture(element, nodes, links, titles, label) {
  const columns = titles.map((_, place) =>
    nodes.filter((node) => node.column === place).sort((a, b) => Number(b.value) - Number(a.value)),
  );
  element.replaceChildren();
  const wide = element.clientWidth || 900;
  if (wide < 860) {
    const most = Math.max(...nodes.map((node) => Number(node.value)));
    columns.forEach((some, place) =>
      add(
        element,
        make("h3", {}, titles[place]),
        some.map((node) => barLine(node.name, spelled(node.text), Number(node.value) / most, node.color)),
      ),
    );
    return;
  }
  const width = wide,
    RIGHT = 245, // for the names of the last column
    THICK = 12,
    LINE = 19, // a label must have this much room
    HIGH = 250; // of the column with the most money
  const scale = HIGH / Math.max(...columns.map((some) => some.reduce((all, node) => all + Number(node.value), 0)));
  const place = new Map();
  let height = 0;
  columns.forEach((some, number) => {
    let y = 26;
    for (const node of some) {
      const high = Math.max(1.5, Number(node.value) * scale);
      place.set(node.id, { ...node, x: (number * (width - THICK - RIGHT)) / (columns.length - 1), y, high, in: 0, out: 0 });
      y += Math.max(high, LINE) + 5;
    }
    height = Math.max(height, y);
  });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, width: "100%" });
  titles.forEach((title, number) =>
    picture.append(
      svg(
        "text",
        { x: (number * (width - THICK - RIGHT)) / (titles.length - 1), y: 13, class: "column" },
        title,
      ),
    ),
  );
  const inOrder = [...links].sort((a, b) => place.get(a.to).y - place.get(b.to).y || place.get(a.from).y - place.get(b.from).y);
  for (const link of inOrder) {
    const [from, to] = [place.get(link.from), place.get(link.to)];
    const thick = Number(link.value) * scale;
    const [y, z] = [from.y + from.out + thick / 2, to.y + to.in + thick / 2];
    from.out += thick;
    to.in += thick;
    const [x, w] = [from.x + THICK, to.x];
    const path = svg(
      "path",
      { d: `M${x},${y} C${(x + w) / 2},${y} ${(x + w) / 2},${z} ${w},${z}`, stroke: from.color, "stroke-width": Math.max(1, thick) },
      hover(`${from.name} → ${to.name} ${money(link.value)}${noteOf(link)}`),
    );
    picture.append(path);
  }
  for (const node of place.values()) {
    const last = node.column === columns.length - 1;
    const room = last ? RIGHT - 8 : (width - THICK - RIGHT) / (columns.length - 1) - THICK - 10;
    const figure = ` ${amount(node.text)}`;
    let name = node.name;
    while (name.length > 2 && widthOf(name + figure) > room) name = `${name.replace(/…$/, "").slice(0, -1)}…`;
    picture.append(
      svg("rect", { x: node.x, y: node.y, width: THICK, height: node.high, fill: node.color }, hover(`${node.name} ${money(node.text)}${noteOf(node)}`)),
      svg(
        "text",
        { x: node.x + THICK + 5, y: node.y + Math.max(node.high, LINE - 5) / 2 + 4 },
        name + figure,
        hover(`${node.name} ${money(node.text)}${noteOf(node)}`),
      ),
    );
  }
  element.append(picture, make("p", { class: "faint small" }, `${say("单位：", "Unit: ")}${unitName()}`));
}

/** A name, a bar, and how much it is. */
function barLine(name, text, share, color) {
  return make(
    "div",
    { class: "bar-row" },
    make("span", { class: "bar-name" }, name),
    make(
      "span",
      { class: "bar-track", "aria-hidden": "true" },
      share > 0 ? make("span", { style: `width:${(100 * Math.min(1, share)).toFixed(2)}%;background:${color}` }) : null,
    ),
    make("span", { class: "number" }, text),
  );
}

/** Bars of several series by key; `rows`: [{name, values: [{share, text}]}], `series`: [name]. */
function barsPicture(element, rows, series, label) {
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  refill(
    element,
    make(
      "ul",
      { class: "legend" },
      series.map((name, place) =>
        make("li", {}, make("span", { class: "key", style: `background:${PALETTE[place % PALETTE.length]}` }), name),
      ),
    ),
    rows.map((row) =>
      make(
        "div",
        { class: "bar-group" },
        make("div", { class: "bar-title" }, row.name),
        row.values.map(({ share, text }, place) => barLine("", text, share, PALETTE[place % PALETTE.length])),
      ),
    ),
  );
}
