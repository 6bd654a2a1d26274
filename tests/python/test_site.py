"""The site, looked at in a headless Chromium as a reader does; and how it is written."""

import json
import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import jsonschema
import pdfplumber
import pytest
from final_accounts.asking import findings as found
from final_accounts.asking import words
from final_accounts.asking.asker import Asker
from final_accounts.chromium import CHROMIUM, Browser, chromium
from final_accounts.cli.site import main
from final_accounts.ingest.batch import read_file
from final_accounts.ingest.writing import keep_source
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.styles import Style
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.site import packages, queries
from final_accounts.site.pages import page_name, shown_queries, write_site
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP, Warehouse
from projects import REPORTS, SHIPPED, Project, query, read_rows
from test_ingest_tables import GIVEN
from test_ingest_tables import report as shipped_rows

in_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page can be looked at.")

COPIED_FROM, HELD_BACK, THREE_ERRORS = "990202-005-2022", "990202-006-2022", "990202-007-2022"
ADDRESS = "https://example.org/决算.pdf"
HOSTILE = "<script>alert('script')</script><img src=x onerror=alert('image')>&\"'</script>局"
VIEWS = ["figures", "proof", "tables", "text"]


@dataclass(frozen=True)
class Site:
    """A warehouse with several reports, and its pages."""

    database: Path
    out: Path

    def report(self, report_id: str = SHIPPED) -> Path:
        """The page of a report."""
        return self.out / "reports" / f"{page_name(report_id)}.html"


def add_hostile_report(project: Project) -> None:
    """Adds a report that is held back, whose names are code."""
    for file in sorted((REPORTS / COPIED_FROM).glob("*.csv")):
        rows = read_rows(file)
        for row in rows:
            row["report_id"] = HELD_BACK
            for column in ("department_name", "title", "source_file"):
                if column in row:
                    row[column] = HOSTILE
            if "department_code" in row:
                row["department_code"] = "006"
        if file.stem == "expenditure":
            next(row for row in rows if row["subject_code"] == "208")["total"] = "960.40"
        project.write(file.stem, [*project.read(file.stem), *rows])


def add_report_with_three_errors(project: Project) -> None:
    """Adds a report in which three cells of table 03 are wrong: one digit, two swapped, a point moved."""
    wrong = {("208", "total"): "960.40", ("221", "basic"): "84.96", ("223", "project"): "755.00"}
    for file in sorted((REPORTS / COPIED_FROM).glob("*.csv")):
        rows = [row | {"report_id": THREE_ERRORS} for row in read_rows(file)]
        for row in rows:
            if "department_code" in row:
                row["department_code"] = "007"
            if "source_url" in row:
                row |= {"source_file": "决算.pdf", "source_url": ADDRESS}
            if file.stem == "expenditure":
                row |= {column: text for (code, column), text in wrong.items() if row["subject_code"] == code}
        project.write(file.stem, [*project.read(file.stem), *rows])


