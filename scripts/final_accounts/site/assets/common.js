// What every page needs: language, unit of amounts, exact money, elements, tables with CSV and their query.
"use strict";

const DATA = JSON.parse(document.getElementById("data").textContent);

// A browser may forbid a file to remember anything; the page then starts with its defaults.
const memory = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      /* not remembered */
    }
  },
};

/** The language of the browser, until the reader chose one. */
const firstLanguage = () => ((navigator.languages || [navigator.language])[0] || "zh").slice(0, 2).toLowerCase();
const settings = {
  language: (memory.get("language") || firstLanguage()) === "zh" ? "zh" : "en",
  unit: memory.get("unit") || "wan",
  scheme: memory.get("scheme") || "auto",
};
document.documentElement.dataset.scheme = settings.scheme;
const say = (zh, en) => (settings.language === "en" ? en : zh);
/** A number with what is counted, as English says it of one and of more. */
const counted = (number, one, more = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : more}`;
const painters = [];

// What templates have in both languages, «中文 | English», in titles and attributes.
const both = [];
function speak() {
  document.documentElement.dataset.language = settings.language;
  document.documentElement.lang = settings.language === "en" ? "en" : "zh-CN";
  for (const [put, zh, en] of both) put(say(zh, en));
}
/** What of a page in English is Chinese all the same are the words of the report, and is said to be Chinese. */
function markChinese(root) {
  if (settings.language !== "en") return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (/[\u3400-\u9fff]/.test(walker.currentNode.data)) found.push(walker.currentNode);
  for (const text of found) {
    const parent = text.parentElement;
    if (!parent || parent.closest("[lang|=zh], script, style, .zh")) continue;
    const isAll = parent.childNodes.length === 1 && !/[a-z]{2}/i.test(text.data);
    if (isAll || parent.closest("option, svg, [data-cell]")) parent.lang = "zh-CN";
    else
      text.replaceWith(
        ...text.data
          .split(/([\u3400-\u9fff](?:[^A-Za-z\n]*[\u3400-\u9fff”」）》。%])?)/)
          .map((part, place) => (place % 2 ? make("span", { lang: "zh-CN" }, part) : part)),
      );
  }
}

function repaint() {
  speak();
  markChinese(document.body);
  for (const paint of painters) paint();
}

/** Calls `paint` now and whenever language or unit change. */
function painted(paint) {
  painters.push(paint);
  paint();
}

document.addEventListener("DOMContentLoaded", () => {
  const unit = document.getElementById("unit");
  if (!(settings.unit in UNITS)) settings.unit = "wan";
  unit.value = settings.unit;
  const named = () => {
    for (const option of unit.options) option.textContent = say(...UNITS[option.value].slice(1));
  };
  painted(named);
  unit.addEventListener("change", () => {
    settings.unit = unit.value;
    memory.set("unit", unit.value);
    repaint();
  });
  document.getElementById("scheme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    settings.scheme = dark ? "light" : "dark";
    memory.set("scheme", settings.scheme);
    document.documentElement.dataset.scheme = settings.scheme;
  });
  document.getElementById("language").addEventListener("click", () => {
    settings.language = settings.language === "en" ? "zh" : "en";
    memory.set("language", settings.language);
    repaint();
  });
  const [zh, en] = document.title.split(" | ");
  both.push([(text) => (document.title = text), zh, en ?? zh]);
  for (const element of document.querySelectorAll("[data-both]")) {
    const name = element.dataset.both;
    both.push([(text) => element.setAttribute(name, text), ...element.getAttribute(name).split(" | ")]);
  }
  speak();
  markChinese(document.body);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.isConnected && node.parentElement) markChinese(node.parentElement);
    cancelAnimationFrame(fitting);
    fitting = requestAnimationFrame(fitTables);
  }).observe(document.body, { childList: true, subtree: true });
});

// ---- elements: text from reports is only ever set as text

/** An element: `make("td", {class: "number"}, "12.00", child)`. */
function make(tag, attributes, ...children) {
  // a heading without a word is none
  const content = given(children);
  const isNone = tag === "th" && content.every((child) => child === "");
  const element = document.createElement(isNone ? "td" : tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false || (isNone && name === "scope")) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...content);
  return element;
}
const given = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined);
/** Replaces everything in an element. */
function refill(element, ...children) {
  element.replaceChildren(...given(children));
}
function add(element, ...children) {
  element.append(...given(children));
}

// ---- money: decimal texts in yuan, exact; numbers are only for drawing

const UNITS = { yuan: [0, "元", "yuan"], wan: [4, "万元", "wan yuan"], yi: [8, "亿元", "yi yuan"] };
const PLACES = 6n; // decimals that are kept

function exact(text) {
  if (text === null || text === undefined || text === "") return null;
  const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(text));
  if (!found) return null;
  const value = BigInt(found[2] + (found[3] || "").padEnd(Number(PLACES), "0").slice(0, Number(PLACES)));
  return found[1] ? -value : value;
}

/** A value of `exact` divided by 10 ** shift as text with separators; decimals beyond the second only if needed. */
function decimal(value, shift = 0, fewest = 2, most = 6) {
  const sign = value < 0n ? "−" : "";
  const places = Number(PLACES) + shift;
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  let whole = digits.slice(0, -places),
    part = digits.slice(-places);
  if (part.length > most) {
    // half up; small amounts keep four digits
    const first = part.search(/[1-9]/);
    const kept = whole === "0" && first >= most - 2 && first >= 0 ? Math.min(first + 4, part.length) : most;
    const rounded = (BigInt(whole + part.slice(0, kept)) + (part[kept] >= "5" ? 1n : 0n))
      .toString()
      .padStart(kept + 1, "0");
    whole = rounded.slice(0, -kept);
    part = rounded.slice(-kept);
  }
  part = part.replace(/0+$/, "").padEnd(fewest, "0");
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
}

function unitName() {
  const [, zh, en] = UNITS[settings.unit];
  return say(zh, en);
}

/** Yuan in the unit that the reader chose, without its name: two decimals; what is too small for them is no zero. */
function amount(text) {
  const value = exact(text);
  if (value === null) return "";
  const [shift] = UNITS[settings.unit];
  const hundredth = 10n ** (PLACES + BigInt(shift) - 2n);
  const hundredths = ((value < 0n ? -value : value) + hundredth / 2n) / hundredth;
  if (value && !hundredths) return value < 0n ? "> −0.01" : "< 0.01";
  return decimal((value < 0n ? -hundredths : hundredths) * 10n ** (PLACES - 2n), 0, 2, 2);
}

/** The same with its unit, where there is nothing to point at. */
const rounded = (text) => (exact(text) === null ? "—" : `${amount(text)} ${unitName()}`);

/** Every digit, with the unit: where the reader points. */
function money(text) {
  const value = exact(text);
  if (value === null) return "—";
  const [shift] = UNITS[settings.unit];
  return `${decimal(value, shift, 2, Number(PLACES) + shift)} ${unitName()}`;
}

/** An amount in a sentence: two decimals, every digit where the reader points. */
const spelled = (text) => make("span", { class: "amount", title: rounded(text) === money(text) ? null : money(text) }, rounded(text));

/** A sentence of a finding: its amounts in the unit that the reader chose. */
const told = (finding) => finding[say("zh", "en")].map((part) => (typeof part === "string" ? part : spelled(part.yuan)));

function percent(text, places = 1) {
  if (text === null || text === undefined) return "";
  const value = 100 * Number(text);
  const size = Math.abs(value);
  return `${value < 0 ? "−" : ""}${size.toFixed(size > 0 && size < 0.1 ? 3 : places)}%`;
}

function ratio(part, whole) {
  return Number(whole) ? String(Number(part) / Number(whole)) : null;
}

function sum(texts) {
  let total = 0n;
  for (const text of texts) total += exact(text) ?? 0n;
  const digits = (total < 0n ? -total : total).toString().padStart(7, "0");
  return `${total < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function change(now, before) {
  if (exact(now) === null || exact(before) === null) return null;
  const difference = sum([now, before.startsWith("-") ? before.slice(1) : `-${before}`]);
  return { difference, rate: exact(before) > 0n ? ratio(difference, before) : null };
}

// ---- rows as objects, labels

/** The rows of `{columns, rows}` as objects. */
function records(table) {
  if (!table) return [];
  return table.rows.map((row) => Object.fromEntries(table.columns.map((column, place) => [column, row[place]])));
}

function labelled(name) {
  const map = new Map();
  for (const [code, zh, en] of LABELS[name].rows) map.set(code, [zh, en]);
  return (code) => (map.has(code) ? say(...map.get(code)) : code);
}
const fundName = labelled("funds"),
  kindName = labelled("kinds"),
  sourceName = labelled("sources"),
  itemName = labelled("expense_items");
// Words that stand alone in a phrase; single letters mean too many things.
const PHRASE = new RegExp(
  Object.keys(LABELS.english)
    .filter((word) => word.length > 1)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^$()|[\]\\]/g, "\\$&"))
    .join("|"),
  "g",
);
/** A label or phrase in English, as asking/words.py has it; what is not known in all its parts stays as it is printed. */
function inEnglish(text) {
  const bare = text.replace(/^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|^\d+[.、]/, "").replace(/\(类\)$/, "");
  const dated = /^(\d{4})年度?(.*)$/.exec(bare);
  if (dated) {
    const rest = dated[2] && inEnglish(dated[2]);
    return !dated[2] ? dated[1] : rest === dated[2] ? text : `${rest} of ${dated[1]}`;
  }
  const parts = Object.hasOwn(LABELS.english, bare) ? [bare] : bare.match(PHRASE) || [];
  return parts.length && parts.join("") === bare ? parts.map((part) => LABELS.english[part]).join(" ") : text;
}
/** A word of the report, in English if that is asked for. */
const spoken = (printed) => (printed && settings.language === "en" ? inEnglish(printed) : printed || "");
/** A number with its unit. */
const withUnit = (value, unit) =>
  settings.language === "zh" || !unit || unit === "%" ? `${value ?? ""}${unit || ""}` : `${value ?? ""} ${spoken(unit)}`;
