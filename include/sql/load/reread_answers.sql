-- Lines of quarantine of batches about to be read again that were answered.
-- grain: one row a reason. reads: audit.quarantine.
select
    quarantine_id,
    state,
    explanation_zh
from audit.quarantine
where county_code = %(county_code)s and batch_id = any(%(batches)s::text[]) and state <> 'open'
