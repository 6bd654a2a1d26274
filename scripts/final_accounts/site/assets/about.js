// The glossary: what the pages say, and the terms that reports explain themselves.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const OWN = [
    ["格", "cell", "印出的一个数，以报告、表、行、栏为址", "one printed figure, by report, table, row and column"],
    ["勾稽关系", "identity", "几格之间应当成立的关系", "what should hold between some cells"],
    ["精确相符", "proved exactly", "印出的数恰好相符", "the printed figures add up"],
    ["舍入之内", "within rounding", "不等，但四舍五入可以解释", "they do not, but rounding explains it"],
    ["发现", "finding", "一个原因造成的不符，算一处", "what fails by one cause, counted once"],
    ["被指有误", "blamed", "改动这一格就能使相关核对成立", "a change of this cell mends the checks that fail"],
    ["参与不符", "part of a contradiction", "与不成立的核对有关，但未必有误", "in a check that fails, and not therefore wrong"],
    ["暂缓发布", "held back", "报表自身不平，或有数字无法读出，数字不进入汇总", "the tables do not add up, or figures cannot be read: none enters a sum"],
    ["万元、亿元", "wan yuan, yi yuan", "一万元；一亿元", "10,000 yuan; 100,000,000 yuan"],
    ["部门决算", "departmental final accounts", "部门一年实际收支的报告", "the report of what a department received and spent in a year"],
    ["年初预算", "initial budget", "年初批准的预算", "the budget as granted at the beginning of the year"],
    ["“三公”经费", "three public expenses", "因公出国（境）、公务用车、公务接待", "trips abroad, official vehicles, receptions"],
    ["结转结余", "balance carried over", "当年没有用完、留到下年的钱", "money of the year that is left for the next"],
  ];
  const view = document.getElementById("view");
  painted(() => {
    const terms = records(DATA.terms);
    refill(
      view,
      grid(
        [say("词", "Word"), say("英文", "In Chinese"), say("意思", "Meaning")],
        OWN.map(([zh, en, means, meaning]) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, say(zh, en)),
            make("td", { class: "faint", lang: say("en", "zh-CN") }, say(en, zh)),
            make("td", {}, say(means, meaning)),
          ),
        ),
      ),
      terms.length
        ? [
            make("h3", {}, say("报告自己解释的名词", "Terms as the reports explain them (in Chinese, as printed)")),
            grid(
              [say("名词", "Term"), say("解释", "Explanation")],
              terms.map((row) =>
                make("tr", { lang: "zh-CN" }, make("th", { scope: "row" }, row.term), make("td", {}, row.definition)),
              ),
            ),
          ]
        : null,
    );
  });
});
