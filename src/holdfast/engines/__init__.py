"""The only code that names an engine.

``tables`` says what a query can stand on, ``embedded`` runs it in this process (DuckDB).
"""
