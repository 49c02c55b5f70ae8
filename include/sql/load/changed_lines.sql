-- changed (of this transaction): what was stored in the lines that are gone.
-- grain: one row a distinct value. reads: gone.
insert into changed ({changing})
select distinct {changing}
from gone
