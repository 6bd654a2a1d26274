{# The raw tables of reports, by name: the ten printed tables and what stands beside them. #}
{% macro raw_tables() %}
    {{ return(printed_tables().values() | map(attribute='name') | list + [
        'cell_places', 'corrections', 'glossary', 'institutions', 'narrative_claims', 'narrative_mentions', 'narrative_paragraphs', 'other_cells',
        'project_analyses', 'project_funding', 'project_indicators', 'projects', 'report_tables', 'reports', 'table_notes', 'transcription_notes',
    ]) }}
{% endmacro %}

{#
    The rows of a raw table that can be staged. A report with a row that has no key, a key that stands twice, or a number that is none, is
    not staged at all: it is held back, and int_contract_problems names it. So whatever stands in one report, no cast and no key of
    another one fails.
#}
{% macro staged_rows(table) -%}
    (
        select *
        from {{ ref(table) }}
        where coalesce({{ trimmed('report_id') }}, '') not in (select report_id from {{ ref('int_malformed_reports') }})
    )
{%- endmacro %}
