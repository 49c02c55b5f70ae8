-- bench.sales_order: the staged rows by key; a row that is there already with the same digest stays untouched.
-- grain: one row a key. reads: bench.staged.
merge into bench.sales_order as c
using bench.staged as s
    on {s_is_c}
when matched and c.row_hash <> s.row_hash then update set {assignments}
when not matched then insert ({columns}) values ({columns_of_s})
