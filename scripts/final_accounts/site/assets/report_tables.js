// The printed tables again, in their official layout, coloured by what the identities say; and one cell of them.
"use strict";

/** Whether the report numbers lines and columns, as the national forms do and those of some provinces do not. */
const NUMBERED = rows.some((row) => row.line);
/** Rows of headings: [text, columns, rows]; the last one numbers the columns of amounts, where the report does. */
function heading(table) {
  const named = titles(table);
  if (!NUMBERED) return named;
  const row = say("栏次", "Column");
  const numbers = (first, count) => Array.from({ length: count }, (_, place) => [String(first + place)]);
  if (table === "01") return [...named, [[row], [""], ["1"], [row], [""], ["2"]]];
  if (table === "04") return [...named, [[row], [""], ["1"], [row], [""], ...numbers(2, 4)]];
  if (table === "09") return [...named, numbers(1, COLUMNS["09"].length)];
  if (table === "10") return named;
  return [...named, [[row, 2], ...numbers(1, columnsOf(table).length)]];
}
function titles(table) {
  const c = (column) => columnName(table, column);
  const item = say("项目", "Item"),
    lines = NUMBERED ? [[say("行次", "Line")]] : [],
    code = say("科目代码", "Code"),
    subject = say("科目名称", "Subject");
  const en = settings.language === "en";
  if (table === "01")
    return [
      [
        [say("收入", "Revenue"), 2 + lines.length],
        [say("支出", "Expenditure"), 2 + lines.length],
      ],
      [[item], ...lines, [c("amount")], [item], ...lines, [c("amount")]],
    ];
  if (table === "04")
    return [
      [
        [say("收入", "Revenue"), 2 + lines.length],
        [say("支出", "Expenditure"), 5 + lines.length],
      ],
      [
        [item],
        ...lines,
        [c("amount")],
        [item],
        ...lines,
        ...["total", "general_public_budget", "government_fund", "state_capital_operations"].map((column) => [
          c(column),
        ]),
      ],
    ];
  if (table === "07")
    return [
      [
        [item, 2],
        [c("opening_balance"), 1, 2],
        [c("revenue"), 1, 2],
        [say("本年支出", "Expenditure"), 3],
        [c("closing_balance"), 1, 2],
      ],
      [[code], [subject], [say("小计", "Subtotal")], [say("基本支出", "Basic")], [say("项目支出", "Project")]],
    ];
  if (table === "09") {
    const stage = (zh, english) => [say(zh, english), 6];
    const half = [
      [say("合计", "Total"), 1, 2],
      [en ? "Overseas trips" : "因公出国（境）费", 1, 2],
      [en ? "Vehicles" : "公务用车购置及运行维护费", 3],
      [en ? "Receptions" : "公务接待费", 1, 2],
    ];
    const vehicles = [
      [say("小计", "Subtotal")],
      [en ? "Purchase" : "公务用车购置费"],
      [en ? "Operation" : "公务用车运行维护费"],
    ];
    return [
      [stage("预算数", "Budget"), stage("决算数", "Final")],
      [...half, ...half],
      [...vehicles, ...vehicles],
    ];
  }
  if (table === "10") return [[[item], ...lines, [c("statistic")]]];
  return [
    [[item, 2], ...columnsOf(table).map((column) => [c(column), 1, 2])],
    [[code], [subject]],
  ];
}
const COLUMNS = {};
for (const [table, column] of LABELS.columns.rows) (COLUMNS[table] ||= []).push(column);
const KNOWN_COLUMNS = new Set(cells.map((cell) => `${cell.table}/${cell.column}`));
/** The columns that the report has of a table: some provinces print more of them; of an empty table all. */
function columnsOf(table) {
  const known = COLUMNS[table].filter((column) => KNOWN_COLUMNS.has(`${table}/${column}`));
  return known.length ? known : COLUMNS[table];
}
const PANELS = {
  "01": [
    ["revenue", ["amount"]],
    ["expenditure", ["amount"]],
  ],
  "04": [
    ["revenue", ["amount"]],
    ["expenditure", ["total", "general_public_budget", "government_fund", "state_capital_operations"]],
  ],
};

function cellBox(table, key, column) {
  const cell = cellAt.get(`${table}/${key}/${column}`);
  if (!cell) return make("td", { class: "none" });
  const [sign, zh, en] = STATES[cell.state];
  return make(
    "td",
    {
      class: `cell ${cell.state}${cell.kind === "b" ? " blank" : ""}`,
      "data-cell": cell.no,
      tabindex: "-1",
      "aria-label": `${cell.text || say("空", "blank")}，${say(zh, en)}`,
    },
    cell.text || "",
    make("i", { "aria-hidden": "true" }, sign),
  );
}

