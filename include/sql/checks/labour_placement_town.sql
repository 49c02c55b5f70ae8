-- zh: 务工人员的户籍乡镇都填写，且在区划名录内；否则各乡镇之和少于全县
-- en: every placement has a home township that the divisions list; else townships add up to less than the county
-- left_zh: 当年开始务工的记录数
-- left_en: placements that start in the year
-- right_zh: 其中乡镇在区划名录内的记录数
-- right_en: of which with a listed township
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
        count(*) filter (where p.town is null) as without,
        count(*) filter (where p.town is not null and d.division_code is null) as unlisted
    from touched_year as c
    inner join core.labour_placement as p
        on
            c.county_code = p.county_code
            and p.started_on between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
    left join core.division as d on p.county_code = d.county_code and p.town = d.division_code and d.is_listed
    group by c.county_code, p.reporting_unit, extract(year from p.started_on)
)

select
    county_code,
    year::text as period,
    sum(placements) as left_value,
    sum(placements - without - unlisted) as right_value,
    concat_ws(
        '；',
        audit.told('没有填写乡镇的：', array_agg(concat(reporting_unit, ' ', without, ' 行')) filter (where without > 0)),
        audit.told(
            '乡镇不在区划名录内的：', array_agg(concat(reporting_unit, ' ', unlisted, ' 行')) filter (where unlisted > 0)
        )
    ) as detail
from placed
group by county_code, year
