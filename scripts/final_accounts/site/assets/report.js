// The page of a report: its figures, its printed tables with the proof of every cell, and the proof as a list.
"use strict";

const STATES = { // of a cell: from the worst on
  rejected: ["!", "无法读出", "unreadable"],
  suspect: ["?", "可疑", "suspect"],
  broken: ["≠", "不符", "contradicted"],
  rounding: ["≈", "舍入之内", "within rounding"],
  exact: ["=", "精确相符", "proved exactly"],
  uncovered: ["·", "未被核对", "not covered"],
};
const STATUSES = { // of an instance of an identity
  broken: ["≠", "不符", "broken"], blocked: ["!", "受阻", "blocked"], waived: ["w", "已豁免", "waived"],
  truncated: ["≈", "截位", "truncated"], rounding: ["≈", "舍入", "rounding"], exact: ["=", "精确", "exact"],
  not_evaluable: ["–", "无法核对", "not evaluable"],
};
const FAMILIES = {
  fixed: ["表内固定项", "named cells", "对照纸面逐格核对：录入有误，或报表公布时即有误。", "Read the cells beside the paper: a typing error, or the table was published wrong."],
  row: ["行内各栏", "columns of a row", "该行有一格有误，结合上下级科目可知是哪一格。", "One cell of the row is wrong; the hierarchy tells which."],
  hierarchy: ["上下级科目", "subjects and those below", "下级缺行、金额有误或错行。", "A child is missing, has a wrong amount, or a row slipped."],
  tie: ["表间勾稽", "between tables", "自身合计也不符的那张表有误；若两张表各自成立，请询问部门。", "The table whose own sums break is wrong; if neither does, ask the department."],
  form: ["项目自评表", "self-evaluation forms", "自评表自身矛盾，请部门更正或说明。", "The form contradicts itself: the department should correct or explain it."],
  narrative: ["文字说明", "narrative", "文字与报表不一致，请部门更正文字或报表。", "Text and tables disagree: the department should correct one of them."],
  empty: ["空表", "empty tables", "漏掉了一张表，或某栏误填。", "A table was left out, or a column was filled by mistake."],
  structure: ["表式", "structure", "查找缺失的行或位数。", "Look for the row or digit that is missing."],
  year: ["上下年度", "between years", "上年数经过调整，请询问部门。", "A restatement: ask the department."],
  ratio: ["比率", "ratios", "重新计算比率。", "Compute the rate again."],
};
const PERCENT = new Set(["n_share", "n_change_rate", "n_completion_rate", "p_execution_rate"]);
const POINTS = new Set(["p_weights", "p_scores", "p_execution_score", "p_total_score", "p_execution_points", "t10_vehicles", "n_project_count"]);
const MEASURES = {
  amount: ["金额", "amount"], share: ["占比", "share"], change: ["增减额", "change"], change_rate: ["增减率", "change rate"],
  initial_budget: ["年初预算", "initial budget"], annual_budget: ["全年预算", "annual budget"], completion_rate: ["完成率", "completion rate"], count: ["数量", "count"],
};
const KINDS_OF_ERROR = {
  one_digit: ["一位数字错", "one digit"], swapped_digits: ["相邻数字颠倒", "swapped digits"], lost_digit: ["少一位", "lost digit"],
  extra_digit: ["多一位", "extra digit"], sign: ["正负号", "sign"], decimal_point: ["小数点", "decimal point"], unit_slip: ["单位错", "unit slip"],
  lost_cell: ["漏填", "lost cell"], extra_cell: ["误填", "extra cell"], other: ["其他", "other"], unknown: ["不详", "unknown"],
};
// The reasons of the warehouse are English sentences; these are the same in Chinese.
const REASONS = [
  [/^(\S+) is more than (\S+?)(: rounding explains (\S+) at most)?$/, (m) => `${m[1]} 大于 ${m[2]}${m[4] ? `，四舍五入最多可解释 ${m[4]}` : ""}`],
  [/^(\S+) is not (\S+?)(: rounding explains (\S+) at most)?$/, (m) => `${m[1]} 不等于 ${m[2]}${m[4] ? `，四舍五入最多可解释 ${m[4]}` : ""}`],
  [/^a rate over zero does not exist$/, () => "预算为零，完成率不存在"],
  [/^table (\S+) prints (\S+) for class (\S+), the section does not name it$/, (m) => `${m[1]}表 ${m[3]} 类印有 ${m[2]}，该段文字未提及`],
  [/^«(.*)» is named, its cell in table 06 is blank$/, (m) => `文字提到“${m[1]}”，06表该格为空`],
  [/^«(.*)» is named, (.*)$/, (m) => `文字提到“${m[1]}”，06表无此科目`],
  [/^the narrative counts (\S+) projects, (\d+) forms are printed$/, (m) => `文字称 ${m[1]} 个项目，实印 ${m[2]} 份自评表`],
  [/^the narrative counts (\S+) projects, no form is printed$/, (m) => `文字称 ${m[1]} 个项目，未印自评表`],
  [/^the narrative speaks of grades «(.*)», the form of (.*) prints «(.*)»$/, (m) => `文字称等级为“${m[1]}”，“${m[2]}”的自评表印的是“${m[3]}”`],
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
  for (const [pattern, zh] of REASONS) { const found = pattern.exec(reason); if (found) return zh(found); }
  return reason;
};

const REPORT = DATA.report;
const cells = DATA.cells.map(([table, row, column, text, kind, value, half, use, mart], no) =>
  ({ no, table, row, column, text, kind, value, half, use, mart, results: [], suspects: [] }));
const rows = DATA.rows.map(([table, no, key, panel, code, name, line, role]) => ({ table, no: Number(no), key, panel, code, name, line, role }));
const results = DATA.results.map(([identity, key, status, severity, left, right, residual, bound, reason, terms]) => ({
  identity, key, status, severity, left, right: right ?? (status === "exact" && residual === null ? left : null), residual, bound, reason,
  // places from 1; below zero on the other side
  terms: (terms || "").split(" ").filter(Boolean).map((term) => [Math.sign(Number(term)), Math.abs(Number(term)) - 1]),
}));
const identities = new Map(records(LABELS.identities).map((identity) => [identity.identity_id, identity]));
const columnLabels = new Map(LABELS.columns.rows.map(([table, column, label]) => [`${table}/${column}`, label]));
const columnFacts = new Map(records(LABELS.columns).map((column) => [`${column.table_no}/${column.column_name}`, column]));
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
  cell.state = cell.kind === "r" ? "rejected" : cell.suspects.length ? "suspect" : statuses.has("broken") ? "broken"
    : statuses.has("rounding") || statuses.has("truncated") || statuses.has("waived") ? "rounding" : statuses.has("exact") ? "exact" : "uncovered";
}

// ---- words

