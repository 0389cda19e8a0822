"""What must be remembered: the database of a workspace, through Django's models and our own SQL.

``connect(settings)`` first, then the modules beside this one:

=============  ===========================================================================
``imports``    begin, commit, finish, fail, undo, list imports; which are not done
``identity``   ids for keys as they arrived; links between ids of the same customer
``writers``    what an import writes besides events
``readers``    what measuring reads: links, facts, products, costs, rates, series
``figures``    figures, alerts and standings that the loop computed
``customers``  the customer list: filters, sorts, search, keyset pages
``leases``     who works on what
=============  ===========================================================================

Every function there takes the settings first and connects by itself.
"""

from __future__ import annotations

from holdfast.settings import Settings


def connect(settings: Settings) -> None:
    """Make ``settings``' database the one that this process uses, migrated to this release.

    Configures Django on the first call of the process and points the default connection
    elsewhere when another workspace comes. Costs nothing when the workspace is connected already.
    Refuses a database of a newer release, and one that cannot be opened.
    """
    from holdfast.store.connection import open_workspace

    open_workspace(settings)


def let_go() -> None:
    """Close this thread's connection to the database: a thread that ends calls it."""
    from django.db import connections

    connections.close_all()
