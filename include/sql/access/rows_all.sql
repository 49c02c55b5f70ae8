-- policy: every row. Roles that read all counties, and tables that say the same to every county.
-- grain: one policy. reads: nothing.
create policy rows_all on {table} to {roles} using (true) with check (true)
