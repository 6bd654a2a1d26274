// A report at a glance: key figures, the flow of funds, what it was spent on, projects, what is carried over.
"use strict";

function paintFigures(view) {
  view.replaceChildren();
  const year = records(DATA.shown.year)[0];
  if (!year) {
    add(
      view,
      make(
        "div",
        { class: "notice held" },
        make(
          "p",
          {},
          make("b", {}, heldBack()),
        ),
        make(
          "p",
          {},
          say(
            "它的数字不进入汇总；印刷报表、文字和发现仍可查看。",
            "Its figures enter no sum; printed tables, text and findings are here all the same.",
          ),
        ),
        make(
          "p",
          {},
          make("a", { href: "#proof" }, say(`查看 ${findings.length} 处发现`, `See ${counted(findings.length, "finding")}`)),
        ),
      ),
    );
    return;
  }
  const functions = records(DATA.shown.functions);
  const hasChild = new Set(
    functions
      .map((row) => row.subject_code)
      .flatMap((code) =>
        code.length === 7 ? [code.slice(0, 3), code.slice(0, 5)] : code.length === 5 ? [code.slice(0, 3)] : [],
      ),
  );
  const leaves = functions
    .filter((row) => !hasChild.has(row.subject_code))
    .sort((a, b) => Number(b.amount_yuan) - Number(a.amount_yuan));
  const names = new Map(functions.map((row) => [row.subject_code, subjectName(row.subject_code, row.subject_name)]));
  const top = leaves[0];

  // what matters most, in two sentences
  const points = [];
  if (top)
    points.push(
      make(
        "p",
        {},
        say("支出最多的是", "Most was spent on "),
        toCell(`03/${top.subject_code}/total`, make("b", {}, names.get(top.subject_code))),
        say("：", ": "),
        spelled(top.amount_yuan),
        say("，占全部支出的 ", ", "),
        percent(ratio(top.amount_yuan, year.expenditure_yuan)),
        say("。", " of all expenditure. "),
        budgetOf(top.subject_code, names),
      ),
    );
  points.push(...budgetPoint(), ...threePublicPoint(), ...changePoint(names), ...evaluatedPoint(year), ...missingPoint());
  points.push(
    make(
      "p",
      {},
      contradictions.length
        ? [
            mark(STATUSES, "broken"),
            say(
              `报告有 ${contradictions.length} 处矛盾，最重的一处：`,
              contradictions.length === 1
                ? "The report has 1 contradiction: "
                : `The report has ${contradictions.length} contradictions. The gravest: `,
            ),
            make("a", { href: "#proof/1" }, told(findings[0])),
          ]
        : [mark(STATUSES, "exact"), say("没有发现矛盾。", "No contradiction was found.")],
      findings.length > contradictions.length
        ? [
            " ",
            make(
              "a",
              { href: "#proof" },
              say(`共有 ${findings.length} 处发现`, `All findings: ${findings.length}`),
            ),
            say("。", "."),
          ]
        : null,
    ),
  );
  add(view, make("div", { class: "summary" }, points));

  // key figures
  const cards = [
    ["本年收入", "Revenue", "revenue_yuan", "prior_revenue_yuan", "01/revenue_total/amount"],
    ["本年支出", "Expenditure", "expenditure_yuan", "prior_expenditure_yuan", "01/expenditure_total/amount"],
    [
      "财政拨款收入",
      "Fiscal appropriation",
      "fiscal_appropriation_yuan",
      "prior_fiscal_appropriation_yuan",
      "02/total/fiscal_appropriation",
    ],
    ["基本支出", "Basic expenditure", "basic_expenditure_yuan", "prior_basic_expenditure_yuan", "03/total/basic"],
    [
      "项目支出",
      "Project expenditure",
      "project_expenditure_yuan",
      "prior_project_expenditure_yuan",
      "03/total/project",
    ],
    [
      "年末结转和结余",
      "Closing balance",
      "closing_balance_yuan",
      "prior_closing_balance_yuan",
      "01/closing_balance/amount",
    ],
    [
      "“三公”经费决算",
      "Three public expenses",
      "three_public_final_yuan",
      "prior_three_public_final_yuan",
      "09/total/final_total",
    ],
    ["政府采购", "Procurement", "procurement_yuan", "prior_procurement_yuan", "10/procurement_total/statistic"],
    [
      "机关运行经费",
      "Agency operating cost",
      "agency_operating_cost_yuan",
      "prior_agency_operating_cost_yuan",
      "10/agency_operating_administrative/statistic",
    ],
  ]
    .filter(([, , key]) => year[key] !== null)
    .map(([zh, en, key, before, cell]) => {
      // what table 10 does not print, the text states
      const stated = cellAt.has(cell)
        ? null
        : records(DATA.told).find((row) => row.measure === "amount" && cell === `${row.table_no}/${row.row_key}/${row.column_name}`);
      const address = stated ? `narrative/${stated.claim_no}/claim` : cell;
      const moved = change(year[key], year[before]);
      const value = make("span", { class: "value", title: money(year[key]) }, amount(year[key]), make("small", {}, ` ${unitName()}`));
      return make(
        "div",
        { class: "card" },
        make("span", { class: "label" }, say(zh, en), stated ? say("（文字）", " (text)") : null),
        toCell(address, value),
        moved ? make("span", { class: "moved" }, say("较上年 ", "vs year before "), movedText(moved)) : null,
      );
    });
  add(view, make("div", { class: "cards" }, cards));
  add(view, sources(`${REPORT.page}-year`, DATA.shown.year, DATA.sql.year));

  // the flow of funds
  const flows = records(DATA.shown.flows);
  if (flows.length) {
    const picture = make("div", { class: "picture sankey", id: "sankey" });
    add(
      view,
      make("h2", {}, say("资金从哪里来、到哪里去", "Where the money came from and went")),
      picture,
      sources(`${REPORT.page}-flows`, DATA.shown.flows, DATA.sql.flows),
    );
    drawFlows(picture, flows, names);
  }
  // what it was spent on
  if (leaves.length) {
    add(view, make("h2", {}, say("钱花在什么上（功能分类）", "What it was spent on, by function")));
    const hasBefore = leaves.some((row) => row.prior_amount_yuan !== null);
    const paintRow = (row) =>
      make(
        "tr",
        {},
        make("td", { class: "code" }, row.subject_code),
        make(
          "th",
          { scope: "row" },
          make(
            "span",
            { class: "path" },
            [
              names.get(row.subject_code.slice(0, 3)),
              row.subject_code.length === 7 ? names.get(row.subject_code.slice(0, 5)) : null,
            ]
              .filter((name, place) => name && (place === 0 ? row.subject_code.length > 3 : true))
              .join(" / "),
          ),
          names.get(row.subject_code),
        ),
        make("td", { class: "number" }, toCell(`03/${row.subject_code}/total`, amount(row.amount_yuan))),
        shareCell(ratio(row.amount_yuan, year.expenditure_yuan)),
        amountCell(row.basic_yuan),
        amountCell(row.project_yuan),
        hasBefore ? amountCell(row.prior_amount_yuan) : null,
      );
    const head = [
      say("代码", "Code"),
      say("科目", "Subject"),
      `${say("支出", "Expenditure")} (${unitName()})`,
      say("占比", "Share"),
      say("基本", "Basic"),
      say("项目", "Project"),
      ...(hasBefore ? [say("上年", "Year before")] : []),
    ];
    const numeric = (texts, from) =>
      texts.map((text, place) => make("th", { scope: "col", class: place >= from ? "number" : null }, text));
    add(
      view,
      grid(numeric(head, 2), leaves.slice(0, 10).map(paintRow), { label: say("支出最多的科目", "Largest subjects") }),
    );
    if (leaves.length > 10)
      add(
        view,
        make(
          "details",
          { class: "more" },
          make("summary", {}, say(`其余 ${leaves.length - 10} 项`, `The other ${leaves.length - 10}`)),
          grid(numeric(head, 2), leaves.slice(10).map(paintRow)),
        ),
      );
    add(view, sources(`${REPORT.page}-functions`, DATA.shown.functions, DATA.sql.functions));
  }
  // basic expenditure
  const basic = records(DATA.shown.basic);
  const economic = basic.filter(
    (row) =>
      row.subject_level === "section" ||
      !basic.some(
        (other) => other.subject_code !== row.subject_code && other.subject_code.startsWith(row.subject_code),
      ),
  );
  if (economic.length) {
    const total = sum(economic.map((row) => row.amount_yuan));
    add(view, make("h2", {}, say("一般公共预算基本支出（经济分类）", "Basic expenditure of the general public budget, by economic subject")));
    const groups = [
      ["personnel", "人员经费", "Personnel"],
      ["general_operating", "公用经费", "General operating"],
    ];
    const body = groups.flatMap(([category, zh, en]) => {
      const some = economic
        .filter((row) => row.economic_category === category)
        .sort((a, b) => Number(b.amount_yuan) - Number(a.amount_yuan));
      if (!some.length) return [];
      // as table 06 prints it: the sum of its rows is off by rounding
      const of = year[`${category}_yuan`] ?? sum(some.map((row) => row.amount_yuan));
      return [
        make(
          "tr",
          { class: "group" },
          make("td", {}),
          make("th", { scope: "row" }, say(zh, en)),
          amountCell(of),
          shareCell(ratio(of, total), category),
        ),
        ...some.map((row) =>
          make(
            "tr",
            {},
            make("td", { class: "code" }, row.subject_code),
            make("th", { scope: "row" }, subjectName(row.subject_code, row.subject_name)),
            make("td", { class: "number" }, toCell(`06/${row.subject_code}/amount`, amount(row.amount_yuan))),
            shareCell(ratio(row.amount_yuan, total), category),
          ),
        ),
      ];
    });
    add(
      view,
      grid(
        [
          say("代码", "Code"),
          say("科目", "Subject"),
          make("th", { scope: "col", class: "number" }, `${say("金额", "Amount")} (${unitName()})`),
          make("th", { scope: "col", class: "number" }, say("占比", "Share")),
        ],
        body,
        { class: "grid slim" },
      ),
      sources(`${REPORT.page}-basic`, DATA.shown.basic, DATA.sql.basic),
    );
  }
  // projects
  const projects = records(DATA.shown.projects);
  if (projects.length) {
    const lost = Map.groupBy
      ? Map.groupBy(records(DATA.shown.lost_points), (row) => row.project_no)
      : records(DATA.shown.lost_points).reduce(
          (map, row) => map.set(row.project_no, [...(map.get(row.project_no) || []), row]),
          new Map(),
        );
    add(view, make("h2", {}, say("项目：预算、执行与得分", "Projects: budget, execution and score")));
    const points = (text) => (text === null ? "" : decimal(exact(text), 0, 0, 2));
    const th = (text, name) => make("th", { scope: "col", class: name }, text);
    add(
      view,
      grid(
        [
          th("#", "number"),
          th(say("项目", "Project")),
          th(`${say("全年预算", "Budget")} (${unitName()})`, "number"),
          th(say("执行", "Executed"), "number"),
          th(say("执行率", "Rate"), "number"),
          th(say("得分", "Score"), "number"),
          th(say("等级", "Grade")),
          th(say("扣分", "Points lost")),
        ],
        projects.map((row) =>
          make(
            "tr",
            {},
            number(String(row.project_no)),
            make("th", { scope: "row" }, projectName(row.project_no)),
            amountCell(row.annual_budget_yuan),
            amountCell(row.executed_yuan),
            shareCell(row.execution_rate, Number(row.execution_rate) < 0.8 ? "low" : ""),
            number(points(row.total_score)),
            make("td", {}, spoken(row.grade)),
            make(
              "td",
              { class: "lost" },
              Number(row.points_lost_on_execution) > 0
                ? make("span", {}, `${say("执行率", "execution")} −${points(row.points_lost_on_execution)}`)
                : null,
              (lost.get(row.project_no) || []).map((each) =>
                make(
                  "span",
                  {},
                  `${spoken(each.level_3 || each.level_2)} −${points(sum([each.weight, `-${each.score}`]))}`,
                  each.deviation_reason ? make("small", {}, ` ${each.deviation_reason}`) : null,
                ),
              ),
            ),
          ),
        ),
      ),
      sources(`${REPORT.page}-projects`, DATA.shown.projects, DATA.sql.projects),
    );
  }
  // what is carried over
  const balances = records(DATA.shown.balances);
  if (balances.length) {
    add(view, make("h2", {}, say("结转结余：多少，来自哪里", "What is carried over, and from where")));
    const measures = [
      ["opening_balance_yuan", "年初", "Opening"],
      ["revenue_yuan", "本年收入", "Revenue"],
      ["non_fiscal_surplus_used_yuan", "使用结余", "Surplus used"],
      ["expenditure_yuan", "本年支出", "Expenditure"],
      ["surplus_distribution_yuan", "结余分配", "Distributed"],
      ["closing_balance_yuan", "年末", "Closing"],
    ];
    const shown = balances.filter((row) => measures.some(([key]) => exact(row[key])));
    add(
      view,
      grid(
        [
          say("资金", "Fund"),
          ...measures.map(([, zh, en]) => make("th", { scope: "col", class: "number" }, say(zh, en))),
        ],
        [
          ...shown.map((row) =>
            make(
              "tr",
              {},
              make("th", { scope: "row" }, fundName(row.fund)),
              measures.map(([key]) => amountCell(row[key])),
            ),
          ),
          make(
            "tr",
            { class: "group" },
            make("th", { scope: "row" }, say("合计", "Total")),
            measures.map(([key], place) =>
              make("td", { class: "number" }, [
                toCell(
                  BALANCE_CELLS[place],
                  amount(cellAt.get(BALANCE_CELLS[place])?.value ?? sum(balances.map((row) => row[key] || "0"))),
                ),
              ]),
            ),
          ),
        ],
      ),
      sources(`${REPORT.page}-balances`, DATA.shown.balances, DATA.sql.balances),
    );
    const carried = records(DATA.shown.carried_over);
    if (carried.length) {
      add(
        view,
        make("h3", {}, say("自评表所列的项目结转", "Carried over by project, as the forms print it")),
        grid(
          [
            make("th", { class: "number" }, "#"),
            say("项目", "Project"),
            make("th", { class: "number" }, say("预算", "Budget")),
            make("th", { class: "number" }, say("执行", "Executed")),
            make("th", { class: "number" }, `${say("结转", "Carried over")} (${unitName()})`),
          ],
          carried
            .sort((a, b) => Number(b.carried_over_yuan) - Number(a.carried_over_yuan))
            .map((row) =>
              make(
                "tr",
                {},
                number(String(row.project_no)),
                make("th", { scope: "row" }, projectName(row.project_no)),
                amountCell(row.annual_budget_yuan),
                amountCell(row.executed_yuan),
                amountCell(row.carried_over_yuan),
              ),
            ),
        ),
        sources(`${REPORT.page}-carried-over`, DATA.shown.carried_over, DATA.sql.carried_over),
      );
    }
  }
}