def keep_print(project: Project, folder: Path) -> None:
    """Keeps a print of the shipped report as if it had been read from it: its file, and the places of its cells."""
    file = folder / "report.pdf"
    print_pdf(shipped_rows(), file, Style())
    result = read_file(file, GIVEN)
    places = [row | {"report_id": SHIPPED} for row in result.rows["cell_places"]]
    project.write("cell_places", [*project.read("cell_places"), *places])
    (row,) = (row for row in project.read("reports") if row["report_id"] == SHIPPED)
    result.rows["reports"][0]["source_sha256"] = row["source_sha256"]
    keep_source(Warehouse.of(project.top).sources, result)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The shipped report with its file, the made-up ones, and one that is held back and full of code."""
    folder = tmp_path_factory.mktemp("site")
    project = Project.copy(folder)
    project.add_reports()
    keep_print(project, folder)
    add_hostile_report(project)
    add_report_with_three_errors(project)
    outcome = project.build()
    assert outcome.status == 3, outcome.err
    warehouse = Warehouse.of(project.top)
    written = write_site(project.published, folder / "site", sources=[warehouse.sources], before=warehouse.site)
    assert written.reports == 6
    return Site(project.published, folder / "site")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with chromium() as started:
        yield started


def looked_at(browser: Browser) -> None:
    """Nothing went wrong on the page, and it asked nothing but files of the site."""
    assert browser.problems == []
    assert [url for url in browser.requests if not url.startswith(("file://", "data:", "about:"))] == []


@in_chromium
@pytest.mark.parametrize("width", [1280, 800, 390])
def test_every_page_renders_without_an_error_or_a_request(site: Site, browser: Browser, width: int) -> None:
    """All pages and views, in both languages, on a desk and on a phone; none is wider than its screen."""
    pages = [(site.out / f"{name}.html", "") for name in ("index", "compare", "about", "query")]
    pages += [(page, "") for page in sorted((site.out / "departments").glob("*.html"))]
    pages += [(page, f"#{view}") for page in sorted((site.out / "reports").glob("*.html")) for view in VIEWS]
    assert len(pages) == 4 + 5 + 6 * 4
    for page, anchor in pages:
        browser.open(page, anchor, width=width)
        assert browser.ask("document.querySelector('main').innerText.trim().length") > 40, (page, anchor)
        assert "[object" not in browser.ask("document.body.innerText"), (page, anchor)
        assert not re.search(r"\b(undefined|null|NaN)\b", browser.ask("document.querySelector('main').innerText")), page
        browser.ask("document.getElementById('language').click()")
        browser.settle()
        looked_at(browser)
        assert browser.ask("document.documentElement.scrollWidth") <= width, (page, anchor)


@in_chromium
@pytest.mark.parametrize("width", [800, 390])
def test_no_table_is_cut_on_a_narrow_screen(site: Site, browser: Browser, width: int) -> None:
    """Rows of what is too wide become lists, each value with its name; a printed table shows that it goes on."""
    pages = [f"reports/{SHIPPED}.html#figures", f"reports/{SHIPPED}.html#proof", "departments/140405-031.html"]
    pages.append(f"compare.html#reports={SHIPPED},140405-031-2024&by=class&as=amount")
    for page in pages:
        name, _, anchor = page.partition("#")
        browser.open(site.out / name, f"#{anchor}" if anchor else "", width=width)
        for _ in ("zh", "en"):
            browser.ask("document.getElementById('language').click()")
            browser.settle()
            cut = """[...document.querySelectorAll("main .wide")].filter((box) => box.scrollWidth > box.clientWidth + 1)
                .map((box) => box.innerText.slice(0, 60))"""
            assert browser.ask(cut) == [], page
            narrow = """[...document.querySelectorAll("main .grid tbody th")]
                .map((box) => box.getClientRects()[0]?.width).filter((wide) => wide < 100)"""
            assert browser.ask(narrow) == [], page
            names = """[...document.querySelectorAll("main .grid td[data-label]")].map((cell) => cell.dataset.label)
                .filter((name) => new Set(name.match(/[\\p{L}]+/gu)).size < (name.match(/[\\p{L}]+/gu) || []).length)"""
            assert browser.ask(names) == [], page
    browser.open(site.report(), "#tables", width=width)
    assert browser.ask("document.querySelectorAll('#table-02 .wide.cut').length") == 1
    assert browser.ask("getComputedStyle(document.querySelector('#table-02 tbody th')).position") == "sticky"


# A page of each kind, and what it and everything that it asks for may weigh, in KB: that of a report has all of it.
KINDS = {
    "index.html": 200,
    "compare.html": 250,
    "about.html": 150,
    "query.html": 150,
    f"departments/{page_name('140405-031')}.html": 200,
    **{f"reports/{SHIPPED}.html#{view}": 1000 for view in (*VIEWS, "tables/08/2230102/project")},
}
# Milliseconds until something is to be seen; most of them are those of a machine on which others work, too.
FIRST_PAINT = 3000


@in_chromium
def test_a_page_of_each_kind_is_light_and_soon_to_be_seen(
    site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """What they weigh and take is printed beside what they may."""
    lines, too_much = [], []
    for page, most in KINDS.items():
        name, _, anchor = page.partition("#")
        browser.open(site.out / name, f"#{anchor}" if anchor else "")
        files = {unquote(urlsplit(url).path) for url in browser.requests if url.startswith("file:")}
        weight = round(sum(Path(file).stat().st_size for file in files) / 1000)
        paint = round(browser.ask("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        lines.append(f"{page:<60} {weight:>5} of {most:>5} KB {paint:>5} of {FIRST_PAINT} ms")
        too_much += [lines[-1]] if weight > most or paint > FIRST_PAINT else []
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert too_much == []


@pytest.fixture(scope="module")
def axe() -> str:
    """The script that looks for what keeps people from reading a page, from npm and held to its hash."""
    folder, pinned = TOP / ".browser", Path(__file__).with_name("axe.json")
    if not packages.is_whole(folder, pinned):
        try:
            packages.fetch(folder, pinned)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"axe-core cannot be fetched: {error}")
    return (folder / "axe.min.js").read_text(encoding="utf-8")


@in_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_of_each_kind(scheme: str, site: Site, browser: Browser, axe: str) -> None:
    """Names, contrast, order, roles: in both schemes."""
    found = []
    for page in KINDS:
        name, _, anchor = page.partition("#")
        browser.open(site.out / name, f"#{anchor}" if anchor else "")
        browser.ask(f"document.documentElement.dataset.scheme = '{scheme}'")
        browser.settle()
        browser.ask(f"{axe}; 0")
        found += browser.ask(
            f"""axe.run({{resultTypes: ["violations"]}}).then(({{violations}}) => violations.map(
                ({{id, nodes}}) => [{json.dumps(page)}, id, nodes[0].html.slice(0, 200), nodes[0].failureSummary]))"""
        )
    assert found == []


@in_chromium
def test_the_panel_of_a_cell_shows_it_on_the_printed_page(site: Site, browser: Browser) -> None:
    """Marked where it is printed, and in sight; a blank one where its row and column cross; and the whole page."""
    browser.open(site.report(), "#tables/08/2230102/project")
    browser.wait("document.querySelector('.page-window img')?.naturalWidth > 1000")
    mark = browser.ask(
        """(() => {
            const [mark, page, seen] = [".page-mark", ".page-picture", ".page-window"]
                .map((name) => document.querySelector(name).getBoundingClientRect());
            return {
                place: [(mark.x - page.x) / page.width, (mark.y - page.y) / page.height,
                    (mark.right - page.x) / page.width, (mark.bottom - page.y) / page.height],
                seen: mark.x >= seen.x && mark.right <= seen.right && mark.y >= seen.y && mark.bottom <= seen.bottom,
            };
        })()"""
    )
    ((page,),) = query(
        site.database,
        """
        select page_no from quality.fct_report_cells
        where report_id = ? and table_no = '08' and row_key = '2230102' and column_name = 'project'
        """,
        SHIPPED,
    )
    with pdfplumber.open(site.database.parents[1] / "report.pdf") as pdf:
        printed = pdf.pages[page - 1]
        words = [word for word in printed.extract_words() if word["text"] == "680.87"]
        left, top, right, bottom = mark["place"]
        inside = [
            word
            for word in words
            if left <= word["x0"] / printed.width <= word["x1"] / printed.width <= right
            and top <= word["top"] / printed.height <= word["bottom"] / printed.height <= bottom
        ]
    assert len(inside) == 1
    assert mark["seen"]
    browser.click(".printed-cell button")
    assert browser.ask("document.querySelector('dialog[open] img').naturalWidth") > 1000
    browser.press("Escape")
    assert not browser.ask("document.querySelector('dialog') || document.getElementById('cell').hidden")
    browser.open(site.report(), "#tables/08/2230102/basic")
    assert browser.ask("document.querySelector('.page-mark.crossing') !== null")
    looked_at(browser)


@in_chromium
def test_reports_are_found_by_letters_of_a_name_by_pinyin_and_by_words_of_their_text(
    site: Site, browser: Browser
) -> None:
    """Each word of a search in one of these ways; what only the text says is told apart."""
    browser.open(site.out / "index.html")

    def found(text: str) -> str:
        browser.ask(
            f"""(() => {{
                const search = document.getElementById("search");
                search.value = {json.dumps(text)};
                search.dispatchEvent(new Event("input"));
            }})()"""
        )
        browser.settle()
        return str(browser.ask("document.querySelector('table.reports tbody').innerText"))

    for text in ("工信局", "gxj", "gongxinju", "changzhi tunliu", "工业和信息化局 2023"):
        assert "长治市屯留区工业和信息化局" in found(text), text
        assert "表文中提及" not in found(text), text
    # a word of the text, a subject, a project, amounts of a table, of the text and of a form, and a name with one
    for text in ("专用设备购置", "其他制造业支出", "以电代煤", "141,487.04", "43010.69万元", "10.505", "工信局 680.87"):
        assert "长治市屯留区工业和信息化局" in found(text), text
        assert "表文中提及" in found(text), text
    for text in ("龘龘龘", "141487.05", "上海 680.87"):
        assert "没有符合条件的报告" in found(text), text
    found("680.87")
    href = browser.ask("document.querySelector('.reports a[href*=\"#find\"]').getAttribute('href')")
    browser.open(site.out / href.partition("#")[0], f"#{href.partition('#')[2]}")
    assert browser.ask("document.querySelector('td.chosen').firstChild.data") == "680.87"
    looked_at(browser)


@in_chromium
def test_a_click_on_a_printed_cell_shows_its_identities_and_what_it_became(site: Site, browser: Browser) -> None:
    """The panel of a cell agrees with the warehouse: identities, both sides, bound, mart row."""
    browser.open(site.report(), "#tables")
    cell = "[data-cell][aria-label^='680.87']"
    tables = "document.querySelector('#table-08')"
    number = browser.ask(f'{tables}.querySelector("{cell.replace(chr(34), chr(39))}").dataset.cell')
    browser.click(f"[data-cell='{number}']")
    panel = browser.ask("document.getElementById('cell').innerText")
    expected = query(
        site.database,
        """
        select distinct identities.title_zh
        from quality.fct_identity_terms as terms
        join raw.identities as identities using (identity_id)
        where terms.report_id = ? and terms.table_no = '08' and terms.row_key = '2230102' and column_name = 'total'
        """,
        SHIPPED,
    )
    assert len(expected) >= 2
    for (title,) in expected:
        assert title in panel
    assert browser.ask("document.querySelectorAll('#cell details.instance').length") >= len(expected)
    assert "680.87" in panel
    browser.ask("[...document.querySelectorAll('#cell details.instance')].forEach((each) => { each.open = true; })")
    assert "92.20" in browser.ask("document.getElementById('cell').innerText"), "the other child of 22301 is on a side"
    looked_at(browser)
    # the leaf of the fund is a fact; its row is shown, and its query finds it
    browser.open(site.report(), "#tables/08/2230102/project")
    assert "marts.fct_expenditure" in browser.ask("document.getElementById('cell').innerText")
    sql = browser.ask("document.querySelector('#cell .mart pre').textContent")
    assert [str(row[0]) for row in query(site.database, sql.replace("*", "amount_yuan", 1))] == ["6808700.00"]


# Cells of the printed tables that something else lies over, when they stand in the middle of the screen.
COVERED = """(() => {
    const covered = [];
    for (const cell of document.querySelectorAll("#view-tables .printed tbody td.cell")) {
        cell.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
        const box = cell.getBoundingClientRect();
        for (const y of [box.top + 2, box.bottom - 2]) {
            const seen = document.elementFromPoint(box.left + box.width / 2, y);
            if (seen && !cell.contains(seen)) covered.push(cell.textContent + " under " + seen.outerHTML.slice(0, 60));
        }
        const top = window.scrollY;
        window.scrollBy({top: box.top - 130, behavior: "instant"});
        const moved = cell.getBoundingClientRect();
        const seen = document.elementFromPoint(moved.left + moved.width / 2, moved.top + moved.height / 2);
        if (seen && !cell.contains(seen)) covered.push(cell.textContent + " under " + seen.outerHTML.slice(0, 60));
    }
    return [...new Set(covered)];
})()"""


@in_chromium
@pytest.mark.parametrize("width", [1280, 820, 390])
def test_nothing_lies_over_the_cells_of_a_table(site: Site, browser: Browser, width: int) -> None:
    """The button to the next contradiction stands above the tables and in the panel of a cell, and over neither."""
    page = site.report(THREE_ERRORS)
    browser.open(page, "#tables", width=width)
    assert browser.ask("document.querySelectorAll('#view-tables .next').length") == 1
    assert browser.ask(COVERED) == []
    browser.ask("document.querySelector('#view-tables .next').click()")
    browser.wait("!document.getElementById('cell').hidden")
    first = browser.ask("location.hash")
    browser.ask("document.querySelector('#cell .next').click()")
    browser.wait(f"location.hash !== {first!r}")
    assert "矛盾" in browser.ask("document.querySelector('#cell .next').innerText")
    looked_at(browser)


@in_chromium
def test_a_suspect_cell_shows_what_it_should_have_been(site: Site, browser: Browser) -> None:
    """The cell of the report that is held back is marked, and the value that mends it is proposed."""
    browser.open(site.report(HELD_BACK), "#tables/03/208/total")
    assert browser.ask("document.querySelector('td.chosen').className").split()[:2] == ["cell", "suspect"]
    panel = browser.ask("document.getElementById('cell').innerText")
    assert "建议值" in panel
    assert "6.04 万元" in panel
    assert "暂缓发布" in panel
    looked_at(browser)


@in_chromium
def test_a_report_with_three_errors_shows_the_three_cells_and_what_they_should_be(site: Site, browser: Browser) -> None:
    """Each with its print, the figure meant, the slip, and that nothing else explains it."""
    browser.open(site.report(THREE_ERRORS), "#proof")
    rows = browser.ask(
        """[...[...document.querySelectorAll("h2")].find((each) => each.innerText === "哪些格最可能有误")
            .nextElementSibling.querySelectorAll("tbody tr")]
            .map((row) => [...row.cells].slice(1).map((cell) => cell.innerText))"""
    )
    assert sorted(rows) == [
        ["755.00", "75.50", "小数点", "唯一的最小改动"],
        ["84.96", "48.96", "相邻数字颠倒", "唯一的最小改动"],
        ["960.40", "60.40", "一位数字错", "唯一的最小改动"],
    ]
    looked_at(browser)


@in_chromium
def test_a_page_says_why_its_report_is_held_back(site: Site, browser: Browser) -> None:
    """Each kind of reason that the warehouse has is told in both languages, and the one of this report on its page."""
    kinds = query(
        site.database, "select distinct reason_kind from quality.fct_hold_reasons where report_id = ?", HELD_BACK
    )
    assert kinds == [("identity",)]
    for anchor in ("#figures", "#proof"):
        browser.open(site.report(HELD_BACK), anchor)
        assert "暂缓发布：报表自身不平" in browser.ask("document.querySelector('main').innerText")
    text = (TOP / "models" / "docs" / "columns.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"docs reason_kind %}(.*?){% enddocs", text)
    assert set(re.findall(r"`(\w+)` \(", named)) == set(browser.ask("Object.keys(HOLD_REASONS)"))


def published(site: Site, report_id: str = SHIPPED) -> dict:
    """The JSON beside the page of a report."""
    return json.loads(site.report(report_id).with_suffix(".json").read_text(encoding="utf-8"))


def test_a_finding_says_what_was_found_and_names_both_sides(site: Site) -> None:
    """Each as a sentence with figures, not as the rule that should hold; the gravest and dearest first."""
    findings = published(site)["findings"]
    first, second = findings[:2]
    # the page of the kept print on which the figure stands, where that of its paragraph is another
    ((page,),) = query(
        site.database,
        """
        select page_no from staging.stg_accounts__cell_places
        where report_id = ? and raw_table = 'narrative_claims' and row_no = 140 and column_name = 'value_text'
        """,
        SHIPPED,
    )
    assert first["zh"] == (
        f"文字（第{page}页）二级项目资金为43,010.69 万元，16份自评表预算编制数之和为43,084.811 万元，相差74.121 万元。"
    )
    assert first["en"].startswith(
        f"The text (p. {page}), money of second-level projects is 43,010.69 wan yuan, the initial budget of 16 forms"
    )
    assert "资金43010.69万元" in first["quote"]["text"]
    assert first["quote"]["page"] == page
    assert first["place"] == {"table": "narrative", "row": "140", "column": "claim"}
    assert "多于" in second["zh"]
    gravity = [found.KINDS.index(finding["kind"]) for finding in findings]
    assert gravity == sorted(gravity)
    assert not [finding for finding in findings if "一边" in finding["zh"]]


def test_a_subject_that_nobody_else_prints_is_told_as_what_that_means(site: Site) -> None:
    """That no other report confirms its code: that something is seen first tells a reader nothing."""
    told = [
        finding
        for finding in published(site)["findings"]
        if {check["identity"] for check in finding["checks"]} == {"s_first_seen"}
    ]
    assert told
    for finding in told:
        assert "no other department here prints" in finding["en"].lower()
        assert "其他部门的报告都没有印过" in finding["zh"]


def test_every_failing_check_is_in_one_finding(site: Site) -> None:
    """One cause is one finding, so no check is told twice, and none is left out."""
    for report in (SHIPPED, COPIED_FROM, HELD_BACK, THREE_ERRORS):
        told = [tuple(check.values()) for finding in published(site, report)["findings"] for check in finding["checks"]]
        failing = query(
            site.database,
            """
            select identity_id, instance_key from quality.fct_identity_results
            where report_id = ? and status = 'broken'
            """,
            report,
        )
        assert sorted(told) == sorted(failing)


def test_three_wrong_cells_are_three_findings(site: Site) -> None:
    """Though sums hold several of them: each says what is printed and what it should be."""
    fatal = [finding["zh"] for finding in published(site, THREE_ERRORS)["findings"] if finding["severity"] == "fatal"]
    for printed, meant in {"960.40": "6.04", "755.00": "7.55", "84.96": "4.896"}.items():
        assert len([text for text in fatal if f"印作{printed}，应为{meant} 万元" in text]) == 1
    assert len(fatal) == 3


@in_chromium
def test_findings_are_counted_alike_everywhere(site: Site, browser: Browser, tmp_path: Path) -> None:
    """On the index, on the tab, in the list of the report, in its JSON, on its department's page, in the answers."""
    # a copy: a process has a file open with one configuration only
    asked = Path(shutil.copy(site.database, tmp_path))
    for report, department in {SHIPPED: "140405-031", THREE_ERRORS: "990202-007", COPIED_FROM: "990202-005"}.items():
        told = published(site, report)["findings"]
        count = sum(finding["contradicts"] for finding in told)
        browser.open(site.report(report), "#proof")
        assert browser.ask("document.querySelector('#tab-proof .tally').innerText") == str(len(told))
        assert browser.ask("document.querySelectorAll('.findings > li').length") == len(told)
        assert browser.ask("document.querySelectorAll('.finding.contradiction, .finding.unbalanced').length") == count
        said = browser.ask("document.querySelector('.summary').innerText")
        assert f"{len(told)} 处发现：{count} 处矛盾" in said
        browser.open(site.report(report), "#figures")
        said = browser.ask("document.getElementById('view-figures').innerText")
        assert not (numbers := re.findall(r"(\d+) 处矛盾", said)) or numbers == [str(count)]
        browser.open(site.out / "index.html")
        row = f"document.querySelector(\"a[href='reports/{report}.html']\").closest('tr').innerText"
        assert re.search(rf"(有矛盾|暂缓发布) {count}\b" if count else "无矛盾", browser.ask(row))
        browser.open(site.out / "departments" / f"{department}.html")
        link = f"document.querySelector(\"a[href='../reports/{report}.html#proof']\").innerText"
        assert browser.ask(link) == str(count)
        with Asker(asked) as asker:
            year = asker.year(report)
        assert (year["findings"], year["contradictions"]) == (len(told), count)


