"""Project self-evaluation forms (项目支出绩效自评表) of a document: the national form, and that of half pages."""

from final_accounts.ingest.document.pages import Document, joined
from final_accounts.ingest.forms.finding import forms_in
from final_accounts.ingest.forms.form import Form
from final_accounts.ingest.forms.national import read_form
from final_accounts.ingest.forms.two_halves import read_two_halves

# columns that only the form of half pages has, whose budget is printed as declared and as compiled
_OF_TWO_HALVES = ("目标申报数", "预算编制数")


def read_forms(document: Document) -> list[Form]:
    """The forms of a document in printed order, those that were not understood among them."""
    if any(name in joined(page.text) for page in document.pages for name in _OF_TWO_HALVES):
        return read_two_halves(document)
    forms = [read_form(found) for found in forms_in(document)]
    understood = [form for form in forms if not form.misread]
    for number, form in enumerate(understood, 1):
        form.number = number
        known = document.pages_known
        form.head |= {"page_from": str(form.pages[0]) if known else "", "page_to": str(form.pages[-1]) if known else ""}
    return forms
