"""The work behind the second wall: a platform sees the requests addressed to it, from their issue
on, and what belongs to them; of formal letters those that were sent, for drafts are the authority's
own; and the contests that it has filed. Reports, notes and assessments are not seen from outside at
all."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall

NOT_SEEN = (
    "cases_case_products",
    "cases_caselisting",
    "cases_casenote",
    "cases_extension_approvals",
    "cases_report",
    "cases_reportercontact",
    "cases_riskassessment",
    "cases_tallymark",
)

# A policy on the trail's arrays could use no index: whoever asks for a request's history asks
# this first, by its reference, and the policy then looks at those entries alone.
ENTRIES = """
CREATE FUNCTION entries_about_own_request(reference text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT entry.id FROM audit_auditentry entry
    WHERE entry.context @> ARRAY[$1]::varchar[]
        AND EXISTS (
            SELECT FROM cases_takedownrequest request
            WHERE request.reference = $1 AND request.platform_id = acting_organisation()
                AND request.issued_at <= entry.at
        )
$$;
"""


def of_requests_seen(table: str) -> str:
    return (
        f"EXISTS (SELECT FROM cases_takedownrequest request WHERE request.id = {table}.takedown_id)"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_tallies"),
        ("accounts", "0004_row_level_security"),
        ("audit", "0003_row_level_security"),
        ("outbox", "0002_row_level_security"),
        ("sellers", "0002_row_level_security"),
    ]

    operations = [
        wall("cases_takedownrequest"),
        seen(
            "cases_takedownrequest",
            "own_issued",
            "platform_id = acting_organisation() AND issued_at IS NOT NULL",
        ),
        wall("cases_item"),
        seen("cases_item", "of_requests_seen", of_requests_seen("cases_item")),
        wall("cases_extension"),
        seen("cases_extension", "of_requests_seen", of_requests_seen("cases_extension")),
        wall("cases_evidence"),
        seen(
            "cases_evidence",
            "of_items_seen",
            "EXISTS (SELECT FROM cases_item item WHERE item.id = cases_evidence.item_id)",
        ),
        wall("cases_appeal"),
        seen(
            "cases_appeal",
            "of_items_seen",
            "EXISTS (SELECT FROM cases_item item WHERE item.id = cases_appeal.item_id)",
        ),
        wall("cases_formalletter"),
        seen(
            "cases_formalletter",
            "own_sent",
            "state = 'sent' AND EXISTS (SELECT FROM cases_takedownrequest request"
            " WHERE request.id = cases_formalletter.takedown_id)",
        ),
        wall("cases_contest"),
        seen("cases_contest", "own", "platform_id = acting_organisation()"),
        wall("cases_case"),
        seen(
            "cases_case",
            "of_requests_seen",
            "EXISTS (SELECT FROM cases_takedownrequest request"
            " WHERE request.case_id = cases_case.id)",
        ),
        wall("cases_answerfile"),
        seen("cases_answerfile", "own", "platform_id = acting_organisation()"),
        wall("cases_answerrow"),
        seen(
            "cases_answerrow",
            "of_files_seen",
            "EXISTS (SELECT FROM cases_answerfile file WHERE file.id = cases_answerrow.file_id)",
        ),
        wall("cases_tally"),
        seen("cases_tally", "own", "platform_id = acting_organisation()"),
        *(wall(table) for table in NOT_SEEN),
        seen(
            "sellers_listing",
            "of_items_seen",
            "EXISTS (SELECT FROM cases_item item WHERE item.listing_id = sellers_listing.id)",
        ),
        seen(
            "sellers_selleraccount",
            "of_listings_seen",
            "EXISTS (SELECT FROM sellers_listing listing"
            " WHERE listing.account_id = sellers_selleraccount.id)",
        ),
        seen(
            "audit_auditentry",
            "about_requests_seen",
            "EXISTS (SELECT FROM cases_takedownrequest request"
            " WHERE request.reference = ANY (audit_auditentry.context)"
            " AND request.issued_at <= audit_auditentry.at)",
        ),
        # Letters to a platform's contact points name no person of ours; those to staff do.
        seen(
            "outbox_outboxmessage",
            "about_requests_seen",
            "user_id IS NULL AND EXISTS (SELECT FROM cases_takedownrequest request"
            " WHERE request.reference = outbox_outboxmessage.about)",
        ),
        migrations.RunSQL(ENTRIES, "DROP FUNCTION entries_about_own_request(text)"),
    ]
