-- zh: 共建产业园情况表
-- en: joint industrial parks on the year's last day
-- order: 111
-- spans: {year: year}
-- grain: one row a park
-- reads: period, core.work_park
-- columns:
--   name: {zh: 园区名称, kind: text}
--   place: {zh: 地点, kind: text}
--   partners: {zh: 合作单位, kind: text}
--   zones: {zh: 功能区, kind: text}
--   agreement_on: {zh: 协议签订日期, kind: date, month: true}
select
    k.park_norm as row_key,
    max(k.name) as name,
    max(k.place) as place,
    max(k.partners) as partners,
    max(k.zones) as zones,
    max(k.agreement_on) as agreement_on
from period as p
inner join core.work_park as k
    on
        p.county_code = k.county_code
        and coalesce(k.started_on, p.last_day) <= p.last_day
        and coalesce(k.ended_on, p.last_day) >= p.last_day
group by k.park_norm
order by row_key
