"""What installs the desk on a device: its manifest, and the worker that shows kept pages without network."""

from flask import Response, current_app, jsonify, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from compapp.judging.views.blueprint import bp
from compapp.web.access import public
from compapp.web.frame import SITE_NAME, static_url
from compapp.web.i18n import _, current_locale


@bp.get("/desk.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Tell a browser how the desk is installed (it names nobody, and no contest)."""
    icons = [
        {"src": static_url(f"img/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-512", 512, "maskable"))
    ]
    answer = jsonify(
        id=url_for("judging.desk"),
        name=f"{SITE_NAME} – {_('My desk')}",
        short_name=_("My desk"),
        lang=current_locale(),
        start_url=url_for("judging.desk"),
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#0b5c3e",
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get("/desk-worker.js")
@public
def worker() -> Response:
    """Send the worker's script from the root, so that it may look after the desk and the sheets."""
    folder = current_app.static_folder or ""
    answer = send_from_directory(folder, "judging/worker.js", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
