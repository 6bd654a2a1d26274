// The page of a report: what it holds, the words for it, and how its three views take turns.
"use strict";

const REPORT = DATA.report;
const cells = DATA.cells.map(([table, row, column, text, kind, value, half, use, mart, state], no) => ({
  no,
  table,
  row,
  column,
  text,
  kind,
  value,
  half,
  use,
  mart,
  state,
  results: [],
  suspects: [],
}));
const rows = DATA.rows.map(([table, no, key, panel, code, name, line, role]) => ({
  table,
  no: Number(no),
  key,
  panel,
  code,
  name,
  line,
  role,
}));
const results = DATA.results.map(([identity, key, status, severity, left, right, residual, bound, reason, terms]) => ({
  identity,
  key,
  status,
  severity,
  left,
  right: right ?? (status === "exact" && residual === null ? left : null),
  residual,
  bound,
  reason,
  // places from 1; below zero on the other side
  terms: (terms || "")
    .split(" ")
    .filter(Boolean)
    .map((term) => [Math.sign(Number(term)), Math.abs(Number(term)) - 1]),
}));
const identities = new Map(records(LABELS.identities).map((identity) => [identity.identity_id, identity]));
const columnLabels = new Map(LABELS.columns.rows.map(([table, column, label]) => [`${table}/${column}`, label]));
const columnFacts = new Map(
  records(LABELS.columns).map((column) => [`${column.table_no}/${column.column_name}`, column]),
);
const lineFunds = new Map(LABELS.line_funds.rows.map(([table, row, fund]) => [`${table}/${row}`, fund]));
const formTitles = new Map(LABELS.forms.rows.map(([table, zh, en]) => [table, [zh, en]]));
const cellAt = new Map(cells.map((cell) => [`${cell.table}/${cell.row}/${cell.column}`, cell]));
const rowAt = new Map(rows.map((row) => [`${row.table}/${row.key}`, row]));
const claims = records(DATA.stated);
const pageOfParagraph = new Map(records(DATA.paragraphs).map((each) => [each.paragraph_no, each.page_no]));
// a paragraph may go on on the next page
for (const claim of claims) claim.page_no = claim.place_page ?? pageOfParagraph.get(claim.paragraph_no);
const claimAt = new Map(claims.map((claim) => [String(claim.claim_no), claim]));
const formNames = new Map(records(DATA.forms).map((form) => [String(form.project_no), form.project_name]));
/** The name of a project; a release without personal data has its number only. */
const projectName = (no) => formNames.get(String(no)) || say(`项目${no}`, `Project ${no}`);
/** Whether a cell stands in one of the tables or forms that the page shows. */
const isShown = (cell) => /^\d\d$/.test(cell.table) || cell.table === "project" || cell.table === "narrative";

for (const claim of claims) {
  const key = `narrative/${claim.claim_no}/claim`;
  if (cellAt.has(key)) continue;
  const [printed, row] = [claim.value_text, String(claim.claim_no)];
  const cell = { no: cells.length, table: "narrative", row, column: "claim", text: printed, kind: printed ? "a" : "b" };
  cells.push({ ...cell, value: null, half: null, state: claim.cell_state, results: [], suspects: [] });
  cellAt.set(key, cells.at(-1));
}
for (const result of results) {
  for (const [, no] of result.terms) cells[no].results.push(result);
  const judged = identities.get(result.identity)?.judged;
  const implied =
    judged === "claim"
      ? [`narrative/${result.key}/claim`]
      : (judged?.split(" ") ?? []).map(
          (column) => `project/${result.key}${column === "total_score" ? "/total" : ""}/${column}`,
        );
  for (const key of implied) {
    const cell = cellAt.get(key);
    if (cell && !cell.results.includes(result)) cell.results.push(result);
  }
}
for (const suspect of records(DATA.suspects)) {
  cellAt.get(`${suspect.table_no}/${suspect.row_key}/${suspect.column_name}`)?.suspects.push(suspect);
}
const findings = DATA.findings;
findings.forEach((finding, no) => {
  finding.no = no + 1;
  finding.cell = finding.place ? cellAt.get(finding.place.join("/")) : null;
});
const contradictions = findings.filter((finding) => finding.contradicts);

