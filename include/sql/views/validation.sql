-- zh: 校验结果汇总
-- en: how often each rule was asked and broken, by the month in which deliveries were taken in; rules that passed too
-- grain: one row a county, dataset, rule, severity and month
-- reads: audit.validation, audit.batch
-- columns:
--   county_code: 县级区划代码; county
--   dataset: 数据集; dataset whose suite the rule is of
--   suite: 规则类别; rows or gate
--   rule_id: 规则编号; rule
--   severity: 严重程度; critical held back what failed, warning only told it
--   month: 接收月份; month in which the deliveries were taken in, 2022-09
--   batches: 批次数; deliveries that were judged
--   evaluated: 校验数; rows, or deliveries, that the rule was asked of
--   failed: 不通过数; of which broke it
select
    v.county_code,
    v.dataset,
    v.suite,
    v.rule_id,
    v.severity,
    to_char(b.finished_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month,
    count(*) as batches,
    sum(v.evaluated)::bigint as evaluated,
    sum(v.failed)::bigint as failed
from audit.validation as v
inner join audit.batch as b on v.county_code = b.county_code and v.batch_id = b.batch_id
group by
    v.county_code, v.dataset, v.suite, v.rule_id, v.severity,
    to_char(b.finished_at at time zone 'Asia/Shanghai', 'YYYY-MM')