const capital = (text) => text.replace(/^[a-z]/, (first) => first.toUpperCase());
/** The name of a subject; in English where it is known, as printed otherwise. */
const subjectName = (code, printed) =>
  say(printed || code, capital(LABELS.english[code] || spoken(printed) || code));
const LEVELS = {
  central: ["中央", "central"],
  province: ["省级", "province"],
  prefecture: ["市级", "prefecture"],
  county: ["县级", "county"],
  township: ["乡级", "township"],
};
const levelName = (level) => (LEVELS[level] ? say(...LEVELS[level]) : level || "");

// ---- CSV and queries

function csvCell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  // A spreadsheet would run what starts so.
  if (/^[=+@\t\r]|^-(?![\d.])/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(columns, rows) {
  return "\ufeff" + [columns, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

function csvButton(name, columns, rows) {
  return make(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => {
        const url = URL.createObjectURL(
          new Blob([csv(columns, typeof rows === "function" ? rows() : rows)], { type: "text/csv" }),
        );
        const link = make("a", { href: url, download: `${name}.csv` });
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(url), 1000);
      },
    },
    say("下载 CSV", "CSV"),
  );
}

function queryBox(sql) {
  const code = make("pre", { class: "sql", tabindex: "0" }, sql);
  const copy = make(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(sql);
        } catch {
          const range = document.createRange();
          range.selectNodeContents(code);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.execCommand("copy");
        }
        copy.textContent = say("已复制", "Copied");
      },
    },
    say("复制", "Copy"),
  );
  return make("details", { class: "query" }, make("summary", {}, say("查询语句", "Query")), copy, code);
}

