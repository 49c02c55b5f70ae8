-- Revision 0010: digests of rows are written in base64 instead of the letters a to p; the digests are the same.
-- Rows that are ordered by their own digest (of platforms and databases) hold it twice.
create function audit.in_base64(letters text) returns text language sql immutable
return encode(decode(translate(letters, 'abcdefghijklmnop', '0123456789abcdef'), 'hex'), 'base64');

do $$
declare
    dataset text;
begin
    for dataset in
        select table_name from information_schema.columns
        where table_schema = 'core' and column_name = 'row_hash' order by table_name
    loop
        execute 'update core.' || quote_ident(dataset) || ' set row_hash = audit.in_base64(row_hash),'
            || ' version_tie = case when version_tie = row_hash then audit.in_base64(row_hash) else version_tie end'
            || ' where row_hash ~ ' || quote_literal('^[a-p]{32}$');
    end loop;
end;
$$;

update audit.category_told
set version_tie = audit.in_base64(version_tie)
where version_tie ~ '^[a-p]{32}$';

drop function audit.in_base64;
