-- zh: 逐级汇总
-- en: every figure by township, county, city and province, and of all counties; people are added across counties as each county reports them, so that one counted in two counties counts twice; a rate is the sum of its numerators by the sum of its denominators
-- grain: one row a division, period and indicator
-- reads: mart.indicator_value, mart.indicator, core.county, core.division
-- columns:
--   level: 层级; township, county, city, province, or all for every county that the installation serves
--   division_code: 区划代码; 9 digits for a township, 6 for the others, 000000 for all
--   division_name: 区划名称; name of the division, its code where none is known
--   county_code: 县级区划代码; county of a township or county, null above
--   period_kind: 期间类型; month, year_to_date, year or cumulative
--   period: 期间; 2022-09 for a month or year to date, 2022 for a year, 2021-2025 for several years
--   indicator_id: 指标编号; indicator
--   value: 数值; sum of what the counties reported, null when none did; of a rate the quotient of both sums over the counties that have both
--   county_mean: 县均; value a county, where every county of the division has reported; null of rates and of townships
--   unit: 计量单位; unit, money always 元
--   qualifier: 限定; exact, at_least (a lower bound is in it, or a county has not reported yet) or not_reported; of a rate it speaks of the counties in it only
--   counties_reported: 已报县数; counties whose figure is in the value
--   counties_expected: 应报县数; counties of this division that the installation serves
--   as_of: 截至日期; earliest day up to which a reporting county's data go
with city as (
    select
        o.county_code,
        u.division_code as city_code
    from core.division as o
    inner join core.division as u
        on o.county_code = u.county_code and o.parent_code = u.division_code and u.level = 'city'
    where o.division_code = o.county_code
),

place as (
    select
        c.county_code,
        c.county_name,
        c.city_name,
        c.province_name,
        coalesce(u.city_code, left(c.county_code, 4) || '00')::text as city_code,
        coalesce(c.province_code, left(c.county_code, 2) || '0000')::text as province_code
    from core.county as c
    left join city as u on c.county_code = u.county_code
),

-- which divisions each county is part of, itself among them
part as (
    select
        p.county_code,
        'county' as level,
        p.county_code::text as division_code,
        p.county_name as division_name
    from place as p
    union all
    select
        p.county_code,
        'city' as level,
        p.city_code as division_code,
        p.city_name as division_name
    from place as p
    union all
    select
        p.county_code,
        'province' as level,
        p.province_code as division_code,
        p.province_name as division_name
    from place as p
    union all
    select
        p.county_code,
        'all' as level,
        '000000' as division_code,
        '全部县' as division_name
    from place as p
),

expected as (
    select
        d.level,
        d.division_code,
        min(d.division_name) as division_name,
        count(*) as counties
    from part as d
    group by d.level, d.division_code
),

-- read twice below, so inlined: a query for one indicator then reads that one's rows only
told as not materialized (
    select
        d.level,
        d.division_code,
        v.period_kind,
        v.period,
        v.indicator_id,
        v.unit,
        sum(v.value) as value,
        count(v.value) as counties_reported,
        count(w.value) as wholes_beside,
        bool_or(v.qualifier = 'at_least') as is_at_least,
        min(v.as_of) filter (where v.value is not null) as reported_as_of,
        min(v.as_of) as as_of
    from part as d
    inner join mart.indicator_value as v on d.county_code = v.county_code
    left join mart.indicator_value as w
        on
            v.county_code = w.county_code
            and v.period_kind = w.period_kind
            and v.period = w.period
            and split_part(v.indicator_id, '.', 1) = w.indicator_id
            and w.breakdown = ''
    where v.breakdown = '' and v.unit <> '%'
    group by d.level, d.division_code, v.period_kind, v.period, v.indicator_id, v.unit
),

