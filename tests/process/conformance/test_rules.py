"""Rules: what breaks each kind, which cases are listed, and what cannot be known."""

import pytest

from zaplecze import eventlog
from zaplecze.errors import InputError, WorkspaceError
from zaplecze.process.conformance import check_rules
from zaplecze.workspace import Rule, load, load_rules


@pytest.fixture
def log_of(tmp_path_factory):
    """A log from rows "case step hour person"."""
    logs = []

    def make(text, *, people=True):
        folder = tmp_path_factory.mktemp("rules")
        rows = ["case,step,at,who"]
        for row in filter(None, (part.strip() for part in text.split(";"))):
            case, step, hour, *who = row.split()
            day, hour = divmod(float(hour), 24)
            at = f"2026-01-{1 + int(day):02} {int(hour):02}:{round(hour % 1 * 60):02}"
            rows.append(f"{case},{step},{at},{who[0] if who else ''}")
        (folder / "e.csv").write_text("\n".join(rows) + "\n")
        workspace = eventlog.workspace_for(
            folder / "e.csv", case="case", activity="step", time="at",
            resource="who" if people else None,
        )  # fmt: skip
        logs.append(eventlog.build(workspace, folder, folder / "log"))
        return logs[-1]

    yield make
    for log in logs:
        log.close()


def rule(kind, first="A", then="B", **more):
    return Rule(kind=kind, first=first, then=then, **more)


def checked(log, *rules):
    """Cases concerned, violations by case, unknown cases."""
    (check,) = check_rules(log, rules)
    assert check.violating_cases == len(check.violating)
    assert check.violations == sum(v.times for v in check.violating)
    return check.cases, {v.case_id: v.times for v in check.violating}, check.unknown_cases


def test_precedence_is_broken_by_every_second_step_before_any_first(log_of):
    log = log_of("1 A 0; 1 B 1; 2 B 0; 2 B 1; 2 A 2; 2 B 3; 3 B 0; 4 A 0; 5 C 0")
    assert checked(log, rule("precedence")) == (3, {"2": 2, "3": 1}, 0)


def test_response_is_broken_by_every_first_step_after_which_none_comes(log_of):
    log = log_of("1 A 0; 1 B 1; 2 A 0; 2 B 1; 2 A 2; 2 A 3; 3 A 0; 4 B 0")
    assert checked(log, rule("response")) == (3, {"2": 2, "3": 1}, 0)


def test_not_together_is_broken_once_a_case(log_of):
    log = log_of("1 A 0; 1 B 1; 1 A 2; 2 A 0; 3 B 0; 4 C 0")
    assert checked(log, rule("not_together")) == (3, {"1": 1}, 0)


def test_within_measures_to_the_next_one_and_says_nothing_where_none_comes(log_of):
    log = log_of("1 A 0; 1 B 24; 2 A 0; 2 B 25; 2 B 26; 3 A 0; 4 A 0; 4 A 30; 4 B 31; 5 B 0; 5 A 9")
    assert checked(log, rule("within", hours=24.0)) == (3, {"2": 1, "4": 1}, 0)


def test_separation_is_broken_by_each_person_who_did_both(log_of):
    log = log_of(
        "1 A 0 ann; 1 B 1 bob; 2 A 0 ann; 2 B 1 ann; 3 A 0 ann; 3 A 1 bob; 3 B 2 ann; 3 B 3 bob;"
        "4 A 0 ann; 5 A 0 ann; 5 B 1; 6 A 0 ann; 6 B 1 ann; 6 B 2"
    )
    # Of case 5 nobody can tell; of case 6 one can, though one event has no name.
    assert checked(log, rule("separation")) == (5, {"3": 2, "2": 1, "6": 1}, 1)


def test_cases_that_break_a_rule_most_often_come_first(log_of):
    (check,) = check_rules(log_of("1 B 0; 2 B 0; 2 B 1; 3 B 0; 3 A 1"), [rule("precedence")])
    assert [v.case_id for v in check.violating] == ["2", "1", "3"]


def test_a_log_that_does_not_say_who_did_what_cannot_be_asked(log_of):
    with pytest.raises(InputError, match="Rule 1, 'A' and 'B': the log does not say who did what"):
        check_rules(log_of("1 A 0; 1 B 1", people=False), [rule("separation")])


def test_an_activity_that_the_log_does_not_have_is_named_with_one_that_sounds_like_it(log_of):
    log = log_of("1 Check 0; 1 Pay 1")
    with pytest.raises(InputError, match=r"Rule 2: .* no activity 'Chek'\. Did you mean 'Check'"):
        check_rules(log, [rule("response", "Check", "Pay"), rule("response", "Chek", "Pay")])


def test_an_activity_that_only_the_workspace_knows_simply_never_happened(log_of, tmp_path):
    file = tmp_path / "zaplecze.toml"
    file.write_text(
        'name = "T"\n[sources.s]\nfile = "a.csv"\n[case]\nkey = "k"\nsource = "s"\n'
        '[steps.Approve]\nlabel = "Approval"\n'
        '[[rules]]\nkind = "precedence"\nfirst = "Approve"\nthen = "Pay"\n'
    )
    workspace = load(file)
    (check,) = check_rules(log_of("1 Pay 0"), workspace.rules, workspace)
    assert check.violating_cases == 1
    assert str(check.sentence) == "'Pay' only after 'Approval'"


def test_a_rule_is_said_in_its_own_words_or_in_those_of_its_kind(log_of):
    log = log_of("1 A 0; 1 B 1")
    own, made = check_rules(
        log, [rule("response", label="Always answer"), rule("within", hours=1.5)]
    )
    assert str(own.sentence) == "Always answer"
    assert str(made.sentence) == "'B' within 1.5 h after 'A'"


def written(tmp_path, text):
    file = tmp_path / "rules.toml"
    file.write_text(text)
    return file


def test_a_file_of_rules_is_read(tmp_path):
    file = written(tmp_path, '[[rules]]\nkind = "within"\nfirst = "A"\nthen = "B"\nhours = 24\n')
    assert load_rules(file) == [rule("within", hours=24.0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "x"\n', "'name' does not belong in a file of rules"),
        ('[[rules]]\nkind = "never"\nfirst = "A"\nthen = "B"\n', '[[rules]] no. 1, kind = "never": Choose one of'),
        ('[[rules]]\nkind = "response"\nfirst = "A"\n', "[[rules]] no. 1: The key 'then' is missing"),
        ('[[rules]]\nkind = "within"\nfirst = "A"\nthen = "B"\n', "needs the key 'hours'"),
        ('[[rules]]\nkind = "response"\nfirst = "A"\nthen = "B"\nhours = 2\n', "Only a rule of kind 'within'"),
        ('[[rules]]\nkind = "within"\nfirst = "A"\nthen = "B"\nhours = -1\n', "hours = -1"),
        ('[[rules]]\nkind = "response"\nfirst = "A"\nthen = "A"\n', "two different activities"),
        ('[[rules]]\nkind = "response"\nfirst = "A"\nthen = "B"\nhour = 2\n', "Did you mean 'hours'?"),
        ("", "rules"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_used_are_refused_by_table_and_key(tmp_path, text, words):
    with pytest.raises(WorkspaceError) as caught:
        load_rules(written(tmp_path, text))
    assert words in str(caught.value)
