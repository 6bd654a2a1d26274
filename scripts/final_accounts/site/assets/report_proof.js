// The proof of a report as a list: breaks first, each as a sentence with its figures and the remedy.
"use strict";

const WAYS_OF_PRINTING = ["rounding", "truncated", "summed_parts", "blank_zeros"];
/** The status of a check; what fails for information only contradicts nothing. */
const stateOf = (result) => (result.status === "broken" && result.severity === "info" ? "info" : result.status);
const ofKind = (kind) => findings.filter((finding) => finding.kind === kind);

function paintProof(view) {
  const counts = new Map();
  for (const result of results) {
    const group = family(result.identity);
    if (!counts.has(group)) counts.set(group, {});
    const state = stateOf(result);
    counts.get(group)[state] = (counts.get(group)[state] || 0) + 1;
  }
  const total = (status) => [...counts.values()].reduce((all, each) => all + (each[status] || 0), 0);
  const shown = ["exact", ...WAYS_OF_PRINTING, "broken", "info", "blocked", "waived", "not_evaluable"].filter(total);
  const rest = results.filter((result) => WAYS_OF_PRINTING.includes(result.status)).sort(byWorst);
  const failed = total("broken") + total("info");
  const silent = results.filter((result) => result.status === "not_evaluable");
  const reasons = new Map();
  for (const result of silent) {
    const key = `${result.identity}\t${result.reason || ""}`;
    reasons.set(key, (reasons.get(key) || 0) + 1);
  }

  refill(
    view,
    make(
      "div",
      { class: "summary" },
      make(
        "p",
        {},
        say(
          `${findings.length} 处发现：${contradictions.length} 处矛盾，${ofKind("flaw").length} 处疏漏，${ofKind("info").length} 处提示；`,
          `Findings: ${findings.length}. Contradictions: ${contradictions.length}; left out, or out of form: ` +
            `${ofKind("flaw").length}; for information: ${ofKind("info").length}. `,
        ),
        say(
          `出自 ${results.length.toLocaleString()} 次核对中不成立的 ${failed.toLocaleString()} 次。`,
          `They come from ${failed.toLocaleString()} of ${results.length.toLocaleString()} checks.`,
        ),
      ),
    ),
    REPORT.is_released
      ? null
      : make(
          "p",
          { class: "notice held" },
          heldBack(),
        ),
    records(DATA.rejected).map((row) =>
      make(
        "p",
        { class: "notice held" },
        `${row.raw_table} ${row.row_key || row.row_no} ${row.column_name}：${row.printed_text || ""} `,
        row.problem || "",
      ),
    ),
    records(DATA.shifted).map((run) =>
      make(
        "p",
        { class: "notice held" },
        say(
          `${run.table_no}表第${run.first_row_no}至${run.last_row_no}行的金额` +
            `${run.direction === "down" ? "低了一行" : "高了一行"}；正确位置见${run.sibling_tables}表。`,
          `In table ${run.table_no} the amounts of rows ${run.first_row_no} to ${run.last_row_no} stand one row too ` +
            `${run.direction === "down" ? "low" : "high"}; table ${run.sibling_tables} shows them in place.`,
        ),
      ),
    ),
    contradictions.length
      ? make("ol", { class: "findings" }, contradictions.map(findingBox))
      : make("p", { class: "notice" }, say("没有发现矛盾。", "No contradiction was found.")),
    [
      ["flaw", "疏漏", "Left out, or out of form"],
      ["info", "供留意", "For information"],
    ].map(([kind, zh, en]) =>
      ofKind(kind).length
        ? [
            make("h2", {}, say(zh, en)),
            make("ol", { class: "findings", start: ofKind(kind)[0].no }, ofKind(kind).map(findingBox)),
          ]
        : null,
    ),
    wrongCells(),
    make("h2", {}, say("全部核对", "All checks")),
    make(
      "p",
      {},
      shown.map((status, place) => [
        place ? say("，", ", ") : "",
        mark(STATUSES, status),
        ` ${say(...STATUSES[status].slice(1))} `,
        make("b", {}, total(status).toLocaleString()),
      ]),
      say("。", "."),
    ),
    grid(
      [
        say("类别", "Family"),
        ...shown.map((status) =>
          make(
            "th",
            { scope: "col", class: "number" },
            mark(STATUSES, status),
            ` ${say(...STATUSES[status].slice(1))}`,
          ),
        ),
      ],
      [...counts.keys()]
        .sort((a, b) => (counts.get(b).broken || 0) - (counts.get(a).broken || 0))
        .map((group) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, FAMILIES[group] ? say(...FAMILIES[group].slice(0, 2)) : group),
            shown.map((status) =>
              make(
                "td",
                { class: `number${status === "broken" && counts.get(group)[status] ? " bad" : ""}` },
                counts.get(group)[status] ? counts.get(group)[status].toLocaleString() : "",
              ),
            ),
          ),
        ),
    ),
    claimsTable(),
    formsTable(),
    rest.length
      ? make(
          "details",
          { class: "more" },
          make(
            "summary",
            {},
            say(`印法可以解释 ${rest.length} 处（四舍五入、截位、分项舍入、零值留空）`, `Explained by the way of printing: ${rest.length} (rounding, cut digits, summed parts, blank zeros)`),
          ),
          rest.map((result) => instanceBox(result, false)),
        )
      : null,
    silent.length
      ? make(
          "details",
          { class: "more" },
          make(
            "summary",
            {},
            say(`无法核对 ${silent.length} 处，及其原因`, `Not evaluable: ${silent.length}, and why`),
          ),
          grid(
            [
              say("勾稽关系", "Identity"),
              say("原因", "Reason"),
              make("th", { class: "number" }, say("处", "Instances")),
            ],
            [...reasons].map(([key, count]) => {
              const [identity, reason] = key.split("\t");
              return make(
                "tr",
                {},
                make("th", { scope: "row" }, title(identity)),
                make("td", {}, reasonText(reason)),
                number(String(count)),
              );
            }),
          ),
        )
      : null,
    make(
      "div",
      { class: "sources" },
      csvButton(
        `${REPORT.page}-proof`,
        ["identity_id", "instance_key", "status", "severity", "left", "right", "residual", "bound", "reason"],
        () =>
          results.map((result) => [
            result.identity,
            result.key,
            result.status,
            result.severity,
            result.left,
            result.right,
            result.residual,
            result.bound,
            result.reason,
          ]),
      ),
      queryBox(
        [
          "select *",
          "from quality.fct_identity_results",
          `where report_id = ${quoted(REPORT.report_id)}`,
          "order by identity_id, instance_key",
        ].join("\n"),
      ),
    ),
  );
}

