# ruff: noqa: RUF001 - words in their own scripts
"""The words of headers that show what a column means: in English, and in other languages."""

from __future__ import annotations

from trainer.roles.recognise.header_words import phrases
from trainer.schema import meanings as m

BIRTH = phrases(
    "birth, born, dob, yob, birthday, geburtsjahr, geburtsdatum, naissance, nacimiento, nascita",
    "nascimento, geboortejaar, geboortedatum, urodzenia, dogum, рождения, rozhdeniya, 生年, 生年月日",
    "出生",
)
MEANINGS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        m.SENSITIVE,
        phrases(
            "race, ethnicity, ethnic, religion, religious, faith, nationality, citizenship, health",
            "disability, disabled, disease, diagnosis, illness, medical, pregnant, pregnancy",
            "sexual orientation, politics, political, party membership, union member, caste, immigrant",
            "criminal, gender, sex",
        ),
        phrases(
            "ethnie, herkunft, religionszugehorigkeit, konfession, staatsangehorigkeit, gesundheit",
            "behinderung, krankheit, schwanger, geschlecht, genre, sexe, sante, maladie, handicap",
            "enceinte, nationalite, raza, etnia, salud, enfermedad, discapacidad, embarazada, genero",
            "sexo, nacionalidad, religione, razza, salute, malattia, disabilita, genere, sesso",
            "nazionalita, religiao, raca, saude, doenca, deficiencia, nacionalidade, geloof",
            "gezondheid, ziekte, geslacht, nationaliteit, rasa, religia, wyznanie, zdrowie, choroba",
            "plec, narodowosc, irk, din, saglik, hastalik, cinsiyet, uyruk, раса, религия, здоровье",
            "болезнь, пол, национальность, pol, natsionalnost, 宗教, 人種, 国籍, 健康, 性別, 种族",
            "民族, 性别, 疾病",
        ),
    ),
    (
        m.RETURNS,
        phrases(
            "return, returns, returned, refund, refunds, refunded, chargeback, chargebacks",
            "return rate, reversal, reversals",
        ),
        phrases(
            "retoure, retouren, retourenquote, rucksendung, rucksendungen, ruckgabe, erstattung",
            "erstattungen, ruckerstattung, retour, retours, remboursement, remboursements, devolucion",
            "devoluciones, reembolso, reembolsos, reso, resi, rimborso, rimborsi, devolucao",
            "devolucoes, retourneringen, terugbetaling, terugbetalingen, zwrot, zwroty, iade, iadeler",
            "возврат, возвраты, vozvrat, vozvraty, 返品, 返金, 退货, 退款",
        ),
    ),
    (
        m.COMPLAINTS,
        phrases(
            "complaint, complaints, complain, complained, ticket, tickets, support calls",
            "service calls, customer service calls, escalations, grievances",
        ),
        phrases(
            "beschwerde, beschwerden, reklamation, reklamationen, plainte, plaintes, reclamation",
            "reclamations, queja, quejas, reclamo, reclamos, reclamacion, reclamaciones, reclami",
            "lamentele, reclamacao, reclamacoes, queixas, klacht, klachten, reklamacja, reklamacje",
            "skarga, skargi, sikayet, sikayetler, жалоба, жалобы, претензии, zhaloba, zhaloby, 苦情",
            "クレーム, 投诉",
        ),
    ),
    (
        m.DEBT,
        phrases(
            "debt, debts, overdue, arrears, past due, late, delinquent, delinquency, delinquencies",
            "delinq, loan, loans, owed, unpaid, outstanding, revolving, revolving bal, mortgage",
            "liabilities, dpd, overdraft, due",
        ),
        phrases(
            "schulden, verschuldung, ruckstand, zahlungsruckstand, mahnung, mahnungen, uberfallig",
            "kredit, dette, dettes, impaye, impayes, retard de paiement, emprunt, deuda, deudas",
            "morosidad, atraso, prestamo, debito, debiti, insoluti, prestito, divida, dividas",
            "inadimplencia, emprestimo, schuld, achterstand, lening, dlug, dlugi, zadluzenie",
            "zaleglosci, pozyczka, kredyt, borc, borclar, gecikme, долг, долги, задолженность",
            "просрочка, кредит, dolg, dolgi, zadolzhennost, 負債, 債務, 延滞, 债务, 欠款, 逾期, 贷款",
        ),
    ),
    (
        m.RISK,
        phrases(
            "risk, risky, risk score, fraud, fraud score, default probability, hazard, accidents",
            "accident, violations, blacklist, blacklisted, lawsuits",
        ),
        phrases(
            "risiko, betrug, unfalle, unfall, risque, fraude, accidentes, riesgo, rischio, frode",
            "incidenti, risco, acidentes, ongevallen, ryzyko, oszustwo, wypadki, dolandiricilik, kaza",
            "riski, риск, мошенничество, аварии, リスク, 事故, 风险, 欺诈",
        ),
    ),
    (
        m.COST,
        phrases(
            "cost, costs, cac, expense, expenses, claim, claims, claim amount, claim payments, fee",
            "fees, penalty, penalties, fine, fines, tax, taxes, loss, losses, shipping, postage",
            "write off, cogs, surcharge",
        ),
        phrases(
            "kosten, gebuhr, gebuhren, schaden, schadenhohe, schadensumme, versandkosten, verlust",
            "verluste, cout, couts, frais, sinistre, sinistres, perte, pertes, coste, costes, costo",
            "costos, siniestro, siniestros, perdida, perdidas, comision, costi, spese di spedizione",
            "sinistri, perdite, custo, custos, sinistro, perdas, taxas, schade, schades, verlies",
            "koszt, koszty, szkoda, szkody, strata, oplaty, maliyet, hasar, kayiplar, masraf, затраты",
            "издержки, убыток, убытки, ущерб, zatraty, ubytki, 費用, コスト, 損失, 保険金, 成本, 费用",
            "索赔, 理赔, 损失",
        ),
    ),
    (
        m.CHURN,
        phrases(
            "churn, churned, attrition, exited, cancelled, canceled, cancellation, cancellations",
            "lapsed, unsubscribed, unsubscribes, defected, quit",
        ),
        phrases(
            "abwanderung, abgewandert, kundigung, kundigungen, gekundigt, stornierung, abandono, fuga",
            "bajas, desabonnement, resiliation, resilie, abbandono, disdetta, evasao, cancelamento",
            "cancelamentos, opgezegd, opzegging, odejscie, rezygnacja, kayip, iptal, отток, отмена",
            "ушел, ottok, 解約, 離脱, 退会, 流失, 取消",
        ),
    ),
    (
        m.DISCOUNT,
        phrases(
            "discount, discounts, coupon, coupons, voucher, vouchers, promo, promos, promotion",
            "promotions, deal, deals, markdown, rebate, rebates, cashback, sale items",
        ),
        phrases(
            "rabatt, rabatte, nachlass, gutschein, gutscheine, aktion, remise, remises, rabais",
            "reduction, reductions, bon de reduction, descuento, descuentos, cupon, cupones, oferta",
            "ofertas, sconto, sconti, buono, buoni, desconto, descontos, cupom, cupons, korting",
            "kortingen, kortingsbon, rabat, rabaty, znizka, znizki, kupon, kupony, indirim, indirimler",
            "скидка, скидки, купон, купоны, skidka, skidki, 割引, 値引, クーポン, 折扣, 优惠, 优惠券",
        ),
    ),
    (
        m.RECENCY,
        phrases(
            "recency, since last, days since last, last purchase, last order, last visit, last login",
            "last activity, last seen, last transaction, last contact, last active, inactive",
            "inactivity, months inactive, days inactive, days away, dormant, idle days, days idle",
            "days since order, days since purchase, days since visit, days since login, r score",
        ),
        phrases(
            "tage seit letztem, tage seit letzter, tage seit, seit letztem, letzter kauf",
            "letzte bestellung, letzter besuch, letzter login, inaktiv, inaktivitat, recence",
            "jours depuis, dernier achat, derniere commande, derniere visite, derniere connexion",
            "inactif, recencia, ultima compra, ultimo pedido, ultima visita, dias desde",
            "dias sin comprar, inactivo, ultimo acquisto, ultimo ordine, giorni da, giorni dall ultimo",
            "recenza, inattivo, dias desde a ultima, dias sem comprar, inativo, recentie, dagen sinds",
            "laatste aankoop, laatste bestelling, laatste bezoek, dni od, dni od ostatniego",
            "ostatni zakup, ostatnie zamowienie, nieaktywny, son alisveris, son siparis, son ziyaret",
            "gun once, son alisveristen bu yana, дней с последней, дней с последнего",
            "последняя покупка, последний заказ, последний визит, давность, davnost",
            "poslednyaya pokupka, posledniy zakaz, dney s poslednego, dney s posledney, 最終購入",
            "最終来店, 最終ログイン, 経過日数, 最近购买, 最后购买, 上次购买, 未活跃天数, 距上次",
        ),
    ),
    (
        m.TENURE,
        phrases(
            "tenure, seniority, customer since, member since, months on book, membership length",
            "account age, customer age months, days since signup, days since first, since first",
            "days since registration, first purchase, first order, signup, signup date, sign up",
            "joined, registered, registration, registration date, join date, dt customer, enrolled",
            "enrollment, relationship length, months as customer, years as customer, vintage",
            "onboarded, loyalty years",
        ),
        phrases(
            "kunde seit, kundendauer, kundenbeziehung, mitglied seit, vertragsdauer, laufzeit",
            "erster kauf, erste bestellung, anmeldung, registrierung, registriert, anciennete",
            "client depuis, premier achat, inscription, date d inscription, antiguedad, cliente desde",
            "primera compra, alta, fecha de alta, registro, anzianita, cliente dal, primo acquisto",
            "iscrizione, registrazione, tempo de casa, tempo de cliente, primeira compra, cadastro",
            "klant sinds, klantduur, lid sinds, eerste aankoop, registratie, staz, staz klienta",
            "klient od, pierwszy zakup, rejestracja, musteri suresi, uyelik suresi, ilk alisveris",
            "kayit tarihi, kidem, стаж, стаж клиента, клиент с, первая покупка, регистрация",
            "дата регистрации, stazh, registratsiya, 在籍期間, 会員期間, 登録日, 初回購入, 注册",
            "注册时间, 会员时长, 首次购买",
        ),
    ),
    (
        m.BASKET,
        phrases(
            "basket, baskets, basket size, average basket, basket value, order value",
            "average order value, avg order value, aov, ticket size, average ticket, cart value",
            "cart size, avg purchase value, items per order, spend per order, average transaction",
        ),
        phrases(
            "warenkorb, warenkorbwert, bestellwert, durchschnittlicher bestellwert, bon, bonwert",
            "panier, panier moyen, ticket medio, cesta, cesta media, carrito, valor medio do pedido",
            "carrinho, carrello, carrello medio, scontrino medio, winkelmand, gemiddelde bestelwaarde",
            "koszyk, wartosc koszyka, srednia wartosc zamowienia, sepet, sepet tutari, ortalama sepet",
            "средний чек, корзина, sredniy chek, korzina, 客単価, 平均購入額, 客单价, 购物车",
        ),
    ),
    (
        m.SATISFACTION,
        phrases(
            "satisfaction, satisfied, csat, nps, net promoter, star rating, review score, happiness",
        ),
        phrases(
            "zufriedenheit, satisfaccion, soddisfazione, satisfacao, tevredenheid, zadowolenie",
            "satysfakcja, memnuniyet, удовлетворенность, udovletvorennost, 満足度, 满意度",
        ),
    ),
    (
        m.INCOME,
        phrases(
            "income, salary, earnings, wage, wages, household income, net income, pay, wealth",
        ),
        phrases(
            "einkommen, gehalt, lohn, verdienst, haushaltseinkommen, revenu, revenus, salaire, ingreso",
            "ingresos, renta, salario, reddito, stipendio, renda, renda mensal, rendimento, inkomen",
            "salaris, dochod, dochody, zarobki, pensja, wynagrodzenie, gelir, yillik gelir, maas",
            "доход, зарплата, dokhod, dohod, zarplata, 年収, 所得, 収入, 年収入, 收入, 工资, 年收入",
        ),
    ),
    (
        m.VALUE,
        phrases(
            "monetary, revenue, turnover, clv, ltv, cltv, lifetime value, customer value, spend, spent",
            "total spend, total spent, sales, total sales, total amount, purchase amount, amount, amt",
            "mnt, total purchases, total charges, monthly charges, charges, billed, bill, payments",
            "premium, gmv, profit, margin, trans amt, expenditure, arpu, money",
        ),
        phrases(
            "umsatz, gesamtumsatz, jahresumsatz, ausgaben, gesamtausgaben, gesamtbetrag, betrag",
            "kundenwert, chiffre d affaires, montant, montant total, depense, depenses",
            "total des achats, gasto, gastos, importe, importe total, monto, monto total, ventas",
            "facturacion, total gastado, fatturato, spesa, spese, importo, importo totale, vendite",
            "totale speso, faturamento, receita, valor total, vendas, valor gasto, total gasto, omzet",
            "uitgaven, totale uitgaven, bedrag, totaalbedrag, obrot, przychod, wydatki, kwota",
            "kwota razem, suma zakupow, ciro, harcama, harcamalar, toplam harcama, tutar, toplam tutar",
            "выручка, оборот, сумма, общая сумма, сумма покупок, расходы, vyruchka, oborot, summa",
            "summa pokupok, raskhody, 売上, 売上高, 購入金額, 購入額, 合計金額, 金額, 销售额, 消费金额",
            "总金额, 营业额, 金额",
        ),
    ),
    (
        m.FREQUENCY,
        phrases(
            "frequency, freq, orders, order count, number of orders, purchases, num purchases",
            "purchase count, transactions, trans ct, transaction count, bookings, trips, bought",
            "order frequency, f score, invoices, stays",
        ),
        phrases(
            "haufigkeit, bestellungen, anzahl bestellungen, kaufe, anzahl kaufe, einkaufe",
            "kaufhaufigkeit, frequence, commandes, nombre de commandes, achats, nombre d achats",
            "frecuencia, pedidos, numero de pedidos, compras, numero de compras, frequenza, ordini",
            "numero ordini, acquisti, frequencia, quantidade de compras, frequentie, bestellingen",
            "aantal bestellingen, aankopen, czestotliwosc, zamowienia, liczba zamowien, zakupy",
            "liczba zakupow, siklik, siparis sayisi, siparis, siparisler, alisveris sayisi, частота",
            "заказы, число заказов, количество заказов, количество покупок, покупки, chastota, zakazy",
            "kolichestvo zakazov, 購入回数, 注文数, 注文回数, 頻度, 购买次数, 订单数, 频率",
        ),
    ),
    (
        m.ENGAGEMENT,
        phrases(
            "engagement, logins, login count, sessions, visits, web visits, page views, clicks, opens",
            "app usage, usage, activity, minutes, calls, data usage, time on site, time on app",
            "session length, utilization, email opens, open rate, click rate, interactions, streams",
            "watch time, downloads",
        ),
        phrases(
            "aktivitat, nutzung, besuche, anzahl besuche, sitzungen, klicks, anmeldungen, activite",
            "utilisation, visites, nombre de visites, connexions, clics, actividad, uso, visitas",
            "numero de visitas, sesiones, attivita, utilizzo, visite, accessi, atividade, acessos",
            "sessoes, activiteit, gebruik, bezoeken, aktywnosc, wizyty, liczba wizyt, logowania",
            "uzycie, aktivite, kullanim, ziyaret, ziyaret sayisi, oturum, активность, посещения",
            "визиты, использование, aktivnost, poseshcheniya, vizity, 利用回数, 来店回数, 訪問回数",
            "アクセス数, 活跃度, 访问次数, 登录次数",
        ),
    ),
    (
        m.RESPONSE,
        phrases(
            "response, responded, converted, conversion, conversions, subscribed, renewed, renewal",
            "accepted, redeemed, clicked",
        ),
        phrases(
            "antwort, reaktion, konvertiert, reponse, converti, respuesta, respondio, convertido",
            "risposta, convertito, resposta, respondeu, reactie, geconverteerd, odpowiedz, konwersja",
            "yanit, donusum, отклик, конверсия, otklik, 反応, 成約, 响应, 转化",
        ),
    ),
    (
        m.HOUSEHOLD,
        phrases(
            "household, household size, family, family size, children, kids, dependents, dependants",
            "num children, kidhome, teenhome, persons in household",
        ),
        phrases(
            "haushalt, haushaltsgrosse, kinder, familie, menage, taille du menage, enfants, famille",
            "hogar, tamano del hogar, hijos, familia, famiglia, nucleo familiare, figli",
            "agregado familiar, filhos, huishouden, gezin, gezinsgrootte, kinderen, gospodarstwo",
            "gospodarstwo domowe, dzieci, rodzina, hane, hane halki, cocuk, cocuk sayisi, aile",
            "домохозяйство, семья, размер семьи, дети, semya, deti, 世帯, 世帯人数, 子供, 家庭",
            "家庭人数, 孩子",
        ),
    ),
    (
        m.AGE,
        phrases("age, age years, customer age") | BIRTH,
        phrases(
            "alter, edad, eta, idade, leeftijd, wiek, yas, возраст, vozrast, 年齢, 年龄",
        ),
    ),
)
SCORE = phrases(
    "score, rank, quintile, decile, punkte, rang, puntuacion, punteggio, pontuacao, wynik, puan, балл",
)
