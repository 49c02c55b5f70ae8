-- id: VIL2.projects
-- zh: 示范村自报实施项目
-- en: projects in demonstration villages
-- unit: 个
-- source: work
-- datasets: [work_village]
-- measure: sum(projects)
-- stock: true
-- definition_zh: 期末日的示范村在台账中填写的项目数之和；未填的村使合计只是下限
-- definition_en: projects that the ledger states for the demonstration villages of the period's last day; a village that states none makes the sum a lower bound
select
    p.county_code,
    p.period_kind,
    p.period,
    v.town as town_code,
    v.projects,
    v.batch_id,
    v.row_no,
    v.projects is null as is_at_least
from period as p
inner join core.work_village as v
    on
        p.county_code = v.county_code
        and coalesce(v.named_on, p.last_day) <= p.last_day
        and coalesce(v.ended_on, p.last_day) >= p.last_day
