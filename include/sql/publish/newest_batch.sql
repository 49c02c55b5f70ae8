-- the delivery of some datasets that was loaded last. grain: one row. reads: audit.batch.
select b.batch_id
from audit.batch as b
where
    b.county_code = %(county_code)s
    and b.dataset = any(%(datasets)s)
    and b.state = 'loaded'
    and b.rows_loaded + b.rows_withdrawn > 0
order by b.finished_at desc, b.version desc, b.batch_id
limit 1
