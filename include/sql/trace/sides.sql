-- how many of the traced rows each side of a rate counts. grain: one row a side that has any. reads: traced.
select
    side_no,
    count(*) as rows_counted
from traced
group by side_no
