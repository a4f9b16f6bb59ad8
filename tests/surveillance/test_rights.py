"""Who may do what: the table agrees with what the product is to do, and with itself."""

import pytest

from surveillance.accounts.rights import (
    RIGHTS,
    SCOPE_RIGHTS,
    STAFF,
    Right,
    Role,
    Scope,
    may,
    roles_with,
)
from surveillance.flow import Transition
from surveillance.web.diagrams import declare_verbs

declare_verbs()
ASKED_FOR = {transition.right for transition in Transition.registry.values()}


def test_every_role_stands_in_the_table():
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("right", Right)
def test_every_right_is_held_by_some_and_not_by_all(right):
    assert roles_with(right)
    assert roles_with(right) != set(Role)


@pytest.mark.parametrize("right", Right)
def test_both_readings_of_the_table_agree(right):
    assert {role for role in Role if may(role, right)} == roles_with(right)


def test_a_supervisor_may_all_that_an_inspector_may():
    assert RIGHTS[Role.INSPECTOR] < RIGHTS[Role.SUPERVISOR]


def test_only_the_clockwork_sweeps():
    assert roles_with(Right.RUN_SWEEP) == {Role.SYSTEM}


def test_the_public_only_reports_and_comes_in_by_invitation():
    assert RIGHTS[Role.PUBLIC] == {Right.SUBMIT_REPORT, Right.ACCEPT_INVITATION}


def test_another_authority_only_reports():
    assert RIGHTS[Role.FOREIGN_AUTHORITY] == {Right.SUBMIT_REPORT}


def test_a_partner_reports_and_checks_products():
    assert RIGHTS[Role.PARTNER] == {Right.SUBMIT_REPORT, Right.SCREEN}


def test_a_platform_has_its_portal_and_nothing_of_the_desk():
    assert RIGHTS[Role.AGENT] == {
        Right.SEE_PORTAL,
        Right.ACKNOWLEDGE_TAKEDOWN,
        Right.ANSWER_ITEM,
        Right.REQUEST_EXTENSION,
        Right.APPEAL,
        Right.CONTEST_SELLER,
        Right.SUPPLY_DATA,
        Right.SCREEN,
        Right.ASK_SANDBOX,
    }
    shared = RIGHTS[Role.AGENT] & (RIGHTS[Role.SUPERVISOR] | RIGHTS[Role.ADMINISTRATOR])
    assert shared == {Right.SCREEN, Right.ASK_SANDBOX}


def test_its_manager_also_has_its_people_its_keys_and_what_it_agrees_to():
    assert RIGHTS[Role.PLATFORM_MANAGER] - RIGHTS[Role.AGENT] == {
        Right.MANAGE_AGENTS,
        Right.KEEP_PLATFORM,
        Right.ACCEPT_REGIME,
        Right.REMARK,
        Right.MANAGE_KEYS,
        Right.MANAGE_WEBHOOKS,
        Right.REPLAY_MESSAGES,
    }


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_allows_nothing_that_a_person_of_staff_does(scope):
    assert not SCOPE_RIGHTS[scope] & {Right.SEE_DESK, Right.ISSUE_TAKEDOWN, Right.MANAGE_KEYS}


def test_an_administrator_configures_and_sees_no_case():
    both = RIGHTS[Role.ADMINISTRATOR] & RIGHTS[Role.INSPECTOR]
    assert both == {Right.SEE_RULES, Right.SEE_HEALTH}


@pytest.mark.parametrize(
    "right",
    [
        Right.APPROVE_TAKEDOWN,
        Right.VALIDATE_RISK,
        Right.DESIGNATE_SELLER,
        Right.ASSIGN_CASE,
        Right.GRANT_EXTENSION,
        Right.SEND_FORMAL_LETTER,
        Right.DECIDE_APPEAL,
        Right.SEE_STATISTICS_BY_PERSON,
    ],
)
def test_what_takes_a_supervisor(right):
    assert roles_with(right) == {Role.SUPERVISOR}


@pytest.mark.parametrize("right", sorted(ASKED_FOR & RIGHTS[Role.SYSTEM]))
def test_the_clockwork_decides_nothing_about_cases(right):
    decisions = {right for right in RIGHTS[Role.SUPERVISOR] if right.endswith(("case", "takedown"))}
    assert right not in decisions


def test_the_desk_is_for_staff_alone():
    assert roles_with(Right.SEE_DESK) == STAFF
