from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree

import pytest

from relance.diagnostics import Diagnostic, Rule, Severity, Span
from relance.reports.diagnostics import FORMATS, render

UNKNOWN = Rule("P900", Severity.ERROR, "unknown key `{key}`", "did you mean: {names}?", "Why.")
STRANGE = Rule("P901", Severity.WARNING, "strange {what}", "")

LINE = "intervall: 7"
ERROR = Diagnostic(
    UNKNOWN,
    Span("procedures/a,b.yaml", 5, 1, 10, LINE),
    {"key": "intervall", "names": "interval"},
    (Span("relance.yaml", 2, 3),),
)
WARNING = Diagnostic(STRANGE, Span("relance.yaml"), {"what": "100 %\nof it\x1b[31m <&>"})


def test_full_shows_the_line_with_a_caret_under_the_place_and_the_way_out() -> None:
    assert render([ERROR], "full", "en", ["relance.yaml"], 1) == (
        "error[P900]: unknown key `intervall`\n"
        "  --> procedures/a,b.yaml:5:1\n"
        "  |\n"
        "5 | intervall: 7\n"
        "  | ^^^^^^^^^\n"
        "  = see also: relance.yaml:2:3\n"
        "  = help: did you mean: interval?\n"
        "\n"
        "1 files, 1 procedures, 1 errors, 0 warnings\n"
    )


def test_concise_has_one_line_per_finding_with_the_way_out() -> None:
    assert render([ERROR, WARNING], "concise").splitlines() == [
        "procedures/a,b.yaml:5:1: error P900: unknown key `intervall` (did you mean: interval?)",
        "relance.yaml: warning P901: strange 100 %\\nof it\\x1b[31m <&>",
    ]


def test_control_and_direction_characters_of_an_excerpt_are_escaped() -> None:
    span = Span("relance.yaml", 1, 3, 4, "a\x1b]8;;x\u202e\tb")

    shown = render([Diagnostic(STRANGE, span, {"what": "line"})], "full").splitlines()

    assert shown[3] == "1 | a\\x1b]8;;x\\u202e\\tb"
    assert shown[4] == "  |      ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    span = Span("relance.yaml", 1, 301, 305, "x" * 300 + "here" + "y" * 300)

    shown = render([Diagnostic(STRANGE, span, {"what": "line"})], "full").splitlines()

    caret = shown[4].index("^")
    assert shown[3][caret : caret + 4] == "here"
    assert len(shown[3]) <= 104


def test_a_place_past_the_end_of_its_line_is_still_shown() -> None:
    span = Span("relance.yaml", 4, 9, None, "")

    assert "  | ^" in render([Diagnostic(STRANGE, span, {"what": "end"})], "full")


def test_github_annotations_escape_what_would_end_them_and_put_errors_first() -> None:
    assert render([WARNING, ERROR], "github").splitlines() == [
        "::error file=procedures/a%2Cb.yaml,line=5,col=1,title=P900"
        "::unknown key `intervall` (did you mean: interval?)",
        "::warning file=relance.yaml,title=P901::strange 100 %25%0Aof it\\x1b[31m <&>",
    ]


def test_json_has_the_fields_of_the_contract() -> None:
    content = json.loads(render([ERROR], "json", "en", ["relance.yaml"]))

    assert content["files"] == ["relance.yaml"]
    assert content["errors"] == 1
    assert content["diagnostics"][0]["code"] == "P900"
    assert content["diagnostics"][0]["line"] == 5


def test_sarif_names_the_rules_and_the_regions() -> None:
    run = json.loads(render([ERROR, WARNING], "sarif"))["runs"][0]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["P900", "P901"]
    first = run["results"][0]
    assert first["level"] == "error"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "procedures/a%2Cb.yaml"
    assert place["region"] == {"startLine": 5, "startColumn": 1, "endColumn": 10}
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]


def test_sarif_gives_each_result_a_place_and_a_rule_that_is_there() -> None:
    nowhere = Diagnostic(STRANGE, None, {"what": "day"})
    run = json.loads(render([ERROR, WARNING, nowhere], "sarif"))["runs"][0]

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert all(place["artifactLocation"]["uri"] for place in places)
    assert all(result["message"]["text"] for result in run["results"])


