-- Revision 0020: who logs in for which county or unit. Whoever reads does not set it: policies ask this table for the
-- account that logged in, not for anything a session can change.

create table audit.access (
    county_code char(6) not null,
    login text not null check (starts_with(login, 'xiezuo_')),
    unit text,
    added_by text not null,
    added_at timestamptz not null,
    primary key (county_code, login)
);
create index access_login on audit.access (login);
comment on table audit.access is '登录授权; which county, or which reporting unit of it, an account of an office or a station reads';
comment on column audit.access.county_code is '县级区划代码; county the account reads';
comment on column audit.access.login is '登录账号; role that logs in to the database';
comment on column audit.access.unit is '填报单位; the one unit a station reads, empty for an office, which reads all of them';
comment on column audit.access.added_by is '授权人; who gave access, by the name of the account on the machine';
comment on column audit.access.added_at is '授权时间; when';

-- Both run with the rights of their owner, for who logs in may not read the table, and take nothing from the caller.
create function audit.own_counties() returns setof char(6)
language sql stable security definer set search_path = pg_catalog
as $$
    select a.county_code
    from audit.access as a
    where a.login = session_user and a.unit is null
$$;
comment on function audit.own_counties() is '本账号所属县; counties that the account reads which logged in';

create function audit.own_units() returns table (county_code char(6), unit text)
language sql stable security definer set search_path = pg_catalog
as $$
    select
        a.county_code,
        a.unit
    from audit.access as a
    where a.login = session_user and a.unit is not null
$$;
comment on function audit.own_units() is '本账号所属单位; reporting units that the account reads which logged in';

create table publish.town_figure (
    county_code char(6) not null,
    period text not null,
    edition_no integer not null,
    indicator_id text not null,
    breakdown text not null,
    value numeric(20, 4),
    release_id text not null,
    given_at timestamptz not null,
    primary key (county_code, period, edition_no, indicator_id, breakdown)
);
comment on table publish.town_figure is '对外乡镇数; counts of people in townships as they were given out, small ones and what gives them away hidden';
comment on column publish.town_figure.county_code is '县级区划代码; county';
comment on column publish.town_figure.period is '年度; year, of which a release stands';
comment on column publish.town_figure.edition_no is '版次; 1, 2, … of the same year; made anew when the release changes something';
comment on column publish.town_figure.indicator_id is '指标编号; indicator';
comment on column publish.town_figure.breakdown is '乡镇代码; 9-digit township code';
comment on column publish.town_figure.value is '数值; value that was shown, null where it was hidden';
comment on column publish.town_figure.release_id is '发布编号; release the figures are of';
comment on column publish.town_figure.given_at is '对外时间; when it was first given out';
