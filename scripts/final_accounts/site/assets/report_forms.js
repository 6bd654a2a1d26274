// The self-evaluation forms of projects again, in their layout; every figure is a cell like those of the tables.
"use strict";

const FUNDING = ["target_declared", "initial_budget", "annual_budget", "executed", "carried_over"];
const LEVELS_OF_INDICATORS = ["level_1", "level_2", "level_3"];
const TARGETS = ["initial_target", "adjusted_target", "actual_value"];

/** The cells of a column that say the same as the one above are one cell, as they are printed. */
function merged(lines, column, above) {
  return lines.map((line, place) => {
    const same = (other) => other && above.concat(column).every((name) => other[name] === line[name]);
    if (line[column] && same(lines[place - 1])) return null;
    let height = 1;
    while (line[column] && same(lines[place + height])) height += 1;
    return make("td", { rowspan: height > 1 ? height : null }, column === "level_3" ? line[column] || "" : spoken(line[column]));
  });
}

function printedForm(form) {
  const own = (part) => records(DATA[part]).filter((line) => line.project_no === form.project_no);
  const funding = own("form_funding"),
    indicators = own("form_indicators"),
    analyses = own("form_analyses");
  const row = (...boxes) => make("tr", {}, boxes);
  const head = (text, columns, lines) => make("th", { scope: "col", colspan: columns, rowspan: lines }, text);
  const side = (text, lines) => make("th", { scope: "rowgroup", class: "side", rowspan: lines }, text);
  const label = (text, columns) => make("th", { scope: "row", colspan: columns }, text);
  const text = (value, columns) => make("td", { colspan: columns }, value || "");
  const at = (part, column) => cellBox("project", `${form.project_no}/${part}`, column);
  const unit = (code, name) => [code, name].filter(Boolean).join("-");
  const word = (column) => say(...FORM_COLUMNS[column]);
  const columns = LEVELS_OF_INDICATORS.map((column, place) =>
    merged(indicators, column, LEVELS_OF_INDICATORS.slice(0, place)),
  );
  return make(
    "div",
    { class: "wide", tabindex: "-1" },
    make(
      "table",
      { class: "printed form" },
      make(
        "tbody",
        {},
        row(label(say("项目名称", "Project"), 2), text(form.project_name, 8)),
        row(
          label(say("主管部门及代码", "Department and code"), 2),
          text(unit(form.department_code, form.department_name), 3),
          label(say("预算单位", "Budget unit"), 2),
          text(unit(form.budget_unit_code, form.budget_unit_name), 3),
        ),
        row(
          side(
            say(
              `项目资金预算安排及执行进度（${form.amount_unit || ""}）`,
              `Budget and execution (${spoken(form.amount_unit)})`,
            ),
            funding.length + 2,
          ),
          head("", 1, 2),
          head(say("年初预算数", "Initial"), 2),
          ...[...FUNDING.slice(2), "execution_rate", "score", "deviation_reason"].map((column) =>
            head(word(column), 1, 2),
          ),
        ),
        row(head(word("target_declared")), head(word("initial_budget"))),
        funding.map((line) => {
          const part = line.is_total ? "funding" : `funding/${line.row_no}`;
          return row(
            label(spoken(line.funding_source)),
            FUNDING.map((column) => at(part, column)),
            at(part, line.is_total ? "execution_rate" : "source_execution_rate"),
            at(part, line.is_total ? "execution_score" : "source_score"),
            text(line.deviation_reason),
          );
        }),
        row(
          side(say("项目年度绩效目标", "Target of the year"), 2),
          head(say("年度目标", "Target"), 5),
          head(say("实际完成情况", "What was done"), 4),
        ),
        row(text(form.annual_target, 5), text(form.actual_completion, 4)),
        row(
          side(say("绩效指标", "Indicators"), indicators.length + 1),
          [...LEVELS_OF_INDICATORS, ...TARGETS, "weight", "score", "deviation_reason"].map((column) =>
            head(word(column)),
          ),
        ),
        indicators.map((line, place) => {
          const part = `indicator/${line.row_no}`;
          return row(
            columns.map((boxes) => boxes[place]),
            TARGETS.map((column) => text(line[column])),
            at(part, "weight"),
            at(part, "score"),
            text(line.deviation_reason),
          );
        }),
        row(label(say("总分", "Total score"), 8), at("total", "total_score"), text(spoken(form.grade))),
        analyses.map((line, place) =>
          row(
            place === 0 ? side(say("项目绩效分析", "Analysis"), analyses.length) : null,
            label(spoken(line.section), 2),
            text(line.analysis_text, 7),
          ),
        ),
      ),
    ),
  );
}

/** All forms, below the tables. */
function printedForms() {
  return records(DATA.forms).map((form) =>
    make(
      "section",
      { class: "sheet", id: `form-${form.project_no}` },
      make(
        "h2",
        {},
        settings.language === "en"
          ? [`Self-evaluation form ${form.project_no}`, make("small", {}, " ", form.form_title || "")]
          : form.form_title || `项目支出绩效自评表 ${form.project_no}`,
      ),
      make(
        "p",
        { class: "sheet-head" },
        make("span", {}, say(`自评表 ${form.project_no}`, `Form ${form.project_no}`)),
        make("span", {}, pagesName(form)),
      ),
      printedForm(form),
      make(
        "div",
        { class: "sources" },
        queryBox(
          [
            "select form_part, row_no, column_name, printed_text, cell_status, amount",
            "from quality.fct_project_cells",
            `where report_id = ${quoted(REPORT.report_id)} and project_no = ${form.project_no}`,
            "order by form_part, row_no, column_name",
          ].join("\n"),
        ),
      ),
    ),
  );
}
