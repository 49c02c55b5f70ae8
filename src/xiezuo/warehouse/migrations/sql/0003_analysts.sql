-- Revision 0003: the star: persons and organisations as dimensions, validity of divisions, targets for progress.
-- Foreign keys of the facts follow from the contracts (src/xiezuo/warehouse/star.py).

alter table core.division add column valid_from date;
alter table core.division add column valid_to date;
alter table core.division add column is_listed boolean not null default true;
comment on column core.division.valid_from is '启用日期; first day of validity where the file tells it';
comment on column core.division.valid_to is '停用日期; last day of validity where the file tells it';
comment on column core.division.is_listed is '是否在册; whether the county''s file still lists it; one that facts refer to is never deleted';

alter table core.division
add constraint division_county_code_fkey foreign key (county_code) references core.county (county_code);

create table core.person (
    county_code char(6) not null,
    person_key text not null,
    sex text,
    birth_year integer,
    household_type text,
    monitor_class text,
    version timestamptz not null,
    primary key (county_code, person_key),
    foreign key (county_code) references core.county (county_code)
);
comment on table core.person is '个人维度（无姓名、无证件号码）; people as facts know them: a keyed hash and what figures need, no name and no number';
comment on column core.person.county_code is '县级区划代码; county';
comment on column core.person.person_key is '个人键; keyed hash of the identity number, or of name and unit where a ledger has no number';
comment on column core.person.sex is '性别; male or female, from the identity number';
comment on column core.person.birth_year is '出生年; from the identity number';
comment on column core.person.household_type is '户类型; as last told: lifted, monitored, ordinary, or as typed';
comment on column core.person.monitor_class is '监测对象类别; as last told, of a monitored household';
comment on column core.person.version is '版本; version of the delivery that last told the household type, -infinity where none did';

create table core.party (
    county_code char(6) not null,
    party_key text not null,
    uscc text,
    party_name text,
    kind text,
    version timestamptz not null,
    primary key (county_code, party_key),
    foreign key (county_code) references core.county (county_code)
);
comment on table core.party is '单位维度; enterprises, cooperatives, agencies and other organisations that ledgers name';
comment on column core.party.county_code is '县级区划代码; county whose ledgers name it';
comment on column core.party.party_key is '单位键; unified social credit code, else the normalised name, empty where a ledger names none';
comment on column core.party.uscc is '统一社会信用代码; null where the ledger gives a name only';
comment on column core.party.party_name is '名称; name as last told';
comment on column core.party.kind is '单位性质; from the first two signs of the credit code (GB 32100): enterprise, individual_business, cooperative, agency, institution, association, private_non_enterprise, foundation, collective, other; null without a code';
comment on column core.party.version is '版本; version of the delivery that last told the name, -infinity where none did';

alter table mart.indicator_value
add constraint indicator_value_indicator_id_fkey foreign key (indicator_id)
references mart.indicator (indicator_id) deferrable initially deferred;

alter table mart.indicator_value
add constraint indicator_value_county_code_fkey foreign key (county_code)
references core.county (county_code) deferrable initially deferred;

create table audit.schema_part (
    part text primary key,
    digest text not null
);
comment on table audit.schema_part is '结构清单; what each table and view was last made from, so that an unchanged one is left alone';
comment on column audit.schema_part.part is '部件; dataset or view';
comment on column audit.schema_part.digest is '摘要; digest of its contract or file, and of the code that makes it';

-- Replaced by include/sql/views/target.sql as soon as core.work_target exists.
create view mart.target as
select
    null::char(6) as county_code,
    null::bigint as year,
    null::text as indicator_id,
    null::numeric(20, 4) as target,
    null::text as unit
where false;
comment on view mart.target is '年度任务; targets of the year, none on record yet';
comment on column mart.target.county_code is '县级区划代码; county';
comment on column mart.target.year is '年度; year of the agreement';
comment on column mart.target.indicator_id is '指标编号; indicator the target is for';
comment on column mart.target.target is '任务数; target in the indicator''s unit, money in 元';
comment on column mart.target.unit is '填报单位; unit as the ledger states it';
