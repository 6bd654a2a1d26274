// The page of a report: what it holds, the words for it, and how its three views take turns.
"use strict";

const STATES = {
  // of a cell: from the worst on
  rejected: ["!", "无法读出", "unreadable"],
  suspect: ["?", "可疑", "suspect"],
  broken: ["≠", "不符", "contradicted"],
  rounding: ["≈", "舍入之内", "within rounding"],
  exact: ["=", "精确相符", "proved exactly"],
  uncovered: ["·", "未被核对", "not covered"],
};
const STATUSES = {
  // of an instance of an identity
  broken: ["≠", "不符", "broken"],
  blocked: ["!", "受阻", "blocked"],
  waived: ["w", "已豁免", "waived"],
  truncated: ["≈", "截位", "truncated"],
  rounding: ["≈", "舍入", "rounding"],
  exact: ["=", "精确", "exact"],
  not_evaluable: ["–", "无法核对", "not evaluable"],
};
const FAMILIES = {
  fixed: [
    "表内固定项",
    "named cells",
    "对照纸面逐格核对：录入有误，或报表公布时即有误。",
    "Read the cells beside the paper: a typing error, or the table was published wrong.",
  ],
  row: [
    "行内各栏",
    "columns of a row",
    "该行有一格有误，结合上下级科目可知是哪一格。",
    "One cell of the row is wrong; the hierarchy tells which.",
  ],
  hierarchy: [
    "上下级科目",
    "subjects and those below",
    "下级缺行、金额有误或错行。",
    "A child is missing, has a wrong amount, or a row slipped.",
  ],
  tie: [
    "表间勾稽",
    "between tables",
    "自身合计也不符的那张表有误；若两张表各自成立，请询问部门。",
    "The table whose own sums break is wrong; if neither does, ask the department.",
  ],
  form: [
    "项目自评表",
    "self-evaluation forms",
    "自评表自身矛盾，请部门更正或说明。",
    "The form contradicts itself: the department should correct or explain it.",
  ],
  narrative: [
    "文字说明",
    "narrative",
    "文字与报表不一致，请部门更正文字或报表。",
    "Text and tables disagree: the department should correct one of them.",
  ],
  empty: [
    "空表",
    "empty tables",
    "漏掉了一张表，或某栏误填。",
    "A table was left out, or a column was filled by mistake.",
  ],
  structure: ["表式", "structure", "查找缺失的行或位数。", "Look for the row or digit that is missing."],
  year: ["上下年度", "between years", "上年数经过调整，请询问部门。", "A restatement: ask the department."],
  ratio: ["比率", "ratios", "重新计算比率。", "Compute the rate again."],
};
const PERCENT = new Set(["n_share", "n_change_rate", "n_completion_rate", "p_execution_rate"]);
const POINTS = new Set([
  "p_weights",
  "p_scores",
  "p_execution_score",
  "p_total_score",
  "p_execution_points",
  "t10_vehicles",
  "n_project_count",
]);
const MEASURES = {
  amount: ["金额", "amount"],
  share: ["占比", "share"],
  change: ["增减额", "change"],
  change_rate: ["增减率", "change rate"],
  initial_budget: ["年初预算", "initial budget"],
  annual_budget: ["全年预算", "annual budget"],
  completion_rate: ["完成率", "completion rate"],
  count: ["数量", "count"],
};
const KINDS_OF_ERROR = {
  one_digit: ["一位数字错", "one digit"],
  swapped_digits: ["相邻数字颠倒", "swapped digits"],
  lost_digit: ["少一位", "lost digit"],
  extra_digit: ["多一位", "extra digit"],
  sign: ["正负号", "sign"],
  decimal_point: ["小数点", "decimal point"],
  unit_slip: ["单位错", "unit slip"],
  lost_cell: ["漏填", "lost cell"],
  extra_cell: ["误填", "extra cell"],
  other: ["其他", "other"],
  unknown: ["不详", "unknown"],
};
// The reasons of the warehouse are English sentences; these are the same in Chinese.
const REASONS = [
  [
    /^(\S+) is more than (\S+?)(: rounding explains (\S+) at most)?$/,
    (m) => `${m[1]} 大于 ${m[2]}${m[4] ? `，四舍五入最多可解释 ${m[4]}` : ""}`,
  ],
  [
    /^(\S+) is not (\S+?)(: rounding explains (\S+) at most)?$/,
    (m) => `${m[1]} 不等于 ${m[2]}${m[4] ? `，四舍五入最多可解释 ${m[4]}` : ""}`,
  ],
  [/^a rate over zero does not exist$/, () => "预算为零，完成率不存在"],
  [
    /^table (\S+) prints (\S+) for class (\S+), the section does not name it$/,
    (m) => `${m[1]}表 ${m[3]} 类印有 ${m[2]}，该段文字未提及`,
  ],
  [/^«(.*)» is named, its cell in table 06 is blank$/, (m) => `文字提到“${m[1]}”，06表该格为空`],
  [/^«(.*)» is named, (.*)$/, (m) => `文字提到“${m[1]}”，06表无此科目`],
  [
    /^the narrative counts (\S+) projects, (\d+) forms are printed$/,
    (m) => `文字称 ${m[1]} 个项目，实印 ${m[2]} 份自评表`,
  ],
  [/^the narrative counts (\S+) projects, no form is printed$/, (m) => `文字称 ${m[1]} 个项目，未印自评表`],
  [
    /^the narrative speaks of grades «(.*)», the form of (.*) prints «(.*)»$/,
    (m) => `文字称等级为“${m[1]}”，“${m[2]}”的自评表印的是“${m[3]}”`,
  ],
  [/^scored (\S+) of (\S+), the reason given is «(.*)»$/, (m) => `满分 ${m[2]}，得 ${m[1]}，扣分原因写作“${m[3]}”`],
  [/^target (.*), reached (.*), full marks$/, (m) => `目标 ${m[1]}，实际 ${m[2]}，却得满分`],
  [/^line numbers jump from (.*)$/, (m) => `行次不连续：${m[1].replace(" to ", " 之后是 ")}`],
  [/^total score (\S+), grade (\S+)$/, (m) => `总分 ${m[1]}，等级 ${m[2]}`],
  [/^table (\S+) is not printed$/, (m) => `未印 ${m[1]} 表`],
  [/^table (\S+) prints no row (\S+)$/, (m) => `${m[1]} 表没有 ${m[2]} 行`],
  [/^the change says «(.*)», the rate «(.*)»$/, (m) => `增减额用语“${m[1]}”，增减率用语“${m[2]}”`],
  [/^the cost reached is (.*), executed were (\S+) yuan$/, (m) => `成本指标完成 ${m[1]}，实际执行 ${m[2]} 元`],
  [/^printed as (\S+), the report prints (\d) decimals$/, (m) => `印作 ${m[1]}，本报告其他金额为 ${m[2]} 位小数`],
  [/^no printed cell shows it$/, () => "表中没有对应的格"],
  [/^nothing in it that can be compared$/, () => "没有可比对的内容"],
  [/^a figure that the rate is of is not printed$/, () => "计算比率所需的数字未印出"],
  [/^the year before is not .*$/, () => "没有上年报告"],
];
const reasonText = (reason) => {
  if (!reason || settings.language === "en") return reason || "";
  for (const [pattern, zh] of REASONS) {
    const found = pattern.exec(reason);
    if (found) return zh(found);
  }
  return reason;
};

