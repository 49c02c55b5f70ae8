-- zh: 核对结果
-- en: figures that should agree, and whether they do; the rows behind a difference are the office's business
-- grain: one row a county, check and period
-- reads: audit.reconciliation, audit.check_definition
-- columns:
--   county_code: 县级区划代码; county
--   check_id: 核对编号; check
--   period: 期间; period the check speaks of
--   check_zh: 应当成立的事项; what should hold, in Chinese
--   check_en: 英文说明; what should hold, in English
--   left_value: 左值; first of the two figures
--   right_value: 右值; second of the two figures
--   difference: 差额; left minus right
--   status: 结论; holds, differs or warns
select
    r.county_code,
    r.check_id,
    r.period,
    d.check_zh,
    d.check_en,
    r.left_value,
    r.right_value,
    r.difference,
    r.status
from audit.reconciliation as r
left join audit.check_definition as d on r.check_id = d.check_id
