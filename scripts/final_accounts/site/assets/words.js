// The words of a report's page for what the warehouse says in codes and English sentences: [Chinese, English].
"use strict";

const STATES = {
  // of a cell: from the worst on
  rejected: ["!", "无法读出", "unreadable"],
  suspect: ["?", "可疑", "suspect"],
  broken: ["≠", "不符", "contradicted"],
  waived: ["w", "已豁免", "waived"],
  rounding: ["≈", "舍入之内", "within rounding"],
  exact: ["=", "精确相符", "proved exactly"],
  uncovered: ["·", "未被核对", "not covered"],
};
const STATUSES = {
  // of an instance of an identity
  broken: ["≠", "不符", "broken"],
  blocked: ["!", "受阻", "blocked"],
  waived: ["w", "已豁免", "waived"],
  truncated: ["≈", "截位", "truncated"],
  summed_parts: ["≈", "分项舍入", "summed parts"],
  blank_zeros: ["≈", "零值留空", "blank zeros"],
  rounding: ["≈", "舍入", "rounding"],
  exact: ["=", "精确", "exact"],
  not_evaluable: ["–", "无法核对", "not evaluable"],
};
const FAMILIES = {
  fixed: [
    "表内固定项",
    "named cells",
    "对照纸面逐格核对：录入有误，或报表公布时即有误。",
    "Read the cells beside the paper: a typing error, or the table was published wrong.",
  ],
  row: [
    "行内各栏",
    "columns of a row",
    "该行有一格有误，结合上下级科目可知是哪一格。",
    "One cell of the row is wrong; the hierarchy tells which.",
  ],
  hierarchy: [
    "上下级科目",
    "subjects and those below",
    "下级缺行、金额有误或错行。",
    "A child is missing, has a wrong amount, or a row slipped.",
  ],
  tie: [
    "表间勾稽",
    "between tables",
    "自身合计也不符的那张表有误；若两张表各自成立，请询问部门。",
    "The table whose own sums break is wrong; if neither does, ask the department.",
  ],
  form: [
    "项目自评表",
    "self-evaluation forms",
    "自评表自身矛盾，请部门更正或说明。",
    "The form contradicts itself: the department should correct or explain it.",
  ],
  narrative: [
    "文字说明",
    "narrative",
    "文字与报表不一致，请部门更正文字或报表。",
    "Text and tables disagree: the department should correct one of them.",
  ],
  empty: [
    "空表",
    "empty tables",
    "漏掉了一张表，或某栏误填。",
    "A table was left out, or a column was filled by mistake.",
  ],
  structure: ["表式", "structure", "查找缺失的行或位数。", "Look for the row or digit that is missing."],
  year: ["上下年度", "between years", "上年数经过调整，请询问部门。", "A restatement: ask the department."],
  ratio: ["比率", "ratios", "重新计算比率。", "Compute the rate again."],
};
const PERCENT = new Set(["n_share", "n_change_rate", "n_completion_rate", "p_execution_rate"]);
const POINTS = new Set([
  "p_weights",
  "p_scores",
  "p_total_score",
  "p_execution_points",
  "t10_vehicles",
  "n_project_count",
]);
const MEASURES = {
  amount: ["金额", "amount"],
  share: ["占比", "share"],
  change: ["增减额", "change"],
  change_rate: ["增减率", "change rate"],
  initial_budget: ["年初预算", "initial budget"],
  annual_budget: ["全年预算", "annual budget"],
  completion_rate: ["完成率", "completion rate"],
  count: ["数量", "count"],
};
const KINDS_OF_ERROR = {
  one_digit: ["一位数字错", "one digit"],
  swapped_digits: ["相邻数字颠倒", "swapped digits"],
  lost_digit: ["少一位", "lost digit"],
  extra_digit: ["多一位", "extra digit"],
  sign: ["正负号", "sign"],
  decimal_point: ["小数点", "decimal point"],
  unit_slip: ["单位错", "unit slip"],
  lost_cell: ["漏填", "lost cell"],
  extra_cell: ["误填", "extra cell"],
  other: ["其他", "other"],
  unknown: ["不详", "unknown"],
};
const FORM_COLUMNS = {
  target_declared: ["目标申报数", "target declared"],
  initial_budget: ["预算编制数", "initial budget"],
  annual_budget: ["全年预算数", "annual budget"],
  executed: ["全年执行数", "executed"],
  carried_over: ["资金结(转)余", "carried over"],
  execution_rate: ["执行率", "execution rate"],
  execution_score: ["执行得分", "execution score"],
  level_1: ["一级指标", "level 1"],
  level_2: ["二级指标", "level 2"],
  level_3: ["三级指标", "level 3"],
  initial_target: ["年初指标值", "initial target"],
  adjusted_target: ["调整后指标值", "adjusted target"],
  actual_value: ["实际完成值", "reached"],
  weight: ["分值", "weight"],
  score: ["得分", "score"],
  total_score: ["总分", "total score"],
  deviation_reason: ["偏差原因分析及改进措施", "reason and remedy"],
};
// The reasons of the warehouse are English sentences; these are the same in Chinese. {n}, {m} and {k} are numbers, other gaps any text.
const REASONS = [
  ["{n} is more than {m}: rounding explains {k} at most", "{n} 大于 {m}，四舍五入最多可解释 {k}"],
  ["{n} is more than {m}", "{n} 大于 {m}"],
  ["{n} is not {m}: rounding explains {k} at most", "{n} 不等于 {m}，四舍五入最多可解释 {k}"],
  ["{n} is not {m}", "{n} 不等于 {m}"],
  ["a figure that the rate is of is not printed", "计算比率所需的数字未印出"],
  ["a rate over zero does not exist", "预算为零，完成率不存在"],
  ["the rate is left empty", "完成率未填"],
  ["no printed cell shows it", "表中没有对应的格"],
  ["nothing in it that can be compared", "没有可比对的内容"],
  ["nothing of the kind is printed", "未印出此类内容"],
  ["the year before is not {known}", "没有上年报告"],
  ["table {a} is not printed", "未印 {a} 表"],
  ["table {a} prints no row {b}", "{a} 表没有 {b} 行"],
  ["table {a} prints {b} for class {c}, the section does not name it", "{a}表 {c} 类印有 {b}，该段文字未提及"],
  ["table {a} is empty, its column in table 04 is not", "{a} 表为空，04表对应的栏不空"],
  ["table {a} is not empty, its column in table 04 is empty", "{a} 表不空，04表对应的栏为空"],
  ["table {a} is empty, but no note says so", "{a} 表为空，表下没有说明"],
  ["table {a} has amounts, but a note says that it is empty", "{a} 表有数，表下却说明无数据"],
  ["table {a} is empty, but the narrative does not say so", "{a} 表为空，文字未说明"],
  ["table {a} has amounts, but the narrative says that it is empty", "{a} 表有数，文字却称没有"],
  ["«{a}» is named, its cell in table 06 is blank", "文字提到“{a}”，06表该格为空"],
  ["«{a}» is named, table 06 has no such account", "文字提到“{a}”，06表无此科目"],
  ["the narrative counts {a} projects, {b} forms are printed", "文字称 {a} 个项目，实印 {b} 份自评表"],
  ["the narrative counts {a} projects, no form is printed", "文字称 {a} 个项目，未印自评表"],
  ["the narrative speaks of grades «{a}», the form of {b} prints «{c}»", "文字称等级为“{a}”，“{b}”的自评表印的是“{c}”"],
  ["the change says «{a}», the rate «{b}»", "增减额用语“{a}”，增减率用语“{b}”"],
  ["scored {a} of {b}, the reason given is «»", "满分 {b}，得 {a}，未写扣分原因"],
  ["scored {a} of {b}, the reason given is «{c}»", "满分 {b}，得 {a}，扣分原因写作“{c}”"],
  ["target {a}, reached {b}, full marks", "目标 {a}，实际 {b}，却得满分"],
  ["total score {a}, grade {b}", "总分 {a}，等级 {b}"],
  ["the cost reached is {a}, executed were {b} yuan", "成本指标完成 {a}，实际执行 {b} 元"],
  ["line numbers jump from {a} to {b}", "行次不连续：{a} 之后是 {b}"],
  ["printed as {a}, the table prints {b} decimals", "印作 {a}，本表其他金额为 {b} 位小数"],
  ["{a} accounts are named, {b} of them have no amount in table 06: {c} and others", "提及 {a} 个科目，其中 {b} 个在06表没有数：{c}等"],
  ["{a} accounts are named, {b} of them have no amount in table 06: {c}", "提及 {a} 个科目，其中 {b} 个在06表没有数：{c}"],
  ["the form of {a} has no class {b}; first in table {c}", "{a} 年的表没有 {b} 类，最先出现在 {c} 表"],
  ["class {a} is printed as {b}, which is class {c}", "{a} 类印作“{b}”，那是 {c} 类的名称"],
  ["{a} is printed as {b}", "{a} 印作 {b}"],
  ["table {a} is listed, but no row of it is printed and no note says that it is empty", "目录列有 {a} 表，但既没有印出任何行，也没有说明是空表"],
  ["table {a} has rows, but is not listed", "{a} 表印有数据，目录却没有列出"],
  ["no table is listed", "没有列出任何表"],
  ["«{a}» is {b} of {c} yuan, the text says «{d}»", "“{a}”为 {b} 元，预算 {c} 元，文字却称“{d}”"],
  ["the text speaks of {a} as its own year: «{b}» and {c} more", "文字把 {a} 年当作本年：“{b}”，另有 {c} 处"],
  ["the text speaks of {a} as its own year: «{b}»", "文字把 {a} 年当作本年：“{b}”"],
].map(([en, zh]) => [
  new RegExp(`^${en.replace(/\{([nmk])\}/g, "(?<$1>\\S+)").replace(/\{(\w+)\}/g, "(?<$1>.+?)")}$`, "s"),
  zh,
]);
const reasonText = (reason) => {
  if (!reason || settings.language === "en") return reason || "";
  for (const [pattern, zh] of REASONS) {
    const found = pattern.exec(reason);
    if (found) return zh.replace(/\{(\w+)\}/g, (_, gap) => found.groups[gap]).replaceAll("(empty)", "（空）");
  }
  return reason;
};
