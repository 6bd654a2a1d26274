-- one row per rate of the narrative that the figures it is taken for a rate of do not allow, and others beside it do
{#
    Which figures a sentence compares is read from its words, and offices word it in ways that nobody foresees. A rate that is
    right for figures beside it is no contradiction, whatever it was taken for. Beside it is what stands up to 150 characters
    before it, or 30 behind; a share may be of another whole of that name where its own is not beside it. Two figures give a
    rate c as a share (100 * y = c * x), and a change y gives it of the year before: of a year less the change, or of the year
    before itself, unless the year beside that changed in the other direction. Where the figure that the rate is a rate of is
    what the text says last before it, only the other of the two may be another. Where the parts of a list make up the whole that
    its shares name, they are shares of it.
#}
with

claims as (

    select * from {{ ref('stg_accounts__narrative_claims') }}

),

paragraphs as (

    select * from {{ ref('stg_accounts__narrative_paragraphs') }}

),

-- «决算为1.71万元，完成预算的43%»: what a rate follows is what it is a rate of
followed as (

    select
        rates.report_id,
        rates.claim_no,
        abs(figures.claim_value) * figures.unit_yuan as part,
        {{ half_unit('figures.value_decimals') }} * figures.unit_yuan as part_half
    from claims as rates
    inner join claims as figures
        on
            rates.report_id = figures.report_id
            and rates.paragraph_no = figures.paragraph_no
            and rates.claim_no = figures.claim_no + 1
            and rates.subject = figures.subject
            and figures.measure = case rates.measure when 'change_rate' then 'change' else 'amount' end
    where
        figures.value_status = 'number'
        and figures.unit_yuan is not null

),

broken as (

    select
        judged.report_id,
        judged.identity_id,
        judged.instance_key,
        judged.left_side as rate,
        judged.rate_half,
        claims.value_text,
        followed.part as own_part,
        followed.part_half as own_part_half,
        paragraphs.paragraph_text,
        {{ claim_subject('claims.subject') }} as subject,
        {{ claim_subject('claims.base') }} as base,
        claims.paragraph_no,
        claims.base as whole,
        -- where its clause names no whole, that stands somewhere before it
        position(
            claims.base in substr(
                paragraphs.paragraph_text,
                greatest(1, position(claims.value_text in paragraphs.paragraph_text) - length(claims.base) - 8),
                length(claims.base) + 8
            )
        ) = 0 as is_unnamed
    from {{ ref('int_ratios_judged') }} as judged
    inner join claims
        on
            judged.report_id = claims.report_id
            and judged.instance_key = cast(claims.claim_no as string)
    inner join paragraphs
        on
            claims.report_id = paragraphs.report_id
            and claims.paragraph_no = paragraphs.paragraph_no
    left join followed
        on
            claims.report_id = followed.report_id
            and claims.claim_no = followed.claim_no
    where
        judged.status = 'broken'
        and judged.value_status = 'number'
        and judged.identity_id like 'n_%'
        -- what no report prints would overflow
        and abs(judged.left_side) < 1000000

),

-- «收入100.00万元，其中：甲90.00万元，占90%；乙10.00万元，占11%»: parts that make up their whole, and a rate that is not that of its part
lists as (

    select
        broken.report_id,
        broken.instance_key
    from broken
    inner join claims as shares
        on
            broken.report_id = shares.report_id
            and broken.paragraph_no = shares.paragraph_no
            and broken.whole = shares.base
            and shares.measure = 'share'
    inner join claims as parts
        on
            shares.report_id = parts.report_id
            and shares.paragraph_no = parts.paragraph_no
            and shares.claim_no = parts.claim_no + 1
            and shares.subject = parts.subject
            and parts.measure = 'amount'
            and parts.value_status = 'number'
    inner join {{ ref('int_claim_values') }} as subject_values
        on
            broken.report_id = subject_values.report_id
            and broken.base = subject_values.subject
            and subject_values.measure = 'amount'
    where broken.identity_id = 'n_share'
    group by
        broken.report_id,
        broken.instance_key,
        broken.rate,
        broken.rate_half,
        subject_values.subject_value,
        subject_values.half_unit
    having
        count(*) > 1
        and abs(
            broken.rate * subject_values.subject_value
            - 100 * sum(case when cast(shares.claim_no as string) = broken.instance_key then parts.claim_value * parts.unit_yuan end)
        )
        > broken.rate_half * subject_values.subject_value
        and abs(sum(parts.claim_value * parts.unit_yuan) - subject_values.subject_value)
        <= sum({{ half_unit('parts.value_decimals') }} * parts.unit_yuan) + subject_values.half_unit

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

-- a figure that stands there twice may be meant at either place: all of the paragraph is beside it
beside as (

    select
        *,
        {{ ascii_amount(
            "case when length(paragraph_text) - length(replace(paragraph_text, value_text, '')) > length(value_text)"
            ~ " then paragraph_text else substr(paragraph_text,"
            ~ " greatest(1, position(value_text in paragraph_text) - 150), 180 + length(value_text)) end"
        ) }} as words
    from broken

),

printed as (

    select
        report_id,
        identity_id,
        instance_key,
        rate,
        rate_half,
        base,
        {{ each_match('words', '[0-9][0-9,]{0,15}(?:[.][0-9]{1,6})? *(?:亿元|百万元|万元|千元|元)') }} as figure_text
    from beside

),

amounts_beside as (

    select
        printed.*,
        row_number() over (
            partition by printed.report_id, printed.identity_id, printed.instance_key
            order by printed.figure_text
        ) as figure_no,
        cast(replace({{ group_in('printed.figure_text', '^([0-9,.]+)') }}, ',', '') as decimal(24, 6)) * amount_units.yuan
            as figure_value,
        {{ half_unit("length(" ~ group_in('printed.figure_text', '[.]([0-9]*)') ~ ")") }} * amount_units.yuan as figure_half
    from printed
    inner join amount_units
        on {{ group_in('printed.figure_text', '([^-0-9,. ]+)$') }} = amount_units.amount_unit
    where length(printed.figure_text) < 20

),

-- the whole that a share names, where its amount stands beside it
wholes_beside as (

    select distinct
        amounts_beside.report_id,
        amounts_beside.instance_key
    from amounts_beside
    inner join {{ ref('int_claim_values') }} as subject_values
        on
            amounts_beside.report_id = subject_values.report_id
            and amounts_beside.base = subject_values.subject
            and subject_values.measure = 'amount'
            and abs(amounts_beside.figure_value - subject_values.subject_value) <= amounts_beside.figure_half + subject_values.half_unit
    where amounts_beside.identity_id = 'n_share'

),

-- 基本支出 may be that of all money, or of the general public budget; where no whole is named, it may be any that the text speaks of
wholes as (

    select
        broken.report_id,
        broken.identity_id,
        broken.instance_key,
        broken.rate,
        broken.rate_half,
        -row_number() over (partition by broken.report_id, broken.instance_key order by subject_values.subject) as figure_no,
        subject_values.subject_value as figure_value,
        subject_values.half_unit as figure_half
    from broken
    inner join {{ ref('int_claim_values') }} as subject_values
        on
            broken.report_id = subject_values.report_id
            and subject_values.measure = 'amount'
            and (
                subject_values.subject like '%' || broken.base
                or (broken.is_unnamed and {{ is_match('subject_values.subject', '(收入|支出|合计|总计|经费)$') }})
            )
    left join wholes_beside
        on
            broken.report_id = wholes_beside.report_id
            and broken.instance_key = wholes_beside.instance_key
    where
        broken.identity_id = 'n_share'
        and wholes_beside.report_id is null
        and length(broken.base) > 3

),

figures as (

    select
        report_id,
        identity_id,
        instance_key,
        rate,
        rate_half,
        figure_no,
        figure_value,
        figure_half
    from amounts_beside

    union all

    select * from wholes

),

pairs as (

    select
        ys.report_id,
        ys.identity_id,
        ys.instance_key,
        ys.rate,
        abs(ys.rate) - ys.rate_half as low_rate,
        abs(ys.rate) + ys.rate_half as high_rate,
        ys.figure_value as y,
        ys.figure_half as y_half,
        xs.figure_value as x,
        xs.figure_half as x_half,
        -- the year before is a year that is printed less the change; of a year before it is the year after the opposite change
        case when ys.rate < 0 then xs.figure_value + ys.figure_value else xs.figure_value - ys.figure_value end as year_before
    from figures as ys
    inner join figures as xs
        on
            ys.report_id = xs.report_id
            and ys.identity_id = xs.identity_id
            and ys.instance_key = xs.instance_key
            and ys.figure_no <> xs.figure_no
    inner join broken
        on
            ys.report_id = broken.report_id
            and ys.identity_id = broken.identity_id
            and ys.instance_key = broken.instance_key
    -- a figure that may be nothing gives any rate
    where
        (broken.own_part is null or abs(ys.figure_value - broken.own_part) <= ys.figure_half + broken.own_part_half)
        and xs.figure_value > xs.figure_half
        and (ys.figure_value > ys.figure_half or ys.rate = 0)

),

-- years before that stand beside their rate, and so changed in the other direction
reversed as (

    select distinct
        pairs.report_id,
        pairs.identity_id,
        pairs.instance_key,
        pairs.year_before
    from pairs
    inner join figures
        on
            pairs.report_id = figures.report_id
            and pairs.identity_id = figures.identity_id
            and pairs.instance_key = figures.instance_key
    where abs(figures.figure_value - pairs.year_before) <= figures.figure_half + pairs.x_half + pairs.y_half

),

-- what the tables print of the year is no year before
own_amounts as (

    select
        broken.report_id,
        broken.instance_key,
        sum(claim_cells.coefficient * coalesce(claim_cells.cell_value, 0)) as own_value,
        sum(coalesce(claim_cells.half_unit, 0)) as own_half
    from broken
    inner join {{ ref('int_claim_cells') }} as claim_cells
        on
            broken.report_id = claim_cells.report_id
            and broken.subject = claim_cells.subject
            and claim_cells.measure = 'amount'
    where broken.identity_id = 'n_change_rate'
    group by
        broken.report_id,
        broken.instance_key

),

allowed as (

    select
        pairs.report_id,
        pairs.identity_id,
        pairs.instance_key
    from pairs
    left join own_amounts
        on
            pairs.report_id = own_amounts.report_id
            and pairs.instance_key = own_amounts.instance_key
    left join reversed
        on
            pairs.report_id = reversed.report_id
            and pairs.identity_id = reversed.identity_id
            and pairs.instance_key = reversed.instance_key
            and pairs.year_before = reversed.year_before
    left join lists
        on
            pairs.report_id = lists.report_id
            and pairs.instance_key = lists.instance_key
    where
        -- y of x: a share, or a change of the year before that no year beside it contradicts
        (
            lists.report_id is null
            and (
                pairs.identity_id <> 'n_change_rate'
                or (
                    reversed.report_id is null
                    and coalesce(abs(pairs.x - own_amounts.own_value) > pairs.x_half + own_amounts.own_half, true)
                )
            )
            and pairs.low_rate * (pairs.x - pairs.x_half) <= 100 * (pairs.y + pairs.y_half)
            and pairs.high_rate * (pairs.x + pairs.x_half) >= 100 * (pairs.y - pairs.y_half)
        )
        -- a change y of a year x less the change
        or (
            pairs.identity_id = 'n_change_rate'
            and pairs.year_before > pairs.x_half + pairs.y_half
            and pairs.low_rate * (pairs.year_before - pairs.x_half - pairs.y_half) <= 100 * (pairs.y + pairs.y_half)
            and pairs.high_rate * (pairs.year_before + pairs.x_half + pairs.y_half) >= 100 * (pairs.y - pairs.y_half)
        )

    union

    -- «全部…，占100%», «为0，占0%»: no figure beside it need be what it is of
    select
        report_id,
        identity_id,
        instance_key
    from beside
    where
        identity_id = 'n_share'
        and (
            rate = 100 and {{ is_match('words', '全部|全额|均[为由是属]') }}
            or rate = 0 and {{ is_match('words', '[为是](?:0|零)[^0-9.]|没有|未发生|无') }}
        )

)

select * from allowed