/** What was budgeted of a subject, or else of the section or class that it is part of; or that nothing is printed. */
function budgetOf(code, names) {
  const budgets = records(DATA.budgets);
  const found = [code, code.slice(0, 5), code.slice(0, 3)]
    .map((each) => budgets.filter((row) => row.subject_code === each))
    // an initial budget of zero says less than that of the year
    .map((some) => some.find((row) => exact(row.budget_yuan) > 0n) ?? some[0])
    .find(Boolean);
  if (!found) return say("报告没有印出它的预算。", "No budget is printed for it.");
  const isInitial = found.budget_stage === "initial";
  const amounts = [
    toCell(`narrative/${found.claim_no}/claim`, spelled(found.budget_yuan)),
    found.final_yuan === null ? null : [say("，决算支出 ", ", spent "), spelled(found.final_yuan)],
    found.completion_rate === null ? null : [say("，完成 ", ", "), percent(found.completion_rate, 2), say("", " of it")],
    say("。", "."),
  ];
  return found.subject_code === code
    ? [say(isInitial ? "年初预算 " : "全年预算 ", isInitial ? "Its initial budget was " : "Its budget of the year was "), amounts]
    : [
        say("报告没有印出它的预算；", "No budget is printed for it; "),
        say(
          `所属的${names.get(found.subject_code)}${isInitial ? "年初预算 " : "全年预算 "}`,
          `${names.get(found.subject_code)}, which it is part of, had ${isInitial ? "an initial budget" : "a budget of the year"} of `,
        ),
        amounts,
      ];
}