const title = (identity) => { const found = identities.get(identity); return found ? say(found.title_zh, found.title) : identity; };
const family = (identity) => identities.get(identity)?.family || "fixed";
const columnName = (table, column) => say(columnLabels.get(`${table}/${column}`) || column, column.replaceAll("_", " "));
const printedName = (name) => (name || "").replace(/^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|^\d+\./, "");
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
    return claim ? `${say("文字", "Text")} ${say(`第${claim.page_no}页`, `p. ${claim.page_no}`)} · ${claim.subject} ${say(...(MEASURES[claim.measure] || [claim.measure, claim.measure]))}` : `${say("文字", "Text")} ${cell.row}`;
  }
  if (cell.table.startsWith("prior-")) return `${say("上年", "Year before")} ${cell.table.slice(6)} · ${cell.row} · ${columnName(cell.table.slice(6), cell.column)}`;
  return [`${say("公开", "Table ")}${cell.table}${say("表", "")}`, rowName(cell.table, cell.row), columnName(cell.table, cell.column)].filter(Boolean).join(" · ");
}
function valueText(result, value) {
  if (value === null || value === undefined) return "—";
  if (PERCENT.has(result.identity)) return `${decimal(exact(value), 0, 0, 2)}%`;
  if (POINTS.has(result.identity) || (result.identity === "n_amount" && claimAt.get(result.key)?.measure === "count")) return decimal(exact(value), 0, 0, 4);
  return money(value);
}
/** Which instance: its row and column in words. */
function instanceName(result) {
  if (!result.key || result.identity === "n_named_account") return "";
  if (result.identity === "n_grade") return formName.get(result.key)?.project_name || "";
  if (result.identity.startsWith("s_") || result.identity.startsWith("e_")) return `${say("公开", "Table ")}${result.key.split(":")[0]}${say("表", "")}`;
  if (result.identity.startsWith("n_") && claimAt.has(result.key)) return placeName({ table: "narrative", row: result.key, column: "" });
  if (/^\d+(\/|$)/.test(result.key) && family(result.identity) === "form") {
    const [project, part, line] = result.key.split("/");
    return `${say(`自评表${project}`, `Form ${project}`)} ${formName.get(project)?.project_name || ""}${line ? ` · ${{ funding: say("资金", "funding"), indicator: say("指标", "indicator") }[part.split(":")[0]] || part} ${line}` : ""}`;
  }
  const [row, column] = result.key.split(":");
  const of = cells[result.terms[0]?.[1]];
  const table = of && rowAt.has(`${of.table}/${row}`) ? of.table : ["03", "02", "05", "06", "01", "04"].find((each) => rowAt.has(`${each}/${row}`));
  return [table ? rowName(table, row) : row, column && table ? columnName(table, column) : column].filter(Boolean).join(" · ");
}
/** What came of an instance, as a sentence with its figures. */
function sentence(result) {
  if (result.left !== null && result.right !== null && result.residual !== null) {
    const residual = result.residual.replace(/^-/, "");
    const bound = result.bound !== null ? say(`，四舍五入最多可解释 ${valueText(result, result.bound)}`, `; rounding explains ${valueText(result, result.bound)} at most`) : "";
    return say(`一边是 ${valueText(result, result.left)}，另一边是 ${valueText(result, result.right)}，相差 ${valueText(result, residual)}${bound}。`,
      `${valueText(result, result.left)} on one side, ${valueText(result, result.right)} on the other: off by ${valueText(result, residual)}${bound}.`);
  }
  if (result.reason) return `${reasonText(result.reason)}${say("。", ".")}`;
  if (result.left !== null) return say(`两边都是 ${valueText(result, result.left)}。`, `${valueText(result, result.left)} on both sides.`);
  return say(...STATUSES[result.status].slice(1));
}
function mark(map, state) {
  const [sign, zh, en] = map[state];
  return make("span", { class: `mark ${state}`, title: say(zh, en) }, make("span", { "aria-hidden": "true" }, sign), make("span", { class: "unseen" }, say(zh, en)));
}
const WORST = ["broken", "blocked", "waived", "truncated", "rounding", "exact", "not_evaluable"];
const byWorst = (a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status) || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0);

// ---- from one view to another: #figures, #tables, #tables/03/208/basic, #proof

const hashOf = (cell) => `#tables/${[cell.table, cell.row, cell.column].map(encodeURIComponent).join("/")}`;
/** A text that leads to a printed cell, where there is one. */
function toCell(address, content) {
  const cell = cellAt.get(address);
  return cell && /^\d\d$/.test(cell.table) ? make("a", { href: hashOf(cell), class: "figure" }, content) : content;
}

let lastView = null;
function go() {
  const [view, ...place] = location.hash.slice(1).split("/").map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
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
  if (cell) openCell(cell, true); else closeCell();
}

const paintedViews = new Map();
function paintView(view) {
  const version = `${settings.language} ${settings.unit}`;
  if (paintedViews.get(view) === version) return;
  paintedViews.set(view, version);
  ({ figures: paintFigures, tables: paintTables, proof: paintProof })[view](document.getElementById(`view-${view}`));
}

// ---- at a glance

