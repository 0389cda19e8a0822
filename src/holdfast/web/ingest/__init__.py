"""Where events arrive over HTTP: a bare ASGI callable beside Django, so that a call costs little.

A call goes through here once: its key (``keyring``), its body within limits (``bodies``), what each of
its events says (``connectors.segment``), and the disk (``group``). Only then is it acknowledged.
"""
