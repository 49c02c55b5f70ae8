-- zh: 累计台账的行数和金额不比上一期少（同一单位、同一年）
-- en: the current ledger of a year states no fewer rows and no less money than the one of the unit before it
-- severity: warns
-- left_zh: 当年有前一期可比的现行台账数
-- left_en: current ledgers of the year that have one before them in it
-- right_zh: 其中行数和金额都不少于前一期的台账数
-- right_en: of which state no fewer rows and no less money
-- datasets: [labour_placement, labour_training_roster, sales_household, work_agreement, work_enterprise]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, audit.snapshot_scope, audit.batch
with standing as (
    select
        c.county_code,
        c.year,
        s.dataset,
        s.reporting_unit,
        s.version
    from touched_year as c
    inner join audit.snapshot_scope as s on c.county_code = s.county_code and c.year = s.scope_year
    where
        s.dataset in (
            'labour_placement', 'labour_training_roster', 'sales_household', 'work_agreement', 'work_enterprise'
        )
),

-- A file may state a unit in several sheets.
filed as (
    select
        s.county_code,
        s.year,
        s.dataset,
        s.reporting_unit,
        b.version,
        b.version = s.version as is_standing,
        max(b.covers_to) as covers_to,
        sum(b.rows_read - b.rows_ignored) as rows_stated,
        sum(b.yuan_read) as yuan_stated
    from standing as s
    inner join audit.batch as b
        on s.county_code = b.county_code and s.dataset = b.dataset and s.reporting_unit = b.reporting_unit
    where
        b.state = 'loaded'
        and b.delivery = 'snapshot'
        and b.version between make_date(s.year, 1, 1) and s.version
    group by s.county_code, s.year, s.dataset, s.reporting_unit, s.version, b.version, b.sha256
),

-- Of copies, and of files of one date, the one that says most is compared.
stated as (
    select
        county_code,
        year,
        dataset,
        reporting_unit,
        version,
        is_standing,
        max(covers_to) as covers_to,
        max(rows_stated) as rows_stated,
        max(yuan_stated) as yuan_stated
    from filed
    group by county_code, year, dataset, reporting_unit, version, is_standing
),

followed as (
    select
        s.county_code,
        s.year,
        s.reporting_unit,
        s.is_standing,
        s.covers_to,
        s.rows_stated,
        s.yuan_stated,
        lag(s.rows_stated) over ledger as rows_before,
        lag(s.yuan_stated) over ledger as yuan_before,
        lag(s.covers_to) over ledger as covered_before
    from stated as s
    window ledger as (partition by s.county_code, s.year, s.dataset, s.reporting_unit order by s.version)
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
where is_standing and rows_before is not null
group by county_code, year
