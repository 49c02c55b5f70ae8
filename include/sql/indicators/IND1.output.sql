-- id: IND1.output
-- zh: 共建产业园产值
-- en: output of joint parks
-- unit: 元
-- source: work
-- datasets: [work_park_firm]
-- relations: [park_firm_listed]
-- measure: sum(output_yuan)
-- stock: true
-- definition_zh: 在园企业本年产值之和，取本年截至期末日的最近一次清单；未填的企业使合计只是下限
-- definition_en: output of these firms in the year so far, by the lists of the year; a firm that states none makes the sum a lower bound
select
    county_code,
    period_kind,
    period,
    null as town_code,
    output_yuan,
    batch_id,
    row_no,
    is_output_open as is_at_least
from park_firm_listed