/** The label of a row: as printed, numbers of lists and all; in English where its words are known. */
const labelOf = (row) => say(row.name || "", row.name ? subjectName(row.code || "", row.name) : "");

function printedTable(table) {
  const own = rows.filter((row) => row.table === table).sort((a, b) => a.no - b.no);
  const blank = (count) => Array.from({ length: count }, () => make("td", { class: "none" }));
  const body = [];
  let head = heading(table);
  if (PANELS[table] && own.every((row) => row.panel)) {
    const panels = PANELS[table].map(([name, columns]) => [own.filter((row) => row.panel === name), columns]);
    for (let place = 0; place < Math.max(...panels.map(([some]) => some.length)); place += 1) {
      body.push(
        make(
          "tr",
          {},
          panels.map(([some, columns]) => {
            const row = some[place];
            return row
              ? [
                  make("th", { scope: "row", class: row.role === "total" ? "total" : null }, labelOf(row)),
                  NUMBERED ? make("td", { class: "line" }, row.line || "") : null,
                  columns.map((column) => cellBox(table, row.key, column)),
                ]
              : blank(1 + NUMBERED + columns.length);
          }),
        ),
      );
    }
  } else if (table === "06") {
    const totals = own.filter((row) => !row.code && row.role === "total");
    const listed = own.filter((row) => !totals.includes(row));
    const panels = [...new Set(listed.map((row) => row.panel))].map((panel) =>
      listed.filter((row) => row.panel === panel),
    );
    head = [
      panels.flatMap(() => [[say("科目代码", "Code")], [say("科目名称", "Subject")], [columnName("06", "amount")]]),
    ];
    for (let place = 0; place < Math.max(0, ...panels.map((some) => some.length)); place += 1) {
      body.push(
        make(
          "tr",
          {},
          panels.map((some) => {
            const row = some[place];
            return row
              ? [
                  make("td", { class: "code" }, row.code || ""),
                  make(
                    "th",
                    { scope: "row", class: row.role === "total" || (row.code || "").length === 3 ? "total" : null },
                    labelOf(row),
                  ),
                  cellBox(table, row.key, "amount"),
                ]
              : blank(3);
          }),
        ),
      );
    }
    // personnel below the first panel, general operating below all others
    const widths = totals.length === 2 && panels.length > 1 ? [2, 3 * (panels.length - 1) - 1] : totals.map(() => 2);
    if (totals.length)
      body.push(
        make(
          "tr",
          {},
          totals.map((row, place) => [
            make("th", { scope: "row", class: "total", colspan: widths[place] }, labelOf(row)),
            cellBox(table, row.key, "amount"),
          ]),
        ),
      );
  } else {
    let section = null;
    for (const row of own) {
      if (table === "10" && row.panel && row.panel !== section) {
        section = row.panel;
        body.push(make("tr", { class: "section" }, make("th", { colspan: 2 + NUMBERED, scope: "rowgroup" }, spoken(section))));
      }
      const level = row.code
        ? row.code.length === 3
          ? "total"
          : row.code.length === 5
            ? "second"
            : "third"
        : row.role === "total"
          ? "total"
          : null;
      const labels =
        table === "09"
          ? []
          : table === "01" || table === "04" || table === "10"
            ? [make("th", { scope: "row" }, labelOf(row)), NUMBERED ? make("td", { class: "line" }, row.line || "") : null]
            : [
                make("td", { class: "code" }, row.code || ""),
                make("th", { scope: "row", class: level }, labelOf(row)),
              ];
      body.push(
        make(
          "tr",
          {},
          labels,
          columnsOf(table)
            .filter((column) => table !== "04" || row.panel || cellAt.has(`04/${row.key}/${column}`))
            .map((column) => cellBox(table, row.key, column)),
        ),
      );
    }
  }
  return make(
    "div",
    { class: "wide", tabindex: "-1" },
    make(
      "table",
      { class: `printed t${table}` },
      make(
        "thead",
        {},
        head.map((line) =>
          make(
            "tr",
            {},
            line.map(([text, columns, lines]) =>
              make("th", { scope: "col", colspan: columns || null, rowspan: lines || null }, text),
            ),
          ),
        ),
      ),
      make("tbody", {}, body),
    ),
  );
}

