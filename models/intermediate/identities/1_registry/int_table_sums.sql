-- one row per instance of a fatal identity within one table: which table, and whether it is a total with its parts
with

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

-- One amount on the left and several on the right, or rows that are picked by what they are, is a total and its parts;
-- two amounts that are named are two amounts that agree.
checks as (

    select
        check_no,
        min(table_no) as table_no,
        count(*) filter (where coefficient = 1) = 1
        and count(*) filter (where coefficient = -1) > 0
        and (count(*) filter (where coefficient = -1) > 1 or min(case when coefficient = -1 then selector end) <> 'key') as is_total
    from registered
    group by check_no
    having
        min(table_no) = max(table_no)
        and length(min(table_no)) = 2

),

final as (

    select
        instances.instance_no,
        checks.table_no,
        checks.is_total and instances.comparison = 'equal' as is_total,
        instances.family = 'row' as is_row
    from instances
    inner join checks
        on instances.check_no = checks.check_no
    where instances.severity = 'fatal'

)

select * from final
