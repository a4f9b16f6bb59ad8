"""Who is acting reaches the database, and leaves it again whatever happens between."""

import pytest
from django.db import DatabaseError, connection, transaction

from surveillance.accounts.actor import PUBLIC, SYSTEM, Actor
from surveillance.accounts.wall import OUTSIDE_ROLE, acting, beyond_the_wall, is_within_the_wall
from surveillance.devstack.postgres import APP

pytestmark = pytest.mark.django_db


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def organisation() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting_organisation()")
        found: int | None = cursor.fetchone()[0]
        return found


@pytest.mark.parametrize("name", ["ana", "bo", "ada", "system"])
def test_who_is_of_the_authority_acts_as_the_application(cast, name):
    with acting(cast.actor(name)):
        assert (role(), is_within_the_wall()) == (APP, False)


@pytest.mark.parametrize("name", ["dot", "dev", "eve"])
def test_who_is_not_is_held_back(cast, name):
    with acting(cast.actor(name)):
        assert (role(), is_within_the_wall()) == (OUTSIDE_ROLE, True)
        assert organisation() == cast.actor(name).organisation_id
    assert (role(), is_within_the_wall()) == (APP, False)


def test_beyond_the_wall_and_back(dot):
    with acting(Actor.of(dot)):
        with beyond_the_wall():
            assert (role(), is_within_the_wall()) == (APP, False)
            with beyond_the_wall():
                assert role() == APP
            assert role() == APP
        assert (role(), organisation()) == (OUTSIDE_ROLE, dot.organisation_id)
    with beyond_the_wall():
        assert role() == APP


def test_one_actor_within_another(dot):
    with acting(Actor.of(dot)):
        with acting(SYSTEM):
            assert (role(), organisation()) == (APP, None)
        assert (role(), organisation()) == (OUTSIDE_ROLE, dot.organisation_id)
        with acting(PUBLIC):
            assert (role(), organisation()) == (OUTSIDE_ROLE, None)
        assert (role(), organisation()) == (OUTSIDE_ROLE, dot.organisation_id)


@pytest.mark.parametrize("query", ["SELECT 1/0", "SELECT 1"])
def test_an_error_beyond_the_wall_leads_back_behind_it(dot, query):
    with acting(Actor.of(dot)):
        with pytest.raises((DatabaseError, ValueError)):
            with beyond_the_wall():
                with connection.cursor() as cursor:
                    cursor.execute(query)
                raise ValueError
        assert (role(), is_within_the_wall()) == (OUTSIDE_ROLE, True)


def test_a_transaction_that_is_given_up_leads_back_too(dot):
    with acting(Actor.of(dot)):
        transaction.set_rollback(True)
    assert (role(), is_within_the_wall()) == (APP, False)


@pytest.mark.django_db(transaction=True)
def test_the_end_of_the_transaction_is_the_end_of_the_role(cast):
    with acting(Actor.of(cast.dot)):
        assert role() == OUTSIDE_ROLE
    assert (role(), organisation()) == (APP, None)


def test_outsiders_change_nothing(dot):
    tables = ("cases_item", "accounts_user", "outbox_outboxmessage", "keys_apikey", "audit_seal")
    with acting(Actor.of(dot)):
        for table in tables:
            for statement in (
                f"DELETE FROM {table}",
                f"INSERT INTO {table} DEFAULT VALUES",
                f"TRUNCATE {table}",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ):
                with pytest.raises(DatabaseError, match="permission denied|must be owner"):
                    with transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute(statement)
