-- one row per released report and functional class that any report has, with the class's expenditure beside the report's
with

expenditure as (

    select * from {{ ref('met_expenditure') }}

),

totals as (

    select
        report_id,
        fiscal_date,
        sum(amount_yuan) as report_yuan
    from expenditure
    group by
        report_id,
        fiscal_date

),

classes as (

    select
        class_code,
        max(class_name) as class_name
    from expenditure
    where class_code is not null
    group by class_code

),

by_class as (

    select
        report_id,
        class_code,
        sum(amount_yuan) as class_yuan
    from expenditure
    group by
        report_id,
        class_code

),

-- A report that spends nothing on a class counts in the total that the class is a share of.
final as (

    select
        cast(concat_ws('-', totals.report_id, classes.class_code) as string) as report_class_id,
        cast(totals.report_id as string) as report_id,
        cast(totals.fiscal_date as date) as fiscal_date,
        cast(classes.class_code as string) as class_code,
        cast(classes.class_name as string) as class_name,
        cast(coalesce(by_class.class_yuan, 0) as decimal(20, 2)) as class_yuan,
        cast(totals.report_yuan as decimal(20, 2)) as report_yuan
    from totals
    cross join classes
    left join by_class
        on
            totals.report_id = by_class.report_id
            and classes.class_code = by_class.class_code

)

select * from final