function paintFigures(view) {
  view.replaceChildren();
  const year = records(DATA.shown.year)[0];
  const broken = results.filter((result) => result.status === "broken");
  if (!year) {
    add(view, make("div", { class: "notice held" }, make("p", {}, make("b", {}, say("本报告暂缓发布：报表自身不平。", "This report is held back: its tables do not add up."))),
      make("p", {}, say("它的数字不进入汇总；印刷报表和核对结果仍可查看。", "Its figures enter no mart; the printed tables and the proof are here all the same.")),
      make("p", {}, make("a", { href: "#proof" }, say(`查看 ${broken.length} 处不符`, `See ${broken.length} breaks`)))));
    return;
  }
  const functions = records(DATA.shown.functions);
  const hasChild = new Set(functions.map((row) => row.subject_code).flatMap((code) => (code.length === 7 ? [code.slice(0, 3), code.slice(0, 5)] : code.length === 5 ? [code.slice(0, 3)] : [])));
  const leaves = functions.filter((row) => !hasChild.has(row.subject_code)).sort((a, b) => Number(b.amount_yuan) - Number(a.amount_yuan));
  const names = new Map(functions.map((row) => [row.subject_code, row.subject_name || row.subject_code]));
  const top = leaves[0];

  // what matters most, in two sentences
  const points = [];
  if (top) points.push(make("p", {}, say("支出最多的是", "Most was spent on "), toCell(`03/${top.subject_code}/total`, make("b", {}, top.subject_name || top.subject_code)), say("：", ": "),
    money(top.amount_yuan), say("，占全部支出的 ", ", "), percent(ratio(top.amount_yuan, year.expenditure_yuan)), say("。", " of all expenditure.")));
  const contradictions = broken.filter((result) => result.severity !== "info");
  points.push(contradictions.length
    ? make("p", {}, mark(STATUSES, "broken"), " ", say(`报告自相矛盾 ${contradictions.length} 处。`, `The report contradicts itself in ${contradictions.length} places. `), make("a", { href: "#proof" }, say("逐条查看", "See each")))
    : make("p", {}, mark(STATUSES, "exact"), " ", say("没有发现矛盾。", "No contradiction was found.")));
  add(view, make("div", { class: "summary" }, points));

  // key figures
  const cards = [
    ["本年收入", "Revenue", "revenue_yuan", "prior_revenue_yuan", "01/revenue_total/amount"],
    ["本年支出", "Expenditure", "expenditure_yuan", "prior_expenditure_yuan", "01/expenditure_total/amount"],
    ["财政拨款收入", "Fiscal appropriation", "fiscal_appropriation_yuan", "prior_fiscal_appropriation_yuan", "02/total/fiscal_appropriation"],
    ["基本支出", "Basic expenditure", "basic_expenditure_yuan", "prior_basic_expenditure_yuan", "03/total/basic"],
    ["项目支出", "Project expenditure", "project_expenditure_yuan", "prior_project_expenditure_yuan", "03/total/project"],
    ["年末结转和结余", "Closing balance", "closing_balance_yuan", "prior_closing_balance_yuan", "01/closing_balance/amount"],
    ["“三公”经费决算", "Three public expenses", "three_public_final_yuan", "prior_three_public_final_yuan", "09/total/final_total"],
    ["政府采购", "Procurement", "procurement_yuan", "prior_procurement_yuan", "10/procurement_total/statistic"],
    ["机关运行经费", "Agency operating cost", "agency_operating_cost_yuan", "prior_agency_operating_cost_yuan", "10/agency_operating_administrative/statistic"],
  ].filter(([, , key]) => year[key] !== null).map(([zh, en, key, before, address]) => {
    const moved = change(year[key], year[before]);
    const value = make("span", { class: "value" }, amount(year[key]), make("small", {}, ` ${unitName()}`));
    return make("div", { class: "card" }, make("span", { class: "label" }, say(zh, en)), toCell(address, value),
      moved ? make("span", { class: "moved" }, `${say("较上年", "vs year before")} ${exact(moved.difference) > 0n ? "▲\u00a0" : exact(moved.difference) < 0n ? "▼\u00a0" : ""}${amount(moved.difference.replace(/^-/, ""))}${moved.rate === null ? "" : ` (${percent(moved.rate)})`}`) : null);
  });
  const stated = claims.filter((claim) => claim.measure === "change_rate" && ["收入总计", "支出总计", "机关运行经费"].includes(claim.subject));
  add(view, make("div", { class: "cards" }, cards));
  if (!year.prior_report_id) add(view, make("p", { class: "faint small" }, say("库中没有上年报告。", "The report of the year before is not in the warehouse. "), stated.length
    ? say("文字说明称较上年：", "The narrative says, against it: ") + stated.map((claim) => `${claim.subject}${claim.direction || ""} ${claim.value_text}${claim.unit}`).join(say("；", "; ")) + say("。", ".") : ""));
  add(view, sources(`${REPORT.page}-year`, DATA.shown.year, DATA.sql.year));

  // the flow of funds
  const flows = records(DATA.shown.flows);
  if (flows.length) {
    const picture = make("div", { class: "picture sankey", id: "sankey" });
    add(view, make("h2", {}, say("资金从哪里来、到哪里去", "Where the money came from and went")), picture, sources(`${REPORT.page}-flows`, DATA.shown.flows, DATA.sql.flows));
    drawFlows(picture, flows, names);
  }
  // what it was spent on
  if (leaves.length) {
    const picture = make("div", { class: "picture treemap", id: "treemap" });
    add(view, make("h2", {}, say("钱花在什么上（功能分类）", "What it was spent on, by function")), picture);
    const hasBefore = leaves.some((row) => row.prior_amount_yuan !== null);
    const paintRow = (row) => make("tr", {}, make("td", { class: "code" }, row.subject_code),
      make("th", { scope: "row" }, make("span", { class: "path" }, [names.get(row.subject_code.slice(0, 3)), row.subject_code.length === 7 ? names.get(row.subject_code.slice(0, 5)) : null].filter((name, place) => name && (place === 0 ? row.subject_code.length > 3 : true)).join(" / ")), row.subject_name || row.subject_code),
      make("td", { class: "number" }, toCell(`03/${row.subject_code}/total`, amount(row.amount_yuan))), shareCell(ratio(row.amount_yuan, year.expenditure_yuan)),
      number(amount(row.basic_yuan)), number(amount(row.project_yuan)), hasBefore ? number(amount(row.prior_amount_yuan)) : null);
    const head = [say("代码", "Code"), say("科目", "Subject"), `${say("支出", "Expenditure")} (${unitName()})`, say("占比", "Share"), say("基本", "Basic"), say("项目", "Project"), ...(hasBefore ? [say("上年", "Year before")] : [])];
    const numeric = (texts, from) => texts.map((text, place) => make("th", { scope: "col", class: place >= from ? "number" : null }, text));
    add(view, grid(numeric(head, 2), leaves.slice(0, 10).map(paintRow), { label: say("支出最多的科目", "Largest subjects") }));
    if (leaves.length > 10) add(view, make("details", { class: "more" }, make("summary", {}, say(`其余 ${leaves.length - 10} 项`, `The other ${leaves.length - 10}`)), grid(numeric(head, 2), leaves.slice(10).map(paintRow))));
    add(view, sources(`${REPORT.page}-functions`, DATA.shown.functions, DATA.sql.functions));
    drawTree(picture, functions, leaves, year, names);
  }
  // basic expenditure
  const basic = records(DATA.shown.basic);
  const economic = basic.filter((row) => row.subject_level === "section" || !basic.some((other) => other.subject_code !== row.subject_code && other.subject_code.startsWith(row.subject_code)));
  if (economic.length) {
    const total = sum(economic.map((row) => row.amount_yuan));
    add(view, make("h2", {}, say("基本支出（经济分类）", "Basic expenditure by economic subject")));
    const groups = [["personnel", "人员经费", "Personnel"], ["general_operating", "公用经费", "General operating"]];
    const body = groups.flatMap(([category, zh, en]) => {
      const some = economic.filter((row) => row.economic_category === category).sort((a, b) => Number(b.amount_yuan) - Number(a.amount_yuan));
      if (!some.length) return [];
      const of = sum(some.map((row) => row.amount_yuan));
      return [make("tr", { class: "group" }, make("td", {}), make("th", { scope: "row" }, say(zh, en)), number(amount(of)), shareCell(ratio(of, total), category)),
        ...some.map((row) => make("tr", {}, make("td", { class: "code" }, row.subject_code), make("th", { scope: "row" }, row.subject_name || ""),
          make("td", { class: "number" }, toCell(`06/${row.subject_code}/amount`, amount(row.amount_yuan))), shareCell(ratio(row.amount_yuan, total), category)))];
    });
    add(view, grid([say("代码", "Code"), say("科目", "Subject"), make("th", { scope: "col", class: "number" }, `${say("金额", "Amount")} (${unitName()})`), make("th", { scope: "col", class: "number" }, say("占比", "Share"))], body, { class: "grid slim" }),
      sources(`${REPORT.page}-basic`, DATA.shown.basic, DATA.sql.basic));
  }
  // projects
  const projects = records(DATA.shown.projects);
  if (projects.length) {
    const lost = Map.groupBy ? Map.groupBy(records(DATA.shown.lost_points), (row) => row.project_no)
      : records(DATA.shown.lost_points).reduce((map, row) => map.set(row.project_no, [...(map.get(row.project_no) || []), row]), new Map());
    add(view, make("h2", {}, say("项目：预算、执行与得分", "Projects: budget, execution and score")));
    const points = (text) => (text === null ? "" : decimal(exact(text), 0, 0, 2));
    const th = (text, name) => make("th", { scope: "col", class: name }, text);
    add(view, grid([th("#", "number"), th(say("项目", "Project")), th(`${say("全年预算", "Budget")} (${unitName()})`, "number"), th(say("执行", "Executed"), "number"), th(say("执行率", "Rate"), "number"), th(say("得分", "Score"), "number"), th(say("等级", "Grade")), th(say("扣分", "Points lost"))],
      projects.map((row) => make("tr", {}, number(String(row.project_no)), make("th", { scope: "row" }, row.project_name || ""), number(amount(row.annual_budget_yuan)), number(amount(row.executed_yuan)),
        shareCell(row.execution_rate, Number(row.execution_rate) < 0.8 ? "low" : ""), number(points(row.total_score)), make("td", {}, row.grade || ""),
        make("td", { class: "lost" }, Number(row.points_lost_on_execution) > 0 ? make("span", {}, `${say("执行率", "execution")} −${points(row.points_lost_on_execution)}`) : null,
          (lost.get(row.project_no) || []).map((each) => make("span", {}, `${each.level_3 || each.level_2 || ""} −${points(sum([each.weight, `-${each.score}`]))}`,
            each.deviation_reason ? make("small", {}, ` ${each.deviation_reason}`) : null)))))),
      sources(`${REPORT.page}-projects`, DATA.shown.projects, DATA.sql.projects));
  }
  // what is carried over
  const balances = records(DATA.shown.balances);
  if (balances.length) {
    add(view, make("h2", {}, say("结转结余：多少，来自哪里", "What is carried over, and from where")));
    const measures = [["opening_balance_yuan", "年初", "Opening"], ["revenue_yuan", "本年收入", "Revenue"], ["non_fiscal_surplus_used_yuan", "使用结余", "Surplus used"], ["expenditure_yuan", "本年支出", "Expenditure"], ["surplus_distribution_yuan", "结余分配", "Distributed"], ["closing_balance_yuan", "年末", "Closing"]];
    const shown = balances.filter((row) => measures.some(([key]) => exact(row[key])));
    add(view, grid([say("资金", "Fund"), ...measures.map(([, zh, en]) => make("th", { scope: "col", class: "number" }, say(zh, en)))],
      [...shown.map((row) => make("tr", {}, make("th", { scope: "row" }, fundName(row.fund)), measures.map(([key]) => number(amount(row[key]))))),
        make("tr", { class: "group" }, make("th", { scope: "row" }, say("合计", "Total")), measures.map(([key], place) => make("td", { class: "number" }, [toCell(["01/opening_balance/amount", "01/revenue_total/amount", "", "01/expenditure_total/amount", "", "01/closing_balance/amount"][place], amount(sum(balances.map((row) => row[key] || "0"))))])))]),
      sources(`${REPORT.page}-balances`, DATA.shown.balances, DATA.sql.balances));
    const carried = records(DATA.shown.carried_over);
    if (carried.length) {
      add(view, make("h3", {}, say("自评表所列的项目结转", "Carried over by project, as the forms print it")),
        grid([make("th", { class: "number" }, "#"), say("项目", "Project"), make("th", { class: "number" }, say("预算", "Budget")), make("th", { class: "number" }, say("执行", "Executed")), make("th", { class: "number" }, `${say("结转", "Carried over")} (${unitName()})`)],
          carried.sort((a, b) => Number(b.carried_over_yuan) - Number(a.carried_over_yuan)).map((row) => make("tr", {}, number(String(row.project_no)), make("th", { scope: "row" }, row.project_name || ""), number(amount(row.annual_budget_yuan)), number(amount(row.executed_yuan)), number(amount(row.carried_over_yuan))))),
        sources(`${REPORT.page}-carried-over`, DATA.shown.carried_over, DATA.sql.carried_over));
    }
  }
}

