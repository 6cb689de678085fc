"""pandas, loaded when the first table is made: that takes longer than reading most ledgers, and goes on beside it.

Modules that work on tables import this in its place, and quote it in annotations.
"""

from importlib import import_module


def load() -> None:
    """Load it now."""
    import_module("pandas")


def __getattr__(name: str) -> object:
    return globals().setdefault(name, getattr(import_module("pandas"), name))
