-- id: WSH1.built
-- zh: 新建帮扶车间
-- en: workshops set up
-- unit: 个
-- source: labour
-- datasets: [labour_workshop]
-- measure: count(distinct (town_code, workshop_norm))
-- definition_zh: 期内认定（建成）的帮扶车间，按乡镇和车间名称去重；认定时间以关于该车间的最近一次清单为准
-- definition_en: workshops set up in the period, distinct by township and name; the latest list that has one tells when
with workshop as (
    select distinct on (county_code, town, workshop_norm)
        county_code,
        town,
        workshop_norm,
        built_on,
        batch_id,
        row_no
    from core.labour_workshop
    where county_code in (select q.county_code from period as q)
    order by county_code, town, workshop_norm, built_on is not null desc, stated_on desc
)

select
    p.county_code,
    p.period_kind,
    p.period,
    w.town as town_code,
    w.workshop_norm,
    w.batch_id,
    w.row_no
from period as p
inner join workshop as w
    on p.county_code = w.county_code and w.built_on between p.first_day and p.last_day
