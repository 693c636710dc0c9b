"""Answers with documents for programs anywhere, browsers' too."""

from django.http import HttpResponse

# A key that was given up, or an issuer that was removed, must stop counting soon.
_MAX_AGE_SECONDS = 60


def published(body: bytes, media_type: str, status: int = 200) -> HttpResponse:
    """`body` for everyone, kept for a minute."""
    return HttpResponse(
        body,
        status=status,
        content_type=media_type,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": f"public, max-age={_MAX_AGE_SECONDS}",
        },
    )
