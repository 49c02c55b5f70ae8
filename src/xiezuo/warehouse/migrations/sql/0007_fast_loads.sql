-- Revision 0007: loads that cost what changed (docs/decisions/0018-fast-loads.md).

-- Staging tables are empty between batches; those without the columns and the key they had are made anew after this.
do $$
declare
    made_before record;
begin
    for made_before in select tablename from pg_tables where schemaname = 'staging' loop
        execute 'drop table staging.' || quote_ident(made_before.tablename);
    end loop;
end
$$;

-- Orders are looked up by their number: first in the key, it keeps orders of one time together, and finds those of
-- other feeds. Their batches lie together, so a few bytes a block find them.
do $$
begin
    if to_regclass('core.sales_order') is not null then
        alter table core.sales_order drop constraint sales_order_pkey;
        alter table core.sales_order add primary key (county_code, order_no, shop_uscc, platform, line_no);
        drop index if exists core.sales_order_batch_id;
        create index sales_order_batch_id on core.sales_order using brin (county_code, batch_id);
    end if;
end
$$;

-- A newer delivery answers what was wrong with the ones before it: found by place, not by reading all of them.
create index batch_place on audit.batch (county_code, dataset, uri);
create index quarantine_batch on audit.quarantine (county_code, batch_id) where state = 'open';