function nodeName(node, names) {
  const [kind, code] = node.includes(":") ? node.split(":") : ["", node];
  if (kind === "fund") return fundName(code);
  if (kind === "class") return names.get(code) || code;
  if (kind === "kind") return kindName(code);
  if (node === "opening_balance") return say("年初结转和结余", "Opening balance");
  if (node === "closing_balance") return say("年末结转和结余", "Closing balance");
  return sourceName(node);
}
const narrow = () => window.innerWidth < 640;
const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function drawFlows(element, flows, names) {
  const nodes = [...new Set(flows.flatMap((flow) => [flow.origin, flow.target]))];
  const into = new Map(), out = new Map();
  for (const flow of flows) {
    into.set(flow.target, sum([into.get(flow.target) || "0", flow.amount_yuan]));
    out.set(flow.origin, sum([out.get(flow.origin) || "0", flow.amount_yuan]));
  }
  const tone = (node) => (node.startsWith("fund:") ? "#5b8c7b" : node.startsWith("class:") ? "#c98a2b" : node.startsWith("kind:") || node === "closing_balance" ? "#8a6a9e" : "#3b6ea5");
  const full = (node) => into.get(node) || out.get(node);
  const perColumn = Math.max(...["fund:", "class:", "kind:"].map((kind) => nodes.filter((node) => node.startsWith(kind)).length));
  draw(element, [{
    type: "sankey", arrangement: "snap", orientation: "h", valueformat: ",.2f",
    node: { label: nodes.map((node) => plain(shortened(nodeName(node, names), narrow() ? 5 : 22))), customdata: nodes.map((node) => `${plain(nodeName(node, names))}<br>${money(full(node))}`),
      color: nodes.map(tone), pad: narrow() ? 14 : 20, thickness: narrow() ? 10 : 16, line: { width: 0 }, hovertemplate: "%{customdata}<extra></extra>" },
    link: { source: flows.map((flow) => nodes.indexOf(flow.origin)), target: flows.map((flow) => nodes.indexOf(flow.target)), value: flows.map((flow) => drawn(flow.amount_yuan)),
      color: flows.map((flow) => `${tone(flow.origin)}40`), customdata: flows.map((flow) => `${plain(nodeName(flow.origin, names))} → ${plain(nodeName(flow.target, names))}<br>${money(flow.amount_yuan)}`), hovertemplate: "%{customdata}<extra></extra>" },
    textfont: { size: narrow() ? 10 : 13 },
  }], { height: Math.max(320, 120 + perColumn * 42), margin: { l: 4, r: 4, t: 12, b: 12 } }, say("资金流向图：收入来源、资金性质、支出类别、基本与项目支出", "Flow of funds from sources to funds, classes, and basic and project expenditure"));
}

function drawTree(element, functions, leaves, year, names) {
  const positive = new Set(leaves.filter((row) => exact(row.amount_yuan) > 0n).map((row) => row.subject_code));
  const nodes = functions.filter((row) => [...positive].some((code) => code.startsWith(row.subject_code)));
  const classes = nodes.filter((row) => row.subject_code.length === 3).sort((a, b) => Number(b.amount_yuan) - Number(a.amount_yuan)).map((row) => row.subject_code);
  const parent = (code) => (code.length === 7 ? code.slice(0, 5) : code.length === 5 ? code.slice(0, 3) : "");
  draw(element, [{
    type: "treemap", ids: nodes.map((row) => row.subject_code), labels: nodes.map((row) => plain(row.subject_name || row.subject_code)), parents: nodes.map((row) => parent(row.subject_code)),
    values: nodes.map((row) => (positive.has(row.subject_code) ? drawn(row.amount_yuan) : 0)), branchvalues: "remainder",
    text: nodes.map((row) => `${amount(row.amount_yuan)} ${unitName()}`), customdata: nodes.map((row) => `${row.subject_code} ${plain(row.subject_name)}<br>${money(row.amount_yuan)} · ${percent(ratio(row.amount_yuan, year.expenditure_yuan))}`),
    hovertemplate: "%{customdata}<extra></extra>", textinfo: "label+text", marker: { colors: nodes.map((row) => PALETTE[classes.indexOf(row.subject_code.slice(0, 3)) % PALETTE.length]), line: { width: 1, color: "#fff" }, pad: { t: 22, l: 3, r: 3, b: 3 } },
    pathbar: { visible: true, textfont: { size: 12 } }, tiling: { packing: "squarify", pad: 2 }, textfont: { color: "#fff" },
  }], { height: narrow() ? 320 : 400, margin: { l: 0, r: 0, t: 0, b: 0 }, uniformtext: { minsize: 9, mode: "hide" } }, say("功能分类矩形图", "Treemap of the functional classification"));
}

