-- id: IND1.firms.new.jobs.lifted
-- zh: 共建产业园新入驻企业吸纳就业其中：脱贫劳动力
-- en: of the jobs at firms that moved into joint parks those of people lifted out of poverty
-- unit: 人
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_entered]
-- measure: sum(jobs_lifted)
-- kinds: [year_to_date, year]
-- definition_zh: 本年入驻共建产业园的企业的吸纳脱贫劳动力人数之和，每家取截至期末日的最近一次清单；未填的使合计只是下限；只有累计数，没有当月数
-- definition_en: lifted people employed of the firms that moved into joint parks in the year, by each firm's latest list up to the period's last day; one that states none makes the sum a lower bound; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    jobs_lifted,
    batch_id,
    row_no,
    jobs_lifted is null as is_at_least
from park_firm_entered
