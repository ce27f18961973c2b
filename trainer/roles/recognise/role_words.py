"""Words of headers that say whether a column describes a person, a part of a date, or what customers do."""

from __future__ import annotations

from trainer.roles.recognise.header_words import phrases

PERSON = phrases(
    "age, birth, born, dob, yob, children, child, kids, kidhome, teenhome, dependents, dependent",
    "family, household, education, height, weight, latitude, longitude, lat, lon, lng, alter",
    "geburtsjahr, kinder, haushalt, edad, nacimiento, hijos, hogar, idade, nascimento, filhos",
    "naissance, enfants, menage, eta, nascita, figli, famiglia, leeftijd, geboortejaar, kinderen",
    "work experience, experience, berufserfahrung, experiencia",
    "wiek, dzieci, yas, cocuk, возраст, рождения, дети, 年龄, 年齢, 出生, 子供",
)
CALENDAR = {  # singular words -> the largest number they can be
    **dict.fromkeys(
        phrases("weekday, day of week, dow, wochentag, dia semana, jour semaine, haftanin gunu"), 7
    ),
    **dict.fromkeys(phrases("month, monat, mes, mois, mese, maand, miesiac, ay, месяц, 月"), 12),
    **dict.fromkeys(phrases("day, tag, dia, jour, giorno, dag, dzien, gun, день, 日"), 31),
    **dict.fromkeys(phrases("hour, stunde, hora, heure, ora, uur, godzina, saat, час, 時"), 24),
    **dict.fromkeys(phrases("week, semana, semaine, settimana, tydzien, hafta, неделя, 周"), 53),
    **dict.fromkeys(phrases("quarter, quartal, trimestre, kwartaal, kwartal, ceyrek, квартал, 季度"), 4),
}
COUNTED = phrases(
    "visits, orders, purchases, calls, logins, num, count, per, since, sales, spend, amount, avg",
)


ACTIVITY = phrases(  # what customers do and are worth; of an ordered category, the header has to say so
    "spend, spends, spending, spent, spender, purchase, purchases, purchasing, buying, buyer, shopping",
    "basket, order value, order frequency, revenue, sales, turnover, customer value, value, profitability",
    "monetary, frequency, recency, activity, active, engagement, engaged, usage, use, visit, visits",
    "visiting, loyalty, loyal, tenure, membership level, membership tier, loyalty tier, customer tier, tier",
    "ausgaben, ausgabe, umsatz, kaufe, kauf, kaufhaufigkeit, haufigkeit, nutzung, aktivitat, besuche, treue",
    "kundenwert, gasto, gastos, compra, compras, frecuencia, uso, actividad, visitas, lealtad, fidelidad",
    "depense, depenses, achat, achats, frequence, activite, fidelite, visites, spesa, spese, acquisto",
    "acquisti, frequenza, utilizzo, attivita, fedelta, visite, despesa, gastos, frequencia, fidelidade",
    "uitgaven, aankopen, frequentie, gebruik, activiteit, loyaliteit, wydatki, zakupy, czestotliwosc",
    "aktywnosc, lojalnosc, harcama, alisveris, siklik, kullanim, sadakat, расходы, траты, покупки, частота",
    "активность, лояльность, посещения, 消费, 购买, 频率, 活跃, 忠诚, 消費, 購買, 購入, 頻度, 利用, 来店",
)