/** A finding: what was found, the sentence of the report with its page, where it stands, the checks that fail by it. */
function findingBox(finding) {
  const { cell, quote } = finding;
  const of = finding.checks
    .map(([identity, key]) => results.find((result) => result.identity === identity && result.key === key))
    .filter(Boolean);
  const blamed = finding.blamed.map(([table, row]) => ({ table_no: table, row_key: row })).find(printedInTable);
  const remedy = blamed
    ? [
        "",
        "",
        `最可能有误的是文字：应为${printedInTable(blamed)}。请部门更正。`,
        `The text is most likely wrong: it should be ${printedInTable(blamed)}. The department should correct it.`,
      ]
    : of.length ? (finding.kind === "info" ? REMARK : FAMILIES[family(of[0].identity)]) : null;
  const said = remedy
    ? make("p", { class: "remedy" }, make("b", {}, say("如何处理：", "Remedy: ")), say(...remedy.slice(2)))
    : null;
  const contradicts = ["unbalanced", "contradiction"].includes(finding.kind);
  return make(
    "li",
    { class: `finding ${finding.kind}`, id: `proof-${finding.no}`, value: finding.no },
    make("p", { class: "what" }, told(finding)),
    quote
      ? make(
          "blockquote",
          {},
          `“${quote.text}”`,
          make(
            "cite",
            {},
            make(
              "a",
              { href: cell?.table === "narrative" ? hashOf(cell) : `#text/p${quote.paragraph}` },
              quote.page ? say(`报告第${quote.page}页`, `page ${quote.page} of the report`) : say("报告文字", "the text"),
            ),
            " ",
            PAGES[quote.page]
              ? make(
                  "button",
                  { type: "button", onclick: () => openPage(quote.page, cell?.table === "narrative" ? placeOf(cell) : null) },
                  say("看原件", "See it as printed"),
                )
              : null,
          ),
        )
      : null,
    make(
      "p",
      { class: "places" },
      make("span", { class: "tag" }, say(...KINDS[finding.kind])),
      placesOf(finding, of).map((place) => make("a", { href: hashOf(place) }, placeName(place))),
    ),
    contradicts ? said : null,
    make(
      "details",
      { class: "checks" },
      make("summary", {}, say(`依据：${of.length} 项核对`, `Why: ${of.length} check${of.length > 1 ? "s" : ""}`)),
      of.slice(0, 40).map((result, place) => instanceBox(result, place === 0)),
      contradicts ? null : said,
    ),
  );
}
/** The figures that a finding is about, a few of them: those blamed, else those printed on both sides. */
function placesOf(finding, of) {
  const blamed = finding.blamed.map((place) => cellAt.get(place.join("/")));
  const sides = of.slice(0, 1).flatMap((result) => result.terms.map(([, no]) => cells[no]));
  const all = [finding.cell, ...blamed, ...(sides.length > 4 ? sides.filter((cell) => cell.state === "suspect") : sides)];
  return [...new Set(all)].filter((cell) => cell && isShown(cell)).slice(0, 4);
}