// ---- printed tables

/** Rows of headings: [text, columns, rows]. */
function heading(table) {
  const c = (column) => columnName(table, column);
  const item = say("项目", "Item"), line = say("行次", "Line"), code = say("科目代码", "Code"), subject = say("科目名称", "Subject");
  const en = settings.language === "en";
  if (table === "01") return [[[say("收入", "Revenue"), 3], [say("支出", "Expenditure"), 3]], [[item], [line], [c("amount")], [item], [line], [c("amount")]]];
  if (table === "04") return [[[say("收入", "Revenue"), 3], [say("支出", "Expenditure"), 6]], [[item], [line], [c("amount")], [item], [line], ...["total", "general_public_budget", "government_fund", "state_capital_operations"].map((column) => [c(column)])]];
  if (table === "07") return [[[item, 2], [c("opening_balance"), 1, 2], [c("revenue"), 1, 2], [say("本年支出", "Expenditure"), 3], [c("closing_balance"), 1, 2]], [[code], [subject], [say("小计", "subtotal")], [say("基本支出", "basic")], [say("项目支出", "project")]]];
  if (table === "09") {
    const stage = (zh, english) => [say(zh, english), 6];
    const half = [[say("合计", "total"), 1, 2], [en ? "overseas trips" : "因公出国（境）费", 1, 2], [en ? "vehicles" : "公务用车购置及运行维护费", 3], [en ? "receptions" : "公务接待费", 1, 2]];
    const vehicles = [[say("小计", "subtotal")], [en ? "purchase" : "公务用车购置费"], [en ? "operation" : "公务用车运行维护费"]];
    return [[stage("预算数", "Budget"), stage("决算数", "Final")], [...half, ...half], [...vehicles, ...vehicles]];
  }
  if (table === "10") return [[[item], [line], [c("statistic")]]];
  return [[[item, 2], ...COLUMNS[table].map((column) => [c(column), 1, 2])], [[code], [subject]]];
}
const COLUMNS = {};
for (const [table, column] of LABELS.columns.rows) (COLUMNS[table] ||= []).push(column);
const PANELS = {
  "01": [["revenue", ["amount"]], ["expenditure", ["amount"]]],
  "04": [["revenue", ["amount"]], ["expenditure", ["total", "general_public_budget", "government_fund", "state_capital_operations"]]],
};

function cellBox(table, key, column) {
  const cell = cellAt.get(`${table}/${key}/${column}`);
  if (!cell) return make("td", { class: "none" });
  const [sign, zh, en] = STATES[cell.state];
  return make("td", { class: `cell ${cell.state}${cell.kind === "b" ? " blank" : ""}`, "data-cell": cell.no, tabindex: "-1", "aria-label": `${cell.text || say("空", "blank")}，${say(zh, en)}` },
    cell.text || "", make("i", { "aria-hidden": "true" }, sign));
}

function printedTable(table) {
  const own = rows.filter((row) => row.table === table).sort((a, b) => a.no - b.no);
  const blank = (count) => Array.from({ length: count }, () => make("td", { class: "none" }));
  const body = [];
  let head = heading(table);
  if (PANELS[table] && own.every((row) => row.panel)) {
    const panels = PANELS[table].map(([name, columns]) => [own.filter((row) => row.panel === name), columns]);
    for (let place = 0; place < Math.max(...panels.map(([some]) => some.length)); place += 1) {
      body.push(make("tr", {}, panels.map(([some, columns]) => {
        const row = some[place];
        return row ? [make("th", { scope: "row", class: row.role === "total" ? "total" : null }, row.name || ""), make("td", { class: "line" }, row.line || ""), columns.map((column) => cellBox(table, row.key, column))] : blank(2 + columns.length);
      })));
    }
  } else if (table === "06") {
    const totals = own.filter((row) => !row.code && row.role === "total");
    const listed = own.filter((row) => !totals.includes(row));
    const panels = [...new Set(listed.map((row) => row.panel))].map((panel) => listed.filter((row) => row.panel === panel));
    head = [panels.flatMap(() => [[say("科目代码", "Code")], [say("科目名称", "Subject")], [columnName("06", "amount")]])];
    for (let place = 0; place < Math.max(0, ...panels.map((some) => some.length)); place += 1) {
      body.push(make("tr", {}, panels.map((some) => {
        const row = some[place];
        return row ? [make("td", { class: "code" }, row.code || ""), make("th", { scope: "row", class: row.role === "total" || (row.code || "").length === 3 ? "total" : null }, row.name || ""), cellBox(table, row.key, "amount")] : blank(3);
      })));
    }
    // personnel below the first panel, general operating below all others
    const widths = totals.length === 2 && panels.length > 1 ? [2, 3 * (panels.length - 1) - 1] : totals.map(() => 2);
    if (totals.length) body.push(make("tr", {}, totals.map((row, place) => [make("th", { scope: "row", class: "total", colspan: widths[place] }, row.name || ""), cellBox(table, row.key, "amount")])));
  } else {
    let section = null;
    for (const row of own) {
      if (table === "10" && row.panel && row.panel !== section) {
        section = row.panel;
        body.push(make("tr", { class: "section" }, make("th", { colspan: 3, scope: "rowgroup" }, section)));
      }
      const level = row.code ? (row.code.length === 3 ? "total" : row.code.length === 5 ? "second" : "third") : row.role === "total" ? "total" : null;
      const labels = table === "09" ? [] : table === "01" || table === "04" || table === "10"
        ? [make("th", { scope: "row" }, row.name || ""), make("td", { class: "line" }, row.line || "")]
        : [make("td", { class: "code" }, row.code || ""), make("th", { scope: "row", class: level }, row.name || "")];
      body.push(make("tr", {}, labels, COLUMNS[table].filter((column) => table !== "04" || row.panel || cellAt.has(`04/${row.key}/${column}`)).map((column) => cellBox(table, row.key, column))));
    }
  }
  return make("div", { class: "wide", tabindex: "-1" }, make("table", { class: `printed t${table}` },
    make("thead", {}, head.map((line) => make("tr", {}, line.map(([text, columns, lines]) => make("th", { scope: "col", colspan: columns || null, rowspan: lines || null }, text))))), make("tbody", {}, body)));
}

