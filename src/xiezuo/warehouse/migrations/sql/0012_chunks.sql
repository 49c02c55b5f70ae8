-- Revision 0012: rows of a batch are found by their numbers too.

-- Staging tables are empty between batches; with an index that has row numbers they are made anew after this.
do $$
declare
    made_before record;
begin
    for made_before in select tablename from pg_tables where schemaname = 'staging' loop
        execute 'drop table staging.' || quote_ident(made_before.tablename);
    end loop;
end
$$;
