"""Comuni, people, their roles, the audit trail and the jobs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from arengo.kernel import clock
from arengo.kernel.scope import ComuneModel


class Comune(models.Model):
    """One of the Italian Comuni, known by its ISTAT code.

    References
    ----------
    ISTAT, "Codici statistici delle unità amministrative territoriali".
    """

    istat_code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True)
    province = models.CharField(max_length=100)
    province_code = models.CharField(max_length=2)
    region = models.CharField(max_length=100)
    cadastral_code = models.CharField(max_length=4, unique=True)

    class Meta:
        verbose_name = "Comune"
        verbose_name_plural = "Comuni"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Make people; an address is kept in lower case."""

    def create_user(self, email: str, full_name: str, password: str | None = None) -> User:
        """Return a new person; without a password nobody can sign in as them."""
        user = User(email=email.lower(), full_name=full_name)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find who signs in, however they typed their address."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address; rights come from memberships."""

    email = models.EmailField("indirizzo e-mail", unique=True)
    full_name = models.CharField("nome e cognome", max_length=150)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="kernel_user_email_lower"
            ),
        )

    def __str__(self) -> str:
        return self.full_name


class Role(models.TextChoices):
    """What a person is in a Comune."""

    SEGRETARIO = "segretario", "Segretario"
    PRESIDENTE = "presidente", "Presidente del consiglio"
    CONSIGLIERE = "consigliere", "Consigliere"
    TECNICO = "tecnico", "Tecnico di sala"
    AMMINISTRATORE = "amministratore", "Amministratore"


class Membership(ComuneModel):
    """A role of a person in a Comune; `valid_until` is excluded, empty for no end."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comune", "user", "role"],
                condition=models.Q(valid_until=None),
                name="kernel_membership_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="kernel_membership_role"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="kernel_membership_validity",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.comune_id})"


class AuditEntry(ComuneModel):
    """Who did what, when; a trigger refuses to change one.

    `action` is `room.verb`, `subject` what it was done to, `facts` the values
    that matter, without secrets.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    facts = models.JSONField(default=dict)

    append_only = True

    class Meta:
        indexes = (models.Index(fields=["comune", "at", "id"], name="kernel_audit_comune_at"),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class JobState(models.TextChoices):
    """Where a job is."""

    WAITING = "waiting", "In attesa"
    RUNNING = "running", "In corso"
    DONE = "done", "Eseguito"
    FAILED = "failed", "Non riuscito"


class Job(ComuneModel):
    """Work to be done once for a Comune, known by `key`; see `jobs`.

    While running it is leased: a worker renews `leased_until`, and a lease run
    out means that the worker is dead.
    """

    key = models.CharField(max_length=200)
    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    enqueued_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comune", "key"], name="kernel_job_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="kernel_job_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state=JobState.RUNNING) ^ models.Q(leased_until=None),
                name="kernel_job_leased_while_running",
            ),
        )
        indexes = (
            # The sweeper alone looks across Comuni: only running rows, so a handful.
            models.Index(
                fields=["leased_until"],
                condition=models.Q(state=JobState.RUNNING),
                name="kernel_job_lease",
            ),
        )

    def __str__(self) -> str:
        return self.key
