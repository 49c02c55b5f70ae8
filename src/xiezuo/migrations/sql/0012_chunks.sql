-- Revision 0012: rows are merged while later ones are still read (docs/decisions/0026-merging-ahead.md).

-- Staging tables are empty between batches; with the index that finds the rows of a chunk they are made anew after this.
do $$
declare
    made_before record;
begin
    for made_before in select tablename from pg_tables where schemaname = 'staging' loop
        execute 'drop table staging.' || quote_ident(made_before.tablename);
    end loop;
end
$$;
