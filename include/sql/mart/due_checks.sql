-- due_check: the datasets of deliveries that no check has seen; a row that moves no figure (a project without a letter)
-- can still be a finding. A delivery that commits after this is seen by the next build.
-- grain: one row a county and dataset. reads: audit.batch.
with seen as (
    update audit.batch
    set is_checked = true
    where state = 'loaded' and not is_checked
    returning county_code, dataset
)

insert into due_check (county_code, dataset)
select distinct
    county_code,
    dataset
from seen
