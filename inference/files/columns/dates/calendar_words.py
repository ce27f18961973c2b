# ruff: noqa: RUF001, RUF002 - words of other languages in their own scripts
"""Names of months and weekdays in ten languages, as dates are written with them.

Names and abbreviations as the Unicode CLDR lists them for English, Spanish, French, German, Portuguese,
Italian, Dutch, Russian, Polish and Turkish; compared without accents and points.
"""

from __future__ import annotations

import unicodedata

_MONTHS = (
    "january jan enero ene janvier janv jan januar jänner janeiro gennaio gen januari января январь янв "
    "stycznia styczeń sty ocak oca",
    "february feb febrero février févr fév fevr februar fevereiro fev febbraio februari февраля февраль фев "
    "февр lutego luty lut şubat şub",
    "march mar marzo mars märz mär mrz maerz março maart mrt марта март мар marca marzec mart",
    "april apr abril abr avril avr aprile апреля апрель апр kwietnia kwiecień kwi nisan nis",
    "may mayo mai maio maggio mag mei мая май maja maj mayıs",
    "june jun junio juin juni junho giugno giu июня июнь июн czerwca czerwiec cze haziran haz",
    "july jul julio juillet juil juli julho luglio lug июля июль июл lipca lipiec lip temmuz tem",
    "august aug agosto ago août agosto augustus августа август авг sierpnia sierpień sie ağustos ağu",
    "september sept sep septiembre setiembre septembre setembro set settembre сентября сентябрь сен сент "
    "września wrzesień wrz eylül eyl",
    "october oct octubre octobre oktober okt outubro out ottobre ott октября октябрь окт października "
    "październik paź ekim eki",
    "november nov noviembre novembre novembro ноября ноябрь ноя нояб listopada listopad lis kasım kas",
    "december dec diciembre dic décembre déc dezember dez dezembro dicembre декабря декабрь дек grudnia "
    "grudzień gru aralık ara",
)
_WEEKDAYS = (
    "monday mon lunes lun lundi montag mo segunda segunda-feira seg lunedì maandag ma понедельник пн "
    "poniedziałek pon pn pazartesi pzt",
    "tuesday tue tues martes mar mardi dienstag di terça terça-feira ter martedì dinsdag вторник вт wtorek "
    "wt salı sal",
    "wednesday wed miércoles mié mie mercredi mer mercoledì mittwoch mi quarta quarta-feira qua woensdag wo "
    "среда ср środa śr çarşamba çar",
    "thursday thu thur thurs jueves jue jeudi jeu donnerstag do quinta quinta-feira qui giovedì gio "
    "donderdagчетверг чт czwartek czw perşembe per",
    "friday fri viernes vie vendredi ven venerdì freitag fr sexta sexta-feira sex vrijdag vr пятница пт "
    "piątek pt pią cuma cum",
    "saturday sat sábado sáb sab samedi sam samstag sa sonnabend sabato zaterdag za суббота сб sobota sob "
    "cumartesi cmt",
    "sunday sun domingo dom dimanche dim sonntag so domenica zondag zo воскресенье вс niedziela niedz nd "
    "pazar paz",
)
_FILLERS = ("de", "del", "of", "di", "the", "den", "le", "el", "года", "г", "р", "uur")


def folded(word: str) -> str:
    """A word without case, accents and the dot of the Turkish i.

    >>> folded("Février"), folded("KASIM"), folded("kasım")
    ('fevrier', 'kasim', 'kasim')
    """
    bare = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


MONTHS = {folded(word): number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
WEEKDAYS = frozenset(folded(word) for words in _WEEKDAYS for word in words.split())
FILLERS = frozenset(folded(word) for word in _FILLERS)
