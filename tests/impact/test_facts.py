import numpy as np
import pyarrow as pa
import pytest
from tests.impact.small import facts_of, workspace_of

from zaplecze.impact.facts import MOST_LEVELS, _attribute
from zaplecze.impact.levers import find_levers
from zaplecze.impact.verdicts import folded
from zaplecze.language import LANGUAGES
from zaplecze.workspace import Workspace


def with_codes(levers):
    described = workspace_of({}).model_dump(exclude_unset=True)
    described |= {"attributes": {"code": {"kind": "category"}}, "levers": levers}
    return Workspace.model_validate(described)


def codes():
    """300 values, the higher the rarer; the last one once."""
    names = [f"c{k}" for k in range(300) for _ in range(300 - k)]
    return pa.table({"code": names}), len(names)


def test_a_category_with_too_many_values_says_how_many_are_held_equal_as_one():
    table, _ = codes()
    column = _attribute(table, "code", "category", with_codes({}))
    assert (len(column.levels), column.folded) == (MOST_LEVELS + 1, 200)
    [words] = folded([column])
    assert all("200" in words[language] for language in LANGUAGES)
    few = _attribute(table.slice(0, 300), "code", "category", with_codes({}))
    assert list(folded([few])) == []


def test_a_lever_finds_its_values_however_rare_they_are():
    table, cases = codes()
    workspace = with_codes({"rare": {"attribute": "code", "values": ["c299", "c298"]}})
    column = _attribute(table, "code", "category", workspace)
    facts = facts_of({"A": np.ones(cases)})
    facts.attributes["code"] = column
    lever = next(each for each in find_levers(facts, workspace) if each.name.id == "rare")
    assert np.flatnonzero(lever.exposed == 1).tolist() == [cases - 3, cases - 2, cases - 1]


@pytest.mark.parametrize(("apart", "twice"), [(0.0, 3), (1.0, 0)])
def test_a_step_that_is_there_twice_in_the_same_instant_is_counted(apart, twice):
    again = {"A": [(case, 2.0 + apart) for case in range(3)]}
    facts = facts_of({"A": np.full(20, 2.0), "B": np.full(20, 3.0 + apart)}, again=again)
    levers = {lever.name.id: lever for lever in find_levers(facts, workspace_of({}))}
    assert levers["rework:A"].at_once == twice
