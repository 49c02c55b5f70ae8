-- zh: 逐笔登记的数字不大都是整数（金额整千、招聘人数整十）
-- en: numbers written down one by one are not mostly round ones (thousands of yuan, tens of posts)
-- severity: warns
-- left_zh: 可比的台账数（至少二十笔）
-- left_en: ledgers with twenty numbers at least
-- right_zh: 其中整数不到八成的台账数
-- right_en: of which less than four fifths are round
-- datasets: [sales_household, labour_job_fair]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, core.sales_household, core.labour_job_fair
with written as (
    select
        c.county_code,
        c.year,
        concat('带动脱贫户增收 ', h.reporting_unit) as ledger,
        mod(h.income_yuan, 1000) = 0 as is_round
    from touched_year as c
    inner join core.sales_household as h
        on
            c.county_code = h.county_code
            and h.linked_on between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
    where h.income_yuan > 0
    union all
    select
        c.county_code,
        c.year,
        concat('招聘会 ', f.reporting_unit) as ledger,
        mod(f.headcount, 10) = 0 as is_round
    from touched_year as c
    inner join core.labour_job_fair as f
        on
            c.county_code = f.county_code
            and f.fair_date between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
    where f.headcount > 0
),

counted as (
    select
        county_code,
        year,
        ledger,
        count(*) as numbers,
        count(*) filter (where is_round) as rounds
    from written
    group by county_code, year, ledger
    having count(*) >= 20
)

select
    county_code,
    year::text as period,
    count(*) as left_value,
    count(*) filter (where rounds < 0.8 * numbers) as right_value,
    coalesce(
        audit.told(
            '',
            array_agg(concat(ledger, ' ', numbers, ' 笔中 ', rounds, ' 笔是整数')) filter (where rounds >= 0.8 * numbers)
        ), ''
    ) as detail
from counted
group by county_code, year
