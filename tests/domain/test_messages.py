"""Messages say who, how to check, how to stop and where to complain, and never threaten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import messages, strategy, wording

VALUES = {
    "lender": "样例小贷",
    "name": "王小明",
    "account": "0088",
    "amount": "CNY 1234.56",
    "code": "ABCDEFGH23",
    "verify_page": "http://localhost:8000/verify/",
    "one_time_code": "123456",
    "complain_at": "12378",
    "complain_where": "12378 (financial regulator)",
    "agency": "agency-a",
    "former": "样例银行",
    "dispute_address": "1 Sample Street, Wilmington, DE 19801",
    "itemised_on": "2026-10-01",
    "owed_then": "USD 100.00",
    "interest_since": "USD 1.00",
    "fees_since": "USD 0.00",
    "paid_since": "USD 0.00",
    "owed_now": "USD 101.00",
    "dispute_by": "2027-01-05",
    "effective": "November 28, 10:12",
}


@pytest.mark.parametrize("template", messages.shipped().values(), ids=lambda one: one.id)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_shipped_template_is_clean_and_renders(template: messages.Template, language: str) -> None:
    assert wording.lint_template(template) == []
    rendered = messages.render(template.id, language, VALUES)
    needed = {name: VALUES[name] for name in messages.places(template.id, language)}
    assert messages.render(template.id, language, needed) == rendered
    assert (VALUES["one_time_code"] if template.purpose == "sign_in" else VALUES["code"]) in rendered.body
    assert "{" not in rendered.body + rendered.subject
    assert wording.lint(rendered.body) == []


def test_every_template_that_the_strategy_names_is_there_and_fits() -> None:
    for step in strategy.shipped().steps:
        for place, by_channel in step.template.items():
            for channel, name in by_channel.items():
                template = messages.get(name)
                assert (template.channel, template.place, template.purpose) == (channel, place, step.purpose)


BAD = [
    ("threat", "不还款后果自负"),
    ("threat", "再不还就上门催收"),
    ("threat", "You could go to jail for this"),
    ("threat", "Pay or we come to your house"),
    ("shame", "你这个老赖"),
    ("shame", "You are a deadbeat"),
    ("urgency", "这是最后通知"),
    ("urgency", "请立即还款"),
    ("urgency", "限今天 18 点前处理"),
    ("urgency", "This is your final notice"),
    ("urgency", "Call immediately"),
    ("legal_claim", "我们将对您起诉"),
    ("legal_claim", "律师函已寄出"),
    ("legal_claim", "We will sue"),
    ("posing", "法院通知您到庭"),
    ("posing", "This is the police"),
    ("third_person", "我们会联系您的家人"),
    ("third_person", "We will tell your employer"),
    ("private_account", "请转到我的账户"),
    ("private_account", "Buy gift cards and read me the numbers"),
    ("shouting", "请还款!"),
    ("capitals", "PLEASE CALL NOW"),
]
GOOD = [
    "您可以一次还清、分期还,也可以告诉我们现在还不了。",
    "我们不会联系您的家人、同事或通讯录联系人。",
    "我们从不要求您向私人账户付款。",
    "We will not contact your family or employer.",
    "You can pay, pay over time, or tell us you cannot pay now.",
    "We never ask you to pay into a private account.",
    "Your plan was agreed on 24 November; the next instalment is due on 5 December.",
    "Complaints: 12378 (NFRA), 12363 (PBoC).",
]


@pytest.mark.parametrize(("code", "text"), BAD)
def test_what_no_message_may_say_is_found_and_quoted(code: str, text: str) -> None:
    findings = wording.lint(text)
    assert code in {finding.code for finding in findings}
    assert all(finding.by for finding in findings)
    assert all(text[finding.start : finding.end] == finding.quote for finding in findings)


@pytest.mark.parametrize("text", GOOD)
def test_plain_words_pass(text: str) -> None:
    assert wording.lint(text) == []


@pytest.mark.parametrize("name", ["{__class__}", "{name.upper}", "{0}", "{lender!r}", "{", "{unknown}"])
def test_the_grammar_has_places_and_nothing_else(name: str) -> None:
    text = f"id='x'\nchannel='sms'\npurpose='collection'\nplace='CN'\n[zh-hans]\nsubject=''\nbody='{name}'\n"
    with pytest.raises(InputRefused):
        messages.read(text + "[en]\nsubject=''\nbody='x'\n")


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_a_value_brings_no_place_of_its_own(name: str) -> None:
    rendered = messages.render("cn-reminder-email", "en", {**VALUES, "name": name})
    assert f"Dear {name}," in rendered.body


@pytest.mark.parametrize("value", ["", "a\nb", "x" * 201, "a\x00b"])
def test_values_that_could_forge_a_message_are_refused(value: str) -> None:
    with pytest.raises(InputRefused):
        messages.render("cn-reminder-email", "en", {**VALUES, "name": value})


@pytest.mark.parametrize(
    "text",
    ["您好，我们知道您女儿在哪所小学上学，放学注意点。", "We know which school your little girl goes to."],
)
def test_a_draft_is_read_for_what_no_rule_names(text: str) -> None:
    assert wording.lint(text) == []
    assert {one.code.partition("_as_")[0] for one in wording.lint_draft(text)} == {"reads"}
