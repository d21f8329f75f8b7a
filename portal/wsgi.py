"""The application for a WSGI server, made when the server asks for it."""

from flask import Flask

from portal.app import create_app


def application() -> Flask:
    """Give the portal with the settings of the settings file and the environment."""
    return create_app()
