"""A customer as somebody names one in a form: of those whom they may see, called as they may see it."""

from __future__ import annotations

from functools import partial

from holdfast.services.collect import look_up
from holdfast.store.portfolio import seen_among
from holdfast.web.access import portfolio
from holdfast.web.masking import masks
from holdfast.web.reading import Request


def unit_named(request: Request, wanted: str) -> int:
    """The unit that ``wanted`` names for this reader; who is not theirs is not there.

    Refuses as :func:`holdfast.services.collect.look_up.unit_named`.
    """
    workspace, theirs = request.workspace, portfolio(request.user, request.workspace)
    among = None if theirs is None else partial(seen_among, workspace, theirs)
    return look_up.unit_named(workspace, wanted, among=among, shown=masks(request).shown)
