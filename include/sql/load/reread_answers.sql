-- Lines of quarantine of batches about to be read again that somebody explained.
-- grain: one row a reason and place. reads: audit.quarantine.
select
    quarantine_id,
    explanation_zh
from audit.quarantine
where county_code = %(county_code)s and batch_id = any(%(batches)s::text[]) and explanation_zh <> ''
