-- one row per report and instance of a linear identity over a project form that a figure left out of the form may keep open
{#-
    A form that leaves a cell blank, or a whole column out, says nothing of it: it is not zero. Only of the sources of its money those
    that are printed may make up the total without the others. They need not where the list is one of those that are among the
    total (其中) and names no other ones, nor where a source has sources of its own.
#}
with

cells as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }} where table_no = 'project'

),

funding as (

    select * from {{ of_changed_reports(ref('stg_accounts__project_funding')) }} where not is_total

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

blank_cells as (

    select * from cells where cell_status in ('blank', 'not_applicable')

),

blank_terms as (

    select
        blank_cells.report_no,
        address_terms.instance_no,
        address_terms.identity_id = 'p_sources' and address_terms.coefficient = -1 as is_of_sources
    from blank_cells
    inner join address_terms
        on blank_cells.address_no = address_terms.address_no

    union all

    -- what the execution can score is ten points of the hundred only where it is scored
    select
        blank_cells.report_no,
        instances.instance_no,
        false as is_of_sources
    from blank_cells
    inner join instances
        on
            blank_cells.parent_key = instances.row_part
            and instances.identity_id = 'p_weights'
    where blank_cells.column_name = 'execution_score'

),

sources as (

    select
        report_id,
        project_no,
        {{ is_match('funding_source', '^其中') }} as is_among,
        {{ is_match('funding_source', '其他') }} as is_other,
        row_number() over (partition by report_id, project_no order by row_no) as source_no
    from funding

),

lists as (

    select
        report_id,
        cast(project_no as string) || '/funding' as row_key,
        count(*) as sources,
        count(*) filter (where is_among) as sources_among,
        count(*) filter (where is_among and source_no = 1) as first_among,
        count(*) filter (where is_other) as others
    from sources
    group by
        report_id,
        project_no

),

lists_left_open as (

    select
        cells.report_no,
        instances.instance_no,
        lists.first_among = 1 and lists.sources_among in (1, lists.sources) as is_of_sources
    from cells
    inner join lists
        on
            cells.report_id = lists.report_id
            and cells.row_key = lists.row_key
    inner join instances
        on
            cells.row_key = instances.row_part
            and cells.column_name = instances.column_key
            and instances.identity_id = 'p_sources'
    where
        lists.sources_among > 0
        and (lists.others = 0 or lists.first_among = 0 or lists.sources_among not in (1, lists.sources))

),

left_open as (

    select * from blank_terms

    union all

    select * from lists_left_open

),

final as (

    select
        report_no,
        instance_no,
        -- whether it is open only as long as the sources that are printed are less than the total
        bool_and(is_of_sources) as is_open_below_total
    from left_open
    group by
        report_no,
        instance_no

)

select * from final