@in_chromium
def test_a_stranger_gets_answers_in_few_clicks(site: Site, browser: Browser) -> None:
    """What was most spent on, what was budgeted, what contradicts what, where it is printed: clicks from the index."""
    browser.open(site.out / "index.html")
    assert browser.ask(f"document.querySelector(\"a[href='reports/{SHIPPED}.html']\") !== null")
    browser.open(site.report())  # the first click
    summary = browser.ask("document.querySelector('.summary').innerText")
    assert "其他制造业支出：141,487.04 万元，占全部支出的 97.2%" in summary
    assert "没有印出它的预算；所属的资源勘探工业信息等支出年初预算 41,198.00 万元" in summary
    assert "年初预算 43,458.81 万元" in summary
    assert "333.25%" in summary
    browser.click(".summary a[href='#proof/1']")  # the second
    assert "43010.69万元" in browser.ask("document.querySelector('#proof-1 blockquote').innerText")
    browser.click("#proof-1 cite a")  # the third: the figure in the text of the report
    assert browser.ask("document.querySelector('.claim.chosen').innerText").startswith("43010.69万元")
    looked_at(browser)


@in_chromium
def test_a_report_leads_to_its_document_or_says_that_it_is_not_known_where_it_is(site: Site, browser: Browser) -> None:
    """A link where the address is known, the name of the file where that is, and else a sentence; with the hash."""
    browser.open(site.report(THREE_ERRORS))
    assert browser.ask("document.querySelector('.source a').getAttribute('href')") == ADDRESS
    assert browser.ask("document.querySelector('.source a').innerText") == "决算.pdf"
    browser.open(site.report())
    said = browser.ask("document.querySelector('.source').innerText")
    (sha256,) = query(site.database, "select source_sha256 from marts.dim_reports where report_id = ?", SHIPPED)[0]
    assert "文件名和公布网址未知" in said
    assert sha256[:12] in said
    assert browser.ask("document.querySelector('.source a')") is None
    assert published(site, THREE_ERRORS)["report"]["source_url"] == ADDRESS
    browser.open(site.report(HELD_BACK))
    assert HOSTILE in browser.ask("document.querySelector('.source').innerText")
    looked_at(browser)


