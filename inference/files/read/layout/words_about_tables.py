"""Words that rows about a table begin with, by language: totals and averages, and notes."""

from __future__ import annotations

# Without case, spaces and signs: "Grand Total:" is "grandtotal".
TOTAL_WORDS = {
    "en": (
        *("total", "totals", "grandtotal", "subtotal", "sum", "overall", "overalltotal", "alltotal"),
        *("totalamount", "average", "mean", "median", "avg", "count", "min", "max"),
    ),
    "de": (
        *("summe", "gesamt", "gesamtsumme", "gesamtergebnis", "insgesamt", "zwischensumme", "teilsumme"),
        *("durchschnitt", "mittelwert", "anzahl"),
    ),
    "fr": ("totaux", "totalgeneral", "totalgénéral", "soustotal", "ensemble", "somme", "moyenne"),
    "es": ("suma", "sumatotal", "totales", "totalgeneral", "promedio", "media"),
    "it": ("totale", "totali", "totalecomplessivo", "totalegenerale", "somma", "subtotale"),
    "pt": ("totais", "totalgeral", "soma", "média"),
    "nl": ("totaal", "eindtotaal", "subtotaal", "som", "gemiddelde"),
    "pl": ("razem", "łącznie", "ogółem", "sumarazem", "sumakońcowa", "średnia"),
    "tr": ("toplam", "geneltoplam", "aratoplam", "ortalama"),
    "ru": ("итого", "всего", "общийитог", "среднее", "сумма"),
    "ja": ("合計", "総計", "小計", "計", "平均"),
    "zh": ("合计", "总计", "小计", "总和", "平均值", "總計", "合計"),
    "others": ("summa", "totalt", "ialt", "yhteensä", "celkem", "összesen", "σύνολο", "합계", "총계"),
}

# Words that may stand before or after the name of a group: "Subtotal North", "North Total".
SUBTOTAL_WORDS = {
    "en": ("total", "totals", "grandtotal", "subtotal", "subtotals"),
    "de": ("summe", "gesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme", "teilsumme", "ergebnis"),
    "fr": ("totaux", "totalgeneral", "totalgénéral", "soustotal", "somme"),
    "es": ("suma", "sumatotal", "totales"),
    "it": ("totale", "totali", "subtotale", "somma"),
    "pt": ("totais", "totalgeral", "soma"),
    "nl": ("totaal", "eindtotaal", "subtotaal"),
    "pl": ("razem", "łącznie", "ogółem", "sumarazem", "sumaczęściowa"),
    "tr": ("toplam", "geneltoplam", "aratoplam", "toplam\u0131"),
    "ru": ("итого", "всего", "общийитог", "подытог", "итог"),
    "ja": ("合計", "総計", "小計"),
    "zh": ("合计", "总计", "小计", "總計"),
    "others": ("summa", "totalt", "yhteensä", "celkem", "összesen", "σύνολο", "합계", "총계", "소계"),
}

# Regular expressions without case, at the beginning of a cell.
NOTE_WORDS = {
    "en": (
        *(
            "applied filters?",
            "filters?",
            "filtered by",
            "(data )?sources?",
            "report",
            "generated",
            "exported",
        ),
        *(
            "created",
            "printed",
            "downloaded",
            "prepared by",
            "notes?",
            "footnotes?",
            "disclaimer",
            "copyright",
        ),
        *(
            "copyright",
            "confidential",
            "page",
            "end of",
            "(data )?as of",
            "(last )?updated",
            "legend",
            "run date",
        ),
    ),
    "de": (
        *("(angewendete )?filter", "quellen?", "bericht", "erstellt", "exportiert", "stand", "hinweis"),
        *("anmerkung", "fußnote", "seite", "vertraulich"),
    ),
    "fr": ("filtres?", "généré", "exporté", "créé", "remarque", "confidentiel", "rapport"),
    "es": ("filtros?", "fuente", "generado", "exportado", "notas?", "página", "confidencial", "informe"),
    "it": ("filtri", "fonte", "generato", "esportato", "pagina", "riservato"),
    "pt": ("gerado", "relatório", "observaç(ão|ões)"),
    "nl": ("(toegepaste )?filters?", "bron", "gegenereerd", "geëxporteerd", "opmerking", "rapport"),
    "pl": ("(zastosowane )?filtry", "źródło", "wygenerowano", "uwaga", "raport"),
    "tr": ("(uygulanan )?filtreler", "kaynak", "oluşturuldu", "rapor"),
    "ru": ("фильтры", "примечание", "источник", "сформирован", "отчет", "отчёт"),
}
NOTE_MARKS = r"\*+|†|‡|©|\(c\)|※|[¹²³]|注|備考|出典|来源|フィルター|筛选"
