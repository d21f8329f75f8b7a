"""The application for a WSGI server, made when the server asks for it."""

from flask import Flask

from portal.app import create_app
from portal.database.schema import prepare


def application() -> Flask:
    """Give the portal with the settings of the settings file and the environment, and its database ready to serve from.

    Raises StoreError where the database can't be used.
    """
    app = create_app()
    prepare(app.extensions["store"])
    return app
