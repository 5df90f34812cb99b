"""Number formats of charts and sheets name the language of the report."""

import pytest

from zaplecze.report.officenumbers import in_language


@pytest.mark.parametrize(
    ("pattern", "coded"),
    [
        ("#,##0", "[$-415]#,##0"),
        ("#,##0;−#,##0", "[$-415]#,##0;[$-415]−#,##0"),
        ("[>=10]#,##0;0.0", "[>=10][$-415]#,##0;[$-415]0.0"),
    ],
)
def test_every_part_of_a_format_names_the_language_behind_its_condition(pattern, coded):
    assert in_language(pattern, "pl") == coded
