// The list of all reports: search, filter, sort; only the rows of one screen are in the page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const PER_PAGE = 50;
  const reports = records(DATA);
  for (const [place, report] of reports.entries()) {
    report.place = place;
    report.state = !report.is_released ? "held" : report.contradictions > 0 ? "contradicted" : "proved";
  }
  const STATES = {
    proved: ["✓", "无矛盾", "No contradiction"],
    contradicted: ["≠", "有矛盾", "Contradicts itself"],
    held: ["✗", "暂缓发布", "Held back"],
  };
  const state = {
    text: "",
    level: "",
    year: "",
    division: "",
    state: "",
    origin: "",
    sort: "expenditure_yuan",
    down: true,
    page: 0,
  };
  const fromHash = new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(state))
    if (fromHash.has(key)) {
      state[key] =
        key === "page"
          ? Number(fromHash.get(key)) || 0
          : key === "down"
            ? fromHash.get(key) === "true"
            : fromHash.get(key);
    }
  const origins = new Set(reports.map((report) => report.origin === "synthetic"));
  const view = document.getElementById("view");
  const distinct = (key) => [
    ...new Set(reports.map((report) => report[key]).filter((value) => value !== null && value !== "")),
  ];
  const sorts = {
    // money by its value, text by its reading
    department_name: (a, b) => String(a.department_name || "").localeCompare(String(b.department_name || ""), "zh"),
    division_name: (a, b) => String(a.division_name || "").localeCompare(String(b.division_name || ""), "zh"),
    government_level: (a, b) =>
      Object.keys(LEVELS).indexOf(a.government_level) - Object.keys(LEVELS).indexOf(b.government_level),
    fiscal_year: (a, b) => a.fiscal_year - b.fiscal_year,
    state: (a, b) => b.is_released - a.is_released || a.contradictions - b.contradictions,
  };
  for (const key of ["revenue_yuan", "expenditure_yuan", "project_share"]) {
    sorts[key] = (a, b) => Number(a[key] ?? -1) - Number(b[key] ?? -1);
  }

  let results, count, pager;
  // what was last found in texts and tables: for which search, and for each word the places of reports
  let texts = { text: "", places: new Map() };
  const askTexts = async () => {
    const text = state.text;
    const places = await inTexts(wordsIn(text), DATA.text_files);
    if (text !== state.text) return;
    texts = { text, places };
    if ([...places.values()].some((some) => some?.size)) fill();
  };
  const isInText = (word, report) => texts.text === state.text && texts.places.get(word)?.has(report.place);
  /** The word of the search that only the tables or the text of a report have. */
  const inside = (report) => wordsIn(state.text).find((word) => !isNamed(word, report)) ?? "";
  const matching = () => {
    const words = wordsIn(state.text);
    const found = reports.filter(
      (report) =>
        ((report.isNamed = words.every((word) => isNamed(word, report))) ||
          words.every((word) => isNamed(word, report) || isInText(word, report))) &&
        (!state.level || report.government_level === state.level) &&
        (!state.year || String(report.fiscal_year) === state.year) &&
        (!state.division || report.division_name === state.division) &&
        (!state.state || report.state === state.state) &&
        (!state.origin || (report.origin === "synthetic") === (state.origin === "synthetic")),
    );
    const order = sorts[state.sort] || sorts.expenditure_yuan;
    return found.sort((a, b) => (state.down ? -1 : 1) * order(a, b) || (a.report_id < b.report_id ? -1 : 1));
  };

  function badge(report) {
    const [mark, zh, en] = STATES[report.state];
    return make(
      "span",
      { class: `badge ${report.state}` },
      make("b", { "aria-hidden": "true" }, mark),
      ` ${say(zh, en)}`,
      report.contradictions ? ` ${report.contradictions}` : "",
    );
  }

  function fill() {
    const found = matching();
    state.page = Math.min(state.page, Math.max(0, Math.ceil(found.length / PER_PAGE) - 1));
    const shown = found.slice(state.page * PER_PAGE, (state.page + 1) * PER_PAGE);
    results.replaceChildren(
      ...shown.map((report) =>
        make(
          "tr",
          {},
          make(
            "th",
            { scope: "row" },
            make(
              "a",
              { href: `reports/${encodeURIComponent(report.page)}.html` },
              report.department_name || report.report_id,
            ),
            " ",
            make(
              "a",
              { class: "quiet", href: `departments/${encodeURIComponent(report.department_page)}.html` },
              say("历年", "years"),
            ),
            report.isNamed
              ? null
              : make(
                  "a",
                  {
                    class: "quiet",
                    href: `reports/${encodeURIComponent(report.page)}.html#find/${encodeURIComponent(inside(report))}`,
                  },
                  say("表文中提及", "in its tables or text"),
                ),
            report.origin === "synthetic" ? madeUpTag() : null,
            lettersBelow(report.department_name),
          ),
          make("td", { class: "faint" }, report.division_name || ""),
          make("td", {}, levelName(report.government_level)),
          make("td", { class: "number" }, String(report.fiscal_year ?? "")),
          amountCell(report.revenue_yuan),
          amountCell(report.expenditure_yuan, { "data-label": report.expenditure_yuan === null ? null : say("支出", "Spent") }),
          number(percent(report.project_share)),
          make("td", {}, badge(report)),
        ),
      ),
    );
    if (!shown.length)
      results.append(
        make("tr", {}, make("td", { colspan: 8, class: "faint" }, say("没有符合条件的报告。", "No report matches."))),
      );
    const madeUp = found.filter((report) => report.origin === "synthetic").length;
    count.textContent =
      say(`共 ${found.length.toLocaleString()} 份报告`, counted(found.length, "report")) +
      (madeUp ? say(`，其中 ${madeUp.toLocaleString()} 份是生成的示例`, `, ${madeUp.toLocaleString()} of them made up`) : "");
    const last = Math.max(0, Math.ceil(found.length / PER_PAGE) - 1);
    const turn = (page, text, label) =>
      make(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-label": label,
          disabled: page < 0 || page > last,
          onclick: () => {
            state.page = page;
            fill();
          },
        },
        text,
      );
    pager.replaceChildren(
      ...(last
        ? [
            turn(state.page - 1, "‹", say("上一页", "Previous")),
            ` ${state.page + 1} / ${last + 1} `,
            turn(state.page + 1, "›", say("下一页", "Next")),
          ]
        : []),
    );
    const kept = Object.entries(state).filter(([key, value]) => value !== "" && !(key === "page" && value === 0));
    history.replaceState(null, "", "#" + new URLSearchParams(kept));
  }

  painted(() => {
    const input = make("input", {
      type: "search",
      id: "search",
      value: state.text,
      placeholder: say("部门、科目、金额或文中的词", "Department, subject, amount or word"),
      title: say("部门、地区、年度、拼音、文中的词、科目或金额", "Department, division, year, pinyin, subject, amount, word of the text"),
      "aria-label": say("搜索报告", "Search reports"),
      oninput: (event) => {
        state.text = event.target.value;
        state.page = 0;
        fill();
        askTexts();
      },
    });
    const choice = (key, label, options) =>
      make(
        "label",
        { class: "choice" },
        make("span", { class: "unseen" }, label),
        make(
          "select",
          {
            "data-filter": key,
            onchange: (event) => {
              state[key] = event.target.value;
              state.page = 0;
              fill();
            },
          },
          make("option", { value: "" }, label),
          options.map(([value, text]) => make("option", { value, selected: state[key] === String(value) }, text)),
        ),
      );
    count = make("p", { class: "count", "aria-live": "polite" });
    pager = make("p", { class: "pager" });
    results = make("tbody", {});
    const heads = [
      ["department_name", say("部门", "Department")],
      ["division_name", say("地区", "Division")],
      ["government_level", say("级次", "Level")],
      ["fiscal_year", say("年度", "Year")],
      ["revenue_yuan", `${say("收入", "Revenue")} (${unitName()})`],
      ["expenditure_yuan", `${say("支出", "Expenditure")} (${unitName()})`],
      ["project_share", say("项目支出占比", "Project share")],
      ["state", say("核对", "Proof")],
    ];
    const table = make(
      "table",
      { class: "grid reports" },
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          heads.map(([key, text], place) =>
            make(
              "th",
              {
                scope: "col",
                class: place > 2 && place < 7 ? "number" : null,
                "aria-sort": state.sort === key ? (state.down ? "descending" : "ascending") : "none",
              },
              make(
                "button",
                {
                  type: "button",
                  class: "sort",
                  "data-sort": key,
                  onclick: () => {
                    if (state.sort === key) state.down = !state.down;
                    else {
                      state.sort = key;
                      state.down = place > 2;
                    }
                    repaint();
                    document.querySelector(`[data-sort="${key}"]`).focus();
                  },
                },
                text,
                // a line of its own for it would lift the words of a narrow column above those of its neighbours
                "\u2060",
                make(
                  "span",
                  { class: "arrow", "aria-hidden": "true" },
                  state.sort === key ? (state.down ? " ▾" : " ▴") : "",
                ),
              ),
            ),
          ),
        ),
      ),
      results,
    );
    const order = make(
      "label",
      { class: "choice order" },
      make("span", { class: "unseen" }, say("排序", "Order")),
      make(
        "select",
        {
          onchange: (event) => {
            state.sort = event.target.value;
            state.down = heads.findIndex(([key]) => key === state.sort) > 2;
            repaint();
          },
        },
        heads.map(([key, text]) =>
          make("option", { value: key, selected: state.sort === key }, `${say("按", "By ")}${text}`),
        ),
      ),
    );
    view.replaceChildren(
      make(
        "div",
        { class: "filters" },
        input,
        order,
        choice(
          "division",
          say("全部地区", "All divisions"),
          distinct("division_name")
            .sort((a, b) => a.localeCompare(b, "zh"))
            .map((name) => [name, name]),
        ),
        choice(
          "level",
          say("全部级次", "All levels"),
          distinct("government_level").map((level) => [level, levelName(level)]),
        ),
        choice(
          "year",
          say("全部年度", "All years"),
          distinct("fiscal_year")
            .sort()
            .reverse()
            .map((year) => [year, year]),
        ),
        origins.size > 1
          ? choice("origin", say("全部来源", "Any origin"), [
              ["published", say("部门公布的", "Published")],
              ["synthetic", say("生成的示例", "Made up")],
            ])
          : null,
        choice(
          "state",
          say("全部核对结果", "Any proof"),
          Object.entries(STATES).map(([key, [mark, zh, en]]) => [key, `${mark} ${say(zh, en)}`]),
        ),
      ),
      make(
        "div",
        { class: "bar-line" },
        count,
        csvButton("reports", DATA.columns, () =>
          matching().map((report) => DATA.columns.map((column) => report[column])),
        ),
      ),
      make("div", { class: "wide" }, table),
      pager,
    );
    fill();
  });
  askTexts();
});
