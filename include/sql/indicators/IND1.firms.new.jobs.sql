-- id: IND1.firms.new.jobs
-- zh: 共建产业园新入驻企业吸纳就业
-- en: jobs at firms that moved into joint parks
-- unit: 人
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_entered]
-- measure: sum(jobs)
-- kinds: [year_to_date, year]
-- definition_zh: 本年入驻共建产业园的企业的吸纳就业人数之和，每家取截至期末日的最近一次清单；未填的使合计只是下限；只有累计数，没有当月数
-- definition_en: people employed of the firms that moved into joint parks in the year, by each firm's latest list up to the period's last day; one that states none makes the sum a lower bound; year to date and year only
select
    county_code,
    period_kind,
    period,
    null as town_code,
    jobs,
    batch_id,
    row_no,
    jobs is null as is_at_least
from park_firm_entered
