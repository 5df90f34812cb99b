import numpy as np

from zaplecze.impact import learner
from zaplecze.impact.design import Design
from zaplecze.impact.facts import Column
from zaplecze.impact.learner import CrossFitter
from zaplecze.language import Text

CASES = 3000


def _columns(random: np.random.Generator) -> list[Column]:
    number = random.normal(size=CASES)
    gaps = np.where(random.random(CASES) < 0.2, np.nan, random.normal(size=CASES))
    kind = random.integers(0, 5, CASES).astype(float)
    return [
        Column("number", Text.same("number"), number),
        Column("gaps", Text.same("gaps"), gaps),
        Column("kind", Text.same("kind"), kind, ("a", "b", "c", "d", "e")),
    ]


def _target(columns: list[Column], random: np.random.Generator) -> np.ndarray:
    number, gaps, kind = (column.values for column in columns)
    return number + np.nan_to_num(gaps, nan=2.0) + (kind == 2) + random.normal(size=CASES)


def test_several_targets_side_by_side_are_predicted_as_one_by_one():
    random = np.random.default_rng(1)
    columns = _columns(random)
    targets = [_target(columns, random), random.normal(size=CASES)]
    fitter = CrossFitter(columns, np.arange(CASES))
    together = fitter.predictions_of(targets)
    for target, predicted in zip(targets, together, strict=True):
        assert np.array_equal(predicted, fitter.predictions(target))


def test_chosen_rows_are_predicted_as_if_there_were_no_others():
    random = np.random.default_rng(2)
    columns = _columns(random)
    target, rows = _target(columns, random), np.flatnonzero(random.random(CASES) < 0.5)
    cut = [Column(c.name, c.label, c.values[rows], c.levels) for c in columns]
    alone = CrossFitter(cut, rows).predictions(target[rows])
    assert np.array_equal(CrossFitter(columns, rows, rows=rows).predictions(target[rows]), alone)


def test_a_table_read_in_batches_is_learnt_from_as_a_whole_one(monkeypatch):
    random = np.random.default_rng(3)
    columns = _columns(random)
    target = _target(columns, random)
    whole = CrossFitter(columns, np.arange(CASES)).predictions(target)
    monkeypatch.setattr(learner, "SAMPLE", CASES - 1)
    monkeypatch.setattr(learner, "BATCH", 700)
    in_batches = CrossFitter(columns, np.arange(CASES)).predictions(target)
    assert np.corrcoef(whole, in_batches)[0, 1] > 0.99


def test_with_nothing_to_learn_from_the_mean_of_the_others_is_expected():
    target = 7.0 + np.random.default_rng(4).normal(size=CASES)
    few = np.arange(CASES) < 45
    for columns in ([], [Column("same", Text.same("same"), np.ones(CASES))]):
        fitter = CrossFitter(columns, np.arange(CASES))
        assert np.abs(fitter.predictions(target) - target.mean()).max() < 0.1
        assert np.abs(fitter.predictions(target, few) - target[few].mean()).max() < 0.3


def test_a_design_has_blocks_of_mean_nought_and_spread_one():
    random = np.random.default_rng(5)
    columns = [*_columns(random), Column("same", Text.same("same"), np.ones(CASES))]
    rows = np.flatnonzero(random.random(CASES) < 0.7)
    design = Design.of(columns, rows)
    assert [column.name for column in design.columns] == ["number", "gaps", "kind"]
    assert design.widths == [1, 2, 5]
    assert np.allclose(np.diag(design.gram), len(rows))
    assert np.allclose(design.times(np.ones((len(rows), 1))), 0.0, atol=1e-6)


def test_few_cases_are_cut_into_folds_several_times_and_their_predictions_averaged(monkeypatch):
    random = np.random.default_rng(6)
    columns = _columns(random)
    target = _target(columns, random)
    few = CrossFitter(columns, np.arange(CASES)).predictions(target)
    monkeypatch.setattr(learner, "FEW", CASES - 1)
    once = [CrossFitter(columns, np.arange(CASES), seed=k).predictions(target) for k in range(3)]
    assert np.allclose(few, np.mean(once, axis=0))
    assert not np.allclose(once[0], once[1])


def test_trees_that_learn_from_few_cases_follow_what_coarser_ones_leave_to_the_lever():
    random = np.random.default_rng(7)
    x = random.normal(size=400)
    column = Column("x", Text.same("x"), x)
    truth = np.sin(2 * x)
    left = CrossFitter([column], np.arange(400)).residuals(truth)
    assert left.var() < 0.1 * truth.var()
