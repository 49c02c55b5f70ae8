-- id: IND1.firms.east
-- zh: 共建产业园入驻东部企业
-- en: firms of the east in joint parks
-- unit: 家
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_listed]
-- measure: count(distinct firm_key)
-- where: is_east
-- unknown: "is_east is null"
-- stock: true
-- definition_zh: 期末日在园的企业中的东部企业，按统一社会信用代码（没有的按名称）去重；有企业未填的，只是下限
-- definition_en: firms of the east in joint parks on the period's last day, each once; a firm that does not say makes it a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_key,
    is_east,
    batch_id,
    row_no
from park_firm_listed
