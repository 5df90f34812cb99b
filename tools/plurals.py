"""Finds numbers that stand before a noun which has one form only.

English says "{n} cases" of two and of five; Polish and Ukrainian say "2 sprawy", "5 spraw". Such a
message needs plural forms, or words in which the number follows the noun ("liczba spraw: {n}").
"""

import re
from collections.abc import Iterator

from babel.messages.catalog import Message

_NOUNS = {
    "pl": (
        r"spraw[ya]?|zdarze(?:nia|ń)|krok(?:i|ów)|wierszy|wiersze|zamówie(?:nia|ń)|okres(?:y|ów)|tygodni|"
        r"tygodnie|miesięcy|miesiące|połącze(?:nia|ń)|kontakt(?:y|ów)|konsultan(?:ci|tów)|wartości|"
        r"jednost(?:ki|ek)|przekaza(?:nia|ń)|osoby|osób|lata|lat|godzin[y]?|obiekt(?:y|ów)|dróg|drogi|"
        r"ścież(?:ki|ek)|przejścia|przejść|alarm(?:y|ów)|miar[y]?|cech[y]?|grup[y]?|losowa(?:nia|ń)|"
        r"symulacje|symulacji|klienci|klientów|odpowiedzi|obserwacj[ei]|przypadk(?:i|ów)|kolumn[y]?|"
        r"plik(?:i|ów)|pozycj[ei]|czynnik(?:i|ów)|przedział(?:y|ów)|rozmów|rozmowy|skarg[i]?|reklamacj[ei]"
    ),
    "uk": (
        r"справ[аи]?|події|подій|крок(?:и|ів)|рядк(?:и|ів)|замовле(?:ння|нь)|період(?:и|ів)|тижн(?:і|ів)|"
        r"місяц(?:і|ів)|дзвінк(?:и|ів)|зверне(?:ння|нь)|оператор(?:и|ів)|значе(?:ння|нь)|підрозділ(?:и|ів)|"
        r"передава(?:ння|нь)|особи|осіб|дн(?:і|ів)|рок(?:и|ів)|годин[иу]?|хвилин[иу]?|шлях(?:и|ів)|тривог[и]?|"
        r"показник(?:и|ів)|груп[и]?|прогон(?:и|ів)|клієнт(?:и|ів)|відповід(?:і|ей)|спостереже(?:ння|нь)|"
        r"випадк(?:и|ів)|стовпц(?:і|ів)|файл(?:и|ів)|чинник(?:и|ів)|інтервал(?:и|ів)|переход(?:и|ів)|скарг[и]?"
    ),
}
"""What is counted, as it stands after two and after five."""

_ADJECTIVE = r"(?:\w{3,}(?:ych|ich|ые|их|і) )?"

# Every Polish number takes these nouns in one form here. A Ukrainian one that ends in 1 does not.
_GENITIVE = {"pl": ("z", "ze", "od", "do", "spośród", "około"), "uk": ("від", "до")}

_NO_COUNTS = {"share", "fewest", "most", "file", "day"}
"""Percentages ask for one form; the least and the most that there may be do not change."""


def numbers_before_nouns(message: Message, language: str) -> Iterator[str]:
    """What is amiss in the translation of MESSAGE: "{n} spraw"."""
    if not isinstance(message.id, str) or not isinstance(message.string, str):
        return
    number = r"(?:(?P<before>\w+) )?(?:\{(?P<name>\w+)\}|%\((?P<other>\w+)\)[sd])"
    pattern = rf"{number}[ \N{{NO-BREAK SPACE}}]{_ADJECTIVE}(?:{_NOUNS[language]})\b"
    for found in re.finditer(pattern, message.string):
        name = found["name"] or found["other"]
        # "{n} of the cases" is a share as well.
        is_share = name in _NO_COUNTS or re.search(rf"[{{(]{name}[}})]s? of ", message.id)
        if not is_share and (found["before"] or "").lower() not in _GENITIVE[language]:
            yield found[0]
