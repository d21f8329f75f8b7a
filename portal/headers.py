"""Security headers of every answer: nothing inline, nothing from elsewhere, no referrer, no frames."""

from flask import Response

# `form-action`, `base-uri` and `frame-ancestors` do not fall back to `default-src`, so each is said.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_headers(response: Response, *, https: bool) -> Response:
    """Add the headers to an answer; `https` sites also ask browsers to stay on https for two years."""
    response.headers.update(_HEADERS)
    if https:
        response.headers["Strict-Transport-Security"] = "max-age=63072000"
    return response