-- a county that told the whole and has no such part (a category of projects only others have) told all there is
counted as (
    select
        t.level,
        t.division_code,
        t.period_kind,
        t.period,
        t.indicator_id,
        t.unit,
        t.value,
        t.is_at_least,
        t.counties_reported + coalesce(w.counties_reported - t.wholes_beside, 0) as counties_reported,
        coalesce(t.reported_as_of, t.as_of) as as_of
    from told as t
    left join told as w
        on
            t.level = w.level
            and t.division_code = w.division_code
            and t.period_kind = w.period_kind
            and t.period = w.period
            and split_part(t.indicator_id, '.', 1) = w.indicator_id
),

-- rates are never added: both sides are, over the counties that have both, and a denominator that is a lower bound is none
sided as (
    select
        d.level,
        d.division_code,
        r.period_kind,
        r.period,
        r.indicator_id,
        r.unit,
        r.as_of,
        n.value as numerator,
        o.value as denominator,
        n.qualifier = 'at_least' as is_at_least,
        coalesce(n.value is not null and o.qualifier = 'exact', false) as is_in
    from mart.indicator as i
    inner join mart.indicator_value as r on i.indicator_id = r.indicator_id and r.breakdown = ''
    inner join part as d on r.county_code = d.county_code
    left join mart.indicator_value as n
        on
            r.county_code = n.county_code
            and r.period_kind = n.period_kind
            and r.period = n.period
            and i.numerator_id = n.indicator_id
            and n.breakdown = ''
    left join mart.indicator_value as o
        on
            r.county_code = o.county_code
            and r.period_kind = o.period_kind
            and r.period = o.period
            and i.denominator_id = o.indicator_id
            and o.breakdown = ''
    where i.numerator_id is not null
),

divided as (
    select
        s.level,
        s.division_code,
        s.period_kind,
        s.period,
        s.indicator_id,
        s.unit,
        round(
            100 * sum(s.numerator) filter (where s.is_in) / nullif(sum(s.denominator) filter (where s.is_in), 0), 4
        ) as value,
        coalesce(bool_or(s.is_at_least) filter (where s.is_in), false) as is_at_least,
        count(*) filter (where s.is_in) as counties_reported,
        coalesce(min(s.as_of) filter (where s.is_in), min(s.as_of)) as as_of
    from sided as s
    group by s.level, s.division_code, s.period_kind, s.period, s.indicator_id, s.unit
)

select
    'township' as level,
    v.breakdown as division_code,
    coalesce(d.division_name, v.breakdown) as division_name,
    v.county_code,
    v.period_kind,
    v.period,
    v.indicator_id,
    v.value,
    null::numeric(20, 4) as county_mean,
    v.unit,
    v.qualifier,
    (v.value is not null)::integer::bigint as counties_reported,
    1::bigint as counties_expected,
    v.as_of
from mart.indicator_value as v
left join core.division as d on v.county_code = d.county_code and v.breakdown = d.division_code
where v.breakdown <> ''
union all
select
    t.level,
    t.division_code,
    e.division_name,
    case when t.level = 'county' then t.division_code end::char(6) as county_code,
    t.period_kind,
    t.period,
    t.indicator_id,
    t.value::numeric(20, 4) as value,
    case
        when t.counties_reported = e.counties then round(t.value / t.counties_reported, 4)
    end::numeric(20, 4) as county_mean,
    t.unit,
    case
        when t.value is null then 'not_reported'
        when t.is_at_least or t.counties_reported < e.counties then 'at_least'
        else 'exact'
    end as qualifier,
    t.counties_reported,
    e.counties as counties_expected,
    t.as_of
from counted as t
inner join expected as e on t.level = e.level and t.division_code = e.division_code
union all
select
    t.level,
    t.division_code,
    e.division_name,
    case when t.level = 'county' then t.division_code end::char(6) as county_code,
    t.period_kind,
    t.period,
    t.indicator_id,
    t.value::numeric(20, 4) as value,
    null::numeric(20, 4) as county_mean,
    t.unit,
    case
        when t.value is null then 'not_reported'
        when t.is_at_least then 'at_least'
        else 'exact'
    end as qualifier,
    t.counties_reported,
    e.counties as counties_expected,
    t.as_of
from divided as t
inner join expected as e on t.level = e.level and t.division_code = e.division_code
