"""Airflow's login by the people of this installation: its auth manager (docs/decisions/0047-sign-off.md).

What a role may do in Airflow is what its simple auth manager knows; who somebody is, and how he logs in, is ours:
people.yaml, a password that each sets for himself, a session that ends with the password or with the entry. The
installation's own account stays the one that Airflow's configuration names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from fastapi import FastAPI

from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.declared.people import MACHINE, Role, load_people
from xiezuo.operations.accounts import session_mark

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.base_auth_manager import ResourceMethod

AIRFLOW_ROLES: dict[Role, str] = {
    "clerk": "user", "head": "user", "leader": "user", "ops": "op", "viewer": "viewer",
}  # fmt: skip
"""What each may do in Airflow: see, run and answer; the connections too; or only see."""


class NamedUser(SimpleAuthManagerUser):
    """A user with a name of his own beside the account; ``mark`` ties his session to his password."""

    def __init__(self, *, account: str, name: str, role: str, mark: str) -> None:
        super().__init__(username=account, role=role)
        self.name, self.mark = name, mark

    def get_name(self) -> str:
        """Return the person's name, which pages show."""
        return self.name


class PeopleAuthManager(SimpleAuthManager):
    """The accounts of this installation."""

    def init(self) -> None:
        """Leave out that passwords are invented and printed for whoever has none in a file."""
        super(SimpleAuthManager, self).init()

    def is_authorized_dag(
        self,
        *,
        method: ResourceMethod,
        user: SimpleAuthManagerUser,
        access_entity: DagAccessEntity | None = None,
        details: DagDetails | None = None,
    ) -> bool:
        """Let nobody write by hand what one task hands to the next: who answered a request is among it."""
        if access_entity == DagAccessEntity.XCOM and method != "GET":
            return False
        return super().is_authorized_dag(method=method, user=user, access_entity=access_entity, details=details)

    def serialize_user(self, user: SimpleAuthManagerUser) -> dict[str, Any]:
        """Return what a session says: the account, and of a person the mark of his password."""
        mark = user.mark if isinstance(user, NamedUser) else ""
        return {"sub": user.username, "role": user.role, "mark": mark}

    def deserialize_user(self, token: dict[str, Any]) -> SimpleAuthManagerUser:
        """Return whose session it is, with the role of now.

        Raises:
            ValueError: the person is no longer named, or has another password since.
        """
        account = str(token["sub"])
        if account == MACHINE:
            return SimpleAuthManagerUser(username=account, role=token["role"])
        try:
            settings = Settings.from_env()
            person, mark = load_people(settings).of(account), session_mark(settings, account)
        except XiezuoError as error:
            raise ValueError(error.message) from error
        if person is None or not mark or token.get("mark") != mark:
            raise ValueError("the account is gone, or its password is another since")
        return NamedUser(account=account, name=person.name, role=AIRFLOW_ROLES[person.role], mark=mark)

    def get_fastapi_app(self) -> FastAPI:
        """Return the pages of the login."""
        from xiezuo_airflow.login import app

        return app()
