-- core.<dataset>: drops the lines of an order that its newest export no longer has.
-- grain: one row a key. reads: gone.
delete from {core} as c
using gone as s
where {s_is_c}
