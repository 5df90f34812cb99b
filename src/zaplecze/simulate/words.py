"""What customers of the simulated company say: reasons, as agents file them, and comments."""

CALL_REASONS = ("question", "technical fault", "address change")
"""Reasons that nobody behind the counter has caused."""

COMPLAINT_REASON = "service quality"

CAUSED_REASONS = ("late installation", "account does not work", "wrong invoice")
"""In the order of `company.CAUSES`."""

PLEASED, INDIFFERENT, DISPLEASED = range(3)
"""The first kinds of comment; then come those about each of `company.CAUSES`."""

COMMENTS = (
    (
        '"Wszystko sprawnie, monter uprzejmy i punktualny."',
        '"Internet działa szybko, polecam."',
        '"Усе зробили швидко, майстер дуже ввічливий."',
    ),
    (
        '"Może być, ale bez zachwytu."',
        '"Działa, choć trochę to trwało."',
        '"Загалом нормально, але можна краще."',
    ),
    (
        '"Trudno się dodzwonić, długo czekałam na odpowiedź."',
        '"Na infolinii usłyszałem ""proszę czekać"" i połączenie się zerwało."',
        '"Ніхто не міг пояснити, що відбувається із замовленням."',
    ),
    (
        '"Instalacja po terminie, nikt nie uprzedził o opóźnieniu."',
        '"Obiecany termin minął, a sprzętu nadal nie było."',
        '"Підключили пізніше, ніж обіцяли, довелося відпрошуватися з роботи двічі."',
    ),
    (
        '"Po instalacji konto nie działało, musiałem dzwonić do IT."',
        '"Źle założone konto, telewizja ruszyła dopiero po poprawkach."',
        '"Обліковий запис створили з помилкою, не міг увійти до кабінету."',
    ),
    (
        '"Błąd na pierwszej fakturze, czekałam na korektę."',
        '"Na fakturze inna cena niż w umowie."',
        '"У першому рахунку була неправильна сума."',
    ),
)
"""Comments of each kind, written as a CSV file needs them."""
