"""Who may do what: one table. A right is named after the verb that it allows.

Whether an actor may *see* a row is asked elsewhere (`visible_to` on the querysets); a right says
what an actor may do with the rows that it sees. Foreign row: 404. Missing right: 403.
"""

from enum import StrEnum


class Role(StrEnum):
    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AGENT = "agent"
    PLATFORM_MANAGER = "platform_manager"
    FOREIGN_AUTHORITY = "foreign_authority"
    PARTNER = "partner"
    PUBLIC = "public"
    SYSTEM = "system"


STAFF = frozenset({Role.INSPECTOR, Role.SUPERVISOR})
PLATFORM_SIDE = frozenset({Role.AGENT, Role.PLATFORM_MANAGER})
# Who is not of the authority: row-level security holds for them (accounts/wall.py).
OUTSIDE = PLATFORM_SIDE | {Role.FOREIGN_AUTHORITY, Role.PARTNER, Role.PUBLIC}


class Right(StrEnum):
    # reports
    SUBMIT_REPORT = "submit_report"
    CLAIM_REPORT = "claim_report"
    ASK_REPORTER = "ask_reporter"
    ACCEPT_REPORT = "accept_report"
    MARK_DUPLICATE_REPORT = "mark_duplicate_report"
    DISMISS_REPORT = "dismiss_report"
    REOPEN_REPORT = "reopen_report"
    REDACT_REPORT = "redact_report"
    # cases
    OPEN_CASE = "open_case"
    ASSIGN_CASE = "assign_case"
    CLAIM_CASE = "claim_case"
    WORK_CASE = "work_case"  # link, unlink, add_note, add_evidence, assess_risk, split, merge
    VALIDATE_RISK = "validate_risk"
    RESTRICT_CASE = "restrict_case"
    CLOSE_CASE = "close_case"
    REOPEN_CASE = "reopen_case"
    # takedown requests, the authority's side
    DRAFT_TAKEDOWN = "draft_takedown"
    APPROVE_TAKEDOWN = "approve_takedown"
    ISSUE_TAKEDOWN = "issue_takedown"
    GRANT_EXTENSION = "grant_extension"
    WITHDRAW_TAKEDOWN = "withdraw_takedown"
    PREPARE_FORMAL_LETTER = "prepare_formal_letter"  # and drop its draft: the ladder does, too
    SEND_FORMAL_LETTER = "send_formal_letter"  # amend_formal_letter, send_formal_letter
    DECIDE_APPEAL = "decide_appeal"  # uphold_appeal, dismiss_appeal
    CHECK_ITEM = "check_item"  # confirm_removal, reject_answer, accept_refusal, supply_information
    # takedown requests, the platform's side
    ACKNOWLEDGE_TAKEDOWN = "acknowledge_takedown"
    ANSWER_ITEM = "answer_item"
    REQUEST_EXTENSION = "request_extension"
    APPEAL = "appeal"
    CONTEST_SELLER = "contest_seller"  # speak for one that stands in a tier
    SUPPLY_DATA = "supply_data"  # on its sellers and listings
    ASK_SANDBOX = "ask_sandbox"  # for a demand that counts nowhere; staff on a platform's behalf
    # the market
    EDIT_MARKET = "edit_market"  # products, listings, sellers and their accounts
    MANAGE_PLATFORM = "manage_platform"
    MANAGE_AGENTS = "manage_agents"  # who works for a platform: invite, remove
    ACCEPT_INVITATION = "accept_invitation"
    KEEP_PLATFORM = "keep_platform"  # its contact points, its language and time zone
    ACCEPT_REGIME = "accept_regime"
    REMARK = "remark"  # what a platform says to its numbers
    WATCH_SELLER = "watch_seller"
    RECORD_REPLY = "record_reply"  # also where a platform speaks for a seller
    DESIGNATE_SELLER = "designate_seller"
    PUBLISH_ALERT = "publish_alert"
    SCREEN = "screen"  # ask whether products are known to be unsafe
    # seeing and configuring
    SEE_DESK = "see_desk"
    SEE_PORTAL = "see_portal"
    SEE_STATISTICS = "see_statistics"
    SEE_STATISTICS_BY_PERSON = "see_statistics_by_person"
    IMPORT_FEED = "import_feed"
    MANAGE_KEYS = "manage_keys"
    SEE_RULES = "see_rules"  # calendars, regimes, and the deadlines that they would give
    MANAGE_WEBHOOKS = "manage_webhooks"
    SEE_DELIVERIES = "see_deliveries"  # the log of every letter that left
    REPLAY_MESSAGES = "replay_messages"
    SEE_HEALTH = "see_health"  # what waits, what is down, what the breaker holds
    RELEASE_LETTERS = "release_letters"  # let go or drop what is held back
    CONFIGURE = "configure"
    # what only the clockwork does
    RUN_SWEEP = "run_sweep"


