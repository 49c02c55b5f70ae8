-- id: IND2
-- zh: 新引进落地企业
-- en: firms newly brought in
-- unit: 家
-- source: work
-- datasets: [work_enterprise]
-- relations: [enterprise_statement, enterprise_landed]
-- measure: count(distinct firm_id)
-- definition_zh: 期内落地的企业，按统一社会信用代码（没有的按名称）去重；落地时间以关于该企业的最新一次填报为准
-- definition_en: firms that landed in the period, distinct by credit code, else name; the latest statement about a firm tells when it landed
select
    p.county_code,
    p.period_kind,
    p.period,
    null as town_code,
    l.firm_id,
    l.batch_id,
    l.row_no
from period as p
inner join enterprise_landed as l
    on p.county_code = l.county_code and l.landed_on between p.first_day and p.last_day