function claimsTable() {
  const COMPARED = [
    "n_amount",
    "n_share",
    "n_change_rate",
    "n_completion_rate",
    "n_project_money",
    "n_project_count",
    "n_repeated",
    "n_direction",
  ];
  const of = new Map();
  for (const result of results)
    if (COMPARED.includes(result.identity)) (of.get(result.key) || of.set(result.key, []).get(result.key)).push(result);
  if (!claims.length) return null;
  const lines = claims.map((claim) => {
    const own = (of.get(String(claim.claim_no)) || []).sort(
      (a, b) =>
        WORST.indexOf(a.status) - WORST.indexOf(b.status) ||
        COMPARED.indexOf(a.identity) - COMPARED.indexOf(b.identity),
    );
    return {
      claim,
      worst: own[0],
      compared: own.find((result) => result.right !== null && result.identity !== "n_repeated"),
    };
  });
  const body = (some) =>
    some.map(({ claim, worst, compared }) =>
      make(
        "tr",
        {},
        make("td", { class: "number faint" }, String(claim.page_no ?? "")),
        make(
          "th",
          { scope: "row" },
          spoken(claim.subject),
          make("small", {}, ` ${measureName(claim.measure)}${claim.base ? ` · ${spoken(claim.base)}` : ""}`),
        ),
        number(`${claim.direction ? `${spoken(claim.direction)} ` : ""}${withUnit(claim.value_text, claim.unit)}`),
        make(
          "td",
          { class: "number as-printed" },
          compared
            ? (() => {
                const cell = compared.terms.map(([, no]) => cells[no]).find((each) => /^\d\d$/.test(each.table));
                return cell
                  ? make("a", { href: hashOf(cell) }, valueText(compared, compared.right))
                  : valueText(compared, compared.right);
              })()
            : "—",
        ),
        make(
          "td",
          {},
          worst
            ? [mark(STATUSES, worst.status), ` ${say(...STATUSES[worst.status].slice(1))}`]
            : mark(STATUSES, "not_evaluable"),
        ),
      ),
    );
  const head = () => [
    make("th", { class: "number" }, say("页", "Page")),
    say("文字所说", "What the text speaks of"),
    make("th", { class: "number" }, say("文字的数", "It says")),
    make("th", { class: "number" }, say("表内的数", "The tables give")),
    say("核对", "Check"),
  ];
  const bad = lines.filter(({ worst }) => worst?.status === "broken");
  return [
    make("h2", {}, say("文字说明与报表对照", "The narrative beside the tables")),
    bad.length ? grid(head(), body(bad)) : null,
    make(
      "details",
      { class: "more" },
      make("summary", {}, say(`全部 ${lines.length} 个数字`, `All of ${counted(lines.length, "figure")}`)),
      grid(head(), body(lines)),
    ),
  ];
}

function formsTable() {
  const forms = records(DATA.forms);
  if (!forms.length) return null;
  const own = new Map(forms.map((form) => [String(form.project_no), []]));
  for (const result of results)
    if (family(result.identity) === "form" || result.identity === "n_grade")
      own.get(result.key.split(/[/:]/)[0])?.push(result);
  return [
    make("h2", {}, say("项目绩效自评表", "Self-evaluation forms")),
    grid(
      [
        make("th", { class: "number" }, "#"),
        say("项目", "Project"),
        make("th", { class: "number" }, say("页", "Page")),
        make("th", { class: "number" }, say("核对", "Checks")),
        say("不符", "Broken"),
      ],
      forms.map((form) => {
        const all = own.get(String(form.project_no)),
          bad = all.filter((result) => result.status === "broken");
        return make(
          "tr",
          {},
          number(String(form.project_no)),
          make(
            "th",
            { scope: "row" },
            toCell(`project/${form.project_no}/total/total_score`, projectName(form.project_no)),
          ),
          number(pageRange(form)),
          number(String(all.length)),
          make(
            "td",
            {},
            bad.length
              ? bad.map((result) =>
                  make(
                    "div",
                    {},
                    mark(STATUSES, "broken"),
                    " ",
                    title(result.identity),
                    make("small", { class: "block as-printed" }, sentence(result)),
                  ),
                )
              : mark(STATUSES, "exact"),
          ),
        );
      }),
    ),
  ];
}

