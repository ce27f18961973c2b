"""Recognises columns that describe the person: age, gender, household, education and the like, by header.

Groups of such columns are compared for fairness. They are features like any other; what *identifies* a person
is never one (see ``personal_data``).
"""

from __future__ import annotations

from trainer.roles.recognise.header_words import phrases, says

_PERSON = phrases(
    "age, ages, age group, age band, age range, birth, birthday, birthdate, birth year, year birth",
    "born, dob, senior, senior citizen, gender, sex, marital, marital status, married, marriage",
    "civil status, civilstatus, relationship status, spouse, partner, divorced, widowed, family",
    "family size, family status, household, household size, householdsize, household composition",
    "hh size, children, child, kids, kid, kidhome, teenhome, kid home, teen home, dependents",
    "dependants, dependent count, dependent, education, education level, degree, graduated, school",
    "schooling, qualification, literacy, occupation, profession, job, employment, employment status",
    "employed, unemployed, nationality, citizenship, citizen, country of birth, ethnicity, ethnic, race",
    "religion, caste, native language, mother tongue, language, immigrant, migrant, foreign worker",
    "disability, disabled, pregnant, pregnancy, alter, altersgruppe, geburt, geburtsdatum, geburtsjahr",
    "geburtstag, geschlecht, familienstand, verheiratet, haushalt, haushaltsgrosse, familie",
    "familiengrosse, kinder, anzahl kinder, bildung, ausbildung, abschluss, beruf, nationalitat",
    "staatsangehorigkeit, herkunft, konfession, sprache, behinderung, edad, sexo, genero, estado civil",
    "casado, hogar, tamano del hogar, familia, hijos, educacion, estudios, ocupacion, profesion",
    "nacionalidad, fecha de nacimiento, nacimiento, etnia, idioma, discapacidad, sexe, etat civil",
    "situation familiale, marie, foyer, menage, famille, enfants, nombre d enfants, diplome",
    "niveau d etudes, metier, nationalite, date de naissance, naissance, langue, handicap, eta, sesso",
    "stato civile, sposato, nucleo familiare, famiglia, figli, istruzione, titolo di studio",
    "professione, occupazione, nazionalita, data di nascita, nascita, lingua, disabilita, idade",
    "escolaridade, filhos, profissao, ocupacao, nacionalidade, data de nascimento, nascimento, leeftijd",
    "geslacht, burgerlijke staat, gehuwd, huishouden, gezin, gezinsgrootte, kinderen, opleiding, beroep",
    "nationaliteit, geboortedatum, geboortejaar, wiek, plec, stan cywilny, rodzina, gospodarstwo domowe",
    "dzieci, wyksztalcenie, zawod, narodowosc, obywatelstwo, data urodzenia, jezyk, yas, cinsiyet",
    "medeni durum, evli, hane, aile, cocuk, cocuk sayisi, egitim, meslek, uyruk, dogum tarihi, возраст",
    "пол, семейное положение, семья, дети, образование, профессия, национальность, гражданство",
    "дата рождения, 年龄, 性别, 婚姻, 家庭, 子女, 教育, 学历, 职业, 国籍, 民族, 出生日期, 年齢, 性別",
    "婚姻状況, 世帯, 家族, 子供, 学歴, 職業, 生年月日, 연령, 성별, 결혼, 가족, 자녀, 학력, 직업, 국적",
)
_NO_PERSON = phrases(
    "account, account age, policy, vehicle, car, device, contract, relationship length, membership",
    "product, products, item, items, house, building, property, page, website, session, app, company",
    "business, firm, brand, invoice, order, orders, purchase, purchases, spend, spent, amount, amt",
    "sales, discount, price, school supplies, single purchase, job id, language setting, browser, toys",
    "clothing, shoes, category, konto, vertrag, produkt, fahrzeug, cuenta, producto, compte, produit",
    "conto, prodotto, conta, rekening, 支出, 消费, 金额, 金額, 購入",
)
"""Words of headers that hold a person's word but describe something else, such as ``Account age``."""


def describes_person(*headers: str) -> bool:
    """Whether one of a column's headers says that it describes the person.

    >>> (
    ...     describes_person("Marital_Status"),
    ...     describes_person("Account age (months)"),
    ...     describes_person("Income"),
    ... )
    (True, False, False)
    """
    return any(says(header, _PERSON) and not says(header, _NO_PERSON) for header in headers)
