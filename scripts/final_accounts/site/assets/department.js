// A department over the years: its key figures, what it was spent on, and what was found in each report.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const view = document.getElementById("view");
  const reports = records(DATA.reports ? { columns: Object.keys(DATA.reports[0]), rows: DATA.reports.map(Object.values) } : null)
    .sort((a, b) => a.fiscal_year - b.fiscal_year);
  const years = new Map(records(DATA.years).map((row) => [row.fiscal_year, row]));
  const MEASURES = [
    ["revenue_yuan", "本年收入", "Revenue"],
    ["fiscal_appropriation_yuan", "财政拨款收入", "Fiscal appropriation"],
    ["expenditure_yuan", "本年支出", "Expenditure"],
    ["basic_expenditure_yuan", "基本支出", "Basic expenditure"],
    ["project_expenditure_yuan", "项目支出", "Project expenditure"],
    ["personnel_yuan", "人员经费", "Personnel"],
    ["general_operating_yuan", "公用经费", "General operating"],
    ["closing_balance_yuan", "年末结转和结余", "Closing balance"],
    ["three_public_budget_yuan", "“三公”经费预算", "Three public expenses, budget"],
    ["three_public_final_yuan", "“三公”经费决算", "Three public expenses, final"],
    ["procurement_yuan", "政府采购", "Procurement"],
    ["agency_operating_cost_yuan", "机关运行经费", "Agency operating cost"],
  ];
  const heads = (first) => [
    first,
    ...reports.map((report) =>
      make(
        "th",
        { scope: "col", class: "number" },
        make("a", { href: `../reports/${encodeURIComponent(report.page)}.html` }, String(report.fiscal_year ?? report.page)),
      ),
    ),
    ...(reports.length > 1 ? [make("th", { scope: "col", class: "number" }, say("末年变化", "Last change"))] : []),
  ];
  /** A row of amounts by year; what is not known stays empty. The change is that of the last year to the one before. */
  const line = (name, values) => {
    const [before, now] = values.slice(-2);
    const moved = values.length > 1 && reports.at(-1).fiscal_year - reports.at(-2).fiscal_year === 1 ? change(now, before ?? null) : null;
    const most = Math.max(...values.map((value) => Number(value || 0)));
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      values.map((value) =>
        make(
          "td",
          { class: "number", title: value ? money(value) : null },
          amount(value),
          value && most > 0 ? make("span", { class: "under" }, bar(Number(value) / most)) : null,
        ),
      ),
      reports.length > 1
        ? number(
            moved
              ? `${exact(moved.difference) < 0n ? "▼" : "▲"} ${amount(moved.difference.replace(/^-/, ""))}` +
                  (moved.rate === null ? "" : ` (${percent(moved.rate)})`)
              : "",
            moved?.difference,
          )
        : null,
    );
  };
  painted(() => {
    refill(document.getElementById("letters"), lettersBelow(DATA.department.department_name));
    const classes = Map.groupBy
      ? Map.groupBy(records(DATA.classes), (row) => row.subject_code)
      : records(DATA.classes).reduce(
          (map, row) => map.set(row.subject_code, [...(map.get(row.subject_code) || []), row]),
          new Map(),
        );
    const of = (rows, year) => rows.find((row) => row.fiscal_year === year)?.amount_yuan ?? null;
    refill(
      view,
      reports.length === 1
        ? make("p", { class: "notice" }, say("库中只有这一年的报告。", "Only the report of this year is here."))
        : null,
      make("h2", {}, `${say("主要数字", "Key figures")} (${unitName()})`),
      grid(
        heads(""),
        [
          ...MEASURES.filter(([key]) => [...years.values()].some((row) => row[key] !== null)).map(([key, zh, en]) =>
            line(
              say(zh, en),
              reports.map((report) => years.get(report.fiscal_year)?.[key] ?? null),
            ),
          ),
          make(
            "tr",
            {},
            make("th", { scope: "row" }, say("发现的矛盾", "Contradictions found")),
            reports.map((report) =>
              make(
                "td",
                { class: "number" },
                make(
                  "a",
                  { href: `../reports/${encodeURIComponent(report.page)}.html#proof` },
                  String(report.contradictions),
                ),
                report.is_released ? null : make("small", { class: "block" }, say("暂缓发布", "held back")),
              ),
            ),
            reports.length > 1 ? make("td", {}) : null,
          ),
        ],
        { label: say("主要数字", "Key figures") },
      ),
      make("h2", {}, `${say("按功能分类的支出", "Expenditure by function")} (${unitName()})`),
      grid(
        heads(say("类", "Class")),
        [...classes]
          .sort(([, a], [, b]) => Number(b.at(-1).amount_yuan) - Number(a.at(-1).amount_yuan))
          .map(([code, rows]) =>
            line(
              `${code} ${subjectName(code, rows.at(-1).subject_name)}`,
              reports.map((report) => of(rows, report.fiscal_year)),
            ),
          ),
        { label: say("按功能分类的支出", "Expenditure by function") },
      ),
      make("div", { class: "sources" }, csvButton("department", DATA.years.columns, DATA.years.rows)),
    );
  });
});