const formTitle = (table) => say(...(formTitles.get(table) || [table, table]));
const ofTable = (table) =>
  contradictions.filter((finding) => finding.blamed.concat([finding.place || []]).some((place) => place[0] === table));
/** A line of the contents: the name of a table, and how many contradictions are in it. */
function entry(id, name, found) {
  return make(
    "a",
    {
      href: "#tables",
      onclick: (event) => {
        event.preventDefault();
        document.getElementById(id).scrollIntoView();
      },
    },
    name,
    found.length
      ? make("span", { class: "tally some", title: say("矛盾", "contradictions") }, String(found.length))
      : null,
  );
}
/**
 * A button that goes from one contradiction that stands in the tables to the next: above the tables, and in the panel of a cell,
 * where nothing lies under it.
 */
function nextFinding() {
  const placed = contradictions.filter((finding) => finding.cell && viewOf(finding.cell) === "tables");
  if (!placed.length) return null;
  return make(
    "button",
    {
      type: "button",
      class: "next",
      onclick: () => {
        const at = placed.findIndex((finding) => finding.cell === opened);
        location.hash = hashOf(placed[(at + 1) % placed.length].cell);
      },
    },
    say(`下一处矛盾（各表中共 ${placed.length} 处）`, `Next contradiction (in the tables: ${placed.length})`),
  );
}

/** How many figures are in which state; a click leaves the others pale, another brings them back. */
function legendOf(some) {
  const counts = {};
  for (const cell of some) counts[cell.state] = (counts[cell.state] || 0) + 1;
  const list = make("ul", { class: "legend", "aria-label": say("图例", "Legend") });
  const choose = (state) => {
    const view = list.closest("[role=tabpanel]");
    const chosen = view.dataset.only === state ? "" : state;
    view.dataset.only = chosen;
    for (const button of list.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.state === chosen));
    view.querySelector(`[data-cell].${chosen || "none"}`)?.scrollIntoView({ block: "center" });
  };
  add(
    list,
    Object.keys(STATES)
      .reverse()
      .filter((state) => counts[state])
      .map((state) =>
        make(
          "li",
          {},
          make(
            "button",
            { type: "button", class: "quiet", "data-state": state, "aria-pressed": "false", onclick: () => choose(state) },
            make("span", { class: `swatch ${state}`, "aria-hidden": "true" }, STATES[state][0]),
            say(...STATES[state].slice(1)),
            make("b", {}, ` ${counts[state].toLocaleString()}`),
          ),
        ),
      ),
  );
  return list;
}

function paintTables(view) {
  const legend = legendOf(
    cells.filter(
      (cell) =>
        cell.table !== "narrative" &&
        isShown(cell) &&
        (cell.kind === "a" || cell.kind === "r" || cell.state === "suspect" || cell.state === "broken"),
    ),
  );
  const tables = records(DATA.tables);
  const numbers = [...new Set([...tables.map((table) => table.table_no), ...rows.map((row) => row.table)])].sort();
  const notes = records(DATA.notes);
  refill(
    view,
    make(
      "p",
      { class: "faint" },
      say(
        "点击任一格，可看它参与的勾稽关系、两边的数字、以及它进入了哪一行数据。方向键移动，回车打开。",
        "Click a cell for its identities, both sides of each, and the rows it became. Arrow keys move, Enter opens.",
      ),
    ),
    legend,
    make(
      "nav",
      { class: "contents", "aria-label": say("各表", "Tables") },
      numbers.map((table) => entry(`table-${table}`, `${table} ${formTitle(table)}`, ofTable(table))),
      records(DATA.forms).length
        ? entry(`form-${records(DATA.forms)[0].project_no}`, say("项目绩效自评表", "Forms of projects"), ofTable("project"))
        : null,
    ),
    nextFinding(),
    numbers.map((number_) => {
      const table = tables.find((each) => each.table_no === number_) || {};
      const [zh, en] = formTitles.get(number_) || ["", ""];
      return make(
        "section",
        { class: "sheet", id: `table-${number_}` },
        make("h2", {}, say(table.title || zh, en), settings.language === "en" ? make("small", {}, " ", table.title || zh) : null),
        make(
          "p",
          { class: "sheet-head" },
          make("span", {}, table.department_name ? `${say("部门名称：", "Department: ")}${table.department_name}` : ""),
          make("span", {}, spoken(table.fiscal_year)),
          make(
            "span",
            {},
            [
              say(table.form_no, `Table ${number_}`),
              pagesName(table),
              `${say("金额单位：", "Unit: ")}${spoken(table.amount_unit || REPORT.amount_unit)}`,
            ]
              .filter(Boolean)
              .join(" · "),
          ),
        ),
        printedTable(number_),
        notes
          .filter((note) => note.table_no === number_)
          .filter((note) => note.note_text)
          .map((note) => make("p", { class: "note" }, `${spoken(note.note_kind)}${say("：", ": ")}${note.note_text || ""}`)),
        make(
          "div",
          { class: "sources" },
          pagesOfTable(number_),
          csvButton(
            `${REPORT.page}-table-${number_}`,
            ["row_no", "row_key", "subject_code", "label", "line_no", "column_name", "printed_text", "status"],
            () =>
              rows
                .filter((row) => row.table === number_)
                .sort((a, b) => a.no - b.no)
                .flatMap((row) =>
                  COLUMNS[number_]
                    .map((column) => cellAt.get(`${number_}/${row.key}/${column}`))
                    .filter(Boolean)
                    .map((cell) => [row.no, row.key, row.code, row.name, row.line, cell.column, cell.text, cell.state]),
                ),
          ),
          queryBox(
            [
              "select row_no, row_key, column_name, printed_text, cell_status, amount_yuan",
              "from quality.fct_report_cells",
              `where report_id = ${quoted(REPORT.report_id)} and table_no = ${quoted(number_)}`,
              "order by row_no, column_name",
            ].join("\n"),
          ),
        ),
      );
    }),
    printedForms(),
  );
  for (const table of view.querySelectorAll("table.printed"))
    table.querySelector("[data-cell]")?.setAttribute("tabindex", "0");
}

