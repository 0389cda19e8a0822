"""The HTTP API under ``/api/v1/``: every operation is one function in ``operations``.

What a function declares (method, path, scope, roles, and the types of what it takes and answers) is all
there is: routing, validation and the OpenAPI document are made from it (``contract``, ``answering``,
``document``). Beside the pages and with the same services; no session and no cookie, only keys.
"""
