-- id: WSH1.jobs
-- zh: 帮扶车间用工人数（清单）
-- en: people at work as lists of workshops state
-- unit: 人
-- source: labour
-- datasets: [labour_workshop]
-- relations: [workshop_listed]
-- measure: sum(jobs)
-- stock: true
-- definition_zh: 期末日的帮扶车间在清单中填写的吸纳就业人数之和；未填的车间使合计只是下限
-- definition_en: people at work as the lists of the period's last day state; a workshop that states none makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    town_code,
    jobs,
    batch_id,
    row_no,
    jobs is null as is_at_least
from workshop_listed
where is_open
