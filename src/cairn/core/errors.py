"""Every error a caller can act on.  One root, one subclass per decision the caller takes.

CairnError
├── Malformed        the document cannot be read; show the path, ask for another copy
├── Unverifiable     it reads, but a proof, status or anchor does not hold
│   └── Unobtainable what the check needs could not be got: "not checked", never "false"
├── NotAllowed       the actor may not do this
└── Conflict         the world moved on (already revoked, list full); reload and retry
"""


class CairnError(Exception):
    """Root of every error this package raises on purpose."""


class Malformed(CairnError, ValueError):
    """Input that does not follow its specification.

    `path` says where: a JSON Pointer (RFC 6901) into the document, "" for the whole of it.
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {super().__str__()}" if self.path else super().__str__()


class Unverifiable(CairnError):
    """Well-formed input whose claim does not hold."""


class Unobtainable(Unverifiable):
    """A key, status list or other document that a check needs could not be fetched."""


class Gone(Unobtainable):
    """Its host says that the document was there and was taken away for good (HTTP 410)."""


class NotAllowed(CairnError):
    """The actor lacks the permission; carries no detail a stranger could use."""


class Conflict(CairnError):
    """The request was fine, the current state refuses it."""