function paintTables(view) {
  const counts = {};
  for (const cell of cells) if (/^\d\d$/.test(cell.table) && (cell.kind === "a" || cell.kind === "r" || cell.state === "suspect" || cell.state === "broken")) counts[cell.state] = (counts[cell.state] || 0) + 1;
  const legend = make("ul", { class: "legend", "aria-label": say("图例", "Legend") }, Object.keys(STATES).reverse().filter((state) => counts[state] || ["exact", "rounding", "broken", "suspect", "uncovered"].includes(state)).map((state) =>
    make("li", {}, make("span", { class: `swatch ${state}`, "aria-hidden": "true" }, STATES[state][0]), say(...STATES[state].slice(1)), make("b", {}, ` ${(counts[state] || 0).toLocaleString()}`))));
  const tables = records(DATA.tables);
  const numbers = [...new Set([...tables.map((table) => table.table_no), ...rows.map((row) => row.table)])].sort();
  const notes = records(DATA.notes);
  refill(view,
    make("p", { class: "faint" }, say("点击任一格，可看它参与的勾稽关系、两边的数字、以及它进入了哪一行数据。方向键移动，回车打开。", "Click a cell for the identities it is in, both sides of each, and the rows it became. Arrow keys move, Enter opens.")), legend,
    make("nav", { class: "jump", "aria-label": say("各表", "Tables") }, numbers.map((table) => make("button", { type: "button", class: "quiet", onclick: () => document.getElementById(`table-${table}`).scrollIntoView() }, table))),
    numbers.map((number_) => {
      const table = tables.find((each) => each.table_no === number_) || {};
      const [zh, en] = formTitles.get(number_) || ["", ""];
      return make("section", { class: "sheet", id: `table-${number_}` },
        make("h2", {}, table.title || zh, settings.language === "en" ? make("small", {}, ` ${en}`) : null),
        make("p", { class: "sheet-head" }, make("span", {}, table.department_name ? `${say("部门名称：", "Department: ")}${table.department_name}` : ""), make("span", {}, table.fiscal_year || ""),
          make("span", {}, [table.form_no, table.page_from ? say(`第${table.page_from}页`, `p. ${table.page_from}`) : null, `${say("金额单位：", "Unit: ")}${table.amount_unit || REPORT.amount_unit || ""}`].filter(Boolean).join(" · "))),
        printedTable(number_),
        notes.filter((note) => note.table_no === number_).map((note) => make("p", { class: "note" }, `${note.note_kind || ""}：${note.note_text || ""}`)),
        make("div", { class: "sources" }, csvButton(`${REPORT.page}-table-${number_}`, ["row_no", "row_key", "subject_code", "label", "line_no", "column_name", "printed_text", "status"], () => rows.filter((row) => row.table === number_).sort((a, b) => a.no - b.no)
          .flatMap((row) => COLUMNS[number_].map((column) => cellAt.get(`${number_}/${row.key}/${column}`)).filter(Boolean).map((cell) => [row.no, row.key, row.code, row.name, row.line, cell.column, cell.text, cell.state]))),
        queryBox(`select row_no, row_key, column_name, printed_text, cell_status, amount_yuan\nfrom quality.fct_report_cells\nwhere report_id = '${REPORT.report_id.replaceAll("'", "''")}' and table_no = '${number_}'\norder by row_no, column_name`)));
    }));
  for (const table of view.querySelectorAll("table.printed")) table.querySelector("[data-cell]")?.setAttribute("tabindex", "0");
}

// ---- one cell

const MART_KEYS = { // how the row of a cell is found in its mart
  fct_expenditure: (cell) => ({ table_no: cell.table, subject_code: cell.row, column_name: cell.column }),
  fct_revenue: (cell) => ({ table_no: cell.table, subject_code: cell.row, column_name: cell.column }),
  fct_basic_expenditure: (cell) => ({ table_no: cell.table, subject_code: cell.row, column_name: cell.column }),
  fct_government_fund_balances: (cell) => ({ subject_code: cell.row }),
  fct_three_public: (cell) => ({ expense_item: columnFacts.get(`09/${cell.column}`)?.expense_item }),
  fct_disclosures: (cell) => ({ statistic: cell.row }),
  fct_fund_balances: (cell) => ({ fund: lineFunds.get(`${cell.table}/${cell.row}`) || columnFacts.get(`${cell.table}/${cell.column}`)?.fund || "non_fiscal" }),
};
const USES = {
  total: ["这是合计或上级科目：由下级各格相加，不单独进入数据表，以免重复计算。", "A total or a parent: the sum of cells below it. It enters no mart, so that nothing is counted twice."],
  repetition: ["另一张表印有同一数字，由那一格进入数据表。", "Another table prints the same figure, and that cell enters the marts."],
  held_back: ["本报告暂缓发布，数字不进入数据表。", "Its report is held back and enters no mart."],
  rejected: ["这一格无法读作数字。", "Nobody can read this cell as a number."],
  unknown: ["所在行没有名称，含义不明。", "Its row has no label, and so no meaning."],
};

function martRows(cell) {
  const keys = { ...MART_KEYS[cell.mart](cell) };
  const quote = (text) => `'${String(text).replaceAll("'", "''")}'`;
  const where = [`report_id = ${quote(REPORT.report_id)}`, ...Object.entries(keys).map(([key, value]) => `${key} = ${quote(value)}`)];
  const found = records(DATA.marts[cell.mart]).filter((row) => Object.entries(keys).every(([key, value]) => row[key] === value));
  const columns = DATA.marts[cell.mart].columns.filter((column) => found.some((row) => row[column] !== null));
  return make("div", { class: "mart" }, make("p", {}, say("进入 ", "It became a row of "), make("code", {}, `marts.${cell.mart}`), say("：", ":")),
    found.length ? make("div", { class: "wide" }, make("table", { class: "grid tight" }, make("tbody", {}, found.flatMap((row) => columns.map((column) => make("tr", {}, make("th", { scope: "row" }, column), make("td", { class: /_yuan$/.test(column) ? "number" : null }, /_yuan$/.test(column) ? money(row[column]) : String(row[column]))))))))
      : null, queryBox(`select *\nfrom marts.${cell.mart}\nwhere ${where.join("\n    and ")}`));
}

function side(result, sign) {
  return make("ul", { class: "terms" }, result.terms.filter(([coefficient]) => coefficient === sign).map(([, no]) => cells[no]).sort((a, b) => (a.text ? 0 : 1) - (b.text ? 0 : 1)).map((cell) => {
    const inTable = /^\d\d$/.test(cell.table);
    return make("li", { class: cell.text ? null : "empty" }, inTable ? make("a", { href: hashOf(cell) }, placeName(cell)) : make("span", {}, placeName(cell)), make("span", { class: "number" }, cell.text || say("空", "blank")));
  }));
}

/** An instance of an identity with both sides. */
function instanceBox(result, open) {
  const left = result.terms.some(([coefficient]) => coefficient === 1), right = result.terms.some(([coefficient]) => coefficient === -1);
  return make("details", { class: `instance ${result.status}`, open },
    make("summary", {}, mark(STATUSES, result.status), make("span", {}, title(result.identity), make("small", {}, ` ${instanceName(result)}`))),
    make("div", { class: "instance-body" },
      make("p", {}, sentence(result)),
      result.terms.length ? make("div", { class: "sides" },
        make("div", {}, make("h4", {}, say("左边", "One side"), make("span", { class: "number" }, ` ${valueText(result, result.left)}`)), left ? side(result, 1) : null),
        make("div", {}, make("h4", {}, say("右边", "Other side"), make("span", { class: "number" }, ` ${valueText(result, result.right)}`)), right ? side(result, -1) : null)) : null,
      result.bound !== null ? make("p", { class: "faint small" }, say(`差额 ${valueText(result, result.residual || "0")}，舍入上限 ${valueText(result, result.bound)}`, `Residual ${valueText(result, result.residual || "0")}, bound ${valueText(result, result.bound)}`)) : null,
      make("p", { class: "faint small" }, `${identities.get(result.identity)?.formula || ""}`, " ", make("code", {}, result.identity))));
}