/** What was budgeted, what was spent of it, and how much of the budget that is: by the tables, and as the text says it. */
function budgetPoint() {
  const told_ = records(DATA.told).filter((row) => row.table_no === "05" && row.row_key === "total");
  const [initial, annual] = ["initial_budget", "annual_budget"].map((measure) =>
    told_.find((row) => row.measure === measure && row.amount_yuan !== null),
  );
  const final = cellAt.get("05/total/total");
  if (!(initial || annual) || !final?.value) return [];
  const claimed = told_.find((row) => row.measure === "completion_rate" && row.value_text);
  // of an initial budget of zero nothing can be completed: then of that of the year
  const base = [initial, annual].find((row) => row && exact(row.amount_yuan) > 0n);
  const rate = base ? ratio(final.value, base.amount_yuan) : null;
  const budgets = [
    [initial, say("年初预算 ", "initial budget ")],
    [annual, say("全年预算 ", "budget of the year ")],
  ].filter(([row]) => row);
  return [
    make(
      "p",
      {},
      say("一般公共预算财政拨款：", "General public budget: "),
      budgets.map(([row, name], place) => [
        place ? say("，", ", ") : null,
        name,
        toCell(`narrative/${row.claim_no}/claim`, spelled(row.amount_yuan)),
      ]),
      say("，决算支出 ", ", spent "),
      toCell("05/total/total", spelled(final.value)),
      rate === null
        ? null
        : [
            base === initial ? say("，完成年初预算的 ", ", ") : say("，完成全年预算的 ", ", "),
            make("b", {}, percent(rate, 2)),
            base === initial ? say("", " of the initial budget") : say("", " of the budget of the year"),
          ],
      claimed
        ? [
            say("（文字称 ", " (the text says "),
            toCell(`narrative/${claimed.claim_no}/claim`, withUnit(claimed.value_text, claimed.unit)),
            say("）", ")"),
          ]
        : null,
      say("。", "."),
    ),
  ];
}