// ---- words

/** The pages that a table or form stands on: the first and the last; nothing where nobody knows. */
const pageRange = ({ page_from, page_to }) => (page_from ? [...new Set([page_from, page_to ?? page_from])].join("–") : "");
const pagesName = (each) => (pageRange(each) ? say(`第${pageRange(each)}页`, `p. ${pageRange(each)}`) : null);
const measureName = (measure) => (MEASURES[measure] ? say(...MEASURES[measure]) : measure);
const errorName = (kind) => (KINDS_OF_ERROR[kind] ? say(...KINDS_OF_ERROR[kind]) : kind);

const title = (identity) => {
  const found = identities.get(identity);
  return found ? say(found.title_zh, found.title) : identity;
};
const family = (identity) => identities.get(identity)?.family || "fixed";
/** The heading of a column; in English by its label, or else by its name. */
const columnName = (table, column) => {
  const label = columnLabels.get(`${table}/${column}`) || column;
  return say(label, Object.hasOwn(LABELS.english, label) ? capital(LABELS.english[label]) : capital(column.replaceAll("_", " ")));
};
const printedName = (name) =>
  (name || "").replace(/^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|^\d+\./, "");
function rowName(table, key) {
  const row = rowAt.get(`${table}/${key}`);
  if (table === "09") return "";
  if (!row) return key;
  const name = subjectName(row.code || "", printedName(row.name)) || say(`第${row.no}行`, `row ${row.no}`);
  return [row.code, name].filter(Boolean).join(" ");
}
function placeName(cell) {
  if (cell.table === "project") {
    const [project, part, line] = cell.row.split("/");
    const name = projectName(project);
    const parts = { funding: ["资金", "funding"], indicator: ["指标", "indicator"], total: ["总分", "total"] };
    const where = parts[part] ? say(...parts[part]) : part;
    return [
      `${say(`自评表${project}`, `Form ${project}`)} ${name.slice(0, 18)}${name.length > 18 ? "…" : ""}`,
      line ? `${where} ${line}` : where,
      say(...(FORM_COLUMNS[cell.column.replace("source_", "")] || [cell.column, cell.column])),
    ].join(" · ");
  }
  if (cell.table === "narrative") {
    const claim = claimAt.get(cell.row);
    return claim
      ? `${claim.page_no ? say(`文字第${claim.page_no}页`, `Text p. ${claim.page_no}`) : say("文字", "Text")} · ${spoken(claim.subject)} ${measureName(claim.measure)}`
      : `${say("文字", "Text")} ${cell.row}`;
  }
  if (cell.table.startsWith("prior-")) {
    const table = cell.table.slice(6);
    return `${say("上年", "Year before")} ${table} · ${cell.row} · ${columnName(table, cell.column)}`;
  }
  return [
    `${say("公开", "Table ")}${cell.table}${say("表", "")}`,
    rowName(cell.table, cell.row),
    columnName(cell.table, cell.column),
  ]
    .filter(Boolean)
    .join(" · ");
}
const PRINTED_UNITS = { 元: 0, 千元: 3, 万元: 4, 百万元: 6, 亿元: 8 };
/** An amount with every digit in the unit that the report prints: what is proved is proved of its figures. */
function asPrinted(text) {
  const unit = REPORT.amount_unit in PRINTED_UNITS ? REPORT.amount_unit : "万元";
  const shift = PRINTED_UNITS[unit];
  return `${decimal(exact(text), shift, 2, Number(PLACES) + shift)} ${spoken(unit)}`;
}
function valueText(result, value) {
  if (value === null || value === undefined) return "—";
  if (PERCENT.has(result.identity)) return `${decimal(exact(value), 0, 0, 2)}%`;
  if (POINTS.has(result.identity) || (result.identity === "n_amount" && claimAt.get(result.key)?.measure === "count"))
    return decimal(exact(value), 0, 0, 4);
  return asPrinted(value);
}
/** Which instance: its row and column in words. */
function instanceName(result) {
  if (!result.key || result.identity === "n_named_account") return "";
  if (result.identity === "n_grade") return projectName(result.key);
  if (result.identity.startsWith("s_") || result.identity.startsWith("e_"))
    return `${say("公开", "Table ")}${result.key.split(":")[0]}${say("表", "")}`;
  if (result.identity.startsWith("n_") && claimAt.has(result.key))
    return placeName({ table: "narrative", row: result.key, column: "" });
  if (/^\d+(\/|$)/.test(result.key) && family(result.identity) === "form") {
    const [project, part, line] = result.key.split("/");
    const form = `${say(`自评表${project}`, `Form ${project}`)} ${projectName(project)}`;
    const parts = { funding: say("资金", "funding"), indicator: say("指标", "indicator") };
    return line ? `${form} · ${parts[part.split(":")[0]] || part} ${line}` : form;
  }
  const [row, column] = result.key.split(":");
  const of = cells[result.terms[0]?.[1]];
  const table =
    of && rowAt.has(`${of.table}/${row}`)
      ? of.table
      : ["03", "02", "05", "06", "01", "04"].find((each) => rowAt.has(`${each}/${row}`));
  return [table ? rowName(table, row) : row, column && table ? columnName(table, column) : column]
    .filter(Boolean)
    .join(" · ");
}
/** What came of an instance, as a sentence with its figures. */
function sentence(result) {
  if (result.left !== null && result.right !== null && result.residual !== null) {
    const residual = result.residual.replace(/^-/, "");
    const [left, right] = [valueText(result, result.left), valueText(result, result.right)];
    // that one side is no more than the other is no difference to explain
    if (result.status === "exact") return say(`${left} 不超过 ${right}。`, `${left} is no more than ${right}.`);
    const bound =
      result.bound !== null
        ? say(
            `，四舍五入最多可解释 ${valueText(result, result.bound)}`,
            `; rounding explains ${valueText(result, result.bound)} at most`,
          )
        : "";
    return say(
      `${left} ≠ ${right}，相差 ${valueText(result, residual)}${bound}。`,
      `${left} ≠ ${right}: off by ${valueText(result, residual)}${bound}.`,
    );
  }
  if (result.reason) return `${reasonText(result.reason, result.identity)}${say("。", ".")}`;
  if (result.left !== null)
    return say(`两边都是 ${valueText(result, result.left)}。`, `${valueText(result, result.left)} on both sides.`);
  return say(...STATUSES[result.status].slice(1));
}
function mark(map, state) {
  const [sign, zh, en] = map[state];
  return make(
    "span",
    { class: `mark ${state}`, title: say(zh, en) },
    make("span", { "aria-hidden": "true" }, sign),
    make("span", { class: "unseen" }, say(zh, en)),
  );
}
const WORST = [
  "broken", "blocked", "waived", "blank_zeros", "summed_parts", "truncated", "rounding", "exact", "not_evaluable",
];
const byWorst = (a, b) =>
  WORST.indexOf(a.status) - WORST.indexOf(b.status) || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0);

