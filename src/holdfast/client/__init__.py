"""Holdfast from another Python program: typed, with pages that go on by themselves.

.. code-block:: python

    from holdfast.client import Client

    holdfast = Client("https://holdfast.example.com", "hfk_r_...")
    for customer in holdfast.customers.list_all_customers(state="active"):
        print(customer["name"], customer["amount"])

Reads, and writes too, are repeated where the network or the server fails for a moment: each write carries
a key by which its repeat is known. Whatever is refused is an :class:`ApiError`. The modules beside
``connection`` are made from the description of the API.
"""

from __future__ import annotations

from holdfast.client.connection import LEFT_OUT, ApiError, Connection, LeftOut
from holdfast.client.everything import Client

__all__ = ["LEFT_OUT", "ApiError", "Client", "Connection", "LeftOut"]
