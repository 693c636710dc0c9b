"""All that a learner has of one issuer, as one archive: to be saved before it is erased."""

import io
import zipfile
from collections.abc import Iterator, Sequence

from django.utils.text import slugify

from cairn.issuing.models import Award, Credential
from cairn.issuing.selectors import current_credential, forms_of, last_signed
from cairn.wallet import pdf, selectors
from cairn.wallet.facts import title_of
from cairn.wallet.models import Holding

MAX_PDFS = 20  # each takes a good part of a second
_SUFFIXES = {"eddsa-rdfc-2022": "json", "vc-jwt-openbadges": "jwt", "vc+jwt": "vc.jwt"}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the archive of the same credentials is the same


def bundle(awards: Sequence[Award]) -> bytes:
    """A ZIP with each credential in all its signed forms, and as a PDF where there is room."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, award in enumerate(awards, 1):
            folder = f"{number:03}-{slugify(title_of(award)) or 'credential'}"
            for name, body in _files(award, has_pdf=number <= MAX_PDFS):
                archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _EPOCH), body)
    return buffer.getvalue()


def _files(award: Award, *, has_pdf: bool) -> Iterator[tuple[str, bytes]]:
    credential: Credential | None = current_credential(award) or last_signed(award)
    if credential is None:
        return
    for form in forms_of(credential):
        yield f"credential.{_SUFFIXES.get(form.form, 'bin')}", bytes(form.body)
    holding = Holding.objects.filter(award=award).first()
    if has_pdf and holding is not None:
        signed, badge = selectors.for_pdf(holding, credential)
        yield "credential.pdf", pdf.document(award, signed, badge)