// ---- one cell

/** The pages that the table of a cell stands on; nothing where nobody knows. */
function pagesOf(cell) {
  const table = records(DATA.tables).find((each) => each.table_no === cell.table);
  return table && pageRange(table) ? make("span", { class: "faint" }, pagesName(table)) : null;
}

/** The mart that a figure of a form enters. */
function martOfForm(cell) {
  const [, part, line] = cell.row.split("/");
  return part === "indicator" ? "fct_project_indicators" : line ? "fct_project_funding" : "fct_projects";
}
function rowOfForm(cell) {
  const [project, , line] = cell.row.split("/");
  return { project_no: Number(project), row_no: Number(line) };
}
const MART_KEYS = {
  // how the row of a cell is found in its mart
  fct_expenditure: (cell) => ({ table_no: cell.table, subject_code: cell.row, column_name: cell.column }),
  fct_revenue: (cell) => ({ table_no: cell.table, subject_code: cell.row, column_name: cell.column }),
  fct_basic_expenditure: (cell) => ({ table_no: cell.table, subject_code: cell.row, column_name: cell.column }),
  fct_government_fund_balances: (cell) => ({ subject_code: cell.row }),
  fct_state_capital_balances: (cell) => ({ subject_code: cell.row }),
  fct_three_public: (cell) => ({ expense_item: columnFacts.get(`09/${cell.column}`)?.expense_item }),
  fct_disclosures: (cell) => ({ statistic: cell.row }),
  fct_projects: (cell) => ({ project_no: Number(cell.row.split("/")[0]) }),
  fct_project_funding: rowOfForm,
  fct_project_indicators: rowOfForm,
  fct_fund_balances: (cell) => ({
    fund:
      lineFunds.get(`${cell.table}/${cell.row}`) ||
      columnFacts.get(`${cell.table}/${cell.column}`)?.fund ||
      "non_fiscal",
  }),
};
const USES = {
  total: [
    "这是合计（一行的、一列的或上级科目的）：由其他各格相加，不单独进入数据表，以免重复计算。",
    "A total (of a row, a column or the subjects below it): the sum of other cells. It enters no table of facts, so that nothing is counted twice.",
  ],
  repetition: [
    "另一张表印有同一数字，由那一格进入数据表。",
    "Another table prints the same figure, and that cell enters the marts.",
  ],
  held_back: ["本报告暂缓发布，数字不进入数据表。", "Its report is held back and enters no mart."],
  rejected: ["这一格无法读作数字。", "Nobody can read this cell as a number."],
  unknown: ["所在行没有名称，含义不明。", "Its row has no label, and so no meaning."],
};

