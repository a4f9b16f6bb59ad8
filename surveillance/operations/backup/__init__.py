"""Backups: made whole or not at all, checked before they are restored, and sent from only once.

A folder of backups holds one folder for each, named by when it was made ("20261124T020000Z"), and
`files/`, which all of them share: uploads by their SHA-256, so that each is copied once.

    20261124T020000Z/manifest.json    what the backup is; written last
                     database.dump    pg_dump, custom format
                     files.jsonl      {"name", "bytes", "sha256"}, one upload a line
    files/3f/3f79bb7b…                the uploads themselves
"""
