"""Signs in the customers file that the wrong people, or nobody, would be written to (faults 40 to 42, 81)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dunning_batch.core.customers import Customer
from dunning_batch.core.words import plain
from dunning_batch.errors import Problem, msg

# Legal forms, titles and small words, which two different customers may share.
_IGNORED = frozenset(
    "sarl sas sasu sa eurl snc sci scp scm scea scop gaec earl selarl selas selasu ei eirl eurl association assoc asso "
    "societe ste ets etablissement etablissements entreprise cabinet compagnie cie groupe fils freres et "
    "gmbh ag kg ltd limited llc llp inc corp bv nv spa srl sprl sl co company the and "
    "m mr mme mlle monsieur madame mademoiselle messieurs dr me maitre mrs ms "
    "le la les l de du des d a au aux en sur sous chez client clients".split()
)
_EXAMPLES = ("example.com", "example.org", "example.net", "exemple.fr", "exemple.com", "test", "invalid", "localhost")
_TRUNCATED = 4  # letters that a word cut short must keep


def name_mismatch(customer: Customer, ledger_name: str) -> bool:
    """Whether the file's name of a customer has no word in common with the ledger's.

    Case, accents, legal forms and small words are ignored; a word may be cut short, as ledgers do. A ledger that only
    repeats the customer's code as its name says nothing.
    """
    ours, theirs = _words(customer.name), _words(ledger_name)
    if not ours or not theirs or plain(ledger_name) == plain(customer.code):
        return False
    if any(_same_word(one, other) for one in ours for other in theirs):
        return False
    one, other = "".join(ours), "".join(theirs)  # "A.B.C. Bois" and "ABC Bois", "Dupontfils" and "Dupont Fils"
    return not (one.startswith(other) or other.startswith(one))


def _words(name: str) -> list[str]:
    words = plain(name).split()
    return [word for word in words if word not in _IGNORED] or words


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _TRUNCATED and long.startswith(short))


def doubt_names(
    customers: Mapping[str, Customer], ledger_names: Mapping[str, str]
) -> tuple[dict[str, Customer], tuple[Problem, ...]]:
    """The customers with those held whose name is another one in the ledger, and a problem for each (fault 42)."""
    checked, problems = dict(customers), []
    for code, customer in customers.items():
        ledger_name = ledger_names.get(code, "")
        if name_mismatch(customer, ledger_name):
            checked[code] = replace(customer, doubtful=True)
            text = msg(
                'Customer {code} is "{name}" in the customers file and "{ledger_name}" in the ledger, and is held: was '
                "the file sorted on one column only? Correct the name there, or empty it.",
                code=code,
                name=customer.name,
                ledger_name=ledger_name,
            )
            problems.append(Problem("names_differ", text, "warning", customer.source, code))
    return checked, tuple(problems)


def without_unknown(
    customers: Mapping[str, Customer], unknown: Collection[tuple[str, str]]
) -> tuple[dict[str, Customer], tuple[Problem, ...]]:
    """The customers without the addresses that a mail server refused for good, and a problem for each (fault 81).

    Args:
        customers: By code.
        unknown: Customer and address; another address in the customers file takes its place.
    """
    checked, problems = dict(customers), []
    for code, address in sorted(unknown):
        customer = checked.get(code)
        if customer is None or address not in customer.emails:
            continue
        checked[code] = replace(customer, emails=tuple(one for one in customer.emails if one != address))
        text = msg(
            "{address} was refused as unknown, and counts as none: correct it in the customers file, or take it away.",
            address=address,
        )
        problems.append(Problem("address_refused_before", text, "warning", customer.source, code))
    return checked, tuple(problems)


def own_addresses(customers: Iterable[Customer], domains: Collection[str]) -> tuple[Problem, ...]:
    """Addresses of customers at the creditor's own domain, or at one of examples: a question before e-mails (41)."""
    names = {domain.casefold() for domain in domains}
    return tuple(
        Problem(
            "address_of_nobody",
            msg("{address} is at your own domain or at one of examples: is it the customer's?", address=address),
            "warning",
            customer.source,
            customer.code,
        )
        for customer in customers
        for address in customer.emails
        if (domain := address.rpartition("@")[2].casefold()) in names
        or any(domain == example or domain.endswith(f".{example}") for example in _EXAMPLES)
    )


def shared_addresses(customers: Iterable[Customer], limit: int = 5) -> tuple[Problem, ...]:
    """One e-mail address on so many customers of different names, or more: a question before e-mails (fault 40)."""
    by_address: dict[str, list[Customer]] = defaultdict(list)
    for customer in customers:
        for address in dict.fromkeys(address.casefold() for address in customer.emails):
            by_address[address].append(customer)
    return tuple(
        _shared(address, same)
        for address, same in by_address.items()
        if len({plain(customer.name) or customer.code for customer in same}) >= limit
    )


def _shared(address: str, same: list[Customer]) -> Problem:
    text = msg(
        "{address} is the address of {count} customers of different names ({codes}): was the column filled down?",
        address=address,
        count=len(same),
        codes=", ".join(customer.code for customer in same[:20]),
    )
    return Problem("address_shared", text, "warning", same[0].source)


def unknown_customers(customers: Mapping[str, Customer], known: Collection[str]) -> Iterable[Problem]:
    """Rows of the customers file that no line of the ledger bears: a hold in them would hold nobody."""
    for code, one in customers.items():
        if code not in known and (not one.remind or one.held_until):
            text = msg(
                "The customer {code} is held, and no line of the ledger bears that code: is it misspelt?", code=code
            )
            yield Problem("unknown_customer", text, "warning", one.source, code)
