-- zh: 隔离情况汇总
-- en: how many rows each rule holds back, counts only
-- grain: one row a county, dataset, feed, rule and state
-- reads: audit.quarantine, audit.batch
-- columns:
--   county_code: 县级区划代码; county
--   source: 来源类别; labour sales fund work
--   dataset: 数据集; dataset the rows belong to
--   feed: 来源渠道; feed of the dataset
--   rule_id: 规则编号; rule that held the rows back
--   state: 状态; open, or what became of it; repeated where the same reason is listed at another place
--   rows: 行数; rows held back by the rule, the same row once
--   reasons: 条数; reasons listed, a row may have several under one rule
--   batches: 批次数; deliveries that have such rows
--   latest_at: 最近时间; when the latest of them was loaded
select
    q.county_code,
    b.source,
    b.dataset,
    b.feed,
    q.rule_id,
    q.state,
    count(distinct q.row_id) as rows,
    count(*) as reasons,
    count(distinct q.batch_id) as batches,
    max(b.finished_at) as latest_at
from audit.quarantine as q
inner join audit.batch as b on q.county_code = b.county_code and q.batch_id = b.batch_id
group by q.county_code, b.source, b.dataset, b.feed, q.rule_id, q.state
