-- Revision 0002: a snapshot of dated rows is the whole truth of one year, not of all years.
-- A ledger of 2022 lists the people of 2022; the rows of 2021 stay as 2021's last ledger left them.
alter table audit.snapshot_scope add column scope_year integer not null default 0;
alter table audit.snapshot_scope drop constraint snapshot_scope_pkey;
alter table audit.snapshot_scope add primary key (county_code, dataset, reporting_unit, scope_year);
comment on column audit.snapshot_scope.scope_year is '所属年度; year whose rows the snapshot states, 0 for a register without years';

-- Scopes on record have no year: the year of their version is what the newest ledger stated.
update audit.snapshot_scope
set scope_year = extract(year from version at time zone 'Asia/Shanghai')
where dataset in ('labour_placement', 'work_meeting');

-- What a delivery looked like, so that the next one's missing columns and changed units can be named.
alter table audit.batch add column shape jsonb not null default '{}';
comment on column audit.batch.shape is '表样; fields the delivery had columns for, and the median amount of each money column';
