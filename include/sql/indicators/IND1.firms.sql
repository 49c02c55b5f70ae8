-- id: IND1.firms
-- zh: 共建产业园入驻企业
-- en: firms in joint parks
-- unit: 家
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_listed]
-- measure: count(distinct firm_key)
-- stock: true
-- definition_zh: 期末日在园的企业，按统一社会信用代码（没有的按名称）去重；各园区取截至期末日的最近一次清单，此前没有清单的取最早一次
-- definition_en: firms in joint parks on the period's last day, distinct by credit code, else name; of every park the last list stated by then, else its first
select
    county_code,
    period_kind,
    period,
    null as town_code,
    firm_key,
    batch_id,
    row_no
from park_firm_listed
