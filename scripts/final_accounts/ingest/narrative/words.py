"""What the modules of the narrative have in common: numbers, units, and how headings are numbered."""

import re

# thousands may be parted by full-width commas: «1，795.33»
NUMBER = r"-?(?:\d{1,3}(?:，\d{3})+(?!\d)|\d[\d,]*)(?:\.\d+)?"
MONEY = "亿元|百万元|万元|千元|元"
COUNT = "人次|批次|台（套）|台\\(套\\)|辆|个|批|项|户|家|台|套|人|次"
CHINESE = "一二三四五六七八九十"
SECTION = re.compile(rf"^[{CHINESE}]+、")
SUBSECTION = re.compile(rf"^[（(][{CHINESE}]+[）)]")
ITEM = re.compile(r"^(?:\d{1,2}[、.．](?!\d)|[（(]\d{1,2}[）)])")
PART = re.compile(rf"^第[{CHINESE}\d]+(?:部分|章|篇)")
YEAR = r"20\d\d年度?"


def is_heading(text: str) -> bool:
    """Whether a line that begins as headings do is one, and no sentence."""
    says_a_sentence = re.search(rf"[，。；：,;:]|{NUMBER}\s*(?:{MONEY}|%)", text)
    # «…支出—…—…» is the beginning of an item, and goes on in the next line
    is_item = re.search(r"支出\s*[—–－·→]", text)
    return not says_a_sentence and not is_item and len(text) < 46 and bool(re.search(r"[\u4e00-\u9fff]{2}", text))
