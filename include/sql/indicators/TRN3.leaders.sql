-- id: TRN3.leaders
-- zh: 在册致富带头人
-- en: leaders of getting rich
-- unit: 人
-- source: work
-- datasets: [work_leader]
-- measure: count(distinct person_key)
-- stock: true
-- filters:
--   east: {towns: false, where: "is_trained_in_east", unknown: "is_trained_in_east is null", zh: 其中：赴东部培训过的致富带头人, en: of which trained in the east}
-- definition_zh: 期末日在册的致富带头人，按人（县、姓名、乡镇、村）去重；未写认定时间的视为一直是，未写退出时间的视为仍然是
-- definition_en: leaders on the period's last day, distinct people by county, name, township and village; no first day means since ever, no last day means still
select
    p.county_code,
    p.period_kind,
    p.period,
    l.town as town_code,
    l.person_key,
    l.is_trained_in_east,
    l.batch_id,
    l.row_no
from period as p
inner join core.work_leader as l
    on
        p.county_code = l.county_code
        and coalesce(l.named_on, p.last_day) <= p.last_day
        and coalesce(l.ended_on, p.last_day) >= p.last_day
