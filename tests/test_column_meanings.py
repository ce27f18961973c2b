# ruff: noqa: RUF001 - words in their own scripts
"""Checks that meanings are recognised in ten languages, can be set, and are written and read back alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference import InputError
from trainer import ColumnSettings, Roles, propose
from trainer.roles.recognise.column_meanings import recognise
from trainer.roles.settings.settings_draft import draft
from trainer.roles.settings.settings_file import read_settings
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.meanings import DEFAULT_DIRECTIONS, MEANINGS
from trainer.segments.naming.named_columns import named_column

pytestmark = pytest.mark.fast

WORDS = {  # in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Russian
    "recency": (
        "days since last visit;Letzter Kauf;jours depuis;"
        "dias desde;giorni dall'ultimo ordine;dias sem comprar;"
        "dagen sinds;dni od ostatniego zakupu;son alışveriş;давность"
    ),
    "frequency": (
        "order count;Bestellungen;commandes;pedidos;ordini;quantidade de compras;aankopen;liczba zamówień;"
        "sipariş sayısı;количество заказов"
    ),
    "value": (
        "total spend;Umsatz;dépenses;gasto;spesa totale;receita;uitgaven;wydatki;harcama;сумма покупок"
    ),
    "tenure": (
        "months on book;Kundendauer;ancienneté;antigüedad;anzianità;tempo de casa;klant sinds;staż klienta;"
        "üyelik süresi;стаж"
    ),
    "basket": (
        "average basket;Warenkorb;panier moyen;cesta media;carrello medio;carrinho;winkelmand;koszyk;sepet;"
        "средний чек"
    ),
    "engagement": ("logins;Nutzung;connexions;sesiones;accessi;acessos;bezoeken;wizyty;kullanım;посещения"),
    "discount": "coupons;Rabatt;remise;descuento;sconto;desconto;korting;zniżka;indirim;скидка",
    "returns": (
        "refunds;Rücksendungen;retours;devoluciones;resi;devoluções;retourneringen;zwroty;iadeler;возвраты"
    ),
    "complaints": (
        "complaints;Beschwerden;plaintes;quejas;reclami;reclamações;klachten;reklamacje;şikayetler;жалобы"
    ),
    "debt": "overdue;Schulden;impayés;deuda;debiti;dívida;achterstand;zadłużenie;borç;задолженность",
    "risk": "risk;Risiko;risque;riesgo;rischio;risco;ongevallen;ryzyko;kaza;риск",
    "income": "salary;Einkommen;revenus;ingresos;reddito;renda;inkomen;dochód;gelir;доход",
    "age": "age;Alter;naissance;edad;età;idade;leeftijd;wiek;yaş;возраст",
    "household": (
        "household size;Haushaltsgröße;enfants;hogar;nucleo familiare;filhos;gezin;"
        "gospodarstwo domowe;hane;семья"
    ),
}
CASES = [(header, meaning) for meaning, headers in WORDS.items() for header in headers.split(";")]


@pytest.mark.parametrize(("header", "meaning"), CASES, ids=[header for header, _ in CASES])
def test_a_meaning_is_recognised_in_every_language(header: str, meaning: str) -> None:
    assert recognise(header).meaning == meaning
    assert recognise(header).direction == DEFAULT_DIRECTIONS[meaning]


@pytest.mark.parametrize("header", [*("zn", "shoe size", "x1", "colour", "客户", "latitude", "quantity"), ""])
def test_other_headers_mean_nothing(header: str) -> None:
    assert recognise(header).meaning == "none"


def test_every_meaning_can_be_recognised() -> None:
    found = {recognise(header).meaning for header, _ in CASES}
    others = {recognise(each).meaning for each in ("cost", "churn", "response", "NPS", "religion", "x")}
    assert found | others == set(MEANINGS)


def _table(**columns: Any) -> pa.Table:
    rng = np.random.default_rng(0)
    given = {"orders": rng.poisson(9, 200), "spend": rng.gamma(2, 50, 200).round(2), **columns}
    return pa.table(given)


def _spec(table: pa.Table, name: str, roles: Roles | None = None) -> Any:
    found = next(each for each in propose(table, roles).decisions if each.name == name)
    return found.spec


def test_what_the_user_sets_is_obeyed() -> None:
    table = _table(x=np.random.default_rng(1).normal(9, 2, 200).round(2))
    said = ColumnSettings(short="warmth", meaning="satisfaction", direction="more is worse")
    spec = _spec(table, "x", Roles(columns={"x": said}))
    assert (spec.short, spec.meaning, spec.direction) == ("warmth", "satisfaction", "more is worse")
    proposal = propose(table, Roles(columns={"x": said}, cluster=("x",)))
    assert named_column(proposal.schema(), "x").short == "warmth"
    assert column_kind(spec).is_number


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"meaning": "monney"}, "the meaning of a column must be"),
        ({"direction": "up"}, "the direction of a column must be"),
        ({"short": "a, b"}, "the short word of a column must be 1 to 20 printable signs without a comma"),
        ({"short": "x" * 21}, "the short word of a column must be"),
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted) as caught:
        ColumnSettings(**settings)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize(
    "roles",
    [
        Roles(),
        Roles(columns={"orders": ColumnSettings(meaning="none")}),
        Roles(columns={"spend": ColumnSettings(short="euros", direction="neutral")}),
    ],
)
def test_meanings_are_written_and_read_back(tmp_path: Path, roles: Roles) -> None:
    table = _table(**{"Days since last order": np.arange(200) % 77, "complaints": np.arange(200) % 11})
    proposal = propose(table, roles, source="t.csv")
    text = draft(proposal, source="t.csv", command="--data t.csv")
    path = tmp_path / "segmentation.toml"
    path.write_text(text, encoding="utf-8")
    assert (
        propose(table, read_settings(path), source="t.csv").schema()
        == propose(table, roles, source="t.csv").schema()
    )
    assert 'meaning = "recency"  # for names, tiers and actions' in text
    assert 'direction = "more is worse"' in text


def test_a_value_with_some_negative_cells_stays_value_and_is_reported() -> None:
    monetary = np.random.default_rng(0).gamma(0.6, 200, 941).round(2)
    monetary[:5] = -20.5
    recency = np.random.default_rng(1).gamma(2, 50, 941).round()
    proposal = propose(pa.table({"recency": recency, "monetary": monetary}))
    assert proposal.value == "monetary"
    assert "log_monetary" in proposal.clustering
    (note,) = (each for each in proposal.notes if "below 0" in each)
    assert note.startswith("5 values of 'monetary' below 0")


@pytest.mark.parametrize("header", ["refund_amount", "claim_payments", "late_charges", "shipping cost"])
def test_what_costs_is_not_proposed_as_value_and_refused_when_named(header: str) -> None:
    table = pa.table({"orders": np.arange(200) % 31, header: np.random.default_rng(0).gamma(2, 50, 200)})
    assert propose(table).value is None
    with pytest.raises(InputError, match="the value column must be what customers are worth") as caught:
        propose(table, Roles(value=header))
    assert len(str(caught.value)) <= 300
    name = header.replace(" ", "_")
    asked = propose(table, Roles(value=name, columns={name: ColumnSettings(source=header, meaning="value")}))
    assert asked.value == name


def test_a_column_that_the_user_calls_value_is_value() -> None:
    table = pa.table({"orders": np.arange(200) % 31, "zz": np.random.default_rng(0).gamma(2, 50, 200)})
    assert propose(table).value is None
    assert propose(table, Roles(columns={"zz": ColumnSettings(meaning="value")})).value == "zz"
