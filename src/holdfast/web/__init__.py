"""The Django project: pages, API, static files."""
