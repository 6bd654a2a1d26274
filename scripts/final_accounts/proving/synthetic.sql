-- Random reports that are consistent by construction: every amount is an exact number of fen, sums are taken over fen, and
-- only then is each cell printed on its own, rounded or cut off; or the tables by subject are a sheet that adds up what it
-- shows. Parameters: $first, $reports, $seed, $wide: 1 for the whole world of print (other units, decimals and years, refunds and
-- losses), 0 for its most common part.
-- The rows follow the contract of seeds/accounts; `origin` is synthetic. Two reports make a department with two years.

create or replace temp macro dice(place, sides) as cast(md5_number_lower($seed || '/' || place) % cast(sides as ubigint) as bigint);

-- What comes up once in so many throws, in the whole world only.
create or replace temp macro happens(place, sides) as $wide = 1 and dice(place, sides) = 0;

create or replace temp table synthetic_reports as
with departments as (
    select
        number,
        number // 2 as department,
        case when happens('early/' || (number // 2), 3) then 2016 + dice('year/' || (number // 2), 6) else 2022 end as first_year,
        -- how the report prints: rounded half up, fen, cut off, or sums of what is rounded
        case dice('style/' || (number // 2), 10) when 0 then 'fen' when 1 then 'truncated' when 2 then 'summed' else 'rounded' end as style,
        -- the unit, and how many decimals of it
        case
            when style = 'fen' then '元 2'
            when happens('unit/' || (number // 2), 2) then [
                '元 0', '千元 0', '千元 1', '千元 2', '万元 0', '万元 1', '万元 3', '万元 4', '万元 5', '万元 6', '亿元 2', '亿元 4', '亿元 6'
            ][1 + dice('print/' || (number // 2), 13)]
            else '万元 2'
        end as print
    from range($first, $first + $reports) as numbers (number)
)
select
    number,
    department,
    first_year + number % 2 as fiscal_year,
    printf('synthetic-%d-%06d-%d', $seed, department, first_year + number % 2) as report_id,
    style,
    units.amount_unit,
    cast(split_part(print, ' ', 2) as integer) as decimals,
    -- the last place that is printed, in fen
    100 * cast(units.yuan as bigint) // cast(10 ** decimals as bigint) as place
from departments
inner join classification_units as units on split_part(departments.print, ' ', 1) = units.amount_unit;

-- An amount in the last place that the report prints.
create or replace temp macro in_places(fen, place, style) as
    sign(fen) * (abs(fen) + case when style = 'truncated' then 0 else place // 2 end) // place;

-- Leaf subjects of a report: four classes that everybody has, some that few have, one to three items each.
create or replace temp table synthetic_leaves as
with classes as (
    select
        reports.number,
        reports.department,
        reports.report_id,
        class_code
    from synthetic_reports as reports
    inner join (
        select class_code, min(coalesce(first_year, 0)) as first_year
        from classification_lines
        where class_code <> '223'
        group by class_code
    ) as lines on reports.fiscal_year - reports.number % 2 >= lines.first_year
    where class_code in ('201', '208', '210', '221') or dice('class/' || reports.department || class_code, 10) < 2
),
sections as (
    select classes.*, class_code || '0' || section as section_code
    from classes
    cross join range(1, 4) as sections (section)
    where section = 1 or dice('section/' || number || class_code || section, 10) < 3
),
items as (
    select sections.*, section_code || '0' || item as subject_code
    from sections
    cross join range(1, 5) as items (item)
    where item = 1 or dice('item/' || number || section_code || item, 10) < 4
)
select number, department, report_id, subject_code from items
union all
select number, department, report_id, '2120899' from synthetic_reports where dice('government_fund/' || department, 5) = 0
union all
select number, department, report_id, '2230' || kind || '01' from synthetic_reports cross join (values ('1'), ('2')) as kinds (kind)
where dice('state_capital/' || department, 4) = 0;

-- Expenditure of a leaf in fen, by fund and kind; between ten yuan and some ten million.
create or replace temp table synthetic_expenditure as
with choices as (
    select
        leaves.*,
        fund,
        kind,
        'money/' || number || subject_code || fund || kind as place,
        subject_code = '2010101' and (fund = 'general_public_budget' or fund = 'non_fiscal') and kind = 'basic' as carries_balance
    from synthetic_leaves as leaves
    cross join (
        values
        ('general_public_budget', 'basic', 5), ('general_public_budget', 'project', 5), ('government_fund', 'project', 10),
        ('state_capital_operations', 'project', 10), ('non_fiscal', 'basic', 1), ('non_fiscal', 'project', 1),
        ('non_fiscal', 'superior_remittance', 0), ('non_fiscal', 'business', 1), ('non_fiscal', 'affiliate_subsidy', 0)
    ) as money (fund, kind, tenths)
    where
        case
            when subject_code = '2120899' then fund = 'government_fund'
            when subject_code like '223%' then fund = 'state_capital_operations'
            when fund in ('government_fund', 'state_capital_operations') then false
            when subject_code = '2010101' and kind = 'basic' then true
            when fund = 'non_fiscal' then dice('non_fiscal/' || department, 3) = 0 and dice('has/' || number || subject_code || fund || kind, 10) <= tenths
            else dice('has/' || number || subject_code || fund || kind, 10) < tenths
        end
)
select
    report_id,
    number,
    department,
    subject_code,
    fund,
    kind,
    case
        when kind = 'project' and fund <> 'non_fiscal' and happens('refund/' || place, 30) then -1 - dice(place, 5000000)
        when carries_balance or fund = 'government_fund' then 500000000 + dice(place, 900000000)
        else 1000 + dice(place, cast(10 ** (4 + dice(place || '/size', 6)) as bigint))
    end as fen
from choices;

-- Balances hang on the department and the turn of the year, so that one year closes with what the next one opens with.
create or replace temp table synthetic_balances as
select
    number,
    report_id,
    department,
    fund,
    subject_code,
    -- business may have made more losses than all else that is not fiscal has left
    case when fund = 'non_fiscal' and happens('loss/' || department, 4) then -1 else 1 end as owns,
    case when share = 0 then 0 else owns * dice('balance/' || department || '/' || fund || '/' || fiscal_year, 200000000) end as opening,
    case when share = 0 then 0 else owns * dice('balance/' || department || '/' || fund || '/' || (fiscal_year + 1), 200000000) end as closing
from (
    select reports.*, fund, subject_code, dice('has_balance/' || department || fund, 3) as share
    from synthetic_reports as reports
    cross join (values ('general_public_budget', '2010101'), ('government_fund', '2120899'), ('non_fiscal', '2010101')) as funds (fund, subject_code)
)
where fund <> 'government_fund' or dice('government_fund/' || department, 5) = 0;

create or replace temp table synthetic_surplus as
select
    report_id,
    case when dice('surplus/' || number, 5) = 0 then dice('surplus_used/' || number, 10000000) else 0 end as used,
    case when dice('surplus/' || number, 5) = 1 then dice('surplus_distributed/' || number, 10000000) else 0 end as distributed
from synthetic_reports;

-- Revenue of a leaf is what it spent and what its balance changed by; money that is not fiscal comes from one source a leaf.
create or replace temp table synthetic_revenue as
with changes as (
    select report_id, number, subject_code, fund, fen from synthetic_expenditure
    union all
    select report_id, number, subject_code, fund, closing - opening from synthetic_balances
    union all
    select surplus.report_id, reports.number, '2010101', 'non_fiscal', distributed - used
    from synthetic_surplus as surplus
    inner join synthetic_reports as reports on surplus.report_id = reports.report_id
)
select
    report_id,
    subject_code,
    fund,
    case
        when fund <> 'non_fiscal' then 'fiscal_appropriation'
        else ['other', 'institutional', 'business', 'superior_subsidy', 'affiliate_remittance'][1 + dice('source/' || number || subject_code, 5)]
    end as source,
    cast(sum(fen) as bigint) as fen
from changes
group by all;

-- Basic expenditure of the general public budget by economic subject: each functional leaf's goes to one or two subjects.
create or replace temp table synthetic_basic as
with subjects as (
    select ['30101', '30102', '30103', '30107', '30112', '30199', '30302', '30305', '30201', '30205', '30207', '30211', '30217', '30228', '30231', '30239', '30299', '31002', '30401'] as codes
),
halves as (
    select
        expenditure.report_id,
        case subject_code
            when '2080505' then '30108' when '2080506' then '30109'
            when '2210201' then case when fiscal_year < 2018 then '30311' else '30113' end
            else codes[1 + dice('economic/' || expenditure.number || subject_code || half, case when fiscal_year < 2018 then 19 else 18 end)]
        end as economic_code,
        case half when 1 then fen // 3 else fen - fen // 3 end as fen
    from synthetic_expenditure as expenditure
    inner join synthetic_reports as reports on expenditure.report_id = reports.report_id
    cross join subjects
    cross join range(1, 3) as halves (half)
    where fund = 'general_public_budget' and kind = 'basic'
)
select report_id, economic_code, cast(sum(fen) as bigint) as fen
from halves
group by all;

-- A subject and everything above it, with the total row, in the order in which tables print them.
create or replace temp macro with_parents(code) as list_distinct([substr(code, 1, 3), substr(code, 1, 5), code, '']);

-- One exact amount a report, table, row and column.
create or replace temp table synthetic_cells as
with by_subject as (
    select report_id, '02' as table_no, subject_code, source as column_name, fen from synthetic_revenue
    union all
    select report_id, '02', subject_code, 'total', fen from synthetic_revenue
    union all
    select report_id, '03', subject_code, kind, fen from synthetic_expenditure
    union all
    select report_id, '03', subject_code, 'total', fen from synthetic_expenditure
    union all
    select report_id, '05', subject_code, unnest([kind, 'total']), fen from synthetic_expenditure where fund = 'general_public_budget'
    union all
    select report_id, '08', subject_code, unnest([kind, 'total']), fen from synthetic_expenditure where fund = 'state_capital_operations'
    union all
    select report_id, '07', subject_code, unnest(['expenditure_' || kind, 'expenditure_total']), fen from synthetic_expenditure where fund = 'government_fund'
    union all
    select report_id, '07', subject_code, 'opening_balance', opening from synthetic_balances where fund = 'government_fund'
    union all
    select report_id, '07', subject_code, 'closing_balance', closing from synthetic_balances where fund = 'government_fund'
    union all
    select report_id, '07', subject_code, 'revenue', fen from synthetic_revenue where fund = 'government_fund'
    union all
    select report_id, '06', economic_code, 'amount', fen from synthetic_basic
),
with_totals as (
    select report_id, table_no, unnest(with_parents(subject_code)) as row_key, column_name, fen
    from by_subject
),
lines as (
    select report_id, '01' as table_no, 'revenue_' || case source when 'fiscal_appropriation' then fund else source end as row_key, 'amount' as column_name, fen
    from synthetic_revenue
    union all
    select report_id, '01', unnest(['revenue_total', 'revenue_grand_total']), 'amount', fen from synthetic_revenue
    union all
    select report_id, '01', unnest([substr(subject_code, 1, 3), 'expenditure_total', 'expenditure_grand_total']), 'amount', fen from synthetic_expenditure
    union all
    select report_id, '01', unnest(['opening_balance', 'revenue_grand_total']), 'amount', opening from synthetic_balances
    union all
    select report_id, '01', unnest(['closing_balance', 'expenditure_grand_total']), 'amount', closing from synthetic_balances
    union all
    select report_id, '01', unnest(['non_fiscal_surplus_used', 'revenue_grand_total']), 'amount', used from synthetic_surplus
    union all
    select report_id, '01', unnest(['surplus_distribution', 'expenditure_grand_total']), 'amount', distributed from synthetic_surplus
    union all
    select report_id, '04', unnest(['revenue_' || fund, 'revenue_total', 'revenue_grand_total']), 'amount', fen
    from synthetic_revenue
    where fund <> 'non_fiscal'
    union all
    select report_id, '04', unnest(['opening_balance_' || fund, 'opening_balance', 'revenue_grand_total']), 'amount', opening
    from synthetic_balances
    where fund <> 'non_fiscal'
    union all
    select report_id, '04', row_key, unnest([fund, 'total']), fen
    from (
        select report_id, fund, fen, unnest([substr(subject_code, 1, 3), 'expenditure_total', 'expenditure_grand_total']) as row_key
        from synthetic_expenditure
        where fund <> 'non_fiscal'
    )
    union all
    select report_id, '04', row_key, unnest([fund, 'total']), closing
    from (
        select report_id, fund, closing, unnest(['closing_balance', 'expenditure_grand_total']) as row_key
        from synthetic_balances
        where fund <> 'non_fiscal'
    )
    union all
    select report_id, '06', case when economic_code[:3] in ('301', '303') then 'personnel_total' else 'general_operating_total' end, 'amount', fen
    from synthetic_basic
    union all
    select report_id, '10', 'agency_operating_administrative', 'statistic', fen
    from synthetic_basic
    where economic_code[:3] not in ('301', '303')
    union all
    select report_id, '10', unnest(['procurement_total', 'procurement_' || kind]), 'statistic', dice('procurement/' || number || kind, 100000000)
    from synthetic_reports
    cross join (values ('goods'), ('works'), ('services')) as kinds (kind)
    where dice('procures/' || number || kind, 2) = 0
    union all
    select report_id, '09', 'total', stage || '_' || unnest(case when item like 'vehicle%' then ['total', 'vehicles_total', item] else ['total', item] end), fen
    from (
        select basic.report_id, stage, item, fen + case stage when 'budget' then 100000 else 0 end as fen
        from synthetic_basic as basic
        inner join (values ('30217', 'receptions'), ('30231', 'vehicle_operation')) as items (economic_code, item)
            on basic.economic_code = items.economic_code
        cross join (values ('budget'), ('final')) as stages (stage)
    )
)
select report_id, table_no, row_key, column_name, cast(sum(fen) as bigint) as fen
from (
    select * from with_totals where table_no <> '06' or row_key <> ''
    union all
    select * from lines
)
group by all;

-- A sheet rounds its leaves and adds up what it shows; the summaries are rounded on their own.
create or replace temp table synthetic_sheets as
with leaves as (
    select cells.report_id, table_no, row_key, column_name, in_places(fen, place, style) * place as fen
    from synthetic_cells as cells
    inner join synthetic_reports as reports on cells.report_id = reports.report_id
    where
        style = 'summed'
        and table_no in ('02', '03', '05', '06', '07', '08')
        and length(row_key) = case table_no when '06' then 5 else 7 end
        and column_name not in ('total', 'expenditure_total')
),
with_columns as (
    select * replace (
        unnest(case
            when column_name like 'expenditure_%' then [column_name, 'expenditure_total']
            when table_no in ('06', '07') then [column_name]
            else [column_name, 'total']
        end) as column_name
    )
    from leaves
),
with_rows as (
    select * replace (
        unnest(case
            when table_no <> '06' then with_parents(row_key)
            when row_key[:3] in ('301', '303') then [row_key[:3], row_key, 'personnel_total']
            else [row_key[:3], row_key, 'general_operating_total']
        end) as row_key
    )
    from with_columns
)
select report_id, table_no, row_key, column_name, cast(sum(fen) as bigint) as fen
from with_rows
group by all;

create or replace temp table synthetic_texts as
select
    cells.report_id,
    cells.table_no,
    cells.row_key,
    cells.column_name,
    in_places(coalesce(sheets.fen, cells.fen), place, style) as places,
    case
        when cells.fen = 0 then ''
        else case when places < 0 then '-' else '' end
            || abs(places) // cast(10 ** decimals as bigint)
            || case when decimals = 0 then '' else '.' || lpad(cast(abs(places) % cast(10 ** decimals as bigint) as varchar), decimals, '0') end
    end as printed
from synthetic_cells as cells
inner join synthetic_reports as reports on cells.report_id = reports.report_id
left join synthetic_sheets as sheets
    on cells.report_id = sheets.report_id and cells.table_no = sheets.table_no
    and cells.row_key = sheets.row_key and cells.column_name = sheets.column_name;
