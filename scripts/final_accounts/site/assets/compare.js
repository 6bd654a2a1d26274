// Departments and years side by side. Figures of a report are read when it is chosen, from the file beside its page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const MOST = 6;
  const reports = records(DATA.reports).filter((report) => report.is_released);
  const byPage = new Map(reports.map((report) => [report.page, report]));
  const pageOf = new Map(
    reports.map((report) => [report.report_id, `reports/${encodeURIComponent(report.page)}.html`]),
  );
  const ofReport = new Map(reports.map((report) => [report.report_id, report]));
  const wanted = new URLSearchParams(location.hash.slice(1));
  const state = {
    chosen: (wanted.get("reports") || "")
      .split(",")
      .filter((page) => byPage.has(page))
      .slice(0, MOST),
    by: wanted.get("by") || "class",
    as: wanted.get("as") || "amount",
    division: wanted.get("division") || "",
    level: wanted.get("level") || "",
    year: wanted.get("year") || "",
    order: wanted.get("order") || "change_yuan",
    origin: wanted.get("origin") || "published",
  };
  const isPublished = (report) => report.origin !== "synthetic";
  const hasBoth = reports.some(isPublished) && !reports.every(isPublished);
  // Which reports are offered, and whose changes are listed.
  const FILTERS = { division: "division_name", level: "government_level", year: "fiscal_year" };
  const isWanted = (report) =>
    (!hasBoth || state.origin === "all" || isPublished(report)) &&
    Object.entries(FILTERS).every(([key, column]) => !state[key] || String(report[column] ?? "") === state[key]);
  const MOST_CHANGES = 30;
  const DIMENSIONS = {
    class: ["功能分类", "Function"],
    fund: ["资金性质", "Fund"],
    economic: ["经济分类（基本支出）", "Economic subject (basic)"],
    three_public: ["“三公”经费", "Three public expenses"],
    kind: ["支出性质", "Kind of expenditure"],
  };
  const CHOICES = {
    by: ["口径", "Dimension"],
    as: ["金额或占比", "Amounts or shares"],
    division: ["地区", "Division"],
    level: ["级次", "Level"],
    year: ["年度", "Year"],
    order: ["排序", "Order"],
    origin: ["来源", "Origin"],
  };
  if (!DIMENSIONS[state.by]) state.by = "class";
  // who asks for a made-up report means to see them
  if (!wanted.has("origin") && !state.chosen.every((page) => isPublished(byPage.get(page)))) state.origin = "all";
  if (!state.chosen.length) {
    // A department with two years says most; else the largest reports.
    const ofOrigin = reports.some(isPublished) ? reports.filter(isPublished) : reports;
    const later = ofOrigin.find(
      (report) => report.prior_report_id && reports.some((other) => other.report_id === report.prior_report_id),
    );
    if (later) state.chosen = [reports.find((other) => other.report_id === later.prior_report_id).page, later.page];
    else
      for (const report of [...ofOrigin].sort((a, b) => Number(b.expenditure_yuan) - Number(a.expenditure_yuan))) {
        if (state.chosen.length < Math.min(3, ofOrigin.length) && !state.chosen.includes(report.page))
          state.chosen.push(report.page);
      }
  }
  const loaded = (page) =>
    new Promise((resolve, reject) => {
      if (window.FIGURES?.[page]) {
        resolve(window.FIGURES[page]);
        return;
      }
      const script = make("script", { src: `reports/${encodeURIComponent(page)}.js` });
      script.addEventListener("load", () => resolve(window.FIGURES[page]));
      script.addEventListener("error", () => reject(new Error(page)));
      document.head.append(script);
    });
  const reportName = (report) => `${report.department_name || report.report_id} ${report.fiscal_year ?? ""}`;
  const view = document.getElementById("view");

  /** Amounts of a report by key, with the names of the keys. */
  function measured(figures) {
    const of = (name) => records(figures.shown[name]);
    if (state.by === "class")
      return of("functions")
        .filter((row) => row.subject_level === "class")
        .map((row) => [row.subject_code, `${row.subject_code} ${subjectName(row.subject_code, row.subject_name)}`, row.amount_yuan]);
    if (state.by === "fund") return of("by_fund").map((row) => [row.fund, fundName(row.fund), row.amount_yuan]);
    if (state.by === "economic")
      return of("basic")
        .filter((row) => row.subject_level === "section")
        .map((row) => [row.subject_code, `${row.subject_code} ${subjectName(row.subject_code, row.subject_name)}`, row.amount_yuan]);
    if (state.by === "three_public")
      return of("three_public").flatMap((row) => [
        [`${row.expense_item} 1`, `${itemName(row.expense_item)} · ${say("预算", "budget")}`, row.budget_yuan],
        [`${row.expense_item} 2`, `${itemName(row.expense_item)} · ${say("决算", "final")}`, row.final_yuan],
      ]);
    const year = of("year")[0] || {};
    return ["basic", "project", "superior_remittance", "business", "affiliate_subsidy"].map((kind) => [
      kind,
      kindName(kind),
      year[`${kind}_expenditure_yuan`] ?? "0",
    ]);
  }

  /** All of the three public expenses: of a budget its budgets, of a final amount the final amounts. */
  const publicExpenses = (column, key) =>
    sum([...column].filter(([other]) => other.slice(-1) === key.slice(-1)).map(([, [, value]]) => value ?? "0"));

  /** What is printed as the whole of a dimension. */
  function wholeOf(figures) {
    const year = records(figures.shown.year)[0] || {};
    if (state.by === "economic")
      return year.personnel_yuan === null || year.general_operating_yuan === null
        ? null
        : sum([year.personnel_yuan ?? "0", year.general_operating_yuan ?? "0"]);
    return state.by === "three_public" ? null : (year.expenditure_yuan ?? null);
  }

  let drawing = 0;
  async function paint() {
    const turn = ++drawing;
    history.replaceState(
      null,
      "",
      "#" + new URLSearchParams(Object.entries({ ...state, chosen: "", reports: state.chosen.join(",") }).filter(([, value]) => value)),
    );
    const figures = await Promise.all(state.chosen.map((page) => loaded(page).catch(() => null)));
    if (turn !== drawing) return;
    const some = state.chosen.map((page, place) => [byPage.get(page), figures[place]]).filter(([, each]) => each);

    const suggestions = make("ul", { class: "suggestions", role: "listbox", hidden: true });
    const input = make("input", {
      type: "search",
      id: "add",
      placeholder: say("添加：部门或年度", "Add a department or year"),
      "aria-label": say("添加报告", "Add a report"),
      autocomplete: "off",
      oninput: () => offer(),
      onfocus: () => offer(),
    });
    const offer = () => {
        const words = wordsIn(input.value);
        const found = reports
          .filter((report) => !state.chosen.includes(report.page) && isWanted(report))
          .filter((report) => words.every((word) => isNamed(word, report)))
          .slice(0, 8);
        suggestions.hidden = !found.length;
        suggestions.replaceChildren(
          ...found.map((report) =>
            make(
              "li",
              { role: "option" },
              make(
                "button",
                {
                  type: "button",
                  onclick: () => {
                    state.chosen = [...state.chosen, report.page].slice(-MOST);
                    paint().then(() => document.getElementById("add").focus());
                  },
                },
                reportName(report),
                make("small", {}, ` ${report.division_name || ""}`),
                report.origin === "synthetic" ? madeUpTag() : null,
              ),
            ),
          ),
        );
    };
    const choice = (key, options) =>
      make(
        "select",
        {
          "data-choice": key,
          "aria-label": say(...CHOICES[key]),
          onchange: (event) => {
            state[key] = event.target.value;
            paint();
          },
        },
        Object.entries(options).map(([value, text]) =>
          make("option", { value, selected: state[key] === value }, say(...text)),
        ),
      );
    const filter = (key, all, name) =>
      choice(key, {
        "": all,
        ...Object.fromEntries(
          [...new Set(reports.map((report) => report[FILTERS[key]]))]
            .filter((value) => value !== null && value !== "")
            .sort()
            .map((value) => [`${value}`, [name(value), name(value)]]),
        ),
      });
    const parts = [
      make(
        "div",
        { class: "filters" },
        make("div", { class: "add" }, input, suggestions),
        filter("division", ["全部地区", "All divisions"], String),
        filter("level", ["全部级次", "All levels"], levelName),
        filter("year", ["全部年度", "All years"], String),
        hasBoth ? choice("origin", { published: ["只看部门公布的", "Published only"], all: ["含生成的示例", "With made-up ones"] }) : null,
        choice("by", DIMENSIONS),
        choice("as", { amount: ["金额", "Amounts"], share: ["占比", "Shares of the total"] }),
      ),
      make(
        "ul",
        { class: "chosen-reports" },
        some.map(([report]) =>
          make(
            "li",
            {},
            make("a", { href: `reports/${encodeURIComponent(report.page)}.html` }, reportName(report)),
            report.origin === "synthetic" ? madeUpTag() : null,
            make(
              "button",
              {
                type: "button",
                "aria-label": say("移除", "Remove"),
                onclick: () => {
                  state.chosen = state.chosen.filter((page) => page !== report.page);
                  paint();
                },
              },
              "×",
            ),
          ),
        ),
      ),
    ];

    if (reports.length === 1)
      parts.push(
        make(
          "p",
          { class: "notice" },
          say("本发布只有一份报告，没有可以比较的另一份。", "This release has one report: there is no other to compare it with."),
        ),
      );
    if (some.length) {
      const columns = some.map(([, each]) => new Map(measured(each).map(([key, name, value]) => [key, [name, value]])));
      // the whole that is printed; budgets and final amounts beside each other have none
      const wholes = some.map(([, each]) => wholeOf(each));
      const totals = columns.map((column, place) => wholes[place] ?? sum([...column.values()].map(([, value]) => value ?? "0")));
      const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))].filter((key) =>
        columns.some((column) => exact(column.get(key)?.[1] ?? null)),
      );
      const whole = (key, place) => (state.by === "three_public" ? publicExpenses(columns[place], key) : totals[place]);
      const share = (key, place) => Number(ratio(columns[place].get(key)?.[1] ?? "0", whole(key, place)) || 0);
      const name = (key) => columns.find((column) => column.has(key)).get(key)[0];
      const largest = (key) =>
        Math.max(...columns.map((_, place) => share(key, place)));
      keys.sort((a, b) => largest(b) - largest(a));
      const last = columns.length - 1;
      // Only within one department, and only where both years print an amount: what is not printed is unknown.
      const within = new Set(some.map(([report]) => report.department_id)).size === 1;
      const moves = keys
        .filter((key) => within && columns[0].has(key) && columns[last].has(key))
        .map((key) => [key, change(columns[last].get(key)[1], columns[0].get(key)[1])])
        .filter(([, moved]) => moved)
        .filter(([, moved]) => exact(moved.difference) !== 0n)
        .sort(([, a], [, b]) => {
          const [x, y] = [a, b].map((each) => exact(each.difference.replace(/^-/, "")));
          return x < y ? 1 : x > y ? -1 : 0;
        });
      const text = (value, of) =>
        value === undefined ? "" : state.as === "share" ? percent(ratio(value, of)) : amount(value);
      const picture = make("div", { class: "picture", id: "compared" });
      const unit = state.as === "share" ? "%" : unitName();
      parts.push(
        keys.length
          ? [
              picture,
              grid(
                [
                  say(...DIMENSIONS[state.by]),
                  ...some.map(([report]) =>
                    make(
                      "th",
                      { scope: "col", class: "number long" },
                      reportName(report),
                      make("small", { class: "block" }, unit),
                    ),
                  ),
                ],
                [
                  ...keys.map((key) =>
                    make(
                      "tr",
                      {},
                      make("th", { scope: "row" }, name(key)),
                      columns.map((column, place) => number(text(column.get(key)?.[1], whole(key, place)), column.get(key)?.[1])),
                    ),
                  ),
                  state.by === "three_public"
                    ? null
                    : make(
                        "tr",
                        { class: "group" },
                        make("th", { scope: "row" }, say("合计（印出）", "Total, as printed")),
                        totals.map((total) => number(text(total, total), total)),
                      ),
                ],
                { label: say("比较", "Comparison") },
              ),
              make(
                "div",
                { class: "sources" },
                csvButton(
                  "compare",
                  ["key", "name", ...some.map(([report]) => report.report_id)],
                  keys.map((key) => [key, name(key), ...columns.map((column) => column.get(key)?.[1] ?? "")]),
                ),
                queryBox(queryOf(some.map(([report]) => report.report_id))),
              ),
            ]
          : make(
              "p",
              { class: "notice" },
              say("所选报告在这一口径下都没有金额。", "The chosen reports have no amount of this kind."),
            ),
      );
      if (columns.length > 1 && moves.length)
        parts.push(
          make(
            "h2",
            {},
            say(
              `变化最大：${reportName(some[0][0])} → ${reportName(some[last][0])}`,
              `What changed most: ${reportName(some[0][0])} → ${reportName(some[last][0])}`,
            ),
          ),
          grid(
            [
              say(...DIMENSIONS[state.by]),
              make("th", { class: "number" }, `${say("变化", "Change")} (${unitName()})`),
              make("th", { class: "number" }, "%"),
            ],
            moves
              .slice(0, 8)
              .map(([key, moved]) =>
                make(
                  "tr",
                  {},
                  make("th", { scope: "row" }, name(key)),
                  number(`${exact(moved.difference) > 0n ? "▲ " : "▼ "}${amount(moved.difference.replace(/^-/, ""))}`, moved.difference),
                  number(moved.rate === null ? "" : percent(moved.rate)),
                ),
              ),
          ),
        );
      const most = Math.max(...keys.flatMap((key) => columns.map((column) => Number(column.get(key)?.[1] ?? 0))));
      barsPicture(
        picture,
        keys.slice(0, 12).map((key) => ({
          name: name(key),
          values: columns.map((column, place) => ({
            share: state.as === "share" ? share(key, place) : most > 0 ? Number(column.get(key)?.[1] ?? 0) / most : 0,
            text: column.has(key) ? `${text(column.get(key)[1], whole(key, place))}${state.as === "share" ? "" : ` ${unitName()}`}` : "—",
          })),
        })),
        some.map(([report]) => reportName(report)),
        say("比较图", "Comparison"),
      );
    } else parts.push(make("p", { class: "notice" }, say("请在上方添加报告。", "Add a report above.")));

    const size = (row) => Math.abs(Number(row[state.order] ?? 0));
    const all = records(DATA.changed);
    const changed = all
      .filter((row) => isWanted(ofReport.get(row.report_id) || {}))
      .sort((a, b) => size(b) - size(a))
      .slice(0, MOST_CHANGES);
    if (all.length)
      parts.push(
        make("h2", {}, say("各部门变化最大的支出", "What changed most, over all departments")),
        make(
          "div",
          { class: "filters" },
          choice("order", { change_yuan: ["按变化金额", "By amount of the change"], change_rate: ["按变化比例", "By its percentage"] }),
        ),
        !changed.length ? make("p", { class: "notice" }, say("所选范围内没有两个年度的报告。", "None of these has reports of two years.")) : grid(
          [
            say("部门", "Department"),
            make("th", { class: "number" }, say("年度", "Year")),
            say("类", "Class"),
            make("th", { class: "number" }, say("上年", "Year before")),
            make("th", { class: "number" }, say("本年", "This year")),
            make("th", { class: "number" }, `${say("变化", "Change")} (${unitName()})`),
            make("th", { class: "number" }, "%"),
          ],
          changed.map((row) =>
            make(
              "tr",
              {},
              make(
                "th",
                { scope: "row" },
                pageOf.has(row.report_id)
                  ? make("a", { href: pageOf.get(row.report_id) }, row.department_name || "")
                  : row.department_name || "",
                ofReport.get(row.report_id)?.origin === "synthetic" ? madeUpTag() : null,
              ),
              number(String(row.fiscal_year)),
              make("td", {}, `${row.subject_code} ${subjectName(row.subject_code, row.subject_name)}`),
              amountCell(row.prior_amount_yuan),
              amountCell(row.amount_yuan),
              amountCell(row.change_yuan),
              number(percent(row.change_rate)),
            ),
          ),
        ),
        sources("changed", DATA.changed, DATA.changed.sql),
      );
    refill(view, parts);
  }

  function queryOf(ids) {
    const list = ids.map(quoted).join(", ");
    const summed = (what) => [
      `select report_id, ${what}, sum(amount_yuan) as amount_yuan`,
      "from marts.fct_expenditure",
      `where report_id in (${list})`,
      "group by all",
      "order by all",
    ];
    const queries = {
      class: [
        "select report_id, subject_code, subject_name, amount_yuan",
        "from reporting.rpt_subject_totals",
        `where subject_level = 'class' and report_id in (${list})`,
        "order by all",
      ],
      fund: summed("fund"),
      kind: summed("expenditure_kind"),
      economic: [
        "select report_id, subject_code, subject_name, amount_yuan",
        "from reporting.rpt_basic_expenditure",
        `where subject_level = 'section' and report_id in (${list})`,
        "order by all",
      ],
      three_public: [
        "select report_id, expense_item, budget_yuan, final_yuan",
        "from marts.fct_three_public",
        `where report_id in (${list})`,
        "order by all",
      ],
    };
    return queries[state.by].join("\n");
  }
  // another address in the same tab is another comparison
  addEventListener("hashchange", () => location.reload());
  painted(paint);
});
