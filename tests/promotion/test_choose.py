"""Which properties deserve a column."""

from appliance.promotion.choose import UNUSED_US, Choice, Promoted, Used, choose

NOW = 10 * UNUSED_US
LIMITS = {"now_us": NOW, "promoted_max": 2, "seconds_min": 5.0, "uses_min": 3, "at_once_max": 2}


def chosen(used, promoted=(), **limits):
    return choose(used, promoted, **{**LIMITS, **limits})


def test_the_costliest_come_first_and_cheap_or_rare_ones_not_at_all():
    used = [Used("cheap", 100, 4.9), Used("rare", 2, 60), Used("some", 10, 6), Used("most", 10, 50)]
    assert chosen(used) == Choice(("most", "some"), ())
    assert chosen(used, at_once_max=1) == Choice(("most",), ())


def test_what_has_a_column_is_not_given_another():
    assert chosen([Used("plan", 10, 50)], [Promoted("plan", NOW)]) == Choice((), ())


def test_a_column_in_use_keeps_its_place():
    full = [Promoted("a", NOW), Promoted("b", NOW)]
    assert chosen([Used("new", 10, 50)], full) == Choice((), ())


def test_an_unused_column_makes_room_only_when_somebody_needs_it():
    full = [Promoted("a", NOW), Promoted("old", NOW - UNUSED_US - 1)]
    assert chosen([], full) == Choice((), ())
    assert chosen([Used("new", 10, 50)], full) == Choice(("new",), ("old",))


def test_a_lower_limit_takes_back_the_longest_unused():
    some = [Promoted("a", NOW - 2), Promoted("b", NOW - 3), Promoted("c", NOW)]
    assert chosen([Used("new", 10, 50)], some, promoted_max=1) == Choice((), ("b", "a"))
    assert chosen([], some, promoted_max=0) == Choice((), ("b", "a", "c"))