@in_chromium
def test_the_three_public_expenses_stand_beside_their_budget(site: Site, browser: Browser) -> None:
    """With the other budgets, as table 09 prints both; a table that is left blank says zero."""
    browser.open(site.report("140405-031-2024"), "#figures")
    said = browser.ask("document.querySelector('.summary').innerText")
    assert "“三公”经费：预算 0.50 万元，决算支出 0.32 万元，完成 64.00%。" in said
    browser.open(site.report(), "#figures")
    assert "“三公”经费：09表的预算数和决算数都留空，即为零。" in browser.ask(
        "document.querySelector('.summary').innerText"
    )


@in_chromium
def test_a_table_that_runs_on_says_its_first_and_last_page(site: Site, browser: Browser) -> None:
    """Table 03 of the shipped report stands on two pages, table 05 on one."""
    browser.open(site.report(), "#tables")
    assert "第7–8页" in browser.ask("document.querySelector('#table-03 .sheet-head').innerText")
    assert "第11页" in browser.ask("document.querySelector('#table-05 .sheet-head').innerText")


@in_chromium
def test_the_figures_of_the_text_are_coloured_and_lead_to_what_they_were_compared_with(
    site: Site, browser: Browser
) -> None:
    """Every figure that is printed in a paragraph is a link there; its panel names the cell of the table."""
    browser.open(site.report(), "#text")
    places = browser.ask("document.querySelectorAll('#view-text .claim').length")
    figures = query(
        site.database,
        "select count(*) from staging.stg_accounts__narrative_claims where report_id = ? and value_text is not null",
        SHIPPED,
    )[0][0]
    # figures that a sentence prints once and means twice share their place
    assert 0.9 * figures <= places <= figures
    browser.click("#text-p1 .claim")
    assert "公开01表" in browser.ask("document.getElementById('cell').innerText")
    looked_at(browser)


@in_chromium
def test_a_department_has_a_page_over_its_years(site: Site, browser: Browser) -> None:
    """Each year with its report, its amounts, and the change of the last one."""
    browser.open(site.out / "departments" / "140405-031.html")
    text = browser.ask("document.getElementById('view').innerText")
    for expected in ("2023", "2024", "145,600.64", "12,623.60", "▼ 132,977.04 (−91.3%)"):
        assert expected in text
    looked_at(browser)


@in_chromium
def test_a_page_speaks_the_language_of_the_browser_until_it_is_told_another(site: Site, browser: Browser) -> None:
    """Chinese where the browser is Chinese, else English."""
    browser.open(site.out / "index.html")
    for languages, expected in {'["zh-TW", "en"]': "zh", '["en-US", "zh"]': "en", '["de"]': "en"}.items():
        browser.ask(f"Object.defineProperty(navigator, 'languages', {{ value: {languages}, configurable: true }})")
        assert browser.ask("firstLanguage() === 'zh' ? 'zh' : 'en'") == expected


