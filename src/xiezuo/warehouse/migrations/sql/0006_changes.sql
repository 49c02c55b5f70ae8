-- Revision 0006: what a build needs so that it costs what changed: which dataset touched a month, what the months of
-- a figure that adds hold, which deliveries no check has seen; and indexes for what operations look up every night.
-- One statement each; every key holds county_code.

alter table audit.touched_period add column dataset text not null default '';
comment on column audit.touched_period.dataset is '数据集; dataset whose rows or days changed, empty where figures of any may have';

create table audit.month_figure (
    county_code char(6) not null,
    indicator_id text not null,
    month date not null,
    breakdown text not null default '',
    value numeric(20, 4),
    is_at_least boolean not null,
    primary key (county_code, indicator_id, month, breakdown)
);
comment on table audit.month_figure is '分月合计; what the rows of each month add to a figure that adds, so that other months are not read again';
comment on column audit.month_figure.county_code is '县级区划代码; county';
comment on column audit.month_figure.indicator_id is '指标编号; indicator whose header says additive';
comment on column audit.month_figure.month is '月份; first day of the month, also one that has not begun';
comment on column audit.month_figure.breakdown is '分组; empty for the whole county, else a 9-digit township code';
comment on column audit.month_figure.value is '数值; sum or number of the month''s rows, null when their amounts are; a month without rows has no line';
comment on column audit.month_figure.is_at_least is '是否下限; whether a lower bound is among them';

-- What is on record was checked, as far as audit.checked_county tells; an empty catalogue has all of it checked again.
alter table audit.batch add column is_checked boolean not null default true;
alter table audit.batch alter column is_checked set default false;
comment on column audit.batch.is_checked is '是否已核对; whether the checks of its dataset have run since it was loaded';
delete from audit.check_definition;
drop table audit.checked_county;

create index batch_unchecked on audit.batch (county_code, dataset) where state = 'loaded' and not is_checked;
create index batch_started on audit.batch (started_at);
create index batch_refused on audit.batch (county_code) where state <> 'loaded';
create index batch_delivered on audit.batch (county_code, dataset, feed, reporting_unit, version);
create index landing_content on audit.landing (county_code, sha256);
create index run_unfinished on audit.run (run_no) where state <> 'done';
create index run_of_dag on audit.run (split_part(run_id, ':', 1), run_no);
create index run_source_down on audit.run (county_code, part, run_no) where stage = 'fetch';

-- A build reads the touched months of touched counties: by blocks, where one night of many counties lies in the same
-- ones, that would be everybody's month. The check of orders told twice reads what did not come by the first feed.
do $$
declare
    by_block record;
begin
    for by_block in
        select
            indexname,
            indexdef
        from pg_indexes
        where schemaname = 'core' and strpos(indexdef, ' USING brin ') > 0 and right(indexname, 8) <> 'batch_id'
    loop
        execute 'drop index core.' || quote_ident(by_block.indexname);
        execute replace(by_block.indexdef, ' USING brin ', ' USING btree ');
    end loop;
    if to_regclass('core.sales_order') is not null then
        create index sales_order_other_feed on core.sales_order (county_code) where feed_rank > 1;
    end if;
end
$$;