function martRows(cell, mart) {
  const keys = { ...MART_KEYS[mart](cell) };
  const where = [
    `report_id = ${quoted(REPORT.report_id)}`,
    ...Object.entries(keys).map(([key, value]) => `${key} = ${quoted(value)}`),
  ];
  const found = records(DATA.marts[mart]).filter((row) =>
    Object.entries(keys).every(([key, value]) => row[key] === value),
  );
  const columns = DATA.marts[mart].columns.filter((column) => found.some((row) => row[column] !== null));
  return make(
    "div",
    { class: "mart" },
    make("p", {}, say("进入 ", "It became a row of "), make("code", {}, `marts.${mart}`), say("：", ":")),
    found.length
      ? make(
          "div",
          { class: "wide" },
          make(
            "table",
            { class: "grid tight" },
            make(
              "tbody",
              {},
              found.flatMap((row) =>
                columns.map((column) =>
                  make(
                    "tr",
                    {},
                    make("th", { scope: "row" }, column),
                    make(
                      "td",
                      { class: column.endsWith("_yuan") ? "number" : null },
                      column.endsWith("_yuan") ? spelled(row[column]) : String(row[column]),
                    ),
                  ),
                ),
              ),
            ),
          ),
        )
      : null,
    queryBox(`select *\nfrom marts.${mart}\nwhere ${where.join("\n    and ")}`),
  );
}

function side(result, sign) {
  return make(
    "ul",
    { class: "terms" },
    result.terms
      .filter(([coefficient]) => coefficient === sign)
      .map(([, no]) => cells[no])
      .sort((a, b) => (a.text ? 0 : 1) - (b.text ? 0 : 1))
      .map((cell) => {
        return make(
          "li",
          { class: cell.text ? null : "empty" },
          isShown(cell) ? make("a", { href: hashOf(cell) }, placeName(cell)) : make("span", {}, placeName(cell)),
          make("span", { class: "number" }, cell.text || say("空", "blank")),
        );
      }),
  );
}

/** An instance of an identity with both sides. */
function instanceBox(result, open) {
  const left = result.terms.some(([coefficient]) => coefficient === 1),
    right = result.terms.some(([coefficient]) => coefficient === -1);
  return make(
    "details",
    { class: `instance ${result.status}`, open },
    make(
      "summary",
      {},
      mark(STATUSES, result.status),
      make("span", {}, title(result.identity), make("small", {}, ` ${instanceName(result)}`)),
    ),
    make(
      "div",
      { class: "instance-body" },
      make("p", {}, sentence(result)),
      result.terms.length
        ? make(
            "div",
            { class: "sides" },
            make(
              "div",
              {},
              make(
                "h4",
                {},
                say("左边", "One side"),
                make("span", { class: "number" }, ` ${valueText(result, result.left)}`),
              ),
              left ? side(result, 1) : null,
            ),
            make(
              "div",
              {},
              make(
                "h4",
                {},
                say("右边", "Other side"),
                make("span", { class: "number" }, ` ${valueText(result, result.right)}`),
              ),
              right ? side(result, -1) : null,
            ),
          )
        : null,
      result.bound !== null
        ? make(
            "p",
            { class: "faint small" },
            say(
              `差额 ${valueText(result, result.residual || "0")}，舍入上限 ${valueText(result, result.bound)}`,
              `Residual ${valueText(result, result.residual || "0")}, bound ${valueText(result, result.bound)}`,
            ),
          )
        : null,
      make(
        "p",
        { class: "faint small" },
        `${identities.get(result.identity)?.formula || ""}`,
        " ",
        make("code", {}, result.identity),
      ),
    ),
  );
}