const REPORT = DATA.report;
const cells = DATA.cells.map(([table, row, column, text, kind, value, half, use, mart], no) => ({
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
const claims = records(DATA.shown.claims);
const claimAt = new Map(claims.map((claim) => [String(claim.claim_no), claim]));
const formName = new Map(records(DATA.forms).map((form) => [String(form.project_no), form]));

for (const result of results) for (const [, no] of result.terms) cells[no].results.push(result);
for (const suspect of records(DATA.suspects)) {
  cellAt.get(`${suspect.table_no}/${suspect.row_key}/${suspect.column_name}`)?.suspects.push(suspect);
}
for (const cell of cells) {
  const statuses = new Set(cell.results.map((result) => result.status));
  cell.state =
    cell.kind === "r"
      ? "rejected"
      : cell.suspects.length
        ? "suspect"
        : statuses.has("broken")
          ? "broken"
          : statuses.has("rounding") || statuses.has("truncated") || statuses.has("waived")
            ? "rounding"
            : statuses.has("exact")
              ? "exact"
              : "uncovered";
}

// ---- words

const title = (identity) => {
  const found = identities.get(identity);
  return found ? say(found.title_zh, found.title) : identity;
};
const family = (identity) => identities.get(identity)?.family || "fixed";
const columnName = (table, column) =>
  say(columnLabels.get(`${table}/${column}`) || column, column.replaceAll("_", " "));
const printedName = (name) =>
  (name || "").replace(/^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|^\d+\./, "");
function rowName(table, key) {
  const row = rowAt.get(`${table}/${key}`);
  if (table === "09") return "";
  if (!row) return key;
  return [row.code, printedName(row.name) || say(`第${row.no}行`, `row ${row.no}`)].filter(Boolean).join(" ");
}
function placeName(cell) {
  if (cell.table === "project") {
    const [project, part, line] = cell.row.split("/");
    const name = formName.get(project)?.project_name || "";
    const parts = { funding: ["资金", "funding"], indicator: ["指标", "indicator"], total: ["总分", "total"] };
    return `${say(`自评表${project}`, `Form ${project}`)} ${name.slice(0, 18)}${name.length > 18 ? "…" : ""} · ${parts[part] ? say(...parts[part]) : part}${line ? ` ${line}` : ""} · ${cell.column.replaceAll("_", " ")}`;
  }
  if (cell.table === "narrative") {
    const claim = claimAt.get(cell.row);
    return claim
      ? `${say("文字", "Text")} ${say(`第${claim.page_no}页`, `p. ${claim.page_no}`)} · ${claim.subject} ${say(...(MEASURES[claim.measure] || [claim.measure, claim.measure]))}`
      : `${say("文字", "Text")} ${cell.row}`;
  }
  if (cell.table.startsWith("prior-"))
    return `${say("上年", "Year before")} ${cell.table.slice(6)} · ${cell.row} · ${columnName(cell.table.slice(6), cell.column)}`;
  return [
    `${say("公开", "Table ")}${cell.table}${say("表", "")}`,
    rowName(cell.table, cell.row),
    columnName(cell.table, cell.column),
  ]
    .filter(Boolean)
    .join(" · ");
}
function valueText(result, value) {
  if (value === null || value === undefined) return "—";
  if (PERCENT.has(result.identity)) return `${decimal(exact(value), 0, 0, 2)}%`;
  if (POINTS.has(result.identity) || (result.identity === "n_amount" && claimAt.get(result.key)?.measure === "count"))
    return decimal(exact(value), 0, 0, 4);
  return money(value);
}
/** Which instance: its row and column in words. */
function instanceName(result) {
  if (!result.key || result.identity === "n_named_account") return "";
  if (result.identity === "n_grade") return formName.get(result.key)?.project_name || "";
  if (result.identity.startsWith("s_") || result.identity.startsWith("e_"))
    return `${say("公开", "Table ")}${result.key.split(":")[0]}${say("表", "")}`;
  if (result.identity.startsWith("n_") && claimAt.has(result.key))
    return placeName({ table: "narrative", row: result.key, column: "" });
  if (/^\d+(\/|$)/.test(result.key) && family(result.identity) === "form") {
    const [project, part, line] = result.key.split("/");
    return `${say(`自评表${project}`, `Form ${project}`)} ${formName.get(project)?.project_name || ""}${line ? ` · ${{ funding: say("资金", "funding"), indicator: say("指标", "indicator") }[part.split(":")[0]] || part} ${line}` : ""}`;
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
    const bound =
      result.bound !== null
        ? say(
            `，四舍五入最多可解释 ${valueText(result, result.bound)}`,
            `; rounding explains ${valueText(result, result.bound)} at most`,
          )
        : "";
    return say(
      `一边是 ${valueText(result, result.left)}，另一边是 ${valueText(result, result.right)}，相差 ${valueText(result, residual)}${bound}。`,
      `${valueText(result, result.left)} on one side, ${valueText(result, result.right)} on the other: off by ${valueText(result, residual)}${bound}.`,
    );
  }
  if (result.reason) return `${reasonText(result.reason)}${say("。", ".")}`;
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
const WORST = ["broken", "blocked", "waived", "truncated", "rounding", "exact", "not_evaluable"];
const byWorst = (a, b) =>
  WORST.indexOf(a.status) - WORST.indexOf(b.status) || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0);

// ---- from one view to another: #figures, #tables, #tables/03/208/basic, #proof

const hashOf = (cell) => `#tables/${[cell.table, cell.row, cell.column].map(encodeURIComponent).join("/")}`;
/** A text that leads to a printed cell, where there is one. */
function toCell(address, content) {
  const cell = cellAt.get(address);
  return cell && /^\d\d$/.test(cell.table) ? make("a", { href: hashOf(cell), class: "figure" }, content) : content;
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
  const shown = ["figures", "tables", "proof"].includes(view) ? view : "figures";
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const chosen = tab.dataset.view === shown;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(`view-${tab.dataset.view}`).hidden = !chosen;
  }
  paintView(shown);
  if (lastView && lastView !== shown) window.scrollTo({ top: 0, behavior: "instant" });
  lastView = shown;
  const cell = shown === "tables" && place.length === 3 ? cellAt.get(place.join("/")) : null;
  if (cell) openCell(cell, true);
  else closeCell();
}

const paintedViews = new Map();
function paintView(view) {
  const version = `${settings.language} ${settings.unit}`;
  if (paintedViews.get(view) === version) return;
  paintedViews.set(view, version);
  ({ figures: paintFigures, tables: paintTables, proof: paintProof })[view](document.getElementById(`view-${view}`));
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
    if (event.key !== "Escape" || !opened) return;
    const box = document.querySelector(`[data-cell="${opened.no}"]`);
    location.hash = "#tables";
    box?.focus();
  });
  window.addEventListener("hashchange", go);
  painted(go);
});
