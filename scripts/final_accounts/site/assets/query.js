// SQL over the file of the release, in the browser: DuckDB-Wasm, served beside the pages; nothing comes from elsewhere.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const FILE = "final_accounts.duckdb";
  const MOST = 1000; // rows that are shown; the CSV has all
  const QUERIES = [
    [
      "花得最多的科目",
      "What each report spent most on",
      "select department_name, fiscal_year, subject_name, amount_yuan, share_of_total\nfrom reporting.rpt_largest_items\njoin marts.dim_departments using (department_id)\norder by amount_yuan desc",
    ],
    [
      "部门的一年",
      "A department's year",
      "select department_name, fiscal_year, revenue_yuan, expenditure_yuan, basic_expenditure_yuan, project_expenditure_yuan\nfrom reporting.rpt_department_years\norder by department_name, fiscal_year",
    ],
    [
      "按功能分类的支出",
      "Spending by class",
      "select report_id, subject_code, subject_name, amount_yuan, share_of_total\nfrom reporting.rpt_subject_totals\nwhere subject_level = 'class'\norder by amount_yuan desc",
    ],
    [
      "报告违反了哪些勾稽关系",
      "Which identities a report breaks",
      "select report_id, severity, title_zh, title, instances, largest_residual_yuan\nfrom reporting.rpt_contradictions\norder by largest_residual_yuan desc nulls last",
    ],
    [
      "一个数字印在哪里",
      "Where a figure is printed",
      "select report_id, table_no, row_key, column_name, printed_text, amount_yuan, page_no, page_from, page_to\nfrom quality.fct_report_cells\njoin quality.fct_report_tables using (report_id, table_no)\nwhere subject_code = '2230102' and amount_yuan is not null",
    ],
    [
      "“三公”经费：预算与决算",
      "Three public expenses: budget and final",
      "select report_id, expense_item_zh, budget_yuan, final_yuan, completion_rate\nfrom reporting.rpt_three_public\norder by report_id, expense_item",
    ],
  ];
  const view = document.getElementById("view");
  const command = (zh, en, text) =>
    refill(view, make("p", { class: "notice" }, say(zh, en)), make("pre", { class: "sql" }, text));

  const asked = () => new URLSearchParams(location.hash.slice(1)).get("q");
  let connection = null;

  /** DuckDB over the file; loaded once. */
  async function opened() {
    const source = async (name) => {
      const answer = await fetch(`packages/${name}`);
      if (!answer.ok) throw new Error("packages");
      return answer.text();
    };
    const [arrow, code] = await Promise.all([source("Arrow.es2015.min.js"), source("duckdb-browser.cjs")]);
    const module = { exports: {} };
    const of = {};
    new Function("exports", "module", arrow).call(of, of, undefined);
    new Function("require", "module", "exports", code)(() => of.Arrow || of, module, module.exports);
    const duckdb = module.exports;
    const database = new duckdb.AsyncDuckDB(
      new duckdb.VoidLogger(),
      new Worker("packages/duckdb-browser-eh.worker.js"),
    );
    await database.instantiate(new URL("packages/duckdb-eh.wasm", location.href).href);
    const file = await fetch(FILE);
    await database.registerFileBuffer(FILE, new Uint8Array(await file.arrayBuffer()));
    const made = await database.connect();
    await made.query("set autoinstall_known_extensions = false");
    await made.query("set autoload_known_extensions = false");
    await made.query(`attach '${FILE}' as final_accounts (read_only)`);
    await made.query("use final_accounts");
    return made;
  }

  /** Rows as texts: JavaScript has no decimal. */
  async function ask(sql) {
    const query = sql.trim().replace(/;\s*$/, "");
    let table;
    try {
      table = await connection.query(`select cast(columns(*) as varchar) from (${query}\n)`);
    } catch (error) {
      // what is no select has no rows to cast; what is wrong is told for the query as it stands
      table = await connection.query(query);
      if (table.numCols === undefined) throw error;
    }
    const columns = table.schema.fields.map((field) => field.name);
    const rows = table.toArray().map((row) => columns.map((_, place) => {
      const value = [...row][place][1];
      return value === null ? null : String(value);
    }));
    return { columns, rows };
  }

  /** The types of the columns of a query; of what is no select nothing is known. */
  async function typesOf(sql) {
    try {
      const told = await connection.query(`describe ${sql.trim().replace(/;\s*$/, "")}`);
      return told.toArray().map((row) => String([...row][1][1]));
    } catch {
      return [];
    }
  }
  /** A comment, whose names of code stand between backticks. */
  const spelled = (text) => text.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));

  async function paint() {
    if (location.protocol === "file:") {
      command(
        "浏览器不让由文件打开的网页读取数据库。运行下面的命令，再打开它说的地址：",
        "A page that is opened from a file may not read the database. Run this, and open the address that it tells:",
        "scripts/setup browser\nscripts/site --serve",
      );
      return;
    }
    if (!connection) {
      refill(view, make("p", { class: "notice", id: "loading" }, say("正在打开数据库……", "Opening the file …")));
      try {
        connection = await opened();
      } catch (error) {
        if (error.message === "packages")
          command("还缺浏览器中的 DuckDB，一条命令装上：", "DuckDB for the browser is missing; one command installs it:", "scripts/setup browser");
        else refill(view, make("p", { class: "notice held" }, String(error.message || error)));
        return;
      }
    }
    const tables = await ask(
      "select schema_name || '.' || table_name as name, column_name, data_type, comment from duckdb_columns() " +
        "where database_name = 'final_accounts' and schema_name in ('marts', 'reporting', 'quality') " +
        // what reads most easily first
        "order by list_position(['reporting', 'marts', 'quality'], schema_name), table_name, column_index",
    );
    const comments = new Map(
      (
        await ask(
          "select schema_name || '.' || table_name, comment from duckdb_tables() where database_name = 'final_accounts' " +
            "union all select schema_name || '.' || view_name, comment from duckdb_views() " +
            "where database_name = 'final_accounts'",
        )
      ).rows,
    );
    const answer = make("div", { id: "answer", "aria-live": "polite" });
    const box = make("textarea", {
      id: "sql",
      rows: "8",
      spellcheck: "false",
      "aria-label": "SQL",
      onkeydown: (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
      },
    });
    box.value = asked() || QUERIES[0][2];
    async function run() {
      history.replaceState(null, "", `#${new URLSearchParams({ q: box.value })}`);
      refill(answer, make("p", { class: "faint" }, say("正在查询……", "Asking …")));
      const start = performance.now();
      try {
        const { columns, rows } = await ask(box.value);
        const types = await typesOf(box.value);
        const numeric = columns.map((_, place) => /INT|DECIMAL|DOUBLE|FLOAT/.test(types[place] || ""));
        refill(
          answer,
          make(
            "p",
            { class: "count" },
            say(`${rows.length.toLocaleString()} 行，`, `${counted(rows.length, "row")}, `),
            `${Math.round(performance.now() - start)} ms`,
            rows.length > MOST ? say(`；只显示前 ${MOST} 行`, `; the first ${MOST} are shown`) : "",
          ),
          csvButton("query", columns, rows),
          grid(
            columns.map((name, place) => make("th", { scope: "col", class: numeric[place] ? "number" : null }, name)),
            rows
              .slice(0, MOST)
              .map((row) =>
                make(
                  "tr",
                  {},
                  row.map((value, place) => make("td", { class: numeric[place] ? "number" : null }, value ?? "")),
                ),
              ),
            { label: say("结果", "Result"), class: "grid answer" },
          ),
        );
      } catch (error) {
        refill(answer, make("pre", { class: "notice held", id: "error" }, String(error.message || error)));
      }
    }
    const byTable = new Map();
    for (const [name, ...column] of tables.rows) byTable.set(name, [...(byTable.get(name) || []), column]);
    const listed = [...byTable].map(([name, columns]) => {
      // its first sentence, over however many lines
      const comment = (comments.get(name) || "").split("\n\n")[0].replaceAll("\n", " ").split(/(?<=\.) /u)[0];
      return [
        [name, comment, ...columns.flat()].join("\n").toLowerCase(),
        make(
          "details",
          {},
          make("summary", {}, make("code", {}, name), make("small", { class: "block faint" }, spelled(comment))),
          make(
            "dl",
            {},
            columns.map(([column, type, text]) => [
              make("dt", {}, make("code", {}, column), make("small", {}, ` ${type.toLowerCase()}`)),
              make("dd", {}, spelled(text || "")),
            ]),
          ),
        ),
      ];
    });
    const find = (words) => {
      for (const [text, element] of listed)
        element.hidden = !words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
    };
    refill(
      view,
      make(
        "p",
        { class: "faint" },
        say(
          "金额以元计。空格表示不知道，不是零；印出的表中的空白格按零计。地址栏里的链接就是这条查询。",
          "Amounts are in yuan. Empty is unknown, and not zero; a blank cell of a printed table counts as zero. The address is a link to this query.",
        ),
      ),
      make(
        "div",
        { class: "asking" },
        make(
          "div",
          {},
          make(
            "p",
            { class: "starts" },
            QUERIES.map(([zh, en, sql]) =>
              make(
                "button",
                {
                  type: "button",
                  class: "quiet",
                  onclick: () => {
                    box.value = sql;
                    run();
                  },
                },
                say(zh, en),
              ),
            ),
          ),
          box,
          make("p", {}, make("button", { type: "button", id: "run", onclick: run }, say("查询（Ctrl+Enter）", "Run (Ctrl+Enter)"))),
          answer,
        ),
        make(
          "aside",
          { class: "tables" },
          make("h2", {}, say("表与列", "Tables and columns")),
          make("input", {
            type: "search",
            id: "find-table",
            placeholder: say("找表、列或说明", "Find a table, column or word"),
            "aria-label": say("找表、列或说明", "Find a table, column or word"),
            oninput: (event) => find(event.target.value),
          }),
          listed.map(([, element]) => element),
        ),
      ),
    );
    if (asked()) run();
  }
  painted(paint);
});
