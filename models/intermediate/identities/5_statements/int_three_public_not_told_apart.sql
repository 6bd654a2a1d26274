-- one row per report whose narrative speaks of them and three public expense with an amount: whether the text tells of it by itself
with

paragraphs as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_paragraphs')) }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        table_no = '09'
        and row_key = 'total'
        and cell_status = 'amount'
        and amount <> 0

),

items as (

    select * from {{ ref('three_public_items') }}

),

-- «公务用车购置及运行维护费» tells neither of the two
texts as (

    select
        report_id,
        {{ replace_all("string_agg(paragraph_text, ' ')", '购置(及|和|与|、)运行(维护)?费?', '') }} as all_text
    from paragraphs
    group by report_id
    having count(*) filter (where paragraph_text like '%三公%') > 0

),

found as (

    select
        texts.report_id,
        items.expense_item,
        items.expense_item_zh,
        {{ is_match_of_column('texts.all_text', 'items.told_by') }} as is_told,
        {{ is_match_of_column('texts.all_text', 'items.counted_by') }} as is_counted
    from texts
    inner join cells
        on texts.report_id = cells.report_id
    inner join items
        on cells.column_name = 'final_' || items.expense_item

),

final as (

    select
        report_id,
        'n_three_public' as identity_id,
        expense_item as instance_key,
        is_told and is_counted as holds,
        case
            when is_told then 'table 09 prints an amount of «' || expense_item_zh || '», and the text counts nothing of it'
            else 'table 09 prints an amount of «' || expense_item_zh || '», and the text does not tell of it by itself'
        end as reason
    from found

)

select * from final