_INSPECTOR = frozenset(
    {
        Right.SUBMIT_REPORT,
        Right.CLAIM_REPORT,
        Right.ASK_REPORTER,
        Right.ACCEPT_REPORT,
        Right.MARK_DUPLICATE_REPORT,
        Right.DISMISS_REPORT,
        Right.REOPEN_REPORT,
        Right.REDACT_REPORT,
        Right.OPEN_CASE,
        Right.CLAIM_CASE,
        Right.WORK_CASE,
        Right.RESTRICT_CASE,
        Right.CLOSE_CASE,
        Right.REOPEN_CASE,
        Right.DRAFT_TAKEDOWN,
        Right.ISSUE_TAKEDOWN,
        Right.WITHDRAW_TAKEDOWN,
        Right.CHECK_ITEM,
        Right.EDIT_MARKET,
        Right.WATCH_SELLER,
        Right.RECORD_REPLY,
        Right.SCREEN,
        Right.ASK_SANDBOX,
        Right.SEE_DESK,
        Right.SEE_STATISTICS,
        Right.SEE_RULES,
        Right.SEE_HEALTH,
    }
)
_SUPERVISOR = _INSPECTOR | {
    Right.ASSIGN_CASE,
    Right.VALIDATE_RISK,
    Right.APPROVE_TAKEDOWN,
    Right.GRANT_EXTENSION,
    Right.PREPARE_FORMAL_LETTER,
    Right.SEND_FORMAL_LETTER,
    Right.DECIDE_APPEAL,
    Right.DESIGNATE_SELLER,
    Right.PUBLISH_ALERT,
    Right.MANAGE_PLATFORM,
    Right.MANAGE_AGENTS,
    Right.SEE_STATISTICS_BY_PERSON,
    Right.IMPORT_FEED,
    Right.SEE_DELIVERIES,
    Right.REPLAY_MESSAGES,
}
_AGENT = frozenset(
    {
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
)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.INSPECTOR: _INSPECTOR,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: frozenset(
        {
            Right.CONFIGURE,
            Right.SEE_RULES,
            Right.SEE_HEALTH,
            Right.RELEASE_LETTERS,
            Right.MANAGE_PLATFORM,
            Right.MANAGE_AGENTS,
            Right.IMPORT_FEED,
            Right.MANAGE_KEYS,
            Right.MANAGE_WEBHOOKS,
            Right.SEE_DELIVERIES,
            Right.REPLAY_MESSAGES,
        }
    ),
    Role.AGENT: _AGENT,
    Role.PLATFORM_MANAGER: _AGENT
    | {
        Right.MANAGE_AGENTS,
        Right.KEEP_PLATFORM,
        Right.ACCEPT_REGIME,
        Right.REMARK,
        Right.MANAGE_KEYS,
        Right.MANAGE_WEBHOOKS,
        Right.REPLAY_MESSAGES,
    },
    Role.FOREIGN_AUTHORITY: frozenset({Right.SUBMIT_REPORT}),
    Role.PARTNER: frozenset({Right.SUBMIT_REPORT, Right.SCREEN}),
    Role.PUBLIC: frozenset({Right.SUBMIT_REPORT, Right.ACCEPT_INVITATION}),
    Role.SYSTEM: frozenset(
        {
            Right.RUN_SWEEP,
            Right.PREPARE_FORMAL_LETTER,
            Right.SUBMIT_REPORT,
            Right.RECORD_REPLY,
            Right.EDIT_MARKET,
            Right.MANAGE_PLATFORM,
            Right.MANAGE_AGENTS,
            Right.KEEP_PLATFORM,
            Right.PUBLISH_ALERT,
            Right.IMPORT_FEED,
            Right.CONFIGURE,
            Right.MANAGE_KEYS,
            Right.MANAGE_WEBHOOKS,
            Right.REPLAY_MESSAGES,
            Right.RELEASE_LETTERS,
        }
    ),
}


class Scope(StrEnum):
    """What a key of an organisation is for. Seeing rows is READ; the others allow verbs."""

    READ = "read"
    ANSWER = "answer"
    REPORT = "report"
    MANAGE = "manage"
    SCREEN = "screen"


SCOPE_RIGHTS: dict[Scope, frozenset[Right]] = {
    Scope.READ: frozenset(),
    Scope.ANSWER: frozenset(
        {
            Right.ACKNOWLEDGE_TAKEDOWN,
            Right.ANSWER_ITEM,
            Right.REQUEST_EXTENSION,
            Right.APPEAL,
            Right.SUPPLY_DATA,
            Right.ASK_SANDBOX,
        }
    ),
    Scope.REPORT: frozenset({Right.SUBMIT_REPORT}),
    Scope.MANAGE: frozenset({Right.MANAGE_WEBHOOKS, Right.REPLAY_MESSAGES}),
    Scope.SCREEN: frozenset({Right.SCREEN}),
}


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]


def roles_with(right: Right) -> frozenset[Role]:
    """Who may: the table read the other way round, for lists of people to ask."""
    return frozenset(role for role, rights in RIGHTS.items() if right in rights)
