-- Revision 0014: in which years deliveries stated what another dataset dates, and the month of a row held back.
-- Red-letter entries stand beside the vouchers they correct, and the parts of a receipt beside each other.

create table audit.year_stated (
    county_code char(6) not null,
    dataset text not null,
    item text not null,
    year integer not null,
    primary key (county_code, dataset, item, year)
);
comment on table audit.year_stated is '填报年度; years in which deliveries stated what is dated by another dataset: as long as that says nothing of it, it may be of any of them';
comment on column audit.year_stated.county_code is '县级区划代码; county';
comment on column audit.year_stated.dataset is '数据集; dataset that stated it';
comment on column audit.year_stated.item is '对象; project by its number, or class of a roster by its number';
comment on column audit.year_stated.year is '年度; year in which a delivery stated it';

do $$
begin
    if to_regclass('core.fund_project') is not null then
        execute 'insert into audit.year_stated (county_code, dataset, item, year)'
            || ' select distinct county_code, ''fund_project'', project_no,'
            || ' extract(year from version at time zone ''Asia/Shanghai'')::integer from core.fund_project';
    end if;
    if to_regclass('core.labour_training_roster') is not null then
        execute 'insert into audit.year_stated (county_code, dataset, item, year)'
            || ' select distinct county_code, ''labour_training_roster'', class_key,'
            || ' extract(year from version at time zone ''Asia/Shanghai'')::integer from core.labour_training_roster';
    end if;
end;
$$;

do $$
declare
    fact record;
begin
    for fact in
        select told.name, told.part, told.kind, told.usual, told.number
        from (
            values
            ('fund_payment', 'entry', 'text', 'payment', 'pay_no'),
            ('fund_donation', 'part_no', 'bigint', '0', 'receipt_no')
        ) as told (name, part, kind, usual, number)
        where to_regclass('core.' || told.name) is not null
    loop
        execute 'alter table core.' || fact.name || ' add column ' || fact.part || ' ' || fact.kind
            || ' not null default ' || quote_literal(fact.usual);
        execute 'alter table core.' || fact.name || ' alter ' || fact.part || ' drop default';
        execute 'alter table core.' || fact.name || ' drop constraint ' || fact.name || '_pkey';
        execute 'alter table core.' || fact.name || ' add primary key (county_code, ' || fact.number || ', ' || fact.part || ')';
    end loop;
end;
$$;

alter table audit.quarantine add column month date;
comment on column audit.quarantine.month is '月份; first day of the month the row counts in, empty where its date could not be read or another table dates it';