def test_the_json_beside_a_page_is_as_its_schema_says(site: Site) -> None:
    """Of a report that is released, and of one that is held back."""
    schema = json.loads((site.out / "assets" / "report.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for file in sorted((site.out / "reports").glob("*.json")):
        validator.validate(json.loads(file.read_text(encoding="utf-8")))
    figures = published(site)["figures"]
    assert figures["year"][0]["expenditure_yuan"] == "1456006400.00"
    assert published(site, HELD_BACK)["figures"]["year"] == []
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(published(site) | {"findings": [{"severity": "loud"}]})


@in_chromium
def test_the_colour_of_every_cell_is_what_the_identities_say(site: Site, browser: Browser) -> None:
    """Cells by state, as counted on the page and in the warehouse."""
    browser.open(site.report(), "#tables")
    shown = browser.ask(
        """Object.fromEntries(["suspect", "broken", "waived", "rounding", "exact", "info", "uncovered"].map((state) =>
            [state, document.querySelectorAll(`table:not(.form) td.cell.${state}`).length]))"""
    )
    counted = query(
        site.database,
        """
        with states as (
            select
                cells.table_no, cells.row_key, cells.column_name,
                case
                    when count(*) filter (where status = 'broken' and severity <> 'info') > 0 then 'broken'
                    when count(*) filter (where status = 'waived') > 0 then 'waived'
                    when count(*) filter (
                        where status in ('rounding', 'truncated', 'summed_parts', 'blank_zeros')
                    ) > 0 then 'rounding'
                    when count(*) filter (where status = 'exact') > 0 then 'exact'
                    when count(*) filter (where status = 'broken') > 0 then 'info'
                    else 'uncovered'
                end as state
            from quality.fct_report_cells as cells
            left join quality.fct_identity_terms as terms using (report_id, table_no, row_key, column_name)
            left join quality.fct_identity_results as results using (report_id, identity_id, instance_key)
            where cells.report_id = ?
            group by all
        )
        select state, count(*) from states group by all
        """,
        SHIPPED,
    )
    assert {state: count for state, count in shown.items() if count} == dict(counted)
    assert sum(shown.values()) > 900


@in_chromium
def test_the_printed_tables_are_all_there_as_printed(site: Site, browser: Browser) -> None:
    """Every cell of the ledger stands in its table once, with its printed text."""
    browser.open(site.report(), "#tables")
    shown = browser.ask(
        """[...document.querySelectorAll("table:not(.form) [data-cell]")].map((box) => [
            box.closest(".sheet").id.slice(6), box.firstChild.nodeType === 3 ? box.firstChild.data : ""])"""
    )
    ledger = query(
        site.database,
        "select table_no, coalesce(printed_text, '') from quality.fct_report_cells where report_id = ?",
        SHIPPED,
    )
    assert sorted(map(tuple, shown)) == sorted(ledger)


@in_chromium
def test_columns_are_numbered_as_the_forms_number_them(site: Site, browser: Browser) -> None:
    """The row 栏次, in each table that has one."""
    browser.open(site.report(), "#tables")
    shown = browser.ask(
        """Object.fromEntries([...document.querySelectorAll("table.printed:not(.form)")].map((table) => [
            table.closest(".sheet").id.slice(6),
            [...table.querySelectorAll("thead tr:last-child > *")].map((box) => box.innerText).join(" ").trim(),
        ]))"""
    )
    assert shown["01"] == "栏次  1 栏次  2"
    assert shown["04"] == "栏次  1 栏次  2 3 4 5"
    assert shown["09"] == "1 2 3 4 5 6 7 8 9 10 11 12"
    for table, columns in {"02": 7, "03": 6, "05": 3, "07": 6, "08": 3}.items():
        assert shown[table] == " ".join(["栏次", *map(str, range(1, columns + 1))])


@in_chromium
def test_the_forms_are_all_there_as_printed(site: Site, browser: Browser) -> None:
    """Each figure of each self-evaluation form once, as printed; each text, too."""
    browser.open(site.report(), "#tables")
    shown = browser.ask(
        """[...document.querySelectorAll("table.form [data-cell]")].map((box) => box.firstChild.data || "")"""
    )
    printed = query(
        site.database,
        "select coalesce(printed_text, '') from quality.fct_project_cells where report_id = ?",
        SHIPPED,
    )
    assert len(printed) > 400
    assert sorted(shown) == sorted(text for (text,) in printed)
    forms = browser.ask("document.querySelectorAll('table.form').length")
    assert [(forms,)] == query(site.database, "select count(*) from raw.projects where report_id = ?", SHIPPED)
    text = browser.ask("[...document.querySelectorAll('table.form')].map((form) => form.innerText).join('\\n')")
    for table, column in {
        "projects": "annual_target",
        "project_funding": "funding_source",
        "project_indicators": "actual_value",
        "project_analyses": "analysis_text",
    }.items():
        sql = f"select distinct {column} from raw.{table} where report_id = ? and {column} is not null"
        values = query(site.database, sql, SHIPPED)
        assert values
        # staging has sources without the colon behind them
        missing = [value for (value,) in values if " ".join(value.strip("：").split()) not in " ".join(text.split())]
        assert missing == []


@in_chromium
def test_a_click_on_a_figure_of_a_form_shows_its_identities_and_its_row(site: Site, browser: Browser) -> None:
    """A source that spent more than its budget: the break is shown, and the row of the mart is found."""
    browser.open(site.report(), "#tables")
    number = browser.ask("cellAt.get('project/2/funding/3/executed').no")
    browser.click(f"[data-cell='{number}']")
    panel = browser.ask("document.getElementById('cell').innerText")
    assert "执行数不大于预算" in panel or "各来源执行数不大于预算" in panel
    assert "marts.fct_project_funding" in panel
    sql = browser.ask("document.querySelector('#cell .mart pre').textContent")
    assert [str(row[0]) for row in query(site.database, sql.replace("*", "executed_yuan", 1))] == ["105050.00"]
    state = f"document.querySelector(\"[data-cell='{number}']\").className.split(' ')[1]"
    assert browser.ask(state) == "broken"
    looked_at(browser)


# of findings that the shipped report does not have
OTHER_REASONS = [
    "the form of 2023 has no class 299; first in table 06",
    "class 301 is printed as 商品和服务支出, which is class 302",
    "statistic is printed as -1.00",
    "table 05 is listed, but no row of it is printed and no note says that it is empty",
    "table 05 has rows, but is not listed",
    "no table is listed",
    "«年末决算» is 12.50 of 11.00 yuan, the text says «小于预算»",
    "the text speaks of 2021 as its own year: «2021年度收入» and 3 more",
    "the text speaks of 2021 as its own year: «2021年度收入»",
    "3 accounts are named, 1 of them have no amount in table 06: 专用设备购置",
    "a rate over zero does not exist",
    "printed as 1.5, the table prints 2 decimals",
]


@in_chromium
def test_every_reason_is_told_in_chinese(site: Site, browser: Browser) -> None:
    """The warehouse gives its reasons in English; a page in Chinese has none left."""
    browser.open(site.report(), "#proof")
    reasons = [
        reason
        for (reason,) in query(
            site.database, "select distinct reason from quality.fct_identity_results where reason is not null"
        )
    ]
    assert len(reasons) > 20
    reasons += OTHER_REASONS
    told = browser.ask(f"{json.dumps(reasons)}.map(reasonText)")
    # what is left in Latin letters comes from the report: names of rows, units, quotations
    for reason, chinese in zip(reasons, told, strict=True):
        assert re.search("[\u4e00-\u9fff]", chinese), reason
        assert not re.search(r"\b(is|not|the|prints|are|has|of)\b", chinese), chinese
        numbers = re.findall(r"\d+\.\d\d", reason)
        assert [each for each in numbers if each not in chinese] == []


@in_chromium
def test_the_page_can_be_used_with_the_keyboard(site: Site, browser: Browser) -> None:
    """Arrows move between cells, Enter opens one, Escape closes it and gives the focus back."""
    browser.open(site.report(), "#tables")
    browser.ask("document.querySelector('#table-03 [data-cell]').focus()")
    start = browser.ask("document.activeElement.dataset.cell")
    browser.press("ArrowRight")
    browser.press("ArrowDown")
    moved = browser.ask("document.activeElement.dataset.cell")
    assert moved != start
    browser.press("Enter")
    assert not browser.ask("document.getElementById('cell').hidden")
    browser.press("Escape")
    assert browser.ask("document.getElementById('cell').hidden")
    assert browser.ask("document.activeElement.dataset.cell") == moved


@in_chromium
def test_text_from_a_report_is_text(site: Site, browser: Browser) -> None:
    """A name that is code is shown and does nothing, on every page where it stands."""
    for page, anchors in [(site.out / "index.html", [""]), (site.report(HELD_BACK), [f"#{view}" for view in VIEWS])]:
        for anchor in anchors:
            browser.open(page, anchor)
            assert HOSTILE in browser.ask("document.querySelector('main').innerText")
            assert browser.ask("document.querySelectorAll('main script, main img').length") == 0
            looked_at(browser)


@in_chromium
def test_chinese_is_not_boxes(site: Site, browser: Browser) -> None:
    """Two characters are drawn differently; a box for what the font lacks would be the same box."""
    browser.open(site.out / "index.html")
    drawn = browser.ask(
        """["部", "决", "算"].map((character) => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 40;
            const context = canvas.getContext("2d");
            context.font = `30px ${getComputedStyle(document.body).fontFamily}`;
            context.fillText(character, 4, 32);
            return canvas.toDataURL();
        })"""
    )
    assert len(set(drawn)) == 3, "no font for Chinese is installed (Debian: fonts-noto-cjk)"


@in_chromium
def test_the_printed_tables_print(site: Site, browser: Browser) -> None:
    """Each of the ten tables starts a sheet of paper."""
    browser.open(site.report(), "#tables")
    pdf = browser.printed()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 10


def choose_unit(browser: Browser, unit: str) -> None:
    """Chooses the unit of amounts, as a reader does."""
    browser.ask(
        f"""(() => {{ const unit = document.getElementById("unit"); unit.value = "{unit}";
        unit.dispatchEvent(new Event("change")); }})()"""
    )
    browser.settle()


@in_chromium
def test_amounts_switch_between_yuan_wan_and_yi(site: Site, browser: Browser) -> None:
    """Exact in each unit; what is printed stays as printed."""
    browser.open(site.report(), "#figures")
    for unit, text in {"yuan": "1,456,006,400.00", "wan": "145,600.64", "yi": "14.56"}.items():
        choose_unit(browser, unit)
        assert text in browser.ask("document.querySelector('.cards').innerText")
    assert browser.ask('decimal(exact("0.01"), 8, 2, 4)') == "0.0000000001"
    assert browser.ask('decimal(exact("-12345678901234567.89"), 4)') == "−1,234,567,890,123.456789"
    assert browser.ask('sum(["0.1", "0.2", "-0.3"])') == "0.000000"


# Amounts of a page with more than two decimals, but for what is quoted: printed cells, the text, and proofs of both.
MANY_DECIMALS = """(() => {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const {data, parentElement} = walker.currentNode;
        if (!/\\d\\.\\d{3,}(?![\\d%])/.test(data)) continue;
        const quoted = "[data-cell], blockquote, .instance, .as-printed, pre, script, title";
        if (!parentElement.closest(quoted)) found.push(data);
    }
    return found;
})()"""


@in_chromium
def test_amounts_have_two_decimals_in_every_unit_and_all_where_they_are_pointed_at(
    site: Site, browser: Browser
) -> None:
    """In 亿元 as in 元; every digit is a hover away, and what is smaller than two decimals is not zero."""
    for unit, text in {"yi": "亿元", "wan": "万元", "yuan": "元"}.items():
        for page, anchor in [
            *((site.report(), f"#{view}") for view in ("figures", "proof")),
            (site.report("140405-031-2024"), "#figures"),
            (site.report(THREE_ERRORS), "#proof"),
            (site.out / "index.html", ""),
            (site.out / "departments" / "140405-031.html", ""),
            (site.out / "compare.html", f"#reports={SHIPPED},140405-031-2024&by=class&as=amount"),
        ]:
            browser.open(page, anchor)
            choose_unit(browser, unit)
            assert browser.ask(MANY_DECIMALS) == [], (page.name, unit)
        browser.open(site.report(), "#figures")
        choose_unit(browser, unit)
        shown, exactly = browser.ask(
            "(({innerText, title}) => [innerText, title])(document.querySelector('.summary .amount'))"
        )
        assert re.fullmatch(rf"[\d,]+\.\d\d {text}", shown)
        assert unit != "yi" or re.fullmatch(rf"[\d,]+\.\d{{3,}} {text}", exactly)
    browser.ask("settings.unit = 'yi'")
    assert browser.ask("[amount('400000.00'), amount('-400000.00'), amount('0.00'), amount('1500000')]") == [
        "< 0.01",
        "> −0.01",
        "0.00",
        "0.02",
    ]


@in_chromium
def test_a_csv_does_not_run_in_a_spreadsheet(site: Site, browser: Browser) -> None:
    """Texts that a spreadsheet would compute are kept from it; numbers and quotes stand."""
    browser.open(site.out / "index.html")
    text = browser.ask("""csv(["a"], [["=1+1"], ["-3.5"], ['say "x", y'], [null]])""")
    assert text == '\ufeffa\r\n\'=1+1\r\n-3.5\r\n"say ""x"", y"\r\n\r\n'


@in_chromium
def test_ten_thousand_reports_are_searched_and_sorted_at_once(site: Site, browser: Browser, tmp_path: Path) -> None:
    """The index holds them all, shows fifty, says how many are made up, and answers a search within a second."""
    page = (site.out / "index.html").read_text(encoding="utf-8")
    before, data, after = re.split(r'(?<=id="data">)(.*?)(?=</script>)', page, maxsplit=1, flags=re.DOTALL)
    listed = json.loads(data)
    first = dict(zip(listed["columns"], listed["rows"][0], strict=True))
    rows = [
        list(
            {
                **first,
                "report_id": f"{n:06}",
                "department_name": f"第{n}局",
                "expenditure_yuan": f"{n}.00",
                "origin": "synthetic" if n % 2 else "published",
            }.values()
        )
        for n in range(10_000)
    ]
    many = json.dumps({"columns": listed["columns"], "rows": rows}, ensure_ascii=False)
    (tmp_path / "assets").symlink_to(site.out / "assets")
    (tmp_path / "index.html").write_text(before + many + after, encoding="utf-8")
    browser.open(tmp_path / "index.html")
    assert browser.ask("document.querySelectorAll('.reports tbody tr').length") == 50
    assert "第9999局" in browser.ask("document.querySelector('.reports tbody tr').innerText")
    assert browser.ask("document.querySelector('.count').innerText") == "共 10,000 份报告，其中 5,000 份是生成的示例"
    milliseconds = browser.ask(
        """(() => { const start = performance.now(), box = document.getElementById("search");
        box.value = "第777局"; box.dispatchEvent(new Event("input")); return performance.now() - start; })()"""
    )
    assert browser.ask("document.querySelectorAll('.reports tbody tr').length") == 1
    assert milliseconds < 1000
    looked_at(browser)


@in_chromium
@pytest.mark.parametrize(
    ("page", "kilobytes"), [("index.html", 250), (f"reports/{SHIPPED}.html", 900), ("compare.html", 300)]
)
def test_a_page_is_light(site: Site, browser: Browser, page: str, kilobytes: int) -> None:
    """Everything that a page loads, the data of a report of 88 pages among it, stays within a budget."""
    browser.open(site.out / page)
    files = {unquote(urlsplit(url).path) for url in browser.requests if url.startswith("file://")}
    weight = sum(Path(file).stat().st_size for file in files | {str(site.out / page)}) / 1000
    print(f"{page}: {weight:.0f} KB of {kilobytes}")
    assert weight < kilobytes


@in_chromium
def test_the_flows_have_their_amounts_and_stand_on_a_phone(site: Site, browser: Browser) -> None:
    """Each node of the picture with its amount in the unit chosen; on a phone as lists, no wider than the screen."""
    for width, element in ((1280, "#sankey text"), (390, "#sankey .bar-row")):
        browser.open(site.report(), "#figures", width=width)
        texts = browser.ask(f"[...document.querySelectorAll('{element}')].map((each) => each.textContent).join('|')")
        assert "145,599.25" in texts
        assert "141,487.68" in texts


@in_chromium
def test_the_flows_show_what_is_printed_and_say_where_parts_do_not_add_up(site: Site, browser: Browser) -> None:
    """Class 201: its items make 1,420.46, and table 03 prints 1,420.45; its flows are the cells of its own row."""
    browser.open(site.report(), "#figures")
    labels = browser.ask("[...document.querySelectorAll('#sankey text')].map((each) => each.firstChild.data)")
    assert [label for label in labels if "1,420.45" in label]
    assert not [label for label in labels if "1,420.46" in label]
    hovers = browser.ask("[...document.querySelectorAll('#sankey title')].map((each) => each.textContent)")
    assert any(hover.startswith("一般公共服务支出 1,420.45") and "因四舍五入" in hover for hover in hovers)
    assert [hover for hover in hovers if "→" in hover and "1,419.06" in hover], "the cell of table 05"
    assert [hover for hover in hovers if hover.startswith("非财政拨款 → ") and "未印出" in hover]
    assert "因四舍五入" in browser.ask("document.getElementById('sankey').innerText"), "where nothing can be pointed at"
    printed = query(
        site.database,
        "select distinct amount_yuan from quality.fct_report_cells where report_id = ? and cell_status = 'amount'",
        SHIPPED,
    )
    flows = query(site.database, shown_queries(SHIPPED)["flows"])
    assert {amount for *_, amount, is_printed in flows if is_printed} <= {amount for (amount,) in printed}
    assert not [flow for flow in flows if not flow[-1] and "fund:non_fiscal" not in flow]


@in_chromium
def test_paper_has_everything_unfolded_and_the_screen_as_it_was(site: Site, browser: Browser) -> None:
    """What was closed is open while it is printed, and closed behind it; the release stands on the paper."""
    browser.open(site.report(), "#proof")
    closed = "document.querySelectorAll('main details:not(.query):not([open])').length"
    before = browser.ask(closed)
    assert before > 5
    browser.ask("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.ask(closed) == 0
    browser.ask("window.dispatchEvent(new Event('afterprint'))")
    assert browser.ask(closed) == before
    assert query(site.database, "from quality.releases where is_this_file")[0][0] in browser.ask(
        "document.querySelector('.foot').innerText"
    )


@in_chromium
def test_english_names_the_classes_in_english(site: Site, browser: Browser) -> None:
    """What stands below a class has Chinese names only; every class of the forms has an English one."""
    codes = {
        code for (code,) in query(site.database, "select class_code from raw.form_lines where class_code is not null")
    }
    codes |= {code for (code,) in query(site.database, "select class_code from raw.economic_classes")}
    assert codes - words.english_words().keys() == set()
    browser.open(site.report(), "#figures")
    browser.ask("document.getElementById('language').click()")
    browser.settle()
    assert "Resource exploration, industry and information" in browser.ask("document.querySelector('main').innerText")
    assert browser.ask("document.getElementById('unit').selectedOptions[0].text") == "wan yuan"


# What of a page is Chinese where it speaks English: whether it is said to be Chinese, and the text.
CHINESE = """(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const {data, parentElement} = walker.currentNode;
        if (/[\\u3400-\\u9fff]/.test(data) && !parentElement.closest("script, style, noscript, .zh, #language"))
            found.push([parentElement.closest("[lang|=zh]") !== null, data.trim()]);
    }
    for (const name of ["title", "aria-label", "placeholder"])
        for (const element of document.querySelectorAll(`[${name}]`))
            if (/[\\u3400-\\u9fff]/.test(element.getAttribute(name)))
                found.push([element.closest("[lang|=zh]") !== null, element.getAttribute(name)]);
    return found;
})()"""
# The text of the report is one quotation; words that are explained and names of forms stand beside their English.
ON_PURPOSE = {"about.html"} | {
    f"reports/{SHIPPED}.html#{view}" for view in ("text", "tables", "tables/08/2230102/project")
}


@in_chromium
def test_a_page_in_english_is_english_but_for_the_words_of_the_report(site: Site, browser: Browser) -> None:
    """Classes, tables, columns, lines, units and grades are translated; what is quoted is said to be Chinese."""
    ours = set()
    for sql in (
        "select label_zh from raw.form_columns",
        "select label from raw.form_lines",
        "select class_name from raw.economic_classes",
        "select title_zh from raw.forms",
        "select title_zh from raw.identities",
        "select amount_unit from raw.amount_units",
        "select subject from raw.claim_subjects",
        "select fund_zh from marts.dim_funds",
    ):
        ours |= {word for (word,) in query(site.database, sql)}
    assert len(ours) > 200
    for page in KINDS:
        name, _, anchor = page.partition("#")
        browser.open(site.out / name, f"#{anchor}" if anchor else "")
        browser.ask("document.getElementById('language').click()")
        browser.settle()
        chinese = browser.ask(CHINESE)
        assert [text for is_marked, text in chinese if not is_marked] == [], page
        if page not in ON_PURPOSE:
            assert [text for _, text in chinese if text in ours] == [], page
        # but for the name of a department, with which it begins
        assert browser.ask("document.title").split(" · ")[-1].isascii()


def test_words_of_the_forms_are_english_in_all_their_parts_or_not_at_all() -> None:
    """A phrase is put together from words that are known; what has another word in it stays as it is printed."""
    assert words.english("一、一般公共预算财政拨款收入") == "general public budget appropriation"
    assert words.english("一般公共预算财政拨款基本支出") == "general public budget basic expenditure"
    assert words.english("2022年决算支出") == "final expenditure of 2022"
    assert words.english("2022年") == "2022"
    assert words.english("卫生健康支出(类)") == "Health"
    for printed in ("其他制造业支出", "2023年遗属补助经费", "市", "市区"):
        assert words.english(printed) == printed or printed == "市"


def test_headings_and_funds_are_short_english() -> None:
    """What heads a column or names a line, a fund or a table is known in all its parts, and fits beside its figures."""
    classification = TOP / "seeds" / "classification"
    labels = {
        words.english(row[column])
        for file, column in (("form_columns", "label_zh"), ("form_lines", "label"), ("claim_subjects", "subject"))
        for row in read_rows(classification / f"{file}.csv")
    }
    assert [label for label in labels if not label.isascii()] == []
    assert [label for label in labels if len(label) > 60 or "budget fiscal" in label] == []
    columns = {words.english(row["label_zh"]) for row in read_rows(classification / "form_columns.csv")}
    funds = {row["fund_en"] for row in read_rows(classification / "funds.csv")}
    kinds = {row["expenditure_kind_en"] for row in read_rows(classification / "expenditure_kinds.csv")}
    assert [name for name in columns | funds | kinds if len(name) > 32] == []


@in_chromium
def test_names_stand_in_letters_below_the_chinese_ones(site: Site, browser: Browser) -> None:
    """For those who do not read Chinese: places in pinyin, the office in English where it is known."""
    browser.open(site.report(), "#figures")
    browser.ask("document.getElementById('language').click()")
    browser.settle()
    expected = "Changzhi City, Tunliu District, Industry and Information Technology Bureau"
    assert browser.ask("document.getElementById('letters').innerText") == expected
    assert browser.ask("inLetters('太原市某某事务局')") == "Taiyuan City, Moumoushiwu Bureau"


@in_chromium
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("延边朝鲜族自治州财政局", "Yanbian Korean Autonomous Prefecture, Finance Bureau"),
        (
            "恩施土家族苗族自治州恩施市教育局",
            "Enshi Tujia Miao Autonomous Prefecture, Enshi City, Education Bureau",
        ),
        ("通道侗族自治县人民政府办公室", "Tongdao Dong Autonomous County, Government Office"),
        ("广西壮族自治区财政厅", "Guangxi Zhuang Autonomous Region, Finance Department"),
        (
            "内蒙古自治区鄂温克族自治旗民政局",
            "Inner Mongolia Autonomous Region, Ewenki Autonomous Banner, Civil Affairs Bureau",
        ),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县水利局",
            "Xinjiang Uygur Autonomous Region, Yili Kazakh Autonomous Prefecture, Chabuchaer Xibe Autonomous County, "
            "Water Resources Bureau",
        ),
        ("中共上海市普陀区委社会工作部", "Shanghai City, Putuo District, CPC Committee, Social Work Department"),
        ("中共长治市屯留区委员会组织部", "Changzhi City, Tunliu District, CPC Committee, Organization Department"),
        ("中共湖南省纪律检查委员会", "Hunan Province, CPC, Commission for Discipline Inspection"),
    ],
)
def test_places_have_their_people_and_their_kind_in_english_and_offices_of_the_party_are_its(
    name: str, expected: str, site: Site, browser: Browser
) -> None:
    """自治区, 自治州, 自治县 and 自治旗 are kinds of places, 中共 and 委 the Party: no part of the pinyin of names."""
    browser.open(site.out / "index.html")
    assert browser.ask(f"inLetters('{name}')") == expected


