"""Filters: text from code becomes HTML, and never more than was meant."""

import pytest

from web.templatetags.words import breakable, cents, prose


def test_backticks_become_code():
    assert prose("Send `text` or `text_url`.") == "Send <code>text</code> or <code>text_url</code>."


def test_markup_in_text_stays_text():
    assert prose("`<lora:1>` & <b>") == "<code>&lt;lora:1&gt;</code> &amp; &lt;b&gt;"
    assert breakable("/a<b>/c") == "/<wbr>a&lt;b&gt;/<wbr>c"


@pytest.mark.parametrize(("mc", "shown"), [(14_000, "14¢"), (2_875, "2.875¢"), (0, "0¢"), (1_234_500, "1,234.5¢")])
def test_money_is_shown_in_cents(mc, shown):
    assert cents(mc) == shown
