-- id: WSH2
-- zh: 帮扶车间吸纳就业
-- en: people at work in workshops
-- unit: 人
-- source: labour
-- datasets: [labour_workshop_roster]
-- relations: [workshop_person]
-- measure: count(distinct person_key)
-- filters:
--   lifted: {where: is_lifted, zh: 其中：脱贫人口, en: of which people lifted out of poverty}
-- kinds: [year_to_date, year]
-- definition_zh: 截至期末日的最近一次花名册上，本年在帮扶车间务工满3个月或劳务报酬满5000元的人，按人去重；只有累计数，没有当月数
-- definition_en: people on the rosters stated last by the period's end who worked three months of the year in a workshop or earned 5,000 yuan there, each once; year to date and year only
select
    county_code,
    period_kind,
    period,
    town_code,
    person_key,
    is_lifted,
    batch_id,
    row_no
from workshop_person
