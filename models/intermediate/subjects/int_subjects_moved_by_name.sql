-- one row per functional item that nobody prints any more after the year and item that has its name since, alone or beside its own
{#-
    Moved: the name is that of no third code, and at least two departments, half of those that go on, print the new code where they printed
    the old one; the others print it a year longer at most. 征地和拆迁补偿支出 stands under two codes at once, and 行政运行 under many: such
    names say nothing.
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

-- In its last year, or in the one before: some departments print an old code a year longer than the others.
leaving as (

    select
        items.*,
        years_with_codes.codes_of_the_name
    from items
    inner join years_with_codes
        on
            items.valid_from_year = years_with_codes.valid_from_year
            and items.name_key = years_with_codes.name_key
    where
        items.valid_from_year >= items.last_year_seen - 1
        and (items.departments_alike > 1 or items.rule_source is not null)

),

gone as (

    select * from leaving
    where valid_from_year = last_year_seen

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

-- the departments of that year of which there is a report of the year after
went_on as (

    select
        leaving.subject_code,
        leaving.valid_from_year,
        count(distinct spent.department_id) as department_count
    from leaving
    inner join spent
        on
            leaving.subject_code = spent.subject_code
            and leaving.valid_from_year = spent.fiscal_year
    inner join {{ ref('dim_reports') }} as later_reports
        on spent.report_id = later_reports.prior_report_id
    group by
        leaving.subject_code,
        leaving.valid_from_year

),

moved as (

    select
        leaving.subject_code,
        begun.subject_code as successor_code,
        begun.valid_from_year as change_year,
        count(distinct later.department_id) as department_count,
        false as is_merged
    from leaving
    inner join items as begun
        on
            leaving.name_key = begun.name_key
            and leaving.valid_from_year = begun.valid_from_year - 1
            and leaving.subject_code <> begun.subject_code
            and begun.valid_from_year = begun.first_year_seen
    inner join years_with_codes as names_since
        on
            begun.valid_from_year = names_since.valid_from_year
            and begun.name_key = names_since.name_key
    left join items as laggards
        on
            leaving.subject_code = laggards.subject_code
            and leaving.name_key = laggards.name_key
            and begun.valid_from_year = laggards.valid_from_year
    inner join went_on
        on
            leaving.subject_code = went_on.subject_code
            and leaving.valid_from_year = went_on.valid_from_year
    inner join spent as later
        on
            begun.subject_code = later.subject_code
            and begun.valid_from_year = later.fiscal_year
    inner join spent as earlier
        on
            later.prior_report_id = earlier.report_id
            and leaving.subject_code = earlier.subject_code
    where
        leaving.codes_of_the_name = 1
        and names_since.codes_of_the_name - case when laggards.subject_code is null then 0 else 1 end = 1
    group by
        leaving.subject_code,
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
