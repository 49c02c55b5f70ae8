-- {table}: its seed once more, for another county and month, or year.
-- grain: that of the table. reads: {seed}.
insert into {table} ({columns})
select {values}
from {seed}
where {condition}
