"""Recognises outcomes: what came of a customer, or another model's opinion. Shown, never a feature."""

from __future__ import annotations

from inference.contract import CATEGORY, NUMBER
from trainer.roles.recognise.column_statistics import Facts
from trainer.roles.recognise.header_words import is_called, phrases, says

MAX_CLASSES = 12
_ALWAYS = phrases(
    "churn, churned, churn score, attrition, attrition flag, prediction, predicted, propensity",
    "lead score, risk score, model score, probability, naive bayes, abwanderung, abgewandert",
    "vorhersage, prognose, wahrscheinlichkeit, abandono, fuga, prediccion, probabilidad, evasao",
    "previsao, probabilidade, desabonnement, resilie, resiliation, probabilite, abbandono, previsione",
    "probabilita, opgezegd, voorspelling, kans, odejscie, prognoza, prawdopodobienstwo, kayip, tahmin",
    "olasilik, отток, прогноз, вероятность, 流失, 预测, 概率, 解約, 離脱, 予測",
)
_EVENT = phrases(
    "response, responded, responder, converted, conversion, exited, default, defaulted, subscribed",
    "outcome, label, target, renewed, lapsed, left, cancelled, canceled, antwort, reaktion, gekundigt",
    "konvertiert, ziel, respuesta, respondio, convertido, objetivo, baja, resposta, respondeu",
    "cancelou, alvo, reponse, converti, cible, risposta, convertito, obiettivo, respons, gereageerd",
    "geconverteerd, doel, odpowiedz, konwersja, cel, yanit, donusum, hedef, ayrildi, отклик, ответ",
    "конверсия, цель, ушел, 响应, 转化, 目标, 标签, 反応, 成約, 目的変数",
)
_WHOLE_EVENT = phrases(
    "y, subscribe, purchased, bought, converted, exit, class label, default payment next month",
)
_CLASS = phrases(
    "segment, segments, segmentation, segment name, segment id, customer segment, cluster, cluster id",
    "kmeans, label, labels, target, kundensegment, segmento, segmento cliente, grupo rfm, klaster",
    "segment klienta, segmentatie, musteri segmenti, сегмент, кластер, 分群, 细分, 聚类, セグメント",
    "クラスタ, クラスター",
)
_YES_OR_NO = frozenset(
    (
        *("yes", "no", "y", "n", "true", "false", "ja", "nein", "wahr", "falsch", "si", "sí", "sim", "nao"),
        *("não", "oui", "non", "vrai", "faux", "nee", "tak", "nie", "evet", "hayir", "да", "нет", "是", "否"),
    )
)


def outcome_reason(facts: Facts, kind: str) -> str:
    """Why a usable column is an outcome, in words; empty where it does not seem to be one."""
    if kind not in (NUMBER, CATEGORY):
        return ""
    found = says(facts.header, _ALWAYS)
    if found:
        return f"its header contains {found!r}: an outcome, or a model's prediction"
    if _is_binary(facts):
        found = says(facts.header, _EVENT)
        if found or is_called(facts.header, _WHOLE_EVENT):
            event = f"contains {found!r}" if found else "suggests an event"
            return f"2 values, and its header {event}: an outcome"
    if says(facts.header, _CLASS) and facts.distinct <= MAX_CLASSES:
        return "its header suggests existing groups of customers"
    return ""


def _is_binary(facts: Facts) -> bool:
    """Whether a column holds 0 and 1, or a yes or a no and one other text."""
    if facts.number is not None:
        return facts.number.distinct == 2 and facts.number.low == 0 and facts.number.high == 1
    folded = {value.casefold() for value, _ in facts.levels}
    return len(folded) == 2 and bool(folded & _YES_OR_NO)
