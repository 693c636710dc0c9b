"""Users sign in; learners are awarded.  A learner may never sign in, a user may never learn.

E-mail addresses of a user, verified or not, are rows of allauth's `EmailAddress`; `User.email` is
the primary one.
"""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept as it was written, and compared in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user with this primary address; without a password, e-mail codes sign in."""
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)  # one field: people's names have no parts
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_user_an_email"),)

    def __str__(self) -> str:
        return self.name or self.email


class Learner(models.Model):
    """A person who is awarded, known by the address that an issuer wrote to.

    `user` is set when the person claims, and is who they are to us; until then nobody is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()  # lower case
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="learners")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["email"], name="one_learner_an_email"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="learner_email_is_lower_case"
            ),
        )
