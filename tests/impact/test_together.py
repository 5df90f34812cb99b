"""Levers side by side: the same results as one after the other, and fits shared only by what is the same."""

import threading
import time

import numpy as np
import pytest

from zaplecze.impact import together
from zaplecze.impact.comparison import Comparisons
from zaplecze.impact.facts import Column
from zaplecze.impact.finding import LeverName
from zaplecze.impact.lever import Lever
from zaplecze.language import Text

CASES = 400


def column(name, seed):
    return Column(name, Text.same(name), np.random.default_rng(seed).normal(size=CASES))


def lever(*before):
    exposed, nowhere = np.arange(CASES) % 2.0, np.full(CASES, np.nan)
    words = Text.same("A")
    name = LeverName("late:A", words, "late", "A", words, "", words)
    return Lever(name, exposed, nowhere, nowhere, nowhere, list(before))


def comparisons():
    return Comparisons(np.arange(CASES))


def nobody(number, done):
    pass


def left_over(levers, threads, monkeypatch):
    monkeypatch.setattr(together, "_threads", lambda levers: threads)
    rows = np.ones(CASES, dtype=bool)
    return together.side_by_side(
        levers,
        lambda i, shared: shared.of(levers[i].before, rows).left_over("y", levers[i].exposed),
        comparisons(),
        nobody,
    )


def test_as_many_threads_as_one_likes_find_the_same(monkeypatch):
    levers = {i: lever(column("a", 1), column("b", i)) for i in range(6)}
    alone = left_over(levers, 1, monkeypatch)
    together_ = left_over(levers, 4, monkeypatch)
    assert list(alone) == list(together_) == list(levers)
    assert all((alone[i] == together_[i]).all() for i in levers)


def test_levers_that_hold_the_same_equal_share_their_comparisons_and_others_do_not(monkeypatch):
    first, second = lever(column("a", 1)), lever(column("a", 2))
    seen = {}
    together.side_by_side(
        {0: first, 1: second, 2: lever(column("a", 1))},
        lambda i, shared: seen.setdefault(i, shared),
        comparisons(),
        nobody,
    )
    assert seen[0] is seen[2]
    assert seen[0] is not seen[1]


def test_columns_that_share_a_name_only_are_another_comparison():
    known, rows = comparisons(), np.ones(CASES, dtype=bool)
    assert known.of([column("a", 1)], rows) is known.of([column("a", 1)], rows)
    assert known.of([column("a", 1)], rows) is not known.of([column("a", 2)], rows)


def test_progress_is_told_in_the_thread_of_the_caller_and_never_goes_back():
    told = []
    together.side_by_side(
        {i: lever(column("a", i)) for i in range(3)},
        lambda i, shared: time.sleep(0.01),
        comparisons(),
        lambda i, done: told.append((threading.current_thread(), done)),
    )
    assert {thread for thread, _ in told} == {threading.current_thread()}
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_what_goes_wrong_with_one_stops_the_rest(monkeypatch):
    monkeypatch.setattr(together, "_threads", lambda levers: 1)
    begun = []

    def work(number, shared):
        begun.append(number)
        time.sleep(0.02)
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        together.side_by_side(
            {i: lever(column("a", i)) for i in range(50)}, work, comparisons(), nobody
        )
    assert len(begun) < 50


def test_no_levers_are_nothing_to_do():
    assert together.side_by_side({}, lambda i, shared: None, comparisons(), nobody) == {}
