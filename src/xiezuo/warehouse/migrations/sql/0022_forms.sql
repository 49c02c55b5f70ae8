-- Revision 0022: other people's forms, and what the office has confirmed of each.

create table publish.form (
    county_code char(6) not null,
    form_name text not null,
    edition integer not null,
    sha256 char(64) not null,
    file_name text not null,
    document bytea not null,
    lines jsonb not null,
    decided_by text not null,
    decided_at timestamptz not null,
    primary key (county_code, form_name, edition)
);
comment on table publish.form is '套表; blank forms of other offices, and which indicator the office has confirmed for each of their lines';
comment on column publish.form.county_code is '县级区划代码; county that fills it';
comment on column publish.form.form_name is '表名; what the form is called, the same in all its editions';
comment on column publish.form.edition is '版次; counts from 1, the highest stands';
comment on column publish.form.sha256 is '内容摘要; SHA-256 of the blank';
comment on column publish.form.file_name is '文件名; name of the blank, and of what is filled';
comment on column publish.form.document is '空表; the blank';
comment on column publish.form.lines is '逐项确认; lines of rows, spans of time and places with their answers';
comment on column publish.form.decided_by is '确认人; who confirmed it';
comment on column publish.form.decided_at is '确认时间; when';