/** The three public expenses beside their budget, which table 09 prints; a blank of it is a printed zero. */
function threePublicPoint() {
  const [budget, final] = ["budget_total", "final_total"].map((column) => cellAt.get(`09/total/${column}`));
  if (!budget || !final) return [];
  const name = say("“三公”经费：", "Three public expenses: ");
  if (budget.kind === "b" && final.kind === "b")
    return [
      make(
        "p",
        {},
        name,
        toCell("09/total/budget_total", say("09表的预算数和决算数都留空，即为零", "table 09 leaves budget and final amount blank, which is zero")),
        say("。", "."),
      ),
    ];
  const printed = (cell) =>
    toCell(
      `09/total/${cell.column}`,
      cell.kind === "a" ? spelled(cell.value) : cell.kind === "b" ? say("留空", "blank") : cell.text,
    );
  const isRate = budget.kind === "a" && final.kind === "a" && exact(budget.value) > 0n;
  return [
    make(
      "p",
      {},
      name,
      say("预算 ", "budget "),
      printed(budget),
      say("，决算支出 ", ", spent "),
      printed(final),
      isRate ? [say("，完成 ", ", "), make("b", {}, percent(ratio(final.value, budget.value), 2)), say("", " of it")] : null,
      say("。", "."),
    ),
  ];
}