@in_chromium
def test_departments_are_compared(site: Site, browser: Browser) -> None:
    """What the page of comparison shows for a class is what the marts hold."""
    browser.open(site.out / "compare.html", f"#reports={SHIPPED},140405-031-2024&by=class&as=amount")
    browser.wait("document.querySelectorAll('#compared .bar-track').length > 0")
    table = browser.ask("document.querySelector('#view table').innerText")
    (total,) = query(
        site.database,
        """
        select sum(amount_yuan) / 10000 from marts.fct_expenditure
        where report_id = ? and left(subject_code, 3) = '215'
        """,
        SHIPPED,
    )[0]
    assert f"{total:,.2f}" in table
    assert "变化最大：" in browser.ask("document.getElementById('view').innerText")
    browser.open(site.out / "compare.html", f"#reports={SHIPPED},990101-117-2018&by=class&as=amount")
    browser.wait("document.querySelectorAll('#compared .bar-track').length > 0")
    assert "变化最大：" not in browser.ask("document.getElementById('view').innerText"), "two departments do not change"
    looked_at(browser)


def data_of(page: Path) -> dict:
    """What a page holds as JSON."""
    found = re.search(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return json.loads(found[1])


@pytest.mark.parametrize("name", sorted(queries.SHOWN))
def test_the_query_behind_a_picture_gives_what_the_picture_shows(site: Site, name: str) -> None:
    """The query to copy, run by itself, returns the rows in the page; changes are of a report with the year before."""
    report = "140405-031-2024" if name == "changes" else SHIPPED
    data = data_of(site.report(report))
    assert data["sql"][name] == shown_queries(report)[name]
    with duckdb.connect(str(site.database), read_only=True) as connection:
        cursor = connection.execute(data["sql"][name])
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, map(str, row), strict=True)) for row in cursor.fetchall()]
    shown = [
        dict(zip(data["shown"][name]["columns"], map(str, row), strict=True)) for row in data["shown"][name]["rows"]
    ]
    assert [{column: value for column, value in row.items() if column != "report_id"} for row in rows] == shown
    assert shown


