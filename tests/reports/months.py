"""A dossier with every kind of item, whose names would be markup, formulas and links if they were let."""

from tests.dossiers import Dossier, make_dossier

FEC = """
    jnl | date       | account | customer | name                          | piece     | label            | debit   | credit | let | counter
    VE  | 2026-01-10 | 411000  | DUPONT   | <SARL> Dupont & Fils "été"    | F<1>      | Vente            | 1200.00 |        |     | 707
    VE  | 2026-01-20 | 411000  | DUPONT   | <SARL> Dupont & Fils "été"    | F002      | Vente            | 300.50  |        |     | 707
    VE  | 2026-01-12 | 411000  | MARTIN   | <script>alert(1)</script>     | F003      | Vente            | 80.00   |        |     | 707
    BQ  | 2026-02-12 | 411000  | MARTIN   | <script>alert(1)</script>     |           | VIR F003         |         | 50.00  |     | 512
    VE  | 2026-01-12 | 411000  | LEROY    | =HYPERLINK("http://x")        | F<4>      | Vente            | 500.00  |        |     | 707
    BQ  | 2026-02-12 | 411000  | LEROY    | =HYPERLINK("http://x")        |           | Virement         |         | 500.00 |     | 512
    VE  | 2026-01-15 | 411000  | DURAND   | {{ 7*7 }}                     | -         | =1+1             | 60.00   |        |     | 707
    VE  | 2026-06-15 | 411000  | DURAND   | {{ 7*7 }}                     | F005      | Vente            | 70.00   |        |     | 707
    VE  | 2026-01-15 | 411000  | MOREAU   | Moreau                        | F006      | Vente            | 90.00   |        | AA  | 707
    BQ  | 2026-02-15 | 411000  | MOREAU   | Moreau                        | F006      | Virement         |         | 40.00  | AA  | 512
    BQ  | 2026-03-15 | 411000  | PETIT    | Petit                         |           | Acompte          |         | 25.00  |     | 512
    VE  | 2026-01-15 | 411000  | PETIT    | Petit                         | F007      | Vente            | 10.00   |        |     | 707
"""
CUSTOMERS = """
    Client | Type          | Relancer | Email
    DUPONT | professionnel |          | compta@dupont.example
    MOREAU |               | non      |
"""
AS_OF = "2026-05-20"


def month(folder) -> Dossier:
    """Nothing has been reminded yet."""
    return make_dossier(folder, fec=FEC, customers=CUSTOMERS)
