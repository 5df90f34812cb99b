"""Failure demand in sentences."""

from zaplecze.impact.demand.contacts import Contacts
from zaplecze.impact.demand.following import Followed
from zaplecze.impact.demand.result import FailureDemand, StepDemand
from zaplecze.impact.finding import Interval
from zaplecze.language import N_, Text, duration, ends, joined, number, percent, say

DAY = 86_400.0
_TRIMMED = 0.05


def of_step(step: StepDemand, recurrent: bool) -> Text:
    """What one delay brings, or why that cannot be told."""
    if step.verdict in ("cannot tell", "not comparable") and step.q_value is None:
        return say(
            N_("{delay}: cannot be told. {reason}"),
            delay=step.delay.label,
            reason=step.reason or "",
        )
    message = (
        N_("{delay}: {excess} contacts would not have come without it ({low} to {high}).")
        if recurrent
        else N_(
            "{delay}: in {excess} cases it would not have happened without it ({low} to {high})."
        )
    )
    low, high = bounds(step.interval)
    return say(message, delay=step.delay.label, excess=number(step.excess), low=low, high=high)


def of_all(found: FailureDemand, steps: list[StepDemand]) -> Text:
    """What all delays bring together, with the step that brings most."""
    assert found.excess is not None
    assert found.interval is not None
    assert found.share is not None
    low, high = bounds(found.interval)
    given = {
        "what": found.what,
        "excess": number(found.excess),
        "all": number(found.contacts),
        "share": percent(found.share, 0),
        "low": low,
        "high": high,
        "days": number(found.horizon_days, 0 if found.horizon_days >= 10 else 1),
    }
    if found.verdict != "yes":
        return say(
            N_(
                "It does not show that delays bring contacts: {excess} of {all} contacts ({low} to "
                "{high}) came beyond what cases without delay have. {reason}"
            ),
            **given,
            reason=found.reason or "",
        )
    worst = max((s for s in steps if s.verdict == "yes"), key=lambda s: s.excess, default=None)
    first = say(
        N_(
            "{excess} of {all} contacts ({share}) would not have come without delays; the interval "
            "is {low} to {high}."
        )
        if found.recurrent
        else N_(
            "Of {all} cases with “{what}” {excess} ({share}) would not have had it without delays; the "
            "interval is {low} to {high}."
        ),
        **given,
    )
    if worst is None or len(steps) == 1:
        return first
    most = say(
        N_("Most come from '{delay}': {excess}.")
        if worst.excess <= found.excess
        else N_(
            "With '{delay}' alone there are {excess} more; after another delay there are fewer."
        ),
        delay=worst.delay.label,
        excess=number(worst.excess),
    )
    return say("{first} {most}", first=first, most=most)


def cannot_tell(reason: Text) -> Text:
    """That the data cannot tell, and why."""
    return say(N_("Whether delays bring contacts cannot be told. {reason}"), reason=reason)


def method(recurrent: bool) -> Text:
    """How it was estimated."""
    if recurrent:
        return say(
            N_(
                "Cox-Aalen rates of recurrent contacts, estimated from the time before delays and "
                "carried over to the time after them; errors clustered by customer."
            )
        )
    return say(
        N_(
            "Cox-Aalen hazards of what happens once a case, estimated from the time before delays "
            "and carried over to the time after them; other ends compete; errors clustered by "
            "customer."
        )
    )


def caveats(contacts: Contacts, followed: Followed) -> list[Text]:
    """What the figures leave open."""
    found = [
        say(
            N_(
                "Not an experiment: what was known when the case started is held equal, and how far "
                "the work had come; what nobody recorded is not."
            )
        ),
        say(
            N_("Cases are followed for {time} after their start at most."),
            time=duration(followed.horizon * DAY),
        ),
        # Other figures count the delays of steps that were done; here time runs.
        say(
            N_(
                "A case counts as delayed from when the time of the step is up within that span, even if "
                "the step is never done; the findings count cases in which it was done."
            )
        ),
    ]
    if not contacts.recurrent:
        found.append(
            say(
                N_(
                    "Counted is what happened sooner than expected while cases were followed; some of "
                    "it might have happened later in any case."
                )
            )
        )
    if contacts.asked_for:
        found.append(
            say(
                N_(
                    "Customers answered because they were asked, usually once the step was done: "
                    "when they answer says more about the asking than about the delay."
                )
            )
        )
    for count, message in (
        (followed.of_nobody, N_("Cases whose customer is not known are left out: {count}.")),
        (contacts.unlinked, N_("Contacts that belong to no case or have no time: {count}.")),
        (contacts.repeated, N_("Contacts of one case at the very same time, counted once: {count}.")),
        (followed.outside, N_("Contacts at the start of a case, or when it is no longer followed: {count}.")),
        (followed.before_records, N_("Cases that began before contacts were recorded are left out: {count}.")),
    ):  # fmt: skip
        if count:
            found.append(say(message, count=number(count)))
    if len(followed.trimmed) and float(followed.trimmed.max()) > _TRIMMED:
        found.append(
            say(
                N_(
                    "Up to {share} of the time after a delay is left out: too few cases without any "
                    "delay are left to compare with."
                ),
                share=percent(float(followed.trimmed.max()), 0),
            )
        )
    if followed.held.left_out:
        found.append(
            say(
                N_("With so few contacts these facts cannot be held equal: {facts}."),
                facts=joined(followed.held.left_out),
            )
        )
    return found


def left_out(steps: list[StepDemand], told: list[int]) -> list[Text]:
    """That the sum has no part for delays that cannot be told."""
    missing = [step.delay.label for k, step in enumerate(steps) if k not in told]
    if not missing:
        return []
    return [
        say(
            N_("Not in the sum, because they cannot be told: {delays}."),
            delays=joined(missing),
        )
    ]


def bounds(interval: Interval) -> tuple[Text, Text]:
    """The ends of an interval of contacts."""
    return ends(*interval)
