-- zh: 带动脱贫户的家庭人口合理（1 至 15 人），各企业所填一致
-- en: a linked household has 1 to 15 people, the same whichever firm states it
-- severity: warns
-- left_zh: 写有家庭人口的带动户数
-- left_en: linked households that state their people
-- right_zh: 其中人口合理且一致的户数
-- right_en: of which plausible and stated alike
-- datasets: [sales_household]
-- grain: one row a county
-- reads: touched_county, core.sales_household, audit.batch
with household as (
    select
        h.county_code,
        min(h.people) < 1 or max(h.people) > 15 as is_odd,
        min(h.people) <> max(h.people) as is_torn,
        min(concat(regexp_replace(b.uri, '^inbox:[0-9]{6}/', ''), ' 第 ', h.row_no, ' 行')) as place
    from touched_county as c
    inner join core.sales_household as h on c.county_code = h.county_code and h.people is not null
    inner join audit.batch as b on h.county_code = b.county_code and h.batch_id = b.batch_id
    group by h.county_code, h.household_no
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where not is_odd and not is_torn) as right_value,
    concat_ws(
        '；',
        audit.told('家庭人口不在 1 至 15 人之间：', array_agg(place) filter (where is_odd)),
        audit.told('各企业所填家庭人口不一致：', array_agg(place) filter (where is_torn))
    ) as detail
from household
group by county_code