/** The three largest changes to the year before: by both tables 03, or, where that report is not here, as the text tells. */
function changePoint(names) {
  const moved = records(DATA.shown.changes).slice(0, 3);
  if (moved.length)
    return [
      make(
        "p",
        {},
        say("比上年变化最大：", "What changed most since the year before: "),
        moved.map((row, place) => [
          place ? say("；", "; ") : "",
          toCell(
            exact(row.to_yuan) ? `03/${row.subject_code}/total` : "",
            `${names.get(row.subject_code) || subjectName(row.subject_code, row.subject_name)} `,
          ),
          movedText({ difference: row.change_yuan, rate: exact(row.to_yuan) ? row.change_rate : null }, unitName()),
          exact(row.from_yuan)
            ? exact(row.to_yuan)
              ? null
              : say("（本年没有印出）", " (not printed this year)")
            : say("（上年没有印出）", " (not printed the year before)"),
        ]),
        say("。", "."),
      ),
    ];
  const told_ = records(DATA.told);
  const stated = told_
    .filter((row) => row.measure === "change" && Number(row.amount_yuan) > 0)
    .sort((a, b) => Number(b.amount_yuan) - Number(a.amount_yuan))
    .filter((row, place, all) => all.findIndex((other) => other.amount_yuan === row.amount_yuan) === place)
    .slice(0, 3);
  if (!stated.length) return [];
  return [
    make(
      "p",
      {},
      say("上年报告不在库中；文字所述变化最大的：", "The report of the year before is not here; the text tells of changes, most of all: "),
      stated.map((row, place) => [
        place ? say("；", "; ") : "",
        `${spoken(row.subject)} `,
        toCell(
          `narrative/${row.claim_no}/claim`,
          [`${/减|降/.test(row.direction || "") ? "▼" : "▲"}\u00a0`, spelled(row.amount_yuan)],
        ),
      ]),
      say("。", "."),
    ),
  ];
}

