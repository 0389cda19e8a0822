"""How every customer stands, for the list of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.analytics.emit import emit
from holdfast.analytics.lifecycle import STATES
from holdfast.analytics.spec import Query, columns
from holdfast.analytics.terms import OPEN
from holdfast.services.measure.measure import Ready

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.store.standings import Standings

_NAMES = ("unit_id", "state", "first_day", "last_day", "left_day", "orders", "amount", "yearly")


def standings(ready: Ready) -> Standings:
    """State, days and amounts of every unit with a purchase or a contract."""
    import numpy as np

    from holdfast.store.standings import Standings

    found = ready.engine.columns(
        emit(Query("units", columns(*_NAMES)), ready.engine.dialect), {"units": ready.kept.tables["units"]}
    )
    names = np.array([*STATES, ""], dtype=object)  # the last one, at -1, is "never really a customer"
    return Standings(
        unit_id=found["unit_id"],
        state=names[np.asarray(found["state"], np.int64)],
        first_day=_day(found["first_day"]),
        last_day=_day(found["last_day"]),
        left_day=_day(found["left_day"]),
        orders=found["orders"],
        amount_minor=found["amount"],
        yearly_minor=found["yearly"],
    )


def _day(days: NDArray[np.generic]) -> NDArray[np.generic]:
    """Days that never came are masked."""
    import numpy as np

    whole = np.asarray(days, np.int64)
    return np.ma.MaskedArray(whole, mask=np.abs(whole) >= OPEN)
