-- id: WSH1.jobs.lifted
-- zh: 帮扶车间用工中的脱贫人口（清单）
-- en: people lifted out of poverty at work as lists of workshops state
-- unit: 人
-- source: labour
-- datasets: [labour_workshop]
-- relations: [workshop_listed]
-- measure: sum(jobs_lifted)
-- stock: true
-- definition_zh: 期末日的帮扶车间在清单中填写的脱贫人口数之和；未填的车间使合计只是下限
-- definition_en: lifted people at work as the lists of the period's last day state; a workshop that states none makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    town_code,
    jobs_lifted,
    batch_id,
    row_no,
    jobs_lifted is null as is_at_least
from workshop_listed
where is_open
