// The text of the report, its figures coloured like cells of a table; each leads to what it was compared with.
"use strict";

/** Where the figures of a paragraph stand in it: [from, to, claim], each found behind the one before it if it is there. */
function figuresIn(paragraph, stated) {
  const places = [];
  let after = 0;
  for (const claim of stated) {
    if (!claim.value_text) continue;
    const printed = `${claim.value_text}${claim.unit || ""}`;
    const found = [printed, claim.value_text]
      .flatMap((wanted) => [
        [paragraph.indexOf(wanted, after), wanted],
        [paragraph.indexOf(wanted), wanted],
      ])
      .find(([from]) => from >= 0);
    if (!found) continue;
    const [from, wanted] = found;
    const same = places.find((place) => place.from === from);
    if (same) same.claims.push(claim);
    else if (!places.some((place) => from < place.to && place.from < from + wanted.length))
      places.push({ from, to: from + wanted.length, claims: [claim] });
    after = Math.max(after, from + wanted.length);
  }
  return places.sort((a, b) => a.from - b.from);
}

const BY_GRAVITY = ["rejected", "suspect", "broken", "waived", "rounding", "exact", "info", "uncovered"];

function paragraphBox(paragraph, isFirstOfPage) {
  const printed = paragraph.paragraph_text;
  const pieces = [];
  let from = 0;
  for (const place of figuresIn(printed, claims.filter((claim) => claim.paragraph_no === paragraph.paragraph_no))) {
    const own = place.claims
      .map((claim) => cellAt.get(`narrative/${claim.claim_no}/claim`))
      .sort((a, b) => BY_GRAVITY.indexOf(a.state) - BY_GRAVITY.indexOf(b.state));
    const [cell] = own;
    const [sign, zh, en] = STATES[cell.state];
    pieces.push(
      printed.slice(from, place.from),
      make(
        "a",
        { class: `claim ${cell.state}`, href: hashOf(cell), "data-cell": cell.no, title: say(zh, en) },
        printed.slice(place.from, place.to),
        make("i", { "aria-hidden": "true" }, sign),
      ),
    );
    from = place.to;
  }
  pieces.push(printed.slice(from));
  const about = findings.filter((finding) => finding.quote?.paragraph === paragraph.paragraph_no);
  return make(
    "div",
    { class: "paragraph", id: `text-p${paragraph.paragraph_no}` },
    make("span", { class: "page" }, isFirstOfPage && paragraph.page_no ? say(`第${paragraph.page_no}页`, `p. ${paragraph.page_no}`) : ""),
    make(
      "div",
      {},
      make("p", {}, pieces),
      about.map((finding) =>
        make("p", { class: `aside-finding ${finding.kind}` }, make("a", { href: `#proof/${finding.no}` }, told(finding))),
      ),
    ),
  );
}

function paintText(view) {
  const paragraphs = records(DATA.paragraphs).filter((paragraph) => paragraph.paragraph_text);
  if (!paragraphs.length) {
    refill(
      view,
      make(
        "p",
        { class: "notice" },
        DATA.paragraphs.rows.length
          ? say("本发布不含报告文字：其中可能有个人姓名。", "This release is without the text of the report: it may name a person.")
          : say("报告没有印出文字说明，或没有读到。", "The report prints no text, or none was read."),
      ),
    );
    return;
  }
  const stated = claims.map((claim) => cellAt.get(`narrative/${claim.claim_no}/claim`));
  let section = null,
    page = null;
  refill(
    view,
    make(
      "p",
      { class: "faint" },
      say("点击文字中的数字，可看它与哪一格、哪一算式相比。", "A click on a figure shows the cell or the sum that it was compared with."),
    ),
    legendOf(stated),
    paragraphs.map((paragraph) => {
      const title = [paragraph.section, paragraph.subsection].filter(Boolean).join(" ");
      const head = title !== section && title ? make("h2", {}, title) : null;
      section = title;
      const isFirst = page !== paragraph.page_no;
      page = paragraph.page_no;
      return [head, paragraphBox(paragraph, isFirst)];
    }),
  );
}
