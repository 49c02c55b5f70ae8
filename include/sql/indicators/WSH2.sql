-- id: WSH2
-- zh: 帮扶车间吸纳就业
-- en: people at work in workshops
-- unit: 人
-- source: labour
-- datasets: [labour_workshop_roster]
-- relations: [workshop_person]
-- measure: count(distinct person_key)
-- where: is_counted
-- unknown: "is_counted is null"
-- filters:
--   lifted: {where: is_counted and is_lifted, unknown: "is_counted is null and is_lifted is not false", zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- kinds: [year_to_date, year]
-- definition_zh: 截至期末日的最近一次花名册上，本年在同一帮扶车间务工满3个月或劳务报酬满5000元的人，按人去重；只有累计数，没有当月数；当年第一份花名册的统计日之前视为未报告；月数、报酬和上岗时间都未填的人使其为下限
-- definition_en: people on the rosters stated last by the period's end who worked three months of the year in one workshop or earned 5,000 yuan there, each once; year to date and year only; not reported before the year's first roster is stated; a lower bound where a row says neither months, pay nor first day
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    is_lifted,
    is_counted,
    batch_id,
    row_no
from workshop_person