/** Under a picture: its CSV and its query. */
function sources(name, table, sql) {
  return make("div", { class: "sources" }, csvButton(name, table.columns, table.rows), sql ? queryBox(sql) : null);
}

let fitting = 0;
/** Where a table is wider than its box its rows stand as lists of names and values; a printed one fades where it goes on. */
function fitTables() {
  for (const box of document.querySelectorAll(".wide")) {
    const table = box.firstElementChild;
    // an answer of a query is a table as long as there is room for one, and its box is scrolled
    const isTable = table?.matches(".reports") || (table?.matches(".answer") && box.clientWidth > 600);
    const isList = table?.matches(".grid") && table.tHead && !isTable;
    if (isList) table.classList.remove("stacked");
    const isCut = box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
    if (isList && isCut) table.classList.add("stacked");
    box.classList.toggle("cut", isCut && !isList && box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
  }
}
window.addEventListener("resize", fitTables);
document.addEventListener("toggle", fitTables, true);
document.addEventListener("scroll", (event) => event.target.matches?.(".wide") && fitTables(), true);
window.addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll(".stacked")) table.classList.remove("stacked");
});

/** A table in a box; a cell knows the name of its column, for a screen that is too narrow for columns. */
function grid(head, body, attributes = {}) {
  const textOf = (cell) => {
    const seen = cell.cloneNode(true);
    for (const part of seen.querySelectorAll(".unseen")) part.remove();
    return [...seen.childNodes].map((part) => part.textContent.trim()).filter(Boolean).join(" ");
  };
  const names = head.map((cell) => (cell instanceof Node ? textOf(cell) : cell));
  for (const row of given([body]))
    if (row.cells?.length === names.length)
      [...row.cells].forEach((cell, place) => cell.tagName === "TD" && (cell.dataset.label = names[place]));
  return make(
    "div",
    { class: "wide", tabindex: "0", role: "group", "aria-label": attributes.label || say("表", "Table") },
    make(
      "table",
      { class: attributes.class || "grid" },
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          head.map((cell) => (cell instanceof Node ? cell : make("th", { scope: "col" }, cell))),
        ),
      ),
      make("tbody", {}, body),
    ),
  );
}

/** A number in a table; `exactly` is the amount in yuan that it is, with every digit where the reader points. */
const number = (text, exactly = null) =>
  make("td", { class: text === "0.00" ? "number zero" : "number", title: exactly ? money(exactly) : null }, text);

/** An amount in a table, exact where the reader points. */
const amountCell = (text, attributes = {}) =>
  make(
    "td",
    { class: amount(text) === "0.00" ? "number zero" : "number", title: text === null ? null : money(text), ...attributes },
    amount(text),
  );

/** A share in a table, with its bar. */
const shareCell = (share, tone) =>
  make("td", { class: "share" }, bar(share, tone), make("span", { class: "percent" }, percent(share)));

/** A text as SQL writes it. */
const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;

/** A bar of a share between 0 and 1. */
function bar(share, tone = "") {
  const width = Math.max(0, Math.min(1, Number(share) || 0)) * 100;
  return make(
    "span",
    { class: `bar ${tone}`, "aria-hidden": "true" },
    make("span", { style: `width:${width.toFixed(2)}%` }),
  );
}

// On paper everything stands open, and what was closed closes again behind it.
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open])")].filter((each) => !each.matches(".query"));
  for (const each of unfolded) each.open = true;
});
window.addEventListener("afterprint", () => {
  for (const each of unfolded) each.open = false;
});
