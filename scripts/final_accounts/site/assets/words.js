// The words of a report's page for what the warehouse says in codes and English sentences: [Chinese, English].
"use strict";

const STATES = {
  // of a cell: from the worst on
  rejected: ["!", "无法读出", "unreadable"],
  suspect: ["✗", "被指有误", "blamed"],
  broken: ["≠", "参与不符", "part of a contradiction"],
  waived: ["w", "已豁免", "waived"],
  rounding: ["≈", "舍入之内", "within rounding"],
  exact: ["=", "精确相符", "proved exactly"],
  info: ["i", "仅有提示", "for information"],
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
  info: ["i", "仅有提示", "for information"],
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
    "文字与报表不一致，仅凭报告不能断定哪一方有误：请部门更正文字或报表。",
    "Text and tables disagree, and the report alone does not tell which is wrong: the department should correct one of them.",
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
// What is only a remark contradicts nothing.
const REMARK = ["", "", "这是提示，不是矛盾：供阅读时留意。", "This is a remark, and contradicts nothing: for the reader to know."];
const PERCENT = new Set(LABELS.percent);
const POINTS = new Set(LABELS.points);
// of a finding
const KINDS = LABELS.finding_kinds;
const HOLD_REASONS = {
  identity: ["报表自身不平", "its tables do not add up"],
  unreadable: ["有数字无法读出", "it has figures that cannot be read"],
  contract: ["有数据行不合格式", "it has rows that are not as they must be"],
  publication: ["同一部门同一年度另有一份报告", "there is another report of the department and year"],
};
/** That the report is held back, and why. */
const heldBack = () => {
  const why = records(DATA.held_back).map((row) => say(...(HOLD_REASONS[row.reason_kind] || [row.reason_kind, row.reason_kind])));
  return say(`本报告暂缓发布：${why.join("；")}。`, `This report is held back: ${why.join("; ")}.`);
};
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
  other_unit: ["全表、全行或全列按另一单位填列", "a table, row or column in another unit"],
  swapped_columns: ["两列互换", "two columns exchanged"],
  swapped_rows: ["两行互换", "two rows exchanged"],
  shifted_rows: ["金额错行", "amounts in another row"],
  other_column: ["金额错列", "amount in another column"],
  doubled_row: ["重复的行", "row printed twice"],
  missing_row: ["漏印的行", "row not printed"],
  other_code: ["科目编码错", "row under another code"],
  other: ["其他", "other"],
  unknown: ["不详", "unknown"],
};
// one slip that made many cells wrong
const STRUCTURES = {
  other_unit: ["这些金额按另一单位填列。", "These amounts stand in another unit."],
  swapped_columns: ["两列的金额互换了。", "The amounts of two columns are exchanged."],
  swapped_rows: ["两行的金额互换了。", "The amounts of two rows are exchanged."],
  shifted_rows: ["金额错到了上一行或下一行。", "Amounts stand a row too low or too high."],
  other_column: ["金额填在了同一行的另一列。", "An amount stands in another column of its row."],
  doubled_row: ["有一行印了两次。", "A row is printed twice."],
  missing_row: ["漏印了一行。", "A row is not printed."],
  other_code: ["一行的金额印在了另一科目编码下。", "The amounts of a row stand under another code."],
};
// Why a page of the source is named and not shown.
const HIDDEN_PAGES = {
  not_chosen: ["图片只有含表的页和发现所引用的页", "pictures are of pages with tables and of those that a finding quotes"],
  may_name: ["页上可能有个人姓名，本发布不显示", "it may name a person, and this release does not show it"],
  too_large: ["图片超过设定的大小，未显示", "its picture is larger than the settings allow"],
  too_many: ["图片总量已达设定上限，未显示", "the pictures of this release are as many as the settings allow"],
  unreadable: ["原件无法绘出", "the file cannot be drawn"],
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
// The reasons of the warehouse are English sentences. {n}, {m} and {k} are numbers, other gaps any text.
const REASONS = LABELS.reasons.map(([identity, en, zh]) => [
  identity,
  new RegExp(
    `^${en
      .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
      .replace(/\{([nmk])\}/g, "(?<$1>\\S+)")
      .replace(/\{(\w+)\}/g, "(?<$1>.+?)")}$`,
    "s",
  ),
  zh,
]);
const reasonText = (reason, of) => {
  if (!reason || settings.language === "en") return reason || "";
  for (const [identity, pattern, zh] of REASONS) {
    const found = (!identity || identity === of) && pattern.exec(reason);
    if (found) return zh.replace(/\{(\w+)\}/g, (_, gap) => found.groups[gap]).replaceAll("(empty)", "（空）");
  }
  return reason;
};
