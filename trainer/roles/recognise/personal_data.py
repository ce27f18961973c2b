"""Recognises what identifies a person, by header and by values: never a feature, never in any file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trainer.roles.recognise.column_statistics import Facts
from trainer.roles.recognise.header_words import header_text, is_called, phrases, says

FEW_VALUES = 12  # a column of so few values names groups, not people
MOSTLY = 0.8  # share of values that look like a telephone number or an address
HALF = 0.5  # share of values that look like an e-mail
NAMES_SHARE, FEWEST_NAMES = 0.35, 8  # of different values that hold a first name

_NAME = phrases(
    "first name, last name, full name, surname, forename, given name, family name, middle name",
    "maiden name, customer name, client name, contact name, contact person, user name, cardholder",
    "person name, billing name, shipping name, vorname, nachname, familienname, kundenname",
    "ansprechpartner, prenom, nom de famille, nom client, nom complet, apellido, apellidos",
    "nombre completo, nombre cliente, nombre del cliente, nome completo, sobrenome, nome do cliente",
    "nome cliente, cognome, voornaam, achternaam, klantnaam, imie, nazwisko, imie i nazwisko",
    "ad soyad, soyad, soyadi, musteri adi, имя, фамилия, фио, имя клиента, отчество, 姓名, 名字",
    "客户姓名, 氏名, 名前, お名前, 顧客名, 이름, 성명",
)
_WHOLE_NAME = phrases(
    "name, names, nom, nombre, nome, naam, nazwa, ad, isim, adi, kunde, cliente, klant",
)
_BIRTH_PLACE = phrases(
    "place of birth, birth place, city of birth, born in, geburtsort, lugar de nacimiento",
    "lugar nacimiento, local de nascimento, naturalidade, lieu de naissance, luogo di nascita",
    "geboorteplaats, miejsce urodzenia, dogum yeri, место рождения, 出生地",
)
_CONTACT = phrases(
    "email, e mail, email address, mail, correo, correo electronico, courriel, posta elettronica",
    "e posta, eposta, poczta, почта, электронная почта, 邮箱, 电子邮件, メール, phone, telephone",
    "mobile, cell phone, cellphone, fax, telefon, telefono, telefone, celular, movil, handy",
    "handynummer, tel, portable, cellulare, mobiel, telefoon, telefonnummer, cep telefonu, gsm",
    "телефон, 电话, 手机, 電話, whatsapp, ip, ip address, iban, passport, ssn, social security",
    "national id, dni, nif, cpf, codice fiscale, bsn, pesel, tc kimlik, reisepass, ausweis, pasaporte",
    "passeport, инн, снилс, паспорт, 身份证, マイナンバー",
)
_ADDRESS = phrases(
    "address, street, street address, address line, adresse, anschrift, strasse, direccion, calle",
    "domicilio, endereco, rua, rue, indirizzo, adres, straat, ulica, adresi, sokak, cadde, адрес",
    "улица, 地址, 住所",
)
_NO_ADDRESS = phrases(
    "city, country, province, state, zip, postal code, region, type, town, company, ort, stadt, land",
    "plz, ciudad, pais, cidade, ville, pays, citta, paese, stad, miasto, sehir, город, 市, 国",
)
_FREE_TEXT = phrases(
    "note, notes, comment, comments, remark, remarks, description, message, feedback, review, reviews",
    "memo, bemerkung, bemerkungen, kommentar, notiz, beschreibung, comentario, comentarios",
    "observacion, observaciones, observacao, observacoes, nota, notas, descricao, commentaire",
    "commentaires, remarque, commento, commenti, descrizione, opmerking, opmerkingen, uwagi, notatka",
    "opis, yorum, aciklama, комментарий, примечание, описание, 备注, 评论, 備考, コメント",
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"'?(\+|00)?[\d() ./-]{7,22}")
_STREET = re.compile(
    r"(\d+[a-z]? .*\b(st|street|ave|avenue|road|rd|lane|ln|drive|dr|blvd|way|court|ct|rue|boulevard)\b)"
    r"|(\w*(strasse|straße|str\.|weg|gasse|platz|straat|laan) \d+)"
    r"|(\b(calle|rua|via|viale|piazza|avenida|ul\.|улица|ул\.) .*\d+)",
    re.IGNORECASE,
)
_NETWORK = re.compile(r"(\d{1,3}\.){3}\d{1,3}|https?://\S+")
_FIRST_NAMES = phrases(
    "james, john, robert, michael, william, david, richard, joseph, thomas, charles, daniel, matthew",
    "anthony, mark, mary, patricia, jennifer, linda, elizabeth, barbara, susan, jessica, sarah, karen",
    "emily, emma, olivia, ava, mia, anna, laura, julia, lena, hannah, lea, marie, sophie, peter, hans",
    "klaus, jurgen, wolfgang, stefan, andreas, martin, michaela, sabine, petra, monika, ursula, lukas",
    "leon, jonas, felix, paul, max, jose, juan, luis, carlos, miguel, jorge, pedro, manuel, antonio",
    "francisco, maria, carmen, ana, isabel, lucia, elena, rosa, marta, joao, rafael, bruno, tiago",
    "beatriz, mariana, ines, jean, pierre, michel, philippe, nicolas, francois, jacques, louis",
    "julien, camille, chloe, manon, claire, nathalie, isabelle, marco, luca, giovanni, giuseppe",
    "francesco, alessandro, andrea, matteo, giulia, chiara, sara, martina, valentina, jan, piotr",
    "krzysztof, andrzej, tomasz, pawel, marek, katarzyna, agnieszka, malgorzata, zofia, ewa, willem",
    "kees, sander, bram, daan, sanne, femke, lotte, anouk, mehmet, mustafa, ahmet, ali, huseyin",
    "hasan, ayse, fatma, emine, hatice, zeynep, ivan, sergey, alexander, dmitry, andrey, alexey",
    "mikhail, natalia, olga, tatiana, svetlana, irina, ekaterina, mohammed, muhammad, ahmed, omar",
    "fatima, aisha, wei, li, ming, hiroshi, takashi, yuki, haruka, kenji, george, edward, henry",
    "alice, grace, lily, noah, liam, иван, сергей, александр, дмитрий, андрей, алексей, наталья",
    "ольга, татьяна, светлана, ирина, екатерина, анна, мария",
)


def personal_reason(facts: Facts) -> str:
    """Why a column identifies people, in words; empty where it does not seem to."""
    found = says(facts.header, _CONTACT)
    if found and facts.distinct > FEW_VALUES and not _counts(facts):
        return f"its header contains {found!r}: it identifies a person"
    if facts.number is not None:
        return ""
    return _by_header(facts) or _by_values(facts)


def _counts(facts: Facts) -> bool:
    """Whether a column named after a telephone holds small numbers, such as minutes or calls."""
    return facts.number is not None and facts.number.high < 10**6


def _by_header(facts: Facts) -> str:
    header, many = facts.header, facts.distinct > FEW_VALUES
    names = bool(says(header, _NAME)) or (many and is_called(header, _WHOLE_NAME))
    address = many and says(header, _ADDRESS) and not says(header, _NO_ADDRESS)
    found = {
        "a place of birth: it identifies a person": says(header, _BIRTH_PLACE),
        "its header suggests names of people": names,
        "its header suggests addresses": address,
        "its header suggests free text, which may name people": many and says(header, _FREE_TEXT),
    }
    return next((reason for reason, holds in found.items() if holds), "")


def _by_values(facts: Facts) -> str:
    values = [value for value, _ in facts.levels]
    if len(values) < FEWEST_NAMES:
        return ""
    phones = _share(values, _PHONE) >= MOSTLY and sum(map(_is_phone, values)) >= HALF * len(values)
    found = {
        "its values are e-mail addresses": _share(values, _EMAIL) >= HALF,
        "its values look like telephone numbers": phones,
        "its values are network addresses": _share(values, _NETWORK) >= MOSTLY,
        "its values look like addresses": _share(values, _STREET, whole=False) >= HALF,
        "its values look like names of people": _name_share(values) >= NAMES_SHARE,
    }
    return next((reason for reason, holds in found.items() if holds), "")


def _share(values: Sequence[str], pattern: re.Pattern[str], *, whole: bool = True) -> float:
    match = pattern.fullmatch if whole else pattern.search
    return sum(match(value.strip()) is not None for value in values) / len(values)


def _is_phone(value: str) -> bool:
    """Whether a text has a telephone number's digits and the signs that plain numbers and dates lack."""
    digits = sum(letter.isdigit() for letter in value)
    return 7 <= digits <= 15 and (value.lstrip("'").startswith(("+", "00")) or any(c in value for c in "() "))


def _name_share(values: Sequence[str]) -> float:
    """Share of values of at most four words of which one is a common first name."""
    named = 0
    for value in values:
        found = header_text(value).split()
        named += 0 < len(found) <= 4 and not _FIRST_NAMES.isdisjoint(found)
    return named / len(values)