let opened = null;
function openCell(cell, scroll) {
  opened = cell;
  for (const box of document.querySelectorAll("td.chosen")) box.classList.remove("chosen");
  const box = document.querySelector(`[data-cell="${cell.no}"]`);
  document.body.classList.add("with-cell");
  if (box) {
    box.classList.add("chosen");
    if (scroll) box.scrollIntoView({ block: narrow() ? "start" : "center", inline: narrow() ? "end" : "center", behavior: "instant" });
  }
  const panel = document.getElementById("cell");
  const of = [...cell.results].sort(byWorst);
  const inForm = cell.table === "project";
  const inMoney =
    !(cell.table === "10" && /vehicle|equipment/.test(cell.row)) && !(inForm && !FUNDING.includes(cell.column));
  const use = inForm && !REPORT.is_released ? "held_back" : cell.use;
  const mart = inForm && REPORT.is_released ? martOfForm(cell) : cell.mart;
  const valueOf = (value) => (inMoney ? asPrinted(value) : value);
  const bad = of.filter((result) => ["broken", "blocked", "waived"].includes(result.status));
  refill(
    panel,
    make(
      "div",
      { class: "cell-head" },
      make("h2", {}, placeName(cell)),
      make(
        "button",
        {
          type: "button",
          class: "close",
          "aria-label": say("关闭", "Close"),
          onclick: () => {
            location.hash = `#${viewOf(cell)}`;
            box?.focus();
          },
        },
        "×",
      ),
    ),
    make(
      "p",
      { class: "printed-as" },
      make("span", {}, say("印作", "Printed")),
      make("b", {}, cell.text || say("（空）", "(blank)")),
      cell.kind === "a" && inMoney && cell.value
        ? make("span", { class: "faint" }, "= ", spelled(cell.value), cell.half ? ` ± ${asPrinted(cell.half)}` : "")
        : null,
      pagesOf(cell),
    ),
    printedCell(cell),
    make(
      "p",
      {},
      mark(STATES, cell.state),
      " ",
      say(...STATES[cell.state].slice(1)),
      say(`，参与 ${of.length} 条勾稽关系`, `, in ${counted(of.length, "identity", "identities")}`),
    ),
    findings
      .filter((finding) => finding.cell === cell || finding.blamed.some((place) => cellAt.get(place.join("/")) === cell))
      .map((finding) =>
        make(
          "p",
          { class: `notice ${finding.contradicts ? "held" : ""}` },
          told(finding),
          " ",
          make("a", { href: `#proof/${finding.no}` }, say("看这处发现", "See the finding")),
        ),
      ),
    cell.suspects.map((suspect) =>
      make(
        "div",
        { class: "notice suspect" },
        make(
          "p",
          {},
          say(
            suspect.suspects_in_cluster === 1
              ? "这一格最可能有误：没有别的同样少的改动能使全部勾稽成立。"
              : `这 ${suspect.suspects_in_cluster} 格中有误，本格是其中之一。`,
            suspect.suspects_in_cluster === 1
              ? "This cell is most likely wrong: no other change of so few cells makes all checks hold."
              : `One of ${suspect.suspects_in_cluster} cells of which some are wrong.`,
          ),
        ),
        make(
          "p",
          {},
          suspect.proposed_value !== null
            ? [
                say("建议值 ", "Proposed value "),
                make("b", {}, printedInTable(suspect) ?? valueOf(suspect.proposed_value)),
                "　",
              ]
            : null,
          suspect.lowest_value !== null || suspect.highest_value !== null
            ? [
                say("可取区间", "Possible from"),
                suspect.lowest_value === null ? "…" : valueOf(suspect.lowest_value),
                say("至", "to"),
                suspect.highest_value === null ? "…" : valueOf(suspect.highest_value),
              ].join(" ")
            : null,
        ),
        make(
          "p",
          { class: "faint small" },
          `${say("类型：", "Kind: ")}${errorName(suspect.error_kind)} · `,
          say(`涉及 ${suspect.broken_instances} 处不符`, `breaks around it: ${suspect.broken_instances}`),
        ),
      ),
    ),
    viewOf(cell) === "tables" && contradictions.some((finding) => finding.cell === cell) ? nextFinding() : null,
    cell.table === "narrative" ? null : make("h3", {}, say("进入哪里", "What became of it")),
    cell.table === "narrative"
      ? null
      : cell.kind === "b"
      ? make(
          "p",
          { class: "faint" },
          inForm
            ? say("空格没有数。", "A blank holds no figure.")
            : say("空格按零计，不产生数据行。", "A blank is zero and makes no row."),
        )
      : cell.kind === "n"
        ? make("p", { class: "faint" }, say("不适用，不产生数据行。", "Not applicable: it makes no row."))
        : mart && DATA.marts[mart]
          ? martRows(cell, mart)
          : make("p", {}, say(...(USES[use] || ["不进入数据表。", "It enters no mart."]))),
    make("h3", {}, say("勾稽关系", "Identities")),
    of.length
      ? of.map((result, place) => instanceBox(result, bad.length ? bad.includes(result) : place === 0))
      : make("p", { class: "faint" }, say("没有勾稽关系涉及这一格。", "No identity holds this cell.")),
  );
  panel.hidden = false;
  panel.scrollTop = 0;
  centrePrinted(panel);
}
function closeCell() {
  opened = null;
  document.getElementById("cell").hidden = true;
  document.body.classList.remove("with-cell");
  for (const box of document.querySelectorAll("td.chosen")) box.classList.remove("chosen");
}
