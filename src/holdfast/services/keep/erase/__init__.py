"""Erase a person, or an account, everywhere, and certify it (N1).

=================  =======================================================================
``whom``           whom a request names: all ids of one person, or of one account
``wanted``         what may not come back, and what the scan looks for
``steps``          the erasure itself, step by step; killed at any moment it goes on
``files``          everything beside the database and the event log
``looked_for``     views that colleagues saved of a search for them
``scan``           looks through everything, unpacking what is packed
``certificate``    what was found, in figures and sentences
=================  =======================================================================
"""