let opened = null;
function openCell(cell, scroll) {
  opened = cell;
  for (const box of document.querySelectorAll("td.chosen")) box.classList.remove("chosen");
  const box = document.querySelector(`[data-cell="${cell.no}"]`);
  document.body.classList.add("with-cell");
  if (box) {
    box.classList.add("chosen");
    if (scroll) box.scrollIntoView({ block: narrow() ? "start" : "center", inline: "center", behavior: "instant" });
  }
  const panel = document.getElementById("cell");
  const of = [...cell.results].sort(byWorst);
  const inMoney = !(cell.table === "10" && /vehicle|equipment/.test(cell.row));
  const bad = of.filter((result) => ["broken", "blocked", "waived"].includes(result.status));
  refill(panel,
    make("div", { class: "cell-head" }, make("h2", {}, placeName(cell)), make("button", { type: "button", class: "close", "aria-label": say("关闭", "Close"), onclick: () => { location.hash = "#tables"; box?.focus(); } }, "×")),
    make("p", { class: "printed-as" }, make("span", {}, say("印作", "Printed")), make("b", {}, cell.text || say("（空）", "(blank)")),
      cell.kind === "a" && inMoney ? make("span", { class: "faint" }, `= ${money(cell.value)}${cell.half ? ` ± ${amount(cell.half)}` : ""}`) : null),
    make("p", {}, mark(STATES, cell.state), " ", say(...STATES[cell.state].slice(1)), say(`，参与 ${of.length} 条勾稽关系`, `, in ${of.length} identities`)),
    cell.suspects.map((suspect) => make("div", { class: "notice suspect" }, make("p", {}, say(`若只有这一格有误，改正它可消除 ${suspect.broken_instances} 处不符。`, `If this cell alone is wrong, correcting it mends ${suspect.broken_instances} breaks.`)),
      make("p", {}, suspect.proposed_value !== null ? [say("建议值 ", "Proposed value "), make("b", {}, inMoney ? money(suspect.proposed_value) : suspect.proposed_value), "　"] : null,
        suspect.lowest_value !== null || suspect.highest_value !== null ? `${say("可取区间", "Possible from")} ${suspect.lowest_value === null ? "…" : amount(suspect.lowest_value)} ${say("至", "to")} ${suspect.highest_value === null ? "…" : amount(suspect.highest_value)}` : null),
      make("p", { class: "faint small" }, `${say("类型：", "Kind: ")}${say(...(KINDS_OF_ERROR[suspect.error_kind] || [suspect.error_kind, suspect.error_kind]))} · ${say(`同等可疑的格 ${suspect.suspects_in_cluster} 个`, `cells equally suspect: ${suspect.suspects_in_cluster}`)}`))),
    make("h3", {}, say("进入哪里", "What became of it")),
    cell.kind === "b" ? make("p", { class: "faint" }, say("空格按零计，不产生数据行。", "A blank is zero and makes no row.")) : cell.kind === "n" ? make("p", { class: "faint" }, say("不适用，不产生数据行。", "Not applicable: it makes no row.")) : cell.mart && DATA.marts[cell.mart] ? martRows(cell) : make("p", {}, say(...(USES[cell.use] || ["不进入数据表。", "It enters no mart."]))),
    make("h3", {}, say("勾稽关系", "Identities")),
    of.length ? of.map((result, place) => instanceBox(result, bad.length ? bad.includes(result) : place === 0)) : make("p", { class: "faint" }, say("没有勾稽关系涉及这一格。", "No identity holds this cell.")));
  panel.hidden = false;
  panel.scrollTop = 0;
}
function closeCell() {
  opened = null;
  document.getElementById("cell").hidden = true;
  document.body.classList.remove("with-cell");
  for (const box of document.querySelectorAll("td.chosen")) box.classList.remove("chosen");
}

// ---- proof

function paintProof(view) {
  const counts = new Map();
  for (const result of results) {
    const group = family(result.identity);
    if (!counts.has(group)) counts.set(group, {});
    counts.get(group)[result.status] = (counts.get(group)[result.status] || 0) + 1;
  }
  const total = (status) => [...counts.values()].reduce((all, each) => all + (each[status] || 0), 0);
  const shown = ["exact", "rounding", "truncated", "broken", "blocked", "waived", "not_evaluable"].filter((status) => total(status));
  const broken = results.filter((result) => result.status === "broken" || result.status === "blocked" || result.status === "waived");
  const order = { fatal: 0, error: 1, info: 2 };
  const groups = [...new Set(broken.map((result) => result.identity))].map((identity) => broken.filter((result) => result.identity === identity))
    .sort((a, b) => order[a[0].severity] - order[b[0].severity] || b.length - a.length || (a[0].identity < b[0].identity ? -1 : 1));
  const severities = { fatal: ["报表不平", "tables do not add up"], error: ["自相矛盾", "contradiction"], info: ["提示", "for information"] };
  const rest = results.filter((result) => result.status === "rounding" || result.status === "truncated").sort(byWorst);
  const silent = results.filter((result) => result.status === "not_evaluable");
  const reasons = new Map();
  for (const result of silent) { const key = `${result.identity}\t${result.reason || ""}`; reasons.set(key, (reasons.get(key) || 0) + 1); }

  refill(view,
    make("p", { class: "summary" }, say(`共核对 ${results.length.toLocaleString()} 处：`, `${results.length.toLocaleString()} checks: `), shown.map((status, place) => [place ? say("，", ", ") : "", mark(STATUSES, status), ` ${say(...STATUSES[status].slice(1))} `, make("b", {}, total(status).toLocaleString())]), say("。", ".")),
    REPORT.is_released ? null : make("p", { class: "notice held" }, say("本报告暂缓发布：报表自身不平。", "This report is held back: its tables do not add up.")),
    records(DATA.rejected).map((row) => make("p", { class: "notice held" }, `${row.raw_table} ${row.row_key || row.row_no} ${row.column_name}：${row.printed_text || ""} — ${row.problem || ""}`)),
    records(DATA.shifted).map((run) => make("p", { class: "notice held" }, say(`${run.table_no}表第${run.first_row_no}至${run.last_row_no}行的金额${run.direction === "down" ? "低了一行" : "高了一行"}；正确位置见${run.sibling_tables}表。`, `In table ${run.table_no} the amounts of rows ${run.first_row_no} to ${run.last_row_no} stand one row too ${run.direction === "down" ? "low" : "high"}; table ${run.sibling_tables} shows them in place.`))),
    make("h2", {}, say("不符之处", "Where it is broken")),
    groups.length ? groups.map((group) => {
      const words = FAMILIES[family(group[0].identity)];
      return make("section", { class: `break ${group[0].severity}` },
        make("h3", {}, mark(STATUSES, group[0].status), " ", title(group[0].identity), make("span", { class: "tag" }, `${say(...severities[group[0].severity])} · ${say(words[0], words[1])} · ${group.length}`)),
        (() => {
          const items = make("ul", { class: "breaks" }, group.map((result) => make("li", {}, instanceName(result) ? make("span", { class: "where" }, instanceName(result), say("：", ": ")) : null, sentence(result),
            result.terms.length ? make("details", { class: "both" }, make("summary", {}, say("两边的数字", "Both sides")), make("div", { class: "sides" }, make("div", {}, side(result, 1)), make("div", {}, side(result, -1)))) : null)));
          return group.length > 6 ? make("details", { class: "more", open: false }, make("summary", {}, `${sentence(group[0])} ${say(`（共 ${group.length} 处）`, `(${group.length} in all)`)}`), items) : items;
        })(),
        make("p", { class: "remedy" }, make("b", {}, say("如何处理：", "Remedy: ")), say(words[2], words[3])));
    }) : make("p", {}, say("没有。", "Nowhere.")),
    records(DATA.suspects).length ? [make("h2", {}, say("可疑的格", "Suspect cells")), grid([say("位置", "Place"), make("th", { class: "number" }, say("印作", "Printed")), make("th", { class: "number" }, say("建议值", "Proposed")), say("类型", "Kind")], records(DATA.suspects).map((suspect) => {
      const place = { table: suspect.table_no, row: suspect.row_key, column: suspect.column_name };
      return make("tr", {}, make("th", { scope: "row" }, cellAt.has(`${place.table}/${place.row}/${place.column}`) && /^\d\d$/.test(place.table) ? make("a", { href: hashOf(place) }, placeName(place)) : placeName(place)), number(suspect.printed_text || say("空", "blank")),
        number(suspect.proposed_value === null ? "—" : place.table === "project" && /score|rate/.test(place.column) ? suspect.proposed_value : money(suspect.proposed_value)), make("td", {}, say(...(KINDS_OF_ERROR[suspect.error_kind] || [suspect.error_kind, suspect.error_kind]))));
    }))] : null,
    make("h2", {}, say("按类别汇总", "By family")),
    grid([say("类别", "Family"), ...shown.map((status) => make("th", { scope: "col", class: "number" }, mark(STATUSES, status), ` ${say(...STATUSES[status].slice(1))}`))],
      [...counts.keys()].sort((a, b) => (counts.get(b).broken || 0) - (counts.get(a).broken || 0)).map((group) => make("tr", {}, make("th", { scope: "row" }, FAMILIES[group] ? say(...FAMILIES[group].slice(0, 2)) : group), shown.map((status) => make("td", { class: `number${status === "broken" && counts.get(group)[status] ? " bad" : ""}` }, counts.get(group)[status] ? counts.get(group)[status].toLocaleString() : ""))))),
    claimsTable(), formsTable(),
    rest.length ? make("details", { class: "more" }, make("summary", {}, say(`四舍五入或截位之内 ${rest.length} 处`, `Within rounding or cut digits: ${rest.length}`)), rest.map((result) => instanceBox(result, false))) : null,
    silent.length ? make("details", { class: "more" }, make("summary", {}, say(`无法核对 ${silent.length} 处，及其原因`, `Not evaluable: ${silent.length}, and why`)), grid([say("勾稽关系", "Identity"), say("原因", "Reason"), make("th", { class: "number" }, say("处", "Instances"))], [...reasons].map(([key, count]) => { const [identity, reason] = key.split("\t"); return make("tr", {}, make("th", { scope: "row" }, title(identity)), make("td", {}, reasonText(reason)), number(String(count))); }))) : null,
    make("div", { class: "sources" }, csvButton(`${REPORT.page}-proof`, ["identity_id", "instance_key", "status", "severity", "left", "right", "residual", "bound", "reason"], () => results.map((result) => [result.identity, result.key, result.status, result.severity, result.left, result.right, result.residual, result.bound, result.reason])),
      queryBox(`select *\nfrom quality.fct_identity_results\nwhere report_id = '${REPORT.report_id.replaceAll("'", "''")}'\norder by identity_id, instance_key`)));
}

