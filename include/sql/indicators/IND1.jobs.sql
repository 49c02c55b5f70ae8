-- id: IND1.jobs
-- zh: 共建产业园吸纳就业
-- en: jobs in joint parks
-- unit: 人
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_listed]
-- measure: sum(jobs)
-- stock: true
-- definition_zh: 在园企业在该清单中的吸纳就业人数之和；未填的企业使合计只是下限
-- definition_en: people employed by these firms as their lists state; a firm that states none makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    jobs,
    batch_id,
    row_no,
    jobs is null as is_at_least
from park_firm_listed
