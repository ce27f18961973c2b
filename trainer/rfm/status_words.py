"""What the status of an order means, by the words that shops use in twelve languages."""

from __future__ import annotations

import re
from functools import lru_cache

from trainer.rfm.transaction_headers import plain

CANCELLED, REFUNDED, FAILED, PENDING, PARTLY, COMPLETED = (
    "cancelled",
    "refunded",
    "failed",
    "pending",
    "partly",
    "completed",
)
# Beginnings of words. The first kind that fits holds, so "partially refunded" is a purchase.
_BEGINNINGS = {
    PARTLY: (
        "partial partly teilweise teil parcial parziale parzialmente gedeeltelijk частич czesciow kismi "
        "一部 部分 partiel"
    ),
    REFUNDED: (
        "refund return reembols devuelt devolu rembours retourn erstatt ruckerstatt zuruckge estorn "
        "rimbors reso restituit terugbetaald geretourneerd retour возвра zwroc zwrot iade 返金 返品 退款 "
        "退货 chargeback chargedback disputed"
    ),
    CANCELLED: (
        "cancel void anulad anulow anulat annul stornier storno abgebroch отмен анулир аннулир iptal "
        "キャンセル 取消 已取消 已关闭 geannuleerd deleted"
    ),
    FAILED: (
        "fail declin reject denied error expired fallid rechaz echou echec refuse fehlgeschlagen abgelehnt "
        "recusad falhou falhad negad fallit rifiutat mislukt geweigerd afgewezen неуспеш неудач ошибка "
        "отклон nieudan odrzucon blad basarisiz reddedil 失敗 失败 エラー"
    ),
    PENDING: (
        "pending pendient pendente unpaid await onhold hold authorized authorised draft abandoned attente "
        "impaye ausstehend unbezahlt wartend wartet aguardando attesa sospes openstaand onbetaald wacht "
        "ожида неоплач oczekuj nieoplac niezaplac bekle odenme 保留 未払 未支払 未入金 待付款 未付款 "
        "待支付"
    ),
    COMPLETED: (
        "complet paid done closed fulfilled shipped delivered success processing settled captured invoiced "
        "bought sold pagad pagat pago entregad enviad paye payee livre expedie termine bezahlt "
        "abgeschlossen versandt geliefert erledigt concluid consegnat spedit betaald voltooid afgerond "
        "verzonden оплачен выполнен доставлен заверш zaplac oplac zrealizow dostarczon tamamlan odendi "
        "teslim 完了 支払済 発送済 已完成 已付款 已支付 成功 ok"
    ),
}
_NOT = "not|no|non|nicht|nie|niet|не|un|nao|pas"
_KNOWN = {kind: tuple(plain(word) for word in words.split()) for kind, words in _BEGINNINGS.items()}


@lru_cache(maxsize=10_000)
def status_kind(text: str) -> str:
    """What a status means, or empty where it is not known.

    >>> status_kind("wc-cancelled"), status_kind("Partially refunded"), status_kind("Zahlung ausstehend")
    ('cancelled', 'partly', 'pending')
    >>> status_kind("not returned"), status_kind("blue")
    ('completed', '')
    """
    words = [plain(word) for word in re.split(r"[\W_]+", text.casefold())]
    whole = plain(text)
    if whole.startswith(_KNOWN[PARTLY]):
        return PARTLY
    for kind, beginnings in _KNOWN.items():
        for word in (whole, *words):
            if word.startswith(beginnings):
                return _denied(kind) if re.fullmatch(_NOT, words[0]) else kind
    return ""


def _denied(kind: str) -> str:
    """What the opposite means: not paid is pending, and not returned is completed."""
    return PENDING if kind == COMPLETED else COMPLETED
