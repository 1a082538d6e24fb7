"""The WSGI entry: ``gunicorn wsgi:app``. Settings come from the environment."""

from compapp.app import create_app

app = create_app()