// ---- from one view to another: #figures, #tables, #tables/03/208/basic, #proof

const viewOf = (cell) => (cell.table === "narrative" ? "text" : "tables");
const hashOf = (cell) =>
  cell.table === "narrative"
    ? `#text/${encodeURIComponent(cell.row)}`
    : `#tables/${[cell.table, cell.row, cell.column].map(encodeURIComponent).join("/")}`;
/** A text that leads to a printed cell, where there is one. */
function toCell(address, content) {
  const cell = cellAt.get(address);
  return cell && isShown(cell) ? make("a", { href: hashOf(cell), class: "figure" }, content) : content;
}

/** Where a word or an amount that was searched for stands: a cell, a row, a paragraph. */
function placeOfWord(word) {
  const amount = amountIn(word);
  const bare = (text) => (text || "").replace(/[^0-9.]/g, "");
  const named = amount ? [] : rows.filter((each) => each.code && (each.name || "").includes(word));
  const row = named.find((each) => each.table === "03") ?? named[0];
  const cell = amount
    ? cells.find((each) => isShown(each) && bare(each.text) === amount)
    : row && cells.find((each) => each.table === row.table && each.row === row.key && each.text);
  const paragraph = records(DATA.paragraphs).find((each) => (each.paragraph_text || "").includes(word));
  const form = records(DATA.forms).find((each) => (each.project_name || "").includes(word));
  if (cell) return hashOf(cell);
  if (paragraph) return `#text/p${paragraph.paragraph_no}`;
  return form ? `#tables/project/${form.project_no}%2Ftotal/total_score` : "#figures";
}