/** How much of the money of projects those are that evaluated themselves. */
function evaluatedPoint(year) {
  if (!Number(year.evaluated_projects) || year.evaluated_executed_yuan === null) return [];
  const share = ratio(year.evaluated_executed_yuan, year.project_expenditure_yuan);
  return [
    make(
      "p",
      {},
      say(
        `${year.evaluated_projects} 个项目作了绩效自评，执行 `,
        `${counted(year.evaluated_projects, "project has a self-evaluation; it", "projects have self-evaluations; they")} spent `,
      ),
      spelled(year.evaluated_executed_yuan),
      share === null
        ? null
        : say(
            ["，是项目支出 ", spelled(year.project_expenditure_yuan), ` 的 ${percent(share)}`],
            [`, ${percent(share)} of the project expenditure of `, spelled(year.project_expenditure_yuan)],
          ),
      say("。", "."),
    ),
  ];
}

/** What is not printed, or not here: unknown, and not zero. */
function missingPoint() {
  const printed = new Set(rows.map((row) => row.table));
  const empty = new Set(records(DATA.notes).map((note) => note.table_no));
  const tables = LABELS.forms.rows.map(([table]) => table).filter((table) => !printed.has(table) && !empty.has(table));
  const missing = [
    ...tables.map((table) => say(`${table}表`, `table ${table}`)),
    DATA.stated.rows.length || DATA.paragraphs.rows.length ? null : say("文字说明", "the text"),
    DATA.forms.rows.length ? null : say("项目绩效自评表", "self-evaluation forms"),
    records(DATA.told).some((row) => ["initial_budget", "annual_budget"].includes(row.measure)) ? null : say("预算", "budgets"),
    REPORT.prior_report_id ? null : say("上年报告", "the report of the year before"),
  ].filter(Boolean);
  if (!missing.length) return [];
  return [
    make("p", { class: "faint" }, say("没有印出，或不在库中：", "Not printed, or not here: "), missing.join(say("、", ", ")), say("。不知道的不当作零。", ". What is unknown is not zero.")),
  ];
}

/** A change as text: up or down, how much, and how much of what it was. */
function movedText({ difference, rate }, unit = "") {
  const sign = exact(difference) > 0n ? "▲\u00a0" : exact(difference) < 0n ? "▼\u00a0" : "";
  const size = difference.replace(/^-/, "");
  return make(
    "span",
    { title: money(size) },
    `${sign}${amount(size)}${unit && ` ${unit}`}${rate === null ? "" : ` (${percent(rate)})`}`,
  );
}

function nodeName(node, names) {
  const [kind, code] = node.includes(":") ? node.split(":") : ["", node];
  if (kind === "fund") return fundName(code);
  if (kind === "class") return names.get(code) || code;
  if (kind === "kind") return kindName(code);
  if (node === "opening_balance") return say("年初结转和结余", "Opening balance");
  if (node === "closing_balance") return say("年末结转和结余", "Closing balance");
  if (node === "surplus_used") return say("使用非财政拨款结余", "Non-fiscal surplus used");
  if (node === "surplus_distributed") return say("结余分配", "Surplus distributed");
  return sourceName(node);
}