def test_a_name_that_could_leave_the_folder_does_not() -> None:
    """The id of a report is input: it names a file only where it is a plain name."""
    assert page_name(SHIPPED) == SHIPPED
    for name in ("../../etc/passwd", "..", "a/b", "", "报告", "x" * 200, "-rf"):
        assert re.fullmatch(r"report-[0-9a-f]{24}", page_name(name))


def cpu_seconds() -> float:
    """Processor time of this process: waiting for others does not count."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# enough that a loop within a loop shows: a thousand took seven minutes of a test run and showed nothing else
FEW, MANY = 40, 200


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Warehouses of generated reports, by how many."""
    databases = {}
    for reports in FEW, MANY:
        database = tmp_path_factory.mktemp(f"generated-{reports}") / "final_accounts.duckdb"
        assert run_dbt(["seed"], database).success
        with duckdb.connect(str(database)) as connection:
            add_synthetic_reports(connection, reports, seed=1)
        assert run_dbt(["run"], database).success
        databases[reports] = database
    return databases


def test_many_reports_are_written_in_linear_time_and_only_what_changed_again(
    generated: dict[int, Path], tmp_path: Path
) -> None:
    """Five times the reports cost at most eight times; then only what changed or was lost is written."""
    costs = {}
    for reports, database in generated.items():
        start = cpu_seconds()
        written = write_site(database, tmp_path / str(reports), progress=False)
        costs[reports] = cpu_seconds() - start
        assert len(re.findall(r"reports/.*?\.html", "\n".join(written.written))) == reports + 1
    assert costs[MANY] < 8 * costs[FEW], costs

    database, out = generated[MANY], tmp_path / str(MANY)
    with duckdb.connect(str(database)) as connection:
        lost, changed = connection.execute(
            "select min(report_id), max(report_id) from quality.fct_report_cells"
        ).fetchone()
        connection.execute(
            """
            update intermediate.int_report_cells set printed_text = '0.01'
            where (report_no, address_no) in (
                select (report_no, address_no) from quality.fct_report_cells
                where report_id = ? and table_no = '01' and row_key = 'revenue_grand_total'
            )
            """,
            [changed],
        )
    (out / "reports" / f"{page_name(lost)}.html").unlink()
    again = [f"reports/{page_name(report_id)}.html" for report_id in sorted((lost, changed))]
    before = {page: page.stat().st_mtime_ns for page in (out / "reports").iterdir()}
    assert write_site(database, out, progress=False).written == again
    after = {page: page.stat().st_mtime_ns for page in (out / "reports").iterdir()}
    assert [page for page in before if after[page] != before[page]] == [out / again[-1]]


