"""Who is held out: a place in [0, 1) for each customer, the same wherever it is computed.

A polynomial of degree three over the integers modulo a prime, with coefficients that nobody can choose
(SHA-256 of the workspace's name, the play and a salt): any four customers' places are independent
(M. N. Wegman and J. L. Carter, New hash functions and their use in authentication and set equality, 1981,
section 3). It is arithmetic on integers below 2**62, so that SQL, numpy and Python agree to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, TypeVar

PRIME = 2**31 - 1

Arm = Literal["treated", "held_out"]

Number = TypeVar("Number")
"""A whole number, or a numpy array of 64-bit ones."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The coefficients of one draw, the highest power first."""

    cubed: int
    squared: int
    once: int
    constant: int

    def of(self, unit_id: Number) -> Number:
        """The drawn whole number, 0..PRIME-1."""
        x: Any = unit_id % PRIME  # type: ignore[operator]
        squared = (self.cubed * x + self.squared) % PRIME
        once = (squared * x + self.once) % PRIME
        return (once * x + self.constant) % PRIME  # type: ignore[no-any-return]

    def place(self, unit_id: int) -> float:
        """The place of a customer in [0, 1)."""
        return self.of(unit_id) / PRIME

    def sql(self, unit: str, percent: str = "%%") -> str:
        """The drawn number as SQL over a column; ``percent`` is how remainders are written there."""
        x = f"({unit} {percent} {PRIME})"
        inner = f"({self.cubed} * {x} + {self.squared}) {percent} {PRIME}"
        middle = f"(({inner}) * {x} + {self.once}) {percent} {PRIME}"
        return f"((({middle}) * {x} + {self.constant}) {percent} {PRIME})"


def draw_of(workspace: str, key: str, salt: str = "") -> Draw:
    """The draw of a play (``key``) in a workspace; another ``salt`` draws anew."""
    digest = sha256("\0".join(("holdfast", workspace, key, salt)).encode()).digest()
    cubed, squared, once, constant = (
        int.from_bytes(digest[at : at + 8], "big") % PRIME for at in range(0, 32, 8)
    )
    return Draw(cubed, squared, once, constant)


def below(share: float) -> int:
    """What a drawn number stays below for ``share`` (0..1) of all customers."""
    return round(share * PRIME)


def arm_of(draw: Draw, unit_id: int, hold_out: float) -> Arm:
    """The arm of a customer."""
    return "held_out" if draw.of(unit_id) < below(hold_out) else "treated"
