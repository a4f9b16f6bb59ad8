"""The market behind the second wall: a platform sees itself, its contact points, the rules it has
accepted and its remark to its numbers. Which listings and accounts it sees, the demands say
(cases.0003_row_level_security)."""

from django.db import migrations

from surveillance.accounts.policies import open_to_all, seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("sellers", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("sellers_platform"),
        seen("sellers_platform", "own", "organisation_id = acting_organisation()"),
        wall("sellers_contactpoint"),
        seen("sellers_contactpoint", "own", "platform_id = acting_organisation()"),
        wall("sellers_seller"),
        wall("sellers_selleraccount"),
        wall("sellers_listing"),
        wall("sellers_sellerdata"),
        seen("sellers_sellerdata", "own", "platform_id = acting_organisation()"),
        wall("sellers_listingdata"),
        seen(
            "sellers_listingdata",
            "of_listings_seen",
            "EXISTS (SELECT FROM sellers_listing listing"
            " WHERE listing.id = sellers_listingdata.listing_id)",
        ),
        wall("sellers_regimeacceptance"),
        seen("sellers_regimeacceptance", "own", "platform_id = acting_organisation()"),
        wall("sellers_platformremark"),
        seen("sellers_platformremark", "own", "platform_id = acting_organisation()"),
        # The register is public; its search needs the indexes that a policy would take from it.
        open_to_all("sellers_product"),
        open_to_all("sellers_productidentifier"),
        open_to_all("sellers_picture"),
        open_to_all("sellers_alert"),
    ]