def test_documentation_beside_the_warehouse_is_copied_and_linked(site: Site, tmp_path: Path) -> None:
    """Data Docs and dbt docs, where they exist; when they are gone, their copies and links go too."""
    data_docs, dbt_docs = tmp_path / "data_docs", tmp_path / "static_index.html"
    data_docs.mkdir()
    (data_docs / "index.html").write_text("data docs", encoding="utf-8")
    dbt_docs.write_text("dbt docs", encoding="utf-8")
    out = tmp_path / "site"
    write_site(site.database, out, data_docs=data_docs, dbt_docs=dbt_docs, progress=False)
    page = (out / "reports" / f"{SHIPPED}.html").read_text(encoding="utf-8")
    for link, text in {"data_docs/index.html": "data docs", "dbt_docs.html": "dbt docs"}.items():
        assert f'href="../{link}"' in page
        assert (out / link).read_text(encoding="utf-8").startswith(text)
    written = write_site(site.database, out, data_docs=tmp_path / "none", progress=False)
    assert set(written.removed) == {"data_docs/index.html", "dbt_docs.html"}
    assert not (out / "dbt_docs.html").exists()
    assert "dbt_docs" not in (out / "reports" / f"{SHIPPED}.html").read_text(encoding="utf-8")


@in_chromium
def test_a_build_writes_the_site_with_the_documentation_beside_it(site: Site, browser: Browser) -> None:
    """The dbt docs and the Data Docs open from the site's own folder, and ask nothing of another machine."""
    out = site.database.parent / "site"
    for page in ("dbt_docs.html", "data_docs/index.html"):
        assert str(site.database.parents[1]) not in (out / page).read_text(encoding="utf-8")
        assert page in (out / "index.html").read_text(encoding="utf-8")
        assert "cloudfront" not in (out / page).read_text(encoding="utf-8")
        browser.open(out / page)
        browser.wait("document.body.innerText.trim().length > 200")
        assert [url for url in browser.requests if not url.startswith(("file://", "data:", "about:", "blob:"))] == []
    for address in ("#!/model/model.final_accounts.fct_expenditure", "#!/overview"):
        browser.open(out / "dbt_docs.html", address)
        browser.wait("document.body.innerText.includes('fct_expenditure')")
        files = {unquote(urlsplit(url).path) for url in browser.requests if url.startswith("file:")}
        assert [file for file in sorted(files) if not Path(file).is_file()] == []
    icons = browser.ask("[...document.querySelectorAll('svg use')].map((each) => each.getAttribute('xlink:href'))")
    assert {icon[:5] for icon in icons if icon} == {"#icn-"}


def test_the_command_documents_the_models(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no build before it, and writes the dbt docs all the same; it finds the Data Docs of the release."""
    monkeypatch.setattr("sys.argv", ["site", "--database", str(site.database), "--out", str(tmp_path)])
    assert main() == 0, capsys.readouterr().err
    assert "fct_expenditure" in (tmp_path / "dbt_docs.html").read_text(encoding="utf-8")
    for page in ("dbt_docs.html", "data_docs/index.html"):
        assert (tmp_path / page).exists()
        assert f'href="{page}"' in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", ["no warehouse", "no database", "no folder"])
def test_what_cannot_be_written_is_said_in_a_sentence(
    case: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file, a file that is no warehouse, a folder that is a file: status 1 and the reason."""
    database, out = site.database, tmp_path / "site"
    if case == "no warehouse":
        database = tmp_path / "nothing.duckdb"
    elif case == "no database":
        database = tmp_path / "text.duckdb"
        database.write_text("no database", encoding="utf-8")
    else:
        out.write_text("a file", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["site", "--database", str(database), "--out", str(out), "--no-dbt-docs"])
    assert main() == 1
    said = capsys.readouterr().err
    assert str(out if case == "no folder" else database) in said
    assert "Traceback" not in said
