"""Pairs of characters of a text, for searching Chinese, Japanese and Korean words of two."""

from django.db import migrations

# Only characters of three bytes and more: letters of alphabets are found by trigrams.
SEARCH_PAIRS = """
CREATE FUNCTION search_pairs(folded text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(folded) = length(folded) THEN '{}'::text[] ELSE (
        SELECT coalesce(array_agg(DISTINCT letters[place] || letters[place + 1]), '{}')
        FROM (SELECT string_to_array(folded, NULL) AS letters) AS spelt,
             generate_series(1, length(folded) - 1) AS place
        WHERE octet_length(letters[place]) > 2 AND octet_length(letters[place + 1]) > 2
    ) END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_references")]

    operations = [migrations.RunSQL(SEARCH_PAIRS, "DROP FUNCTION search_pairs(text)")]
