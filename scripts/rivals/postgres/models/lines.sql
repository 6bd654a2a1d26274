select table_no, panel, label, cast(occurrence as integer) as occurrence, row_key, line_role
from {{ source('landing', 'form_lines') }}
where coalesce(last_year, '9999') >= '2023'
