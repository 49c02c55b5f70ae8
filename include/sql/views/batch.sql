-- zh: 批次（不含文件名）
-- en: what became of every delivery's rows and yuan, without the names of files
-- grain: one row a batch
-- reads: audit.batch
-- columns:
--   county_code: 县级区划代码; county
--   batch_id: 批次编号; batch
--   source: 来源类别; labour sales fund work
--   dataset: 数据集; dataset the rows belong to, empty where a file was no ledger
--   feed: 来源渠道; feed of the dataset
--   version: 版本; reported date of a file, end of an API window, latest update of a database extract
--   covers_to: 数据截止日; last day the delivery speaks of
--   delivery: 交付方式; snapshot or increment
--   state: 状态; loaded, refused or gated
--   refusal_code: 拒收代码; stable code of the refusal
--   rows_read: 读取行数; rows in the delivery
--   rows_loaded: 入库行数; rows inserted or that changed the current row
--   rows_unchanged: 未变行数; rows already stored, identical
--   rows_superseded: 被取代行数; rows of which a newer version is known
--   rows_duplicate: 重复行数; rows identical to another row of the batch
--   rows_quarantined: 隔离行数; rows held back
--   rows_ignored: 忽略行数; title, header, total and blank rows
--   rows_withdrawn: 撤回行数; rows an earlier snapshot had and this one no longer has
--   rows_amount_unreadable: 金额无法识别行数; rows whose amount could not be read
--   yuan_read: 读取金额（元）; sum over the rows whose amount could be read
--   yuan_loaded: 入库金额（元）; of which loaded
--   yuan_quarantined: 隔离金额（元）; of which quarantined
--   started_at: 开始时间; when loading began
--   finished_at: 结束时间; when the batch was closed
select
    b.county_code,
    b.batch_id,
    b.source,
    b.dataset,
    b.feed,
    b.version,
    b.covers_to,
    b.delivery,
    b.state,
    b.refusal_code,
    b.rows_read,
    b.rows_loaded,
    b.rows_unchanged,
    b.rows_superseded,
    b.rows_duplicate,
    b.rows_quarantined,
    b.rows_ignored,
    b.rows_withdrawn,
    b.rows_amount_unreadable,
    b.yuan_read,
    b.yuan_loaded,
    b.yuan_quarantined,
    b.started_at,
    b.finished_at
from audit.batch as b
