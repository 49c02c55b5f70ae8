-- id: LAB8.people
-- zh: 领取跨省务工交通补助
-- en: people paid a subsidy for the journey
-- unit: 人
-- source: labour
-- datasets: [labour_placement]
-- relations: [subsidy_counted]
-- measure: count(distinct person_key)
-- where: transport_subsidy_yuan > 0
-- silent: "transport_subsidy_yuan is null"
-- definition_zh: 期内开始的务工记录上填有交通补助的人，每人只计一次，各条记录填报不一的取最大数；当年没有一条记录填写的，视为未报告
-- definition_en: people with a subsidy for the journey at a spell that starts in the period, each once, at the largest amount stated; not reported where no row of the year states one
select
    county_code,
    period_kind,
    period,
    null as town_code,
    person_key,
    transport_subsidy_yuan,
    batch_id,
    row_no
from subsidy_counted
