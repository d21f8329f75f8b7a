"""The application: the only module that knows all rooms."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, Response, g, make_response, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.classrooms import round_views
from portal.classrooms import views as classrooms
from portal.classrooms.arriving import enter_homeroom
from portal.classrooms.mount import Mounted, keep_below
from portal.content.language import language
from portal.database.store import Store
from portal.entrance import views as entrance
from portal.finished import FinishedPages
from portal.headers import add_headers
from portal.help import say, steps
from portal.help import views as help_room
from portal.lessons import views as lessons
from portal.pages import views as pages
from portal.play import teach
from portal.play import views as play
from portal.reader import init_reader
from portal.settings import Settings, read_settings
from portal.site import Keeper

# Pages of errors that a reader can do something about.
_PAGES = dict.fromkeys((403, 413, 429), "entrance/refused.html")

# Bytes. The forms here hold choices and a few words, never files.
_LARGEST_FORM = 16 * 1024


def create_app(settings: Settings | None = None, clock: Callable[[], date] = date.today) -> Flask:
    """Give the portal as a WSGI application, with `settings` or those of the settings file and the environment.

    `clock` gives the day by which checks of services grow old. Templates lie beside their views: "pages/door.html" is
    portal/pages/door.html.
    """
    settings = settings or read_settings()
    keeper = Keeper(settings, clock)
    app = Flask("portal", template_folder=".", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_FORM
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["store"] = Store(settings.database_url)
    init_reader(app)
    _arrive_by_language(app, keeper)
    _register_rooms(app, settings)
    _answer_errors(app)
    app.after_request(lambda response: add_headers(response, https=settings.address.startswith("https:")))
    app.after_request(keep_below)
    inner = Mounted(ProxyFix(app.wsgi_app, x_for=settings.proxies) if settings.proxies else app.wsgi_app)
    app.wsgi_app = FinishedPages(inner, keeper.state, assets=lambda: keeper.site.assets.pages)  # type: ignore[method-assign]
    return app


def _arrive_by_language(app: Flask, keeper: Keeper) -> None:
    @app.url_value_preprocessor
    def arrive(endpoint: str | None, values: dict[str, Any] | None) -> None:
        """Hold one state of the site for the whole request, and take the language out of the address."""
        g.site = keeper.site
        code = (values or {}).pop("lang", None)
        if code:
            g.language = language(code)
        else:
            entrance.language_of_request()
        enter_homeroom()

    app.before_request(classrooms.show_homepage)


def _register_rooms(app: Flask, settings: Settings) -> None:
    below_language = f"/<any({','.join(repr(code) for code in settings.languages)}):lang>"
    app.register_blueprint(entrance.bp)
    app.register_blueprint(round_views.short_bp)
    for room in (
        entrance.leave_bp,
        help_room.bp,
        steps.bp,
        say.bp,
        play.bp,
        teach.bp,
        lessons.bp,
        classrooms.bp,
        round_views.bp,
        pages.bp,
    ):
        app.register_blueprint(room, url_prefix=below_language)


def _answer_errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def lost(error: HTTPException) -> Response:
        """Say in the reader's language that an address leads nowhere, with the ways on."""
        if error.code is None or error.code < 400:
            return make_response(error.get_response())
        _forget_address()
        template = _PAGES.get(error.code) or ("entrance/lost.html" if error.code < 500 else "layout/error.html")
        return _unkept(render_template(template, code=error.code), error.code)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        """Log what broke, and show a calm page that still leads to help."""
        app.logger.exception("a page broke", exc_info=error)
        _forget_address()
        return _unkept(render_template("layout/error.html"), 500)


def _forget_address() -> None:
    """Let the page of an error say nothing of the page that was asked for, which may have come halfway."""
    g.lost = True
    g.pop("alternates", None)


def _unkept(body: str, status: int) -> Response:
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response
