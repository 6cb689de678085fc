"""Late interest and the fixed indemnity (rules G1 to G4; L441-10, D441-5, R2192-31)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """Percent a year by half-year such as "2026-S2": the ECB main refinancing rate, the legal rate of businesses."""

    ecb: dict[str, Decimal] = field(default_factory=dict)
    legal: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """`[penalties]`: a formula by type of customer ("ecb+10", "legal*3", "12.5%", "legal", "none"); cents."""

    professional: str = "ecb+10"
    consumer: str = "none"
    public: str = "ecb+8"
    fixed_indemnity: int = 4000


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of days at one rate and one amount; both days included."""

    first: date
    last: date
    days: int
    base: int  # cents
    rate: Decimal  # percent a year
    interest: int  # cents, rounded half up