// The cells of table 01 below what is carried over: the totals of its columns.
const BALANCE_CELLS = [
  "opening_balance", "revenue_total", "non_fiscal_surplus_used",
  "expenditure_total", "surplus_distribution", "closing_balance",
].map((row) => `01/${row}/amount`);
const SUMMARY_OF = {
  opening_balance: "opening_balance",
  closing_balance: "closing_balance",
  surplus_used: "non_fiscal_surplus_used",
  surplus_distributed: "surplus_distribution",
};
/** The cell that prints the total of a node of the flows; nothing where none does. */
function totalOf(node) {
  const [kind, code] = node.includes(":") ? node.split(":") : ["", node];
  const places = {
    fund: [`04/expenditure_grand_total/${code}`],
    class: [`03/${code}/total`, `01/${code}/amount`],
    kind: [`03/total/${code}`],
  }[kind] ?? [SUMMARY_OF[code] ? `01/${SUMMARY_OF[code]}/amount` : `02/total/${code}`];
  return places.map((place) => cellAt.get(place)).find((cell) => cell?.kind === "a" && cell.value !== null);
}
/** What is to be said of an amount of the flows where it is not simply what is printed: its parts add up to something else. */
function partsOf(total, sides) {
  const half = exact(total?.half) ?? 0n;
  return sides
    .filter((side) => side.length)
    .map((side) => ({ parts: sum(side), off: total ? sum([sum(side), `-${total.value}`.replace("--", "")]) : "0", count: side.length }))
    .filter(({ off }) => exact(off))
    .map(({ parts, off, count }) => {
      const size = exact(off) < 0n ? -exact(off) : exact(off);
      const why = size <= half * BigInt(count + 1) ? say("，因四舍五入", ", by rounding") : "";
      return say(
        `各部分合计 ${asPrinted(parts)}，与印出的合计相差 ${asPrinted(off.replace("-", ""))}${why}`,
        `its parts add up to ${asPrinted(parts)}: off by ${asPrinted(off.replace("-", ""))}${why}`,
      );
    });
}
const NOT_PRINTED = ["未印出，由其他各数算得", "not printed: computed from other figures"];

function drawFlows(element, flows, names) {
  const kindOf = (node) => (node.includes(":") ? node.split(":")[0] : ["closing_balance", "surplus_distributed"].includes(node) ? "kind" : "source");
  const COLUMNS = ["source", "fund", "class", "kind"];
  const COLORS = { source: "#3b6ea5", fund: "#5b8c7b", class: "#c98a2b", kind: "#8a6a9e" };
  const nodes = [...new Set(flows.flatMap((flow) => [flow.origin, flow.target]))].map((id) => {
    const [into, out] = ["target", "origin"].map((end) =>
      flows.filter((flow) => flow[end] === id).map((flow) => flow.amount_yuan),
    );
    const total = totalOf(id);
    const drawn = sum(into.length ? into : out);
    return {
      id,
      column: COLUMNS.indexOf(kindOf(id)),
      name: nodeName(id, names),
      value: drawn,
      text: total?.value ?? drawn,
      note: total ? partsOf(total, [into, out]).join(say("；", "; ")) : say(...NOT_PRINTED),
      color: COLORS[kindOf(id)],
    };
  });
  flowsPicture(
    element,
    nodes,
    flows.map((flow) => ({
      from: flow.origin,
      to: flow.target,
      value: flow.amount_yuan,
      note: flow.is_printed ? "" : say(...NOT_PRINTED),
    })),
    [say("来源", "Sources"), say("资金", "Funds"), say("功能类别", "Classes"), say("性质", "Kind")],
    say(
      "资金流向图：收入来源、资金性质、支出类别、基本与项目支出",
      "Flow of funds from sources to funds, classes, and basic and project expenditure",
    ),
  );
  const off = nodes.filter((node) => node.note && totalOf(node.id));
  if (off.length)
    add(
      element,
      make(
        "p",
        { class: "faint small" },
        say("数字是印出的数；各部分相加与印出的合计不同的：", "Amounts are those printed; where the parts do not add up to them: "),
        off.map((node) => `${node.name}${say("（", " (")}${node.note}${say("）", ")")}`).join(say("、", ", ")),
        say("。", "."),
      ),
    );
}
