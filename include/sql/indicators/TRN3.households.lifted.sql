-- id: TRN3.households.lifted
-- zh: 致富带头人带动脱贫户
-- en: lifted households drawn along by leaders
-- unit: 户
-- source: work
-- datasets: [work_leader]
-- measure: sum(households_lifted)
-- stock: true
-- definition_zh: 期末日在册的致富带头人带动脱贫户数之和；带动户之间可能重复；未填的使合计只是下限
-- definition_en: lifted households that the leaders of the period's last day draw along, which may overlap; a leader who states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    l.town as town_code,
    l.households_lifted,
    l.batch_id,
    l.row_no,
    l.households_lifted is null as is_at_least
from period as p
inner join core.work_leader as l
    on
        p.county_code = l.county_code
        and coalesce(l.named_on, p.last_day) <= p.last_day
        and coalesce(l.ended_on, p.last_day) >= p.last_day
