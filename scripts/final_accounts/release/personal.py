"""Queries that can be asked of any release: one without personal data lacks the columns that can name a person.

A column in braces with a question mark (`{project_name?}`) is such a column; where it is missing, null takes its place.
"""

import re

import duckdb

OF_RELEASE = "select has_personal_data from quality.releases where is_this_file"


def has_personal_data(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the columns that can name a person are in a file; they are in every file that is no release."""
    try:
        return connection.execute(OF_RELEASE).fetchone() != (False,)
    except duckdb.CatalogException:
        return True


def fitted(sql: str, personal: bool) -> str:
    """A query as it can be asked of a release with or without personal data."""
    return re.sub(r"\{(\w+)\?\}", r"\1" if personal else r"cast(null as varchar) as \1", sql)