function claimsTable() {
  const COMPARED = ["n_amount", "n_share", "n_change_rate", "n_completion_rate", "n_project_money", "n_project_count", "n_repeated", "n_direction"];
  const of = new Map();
  for (const result of results) if (COMPARED.includes(result.identity)) (of.get(result.key) || of.set(result.key, []).get(result.key)).push(result);
  if (!claims.length) return null;
  const lines = claims.map((claim) => {
    const own = (of.get(String(claim.claim_no)) || []).sort((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status) || COMPARED.indexOf(a.identity) - COMPARED.indexOf(b.identity));
    return { claim, worst: own[0], compared: own.find((result) => result.right !== null && result.identity !== "n_repeated") };
  });
  const body = (some) => some.map(({ claim, worst, compared }) => make("tr", {}, make("td", { class: "number faint" }, String(claim.page_no ?? "")), make("th", { scope: "row" }, claim.subject || "", make("small", {}, ` ${say(...(MEASURES[claim.measure] || [claim.measure, claim.measure]))}${claim.base ? ` · ${claim.base}` : ""}`)),
    number(`${claim.direction ? `${claim.direction} ` : ""}${claim.value_text ?? ""} ${claim.unit || ""}`), make("td", { class: "number" }, compared ? (() => { const cell = compared.terms.map(([, no]) => cells[no]).find((each) => /^\d\d$/.test(each.table)); return cell ? make("a", { href: hashOf(cell) }, valueText(compared, compared.right)) : valueText(compared, compared.right); })() : "—"),
    make("td", {}, worst ? [mark(STATUSES, worst.status), ` ${say(...STATUSES[worst.status].slice(1))}`] : mark(STATUSES, "not_evaluable"))));
  const head = () => [make("th", { class: "number" }, say("页", "Page")), say("文字所说", "What the text speaks of"), make("th", { class: "number" }, say("文字的数", "It says")), make("th", { class: "number" }, say("表内的数", "The tables give")), say("核对", "Check")];
  const bad = lines.filter(({ worst }) => worst?.status === "broken");
  return [make("h2", {}, say("文字说明与报表对照", "The narrative beside the tables")), bad.length ? grid(head(), body(bad)) : null,
    make("details", { class: "more" }, make("summary", {}, say(`全部 ${lines.length} 个数字`, `All ${lines.length} figures`)), grid(head(), body(lines)))];
}

function formsTable() {
  const forms = records(DATA.forms);
  if (!forms.length) return null;
  const own = new Map(forms.map((form) => [String(form.project_no), []]));
  for (const result of results) if (family(result.identity) === "form" || result.identity === "n_grade") own.get(result.key.split(/[/:]/)[0])?.push(result);
  return [make("h2", {}, say("项目绩效自评表", "Self-evaluation forms")), grid([make("th", { class: "number" }, "#"), say("项目", "Project"), make("th", { class: "number" }, say("页", "Page")), make("th", { class: "number" }, say("核对", "Checks")), say("不符", "Broken")], forms.map((form) => {
    const all = own.get(String(form.project_no)), bad = all.filter((result) => result.status === "broken");
    return make("tr", {}, number(String(form.project_no)), make("th", { scope: "row" }, form.project_name || ""), number(String(form.page_from ?? "")), number(String(all.length)), make("td", {}, bad.length ? bad.map((result) => make("div", {}, mark(STATUSES, "broken"), " ", title(result.identity), make("small", { class: "block" }, sentence(result)))) : mark(STATUSES, "exact")));
  }))];
}

// ---- start

document.addEventListener("DOMContentLoaded", () => {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  for (const tab of tabs) tab.addEventListener("click", () => { location.hash = `#${tab.dataset.view}`; });
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus(); next.click();
  });
  const tables = document.getElementById("view-tables");
  tables.addEventListener("click", (event) => {
    const box = event.target.closest("[data-cell]");
    if (box) location.hash = hashOf(cells[Number(box.dataset.cell)]);
  });
  tables.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-cell]");
    if (!box) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); location.hash = hashOf(cells[Number(box.dataset.cell)]); return; }
    const boxes = (line) => [...line.querySelectorAll("[data-cell]")];
    const line = box.parentElement, place = boxes(line).indexOf(box);
    let next = { ArrowRight: boxes(line)[place + 1], ArrowLeft: boxes(line)[place - 1] }[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      let other = line;
      do other = event.key === "ArrowDown" ? other.nextElementSibling : other.previousElementSibling; while (other && !boxes(other).length);
      next = other && (boxes(other)[Math.min(place, boxes(other).length - 1)]);
    }
    if (!next) return;
    event.preventDefault();
    box.tabIndex = -1; next.tabIndex = 0; next.focus();
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
