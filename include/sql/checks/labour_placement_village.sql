-- zh: 务工人员的户籍村都能在其乡镇内找到
-- en: every placement has a home village of its township
-- severity: warns
-- left_zh: 当年开始务工的记录数
-- left_en: placements that start in the year
-- right_zh: 其中村在所属乡镇内的记录数
-- right_en: of which with a village of the township
-- datasets: [labour_placement]
-- by: year
-- grain: one row a county and year
-- reads: touched_year, core.labour_placement, core.division
with placed as (
    select
        c.county_code,
        p.reporting_unit,
        extract(year from p.started_on) as year,
        count(*) as placements,
        count(*) filter (where d.division_code is null) as unknown
    from touched_year as c
    inner join core.labour_placement as p
        on
            c.county_code = p.county_code
            and p.started_on between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
    left join core.division as d
        on
            p.county_code = d.county_code
            and p.village = d.division_code
            and p.town = d.parent_code
            and d.is_listed
    group by c.county_code, p.reporting_unit, extract(year from p.started_on)
)

select
    county_code,
    year::text as period,
    sum(placements) as left_value,
    sum(placements - unknown) as right_value,
    concat_ws(
        '；',
        audit.told(
            '村名没有填写或无法在所属乡镇内找到的：',
            array_agg(concat(reporting_unit, ' ', unknown, ' 行')) filter (where unknown > 0)
        )
    ) as detail
from placed
group by county_code, year
