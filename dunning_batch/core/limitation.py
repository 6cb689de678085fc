"""When a claim can no longer be sued for: a date to watch, which no reminder moves.

Counted from the due date. Companies and associations five years (Code de commerce L110-4, Code civil 2224), consumers
two (Code de la consommation L218-2), public buyers the end of the fourth year after that of the due date (loi
68-1250, article 1). A partial payment or an acknowledgement may start it anew (Code civil 2240): the date is the
earliest one.
"""

from datetime import date

from dunning_batch.core.customers import CustomerType

_YEARS = {"professional": 5, "consumer": 2, "unknown": 2}
_PUBLIC_YEARS = 4


def last_day_to_sue(due: date, customer: CustomerType) -> date:
    """The last day on which a claim that fell due on `due` can be brought before a court.

    For a customer whose type is not known, the shortest term is taken.
    """
    if customer == "public":
        return date(due.year + _PUBLIC_YEARS, 12, 31)
    year = due.year + _YEARS[customer]
    try:
        return due.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)
