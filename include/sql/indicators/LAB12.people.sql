-- id: LAB12.people
-- zh: 劳务工作站和就业基地服务（吸纳）人数
-- en: people whom labour stations and bases serve or employ
-- unit: 人
-- source: labour
-- datasets: [labour_station]
-- measure: sum(people)
-- stock: true
-- definition_zh: 期末日存续的劳务工作站和就业基地填写的服务（吸纳）人数之和；未填的使合计只是下限
-- definition_en: people served or employed as the ledger states for the stations and bases of the period's last day; one that states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    s.people,
    s.batch_id,
    s.row_no,
    s.people is null as is_at_least
from period as p
inner join core.labour_station as s
    on
        p.county_code = s.county_code
        and coalesce(s.opened_on, p.last_day) <= p.last_day
        and coalesce(s.closed_on, p.last_day) >= p.last_day
