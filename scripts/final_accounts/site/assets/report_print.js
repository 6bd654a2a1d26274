// The printed page as a picture, with the cell marked: where the file of the report was kept and is a PDF.
"use strict";

const PAGES = DATA.printed?.pages || {};
const HIDDEN = DATA.printed?.hidden || {};
const placeAt = new Map(
  (DATA.places || []).map(([no, page, box]) => [Number(no) - 1, { page, box: box.split(" ").map(Number) }]),
);
for (const { claim_no: no, place_page: page, box } of records(DATA.stated))
  if (page !== null && box) placeAt.set(cellAt.get(`narrative/${no}/claim`).no, { page, box: box.split(" ").map(Number) });

/** The page and box of a cell; of one in which nothing is printed, where its row and its column cross. */
function placeOf(cell) {
  const own = placeAt.get(cell.no);
  if (own) return own;
  const placed = (test) =>
    cells.filter((other) => other.table === cell.table && test(other) && placeAt.has(other.no)).map(({ no }) => placeAt.get(no));
  const row = placed((other) => other.row === cell.row);
  if (!row.length) return null;
  const { page } = row[0];
  const column = placed((other) => other.column === cell.column).filter((place) => place.page === page);
  const across = (column.length ? column : row).map(({ box }) => box);
  const down = row.map(({ box }) => box);
  const least = (boxes, side) => Math.min(...boxes.map((box) => box[side]));
  const most = (boxes, side) => Math.max(...boxes.map((box) => box[side]));
  return { page, isCrossing: true, box: [least(across, 0), least(down, 1), most(across, 2), most(down, 3)] };
}

const pageName = (page) => say(`第${page}页`, `page ${page}`);
/** A picture of a page; with a place on it, that is marked. */
function pageBox(page, place) {
  const [file, width, height] = PAGES[page];
  const image = make("img", {
    src: `${document.body.dataset.up}${file}`,
    loading: "lazy",
    width: "1100",
    height: String(Math.round((1100 * height) / width)),
    alt: say(`原件${pageName(page)}`, `The source, ${pageName(page)}`),
  });
  const box = make("div", { class: "page-picture" }, image);
  if (place) {
    const [left, top, right, bottom] = place.box;
    const mark = make("span", { class: `page-mark${place.isCrossing ? " crossing" : ""}` });
    Object.assign(mark.style, {
      left: `${(100 * (left - 2)) / width}%`,
      top: `${(100 * (top - 1)) / height}%`,
      width: `${(100 * (right - left + 4)) / width}%`,
      height: `${(100 * (bottom - top + 2)) / height}%`,
    });
    box.append(mark);
  }
  return box;
}

/** Shows a whole page above everything else. */
function openPage(page, place) {
  const close = make("button", { type: "button", class: "close", "aria-label": say("关闭", "Close") }, "×");
  const dialog = make(
    "dialog",
    { class: "whole-page", "aria-label": say(`原件${pageName(page)}`, `The source, ${pageName(page)}`) },
    make("div", { class: "cell-head" }, make("h2", {}, say(`原件${pageName(page)}`, `The source, ${pageName(page)}`)), close),
    make("div", { class: "page-scroll", tabindex: "0" }, pageBox(page, place)),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // the panel below stays open
    event.stopPropagation();
    dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".page-mark")?.scrollIntoView({ block: "center", inline: "center" });
}

/** The printed cell, cut out of its page; what cannot be shown is said. */
function printedCell(cell) {
  const place = placeOf(cell);
  if (!place) return null;
  if (!PAGES[place.page]) {
    const why = HIDDEN[place.page];
    return make(
      "p",
      { class: "faint small" },
      say(`印在原件${pageName(place.page)}`, `Printed on ${pageName(place.page)} of the source`),
      DATA.printed ? say(...HIDDEN_PAGES[why ?? "not_chosen"].map((reason, n) => `${n ? "; " : "；"}${reason}`)) : "",
      say("。", "."),
    );
  }
  const window_ = make("div", { class: "page-window" }, pageBox(place.page, place));
  return make(
    "figure",
    { class: "printed-cell" },
    window_,
    make(
      "figcaption",
      {},
      make("span", {}, say(`原件${pageName(place.page)}`, `The source, ${pageName(place.page)}`)),
      make("button", { type: "button", onclick: () => openPage(place.page, place) }, say("看整页", "Whole page")),
    ),
  );
}
/** Brings the marked place into the middle of its window, once it is on the page. */
function centrePrinted(panel) {
  const box = panel.querySelector(".page-window");
  const mark = box?.querySelector(".page-mark");
  if (!mark) return;
  box.scrollLeft = mark.offsetLeft + mark.offsetWidth / 2 - box.clientWidth / 2;
  box.scrollTop = mark.offsetTop + mark.offsetHeight / 2 - box.clientHeight / 2;
}

/** Buttons that show the pages of a table as printed. */
function pagesOfTable(table) {
  const pages = new Set(cells.filter((cell) => cell.table === table && placeAt.has(cell.no)).map(({ no }) => placeAt.get(no).page));
  return [...pages]
    .filter((page) => PAGES[page])
    .sort((a, b) => a - b)
    .map((page) =>
      make("button", { type: "button", onclick: () => openPage(page) }, say(`看原件${pageName(page)}`, `See ${pageName(page)} as printed`)),
    );
}
