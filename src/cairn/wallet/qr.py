"""QR codes of links: error correction M, with the quiet zone that ISO/IEC 18004 asks for."""

import io

import segno

_QUIET_MODULES = 4  # ISO/IEC 18004:2015, section 6.3.8


def svg(link: str) -> str:
    """An SVG drawing of the code, black on white, sized by its viewBox."""
    output = io.BytesIO()
    _code(link).save(
        output, kind="svg", border=_QUIET_MODULES, light="white", xmldecl=False, omitsize=True
    )
    return output.getvalue().decode()


def png(link: str, *, pixels_per_module: int = 8) -> bytes:
    """A PNG picture of the code."""
    output = io.BytesIO()
    _code(link).save(output, kind="png", border=_QUIET_MODULES, scale=pixels_per_module)
    return output.getvalue()


def _code(link: str) -> segno.QRCode:
    return segno.make(link, error="m", micro=False, boost_error=False)
