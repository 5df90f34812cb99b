"""Why a row or a value was refused: short stable codes, each with a sentence that people read."""

from zaplecze.language import N_, Text, say

REASONS: dict[str, str] = {
    "malformed_row": N_("The row does not have the columns or quotation marks that it should."),
    "bad_encoding": N_("The row holds characters that do not belong to the file's encoding."),
    "no_case": N_("The row does not say which case it belongs to."),
    "no_activity": N_("The row does not say what was done."),
    "no_time": N_("The row does not say when it happened."),
    "unreadable_time": N_("The value is not a date or time in the expected format."),
    "unreadable_number": N_("The value is not a number."),
    "end_before_start": N_("The step ends before it starts."),
    "other_transition": N_("The row marks neither the start nor the completion of a step."),
    "duplicate": N_("The row repeats an earlier one."),
    "duplicate_key": N_(
        "An earlier row gives another value for the same case, and no aggregate is chosen."
    ),
    "outside_scale": N_("The rating lies outside its scale."),
    "unknown_value": N_("The value is neither a yes nor a no."),
    "case_without_events": N_("Nothing was recorded for this case."),
    "unknown_case": N_("The row belongs to a case that is not among the cases."),
    "unreferenced": N_("No case refers to this row."),
}


def reason_text(code: str) -> Text:
    """The sentence for CODE; the code itself where a newer version wrote it."""
    sentence = REASONS.get(code)
    return say(sentence) if sentence else Text.same(code)
