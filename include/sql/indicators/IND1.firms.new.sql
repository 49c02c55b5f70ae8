-- id: IND1.firms.new
-- zh: 共建产业园新入驻企业
-- en: firms that moved into joint parks
-- unit: 家
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_entered]
-- measure: count(distinct firm_id)
-- definition_zh: 期内入驻共建产业园的企业，按统一社会信用代码（没有的按名称）去重；入驻时间以写有该企业的最近一次清单为准，其后退出的也计入
-- definition_en: firms that moved into joint parks in the period, distinct by credit code, else name, by the latest list that names them; those that have left since are among them
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_id,
    batch_id,
    row_no
from park_firm_entered
