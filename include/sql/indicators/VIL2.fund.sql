-- id: VIL2.fund
-- zh: 示范村投入协作资金
-- en: collaboration money in demonstration villages
-- unit: 元
-- source: work
-- datasets: [work_village]
-- measure: sum(fund_yuan)
-- stock: true
-- definition_zh: 期末日的示范村在台账中填写的投入协作资金之和；未填的村使合计只是下限
-- definition_en: collaboration money that the ledger states for the demonstration villages of the period's last day; a village that states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    v.town as town_code,
    v.fund_yuan,
    v.batch_id,
    v.row_no,
    v.fund_yuan is null or v.fund_yuan_at_least as is_at_least
from period as p
inner join core.work_village as v
    on
        p.county_code = v.county_code
        and coalesce(v.named_on, p.last_day) <= p.last_day
        and coalesce(v.ended_on, p.last_day) >= p.last_day
