-- zh: 累计台账的行数和金额不比上一期少（同一单位、同一年）
-- en: a ledger that adds up through the year states no fewer rows and no less money than the one before it
-- severity: warns
-- left_zh: 当年有前一期可比的台账份数
-- left_en: ledgers of the year that have one before them
-- right_zh: 其中行数和金额都不少于前一期的份数
-- right_en: of which state no fewer rows and no less money
-- datasets: [labour_placement, labour_training_roster, sales_household, fund_project, work_agreement, work_enterprise]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, audit.batch
with stated as (
    select
        b.county_code,
        extract(year from b.covers_to) as year,
        b.dataset,
        b.feed,
        b.reporting_unit,
        b.version,
        max(b.covers_to) as covers_to,
        max(b.rows_read - b.rows_ignored) as rows_stated,
        max(b.yuan_read) as yuan_stated
    from touched_year as c
    inner join audit.batch as b
        on
            c.county_code = b.county_code
            and b.covers_to between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
    where
        b.state = 'loaded'
        and b.feed <> 'database'
        and (b.delivery = 'snapshot' or b.dataset = 'fund_project')
        and b.dataset in (
            'labour_placement', 'labour_training_roster', 'sales_household', 'fund_project', 'work_agreement',
            'work_enterprise'
        )
        -- a workbook that comes back is a part of the ledger it answers
        and not exists (
            select 1
            from audit.answer as a
            where a.county_code = b.county_code and a.batch_id = b.batch_id
        )
    group by b.county_code, extract(year from b.covers_to), b.dataset, b.feed, b.reporting_unit, b.version
),

followed as (
    select
        s.county_code,
        s.year,
        s.reporting_unit,
        s.covers_to,
        s.rows_stated,
        s.yuan_stated,
        lag(s.rows_stated) over ledger as rows_before,
        lag(s.yuan_stated) over ledger as yuan_before,
        lag(s.covers_to) over ledger as covered_before
    from stated as s
    window
        ledger as (
            partition by s.county_code, s.year, s.dataset, s.feed, s.reporting_unit
            order by s.version
        )
)

select
    county_code,
    year::text as period,
    count(*) as left_value,
    count(*) filter (where rows_stated >= rows_before and yuan_stated >= yuan_before) as right_value,
    concat_ws(
        '；',
        audit.told(
            '行数比前一期少的：',
            array_agg(
                concat(
                    reporting_unit, ' ', covered_before, ' 为 ', rows_before, ' 行，', covers_to, ' 为 ', rows_stated, ' 行'
                )
            ) filter (where rows_stated < rows_before)
        ),
        audit.told(
            '金额比前一期少的：',
            array_agg(
                concat(
                    reporting_unit, ' ', covered_before, ' 为 ', trim_scale(yuan_before), ' 元，', covers_to, ' 为 ',
                    trim_scale(yuan_stated), ' 元'
                )
            ) filter (where yuan_stated < yuan_before)
        )
    ) as detail
from followed
where rows_before is not null
group by county_code, year