def test_junit_has_a_case_per_file_and_fails_those_with_errors() -> None:
    text = render([ERROR, WARNING], "junit", "en", ["accounts.yaml", "relance.yaml"])
    suite = ElementTree.fromstring(text)[0]

    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.get("name") for case in suite] == [
        "accounts.yaml",
        "relance.yaml",
        "procedures/a,b.yaml",
    ]
    assert suite[2][0].get("type") == "P900"
    assert "strange 100 %" in (suite[1][0].text or "")


def test_gitlab_has_an_issue_per_finding_with_the_fields_that_it_asks_for() -> None:
    issues = json.loads(render([ERROR, WARNING], "gitlab"))

    assert issues[0] == {
        "description": "unknown key `intervall` (did you mean: interval?)",
        "check_name": "P900",
        "fingerprint": issues[0]["fingerprint"],
        "severity": "critical",
        "location": {"path": "procedures/a,b.yaml", "lines": {"begin": 5}},
    }
    assert issues[1]["severity"] == "minor"
    assert issues[1]["location"] == {"path": "relance.yaml", "lines": {"begin": 1}}
    assert {len(issue["fingerprint"]) for issue in issues} == {32}


def test_gitlab_knows_an_issue_again_whose_line_moved_and_tells_two_of_a_kind_apart() -> None:
    def issues(*lines: int, folder: str = "") -> list[str]:
        spans = [Span(f"{folder}relance.yaml", line) for line in lines]
        found = [Diagnostic(STRANGE, span, {"what": "line"}) for span in spans]
        return [issue["fingerprint"] for issue in json.loads(render(found, "gitlab"))]

    assert issues(4) == issues(9)
    assert issues(9) == issues(9, folder="./")
    assert len(set(issues(4, 9))) == 2


def test_a_finding_about_no_file_is_an_issue_of_the_policy() -> None:
    [issue] = json.loads(render([Diagnostic(STRANGE, None, {"what": "day"})], "gitlab"))

    assert issue["location"] == {"path": "relance.yaml", "lines": {"begin": 1}}


def test_markdown_has_errors_first_and_no_markup_of_what_was_found() -> None:
    page = render([WARNING, ERROR], "markdown").splitlines()

    assert page[0] == "## relance validate: 1 error"
    assert page[4] == (
        "| error | procedures/a,b.yaml:5:1 | P900 | unknown key &#96;intervall&#96; (did you mean: interval?) |"
    )
    assert page[5].startswith("| warning | relance.yaml | P901 | strange 100 %")
    assert "&#60;&#38;&#62;" in page[5]
    assert len(page) == 6


def test_markdown_of_a_thousand_findings_and_more_is_cut_as_summaries_are() -> None:
    many = [Diagnostic(STRANGE, Span("relance.yaml", n), {"what": n}) for n in range(1, 1102)]
    page = render([*many, ERROR], "markdown")

    assert page.splitlines()[4].startswith("| error |")
    assert page.rstrip().endswith("… and 102 more")
    assert len(page.encode()) < 1024 * 1024


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_to_say_is_well_formed_too(form: str) -> None:
    text = render([], form)

    assert text == "" or text.endswith("\n")
    if form in ("json", "sarif", "gitlab"):
        json.loads(text)


def test_the_spaces_of_french_are_shown_as_spaces() -> None:
    shown = render(
        [Diagnostic(STRANGE, Span("relance.yaml", 1), {"what": "a\u00a0b\u202fc"})], "full", "fr"
    )

    assert "a\u00a0b\u202fc" in shown


def test_a_message_has_days_as_its_reader_writes_them_and_a_hint_as_yaml_does() -> None:
    closed = Rule("P902", Severity.ERROR, "closed since {since}", "write `from: {since}`")
    found = Diagnostic(closed, None, {"since": date(2026, 5, 27)})
    assert found.message("fr") == "closed since 27/05/2026"
    assert found.message("en") == "closed since 2026-05-27"
    assert found.hint("fr") == "write `from: 2026-05-27`"