/** What a table prints in place of a figure of the text: the one amount that the text repeats. */
function printedInTable(cell) {
  if (cell.table_no !== "narrative") return null;
  const result = results.find((each) => each.identity === "n_amount" && each.key === cell.row_key);
  const printed = (result?.terms ?? []).map(([, no]) => cells[no]).filter((each) => each.table !== "narrative" && each.kind === "a");
  return printed.length === 1 ? say(`${printed[0].text}（${printed[0].table}表）`, `${printed[0].text} (table ${printed[0].table})`) : null;
}

/** Which cells are wrong and what they should be; where several sets of cells explain it, these as alternatives. */
function wrongCells() {
  const suspects = records(DATA.suspects);
  const changes = records(DATA.explanations);
  if (!suspects.length) return null;
  const key = (cell) => `${cell.table_no}/${cell.row_key}/${cell.column_name}`;
  // the likeliest explanation comes first
  const texts = new Map(changes.toReversed().map((change) => [key(change), change.proposed_text]));
  const isScore = (cell) => cell.table_no === "project" && /score|rate/.test(cell.column_name);
  const certainty = (suspect) =>
    suspect.suspects_in_cluster > 1
      ? say(`${suspect.suspects_in_cluster} 格之一`, `one of ${suspect.suspects_in_cluster}`)
      : texts.has(key(suspect))
        ? say("唯一的最小改动", "the only smallest change")
        : say("单独即可解释", "explains it alone");
  const sets = changes[0]?.explanations || 0;
  const numbers = [...new Set(changes.map((change) => change.explanation_no))];
  const sentences = (no) =>
    [...new Set(changes.filter((change) => change.explanation_no === no).map((change) => change.error_kind))]
      .filter((kind) => STRUCTURES[kind])
      .map((kind) => say(...STRUCTURES[kind]));
  return [
    make("h2", {}, say("哪些格最可能有误", "Which cells are most likely wrong")),
    sets === 1 ? sentences(1).map((sentence) => make("p", {}, sentence)) : null,
    wrongCellTable(
      suspects.toSorted((a, b) => (a.suspects_in_cluster > 1) - (b.suspects_in_cluster > 1)),
      (suspect) => printedInTable(suspect) ?? texts.get(key(suspect)) ?? (isScore(suspect) ? suspect.proposed_value : asPrinted(suspect.proposed_value)),
      certainty,
    ),
    sets > 1
      ? [
          make(
            "p",
            {},
            say(
              `有 ${sets} 组改法同样能使全部勾稽成立，最可能的在前：`,
              `${sets} sets of changes mend everything equally, the likeliest first:`,
            ),
          ),
          numbers.map((no) =>
            make(
              "details",
              { class: "more", open: no === 1 },
              make("summary", {}, say(`改法 ${no}`, `Set ${no}`), ...sentences(no).map((sentence) => ` · ${sentence}`)),
              wrongCellTable(
                changes.filter((change) => change.explanation_no === no),
                (change) => printedInTable(change) ?? change.proposed_text ?? "—",
              ),
            ),
          ),
        ]
      : null,
  ];
}

function wrongCellTable(wrong, proposed, certainty) {
  return grid(
    [
      say("位置", "Place"),
      make("th", { class: "number" }, say("印作", "Printed")),
      make("th", { class: "number" }, say("应为", "It should be")),
      say("类型", "Kind"),
      ...(certainty ? [say("依据", "Because it is")] : []),
    ],
    wrong.map((cell) => {
      const place = { table: cell.table_no, row: cell.row_key, column: cell.column_name };
      return make(
        "tr",
        {},
        make(
          "th",
          { scope: "row" },
          cellAt.has(`${place.table}/${place.row}/${place.column}`) && isShown(place)
            ? make("a", { href: hashOf(place) }, placeName(place))
            : placeName(place),
        ),
        number(cell.printed_text || say("空", "blank")),
        number(proposed(cell)),
        make("td", {}, errorName(cell.error_kind)),
        certainty ? make("td", {}, certainty(cell)) : null,
      );
    }),
  );
}
