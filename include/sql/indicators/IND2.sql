-- id: IND2
-- zh: 新引进落地企业
-- en: firms newly brought in
-- unit: 家
-- source: work
-- datasets: [work_enterprise]
-- relations: [eastern_province, enterprise_statement, enterprise_landed]
-- measure: count(distinct firm_id)
-- filters:
--   east: {where: is_east, unknown: is_east is null, zh: 其中：东部投资, en: of which backed by the east}
--   paired: {where: is_paired, unknown: is_paired is null, zh: 其中：结对省（市）企业, en: of which from the paired province}
-- definition_zh: 期内落地的企业，按统一社会信用代码（没有的按名称）去重；落地时间以关于该企业的最新一次填报为准；是否东部投资未填的看来源地，来源地看不出省份的使分项为下限
-- definition_en: firms that landed in the period, distinct by credit code, else name; the latest statement about a firm tells when it landed; where it does not say whether the east invests, where the investor comes from does, and one that tells neither makes the parts lower bounds
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    l.firm_id,
    l.is_east,
    l.is_paired,
    l.batch_id,
    l.row_no
from period as p
inner join enterprise_landed as l
    on p.county_code = l.county_code and l.landed_on between p.first_day and p.last_day
