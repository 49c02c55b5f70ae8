-- id: IND1.jobs.lifted
-- zh: 共建产业园吸纳就业其中：脱贫劳动力
-- en: of the jobs in joint parks those of people lifted out of poverty
-- unit: 人
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_listed]
-- measure: sum(jobs_lifted)
-- stock: true
-- definition_zh: 在园企业在该清单中的吸纳脱贫劳动力人数之和；未填的企业使合计只是下限
-- definition_en: lifted people employed by these firms as their lists state; a firm that states none makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    jobs_lifted,
    batch_id,
    row_no,
    jobs_lifted is null as is_at_least
from park_firm_listed