let lastView = null;
function go() {
  const [view, ...place] = location.hash
    .slice(1)
    .split("/")
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  if (view === "find") {
    location.replace(placeOfWord(place.join("/")));
    return;
  }
  const shown = ["figures", "proof", "tables", "text"].includes(view) ? view : "figures";
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const chosen = tab.dataset.view === shown;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(`view-${tab.dataset.view}`).hidden = !chosen;
  }
  paintView(shown);
  if (lastView && lastView !== shown) window.scrollTo({ top: 0, behavior: "instant" });
  lastView = shown;
  const cell =
    shown === "tables" && place.length === 3
      ? cellAt.get(place.join("/"))
      : shown === "text" && place.length === 1
        ? cellAt.get(`narrative/${place[0]}/claim`)
        : null;
  if (cell) openCell(cell, true);
  else closeCell();
  const target = !cell && place.length === 1 ? document.getElementById(`${shown}-${place[0]}`) : null;
  if (target) {
    for (const box of target.querySelectorAll(":scope > details.checks")) box.open = true;
    target.closest("details")?.setAttribute("open", "");
    target.scrollIntoView({ block: "center", behavior: "instant" });
  }
}

const paintedViews = new Map();
function paintView(view) {
  const version = `${settings.language} ${settings.unit}`;
  if (paintedViews.get(view) === version) return;
  paintedViews.set(view, version);
  ({ figures: paintFigures, tables: paintTables, proof: paintProof, text: paintText })[view](document.getElementById(`view-${view}`));
}

// ---- start

document.addEventListener("DOMContentLoaded", () => {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  for (const tab of tabs)
    tab.addEventListener("click", () => {
      location.hash = `#${tab.dataset.view}`;
    });
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });
  const tables = document.getElementById("view-tables");
  tables.addEventListener("click", (event) => {
    const box = event.target.closest("[data-cell]");
    if (box) location.hash = hashOf(cells[Number(box.dataset.cell)]);
  });
  tables.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-cell]");
    if (!box) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      location.hash = hashOf(cells[Number(box.dataset.cell)]);
      return;
    }
    const boxes = (line) => [...line.querySelectorAll("[data-cell]")];
    const line = box.parentElement,
      place = boxes(line).indexOf(box);
    let next = { ArrowRight: boxes(line)[place + 1], ArrowLeft: boxes(line)[place - 1] }[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      let other = line;
      do other = event.key === "ArrowDown" ? other.nextElementSibling : other.previousElementSibling;
      while (other && !boxes(other).length);
      next = other && boxes(other)[Math.min(place, boxes(other).length - 1)];
    }
    if (!next) return;
    event.preventDefault();
    box.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened || document.querySelector("dialog[open]")) return;
    const box = document.querySelector(`[data-cell="${opened.no}"]`);
    location.hash = `#${viewOf(opened)}`;
    box?.focus();
  });
  window.addEventListener("hashchange", go);
  painted(() => refill(document.getElementById("letters"), lettersBelow(REPORT.department_name)));
  painted(go);
});
