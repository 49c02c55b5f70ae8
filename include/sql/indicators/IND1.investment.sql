-- id: IND1.investment
-- zh: 共建产业园入驻企业投资
-- en: investment of firms in joint parks
-- unit: 元
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_listed]
-- measure: sum(investment_yuan)
-- stock: true
-- definition_zh: 在园企业在该清单中的到位投资之和；未填的企业使合计只是下限
-- definition_en: investment made by these firms as their lists state; a firm that states none makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    investment_yuan,
    batch_id,
    row_no,
    is_investment_open as is_at_least
from park_firm_listed
