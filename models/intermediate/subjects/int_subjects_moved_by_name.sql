-- one row per functional item that nobody prints any more and item that has its name since, alone or beside its own
{#-
    Moved: the name is that of no third code, and at least two departments, half of those that go on, print the new code where they printed
    the old one. 征地和拆迁补偿支出 stands under two codes at once, and 行政运行 under many: such names say nothing.
    Merged: an item of the same section got a name in which its own and that of the old code stand.
#}
with

items as (

    select
        *,
        {{ subject_name_key('coalesce(official_name, subject_name)') }} as name_key,
        lag({{ subject_name_key('coalesce(official_name, subject_name)') }}) over (
            partition by subject_code order by valid_from_year
        ) as prior_name_key
    from {{ ref('dim_subjects') }}
    where
        classification = 'functional'
        and subject_level = 'item'

),

years_with_codes as (

    select
        valid_from_year,
        name_key,
        count(*) as codes_of_the_name
    from items
    group by
        valid_from_year,
        name_key

),

-- in its last year
gone as (

    select
        items.*,
        years_with_codes.codes_of_the_name
    from items
    inner join years_with_codes
        on
            items.valid_from_year = years_with_codes.valid_from_year
            and items.name_key = years_with_codes.name_key
    where
        items.valid_from_year = items.last_year_seen
        and (items.departments_alike > 1 or items.rule_source is not null)

),

spent as (

    select distinct
        expenditure.report_id,
        expenditure.subject_code,
        reports.fiscal_year,
        reports.prior_report_id,
        reports.department_id
    from {{ ref('fct_expenditure') }} as expenditure
    inner join {{ ref('dim_reports') }} as reports
        on expenditure.report_id = reports.report_id

),

-- the departments of its last year of which there is a report of the year after
went_on as (

    select
        gone.subject_code,
        count(distinct spent.department_id) as department_count
    from gone
    inner join spent
        on
            gone.subject_code = spent.subject_code
            and gone.valid_from_year = spent.fiscal_year
    inner join {{ ref('dim_reports') }} as later_reports
        on spent.report_id = later_reports.prior_report_id
    group by gone.subject_code

),

moved as (

    select
        gone.subject_code,
        begun.subject_code as successor_code,
        begun.valid_from_year as change_year,
        count(distinct later.department_id) as department_count,
        false as is_merged
    from gone
    inner join items as begun
        on
            gone.name_key = begun.name_key
            and gone.valid_from_year = begun.valid_from_year - 1
            and begun.valid_from_year = begun.first_year_seen
    inner join years_with_codes as names_since
        on
            begun.valid_from_year = names_since.valid_from_year
            and begun.name_key = names_since.name_key
    inner join went_on
        on gone.subject_code = went_on.subject_code
    inner join spent as later
        on
            begun.subject_code = later.subject_code
            and begun.valid_from_year = later.fiscal_year
    inner join spent as earlier
        on
            later.prior_report_id = earlier.report_id
            and gone.subject_code = earlier.subject_code
    where
        gone.codes_of_the_name = 1
        and names_since.codes_of_the_name = 1
    group by
        gone.subject_code,
        begun.subject_code,
        begun.valid_from_year
    having
        count(distinct later.department_id) > 1
        and count(distinct later.department_id) * 2 >= max(went_on.department_count)

),

merged as (

    select
        gone.subject_code,
        heirs.subject_code as successor_code,
        heirs.valid_from_year as change_year,
        heirs.departments_alike as department_count,
        true as is_merged
    from gone
    inner join items as heirs
        on
            gone.parent_code = heirs.parent_code
            and gone.valid_from_year = heirs.valid_from_year - 1
            and gone.subject_code <> heirs.subject_code
    where
        heirs.departments_alike > 1
        and heirs.name_key <> heirs.prior_name_key
        and position(gone.name_key in heirs.name_key) > 0
        and position(heirs.prior_name_key in heirs.name_key) > 0
        and position(gone.name_key in heirs.prior_name_key) = 0

),

either as (

    select * from moved
    union all
    select * from merged

),

final as (

    select *
    from either
    -- what might have gone to two is not known
    qualify count(*) over (partition by subject_code) = 1

)

select * from final
