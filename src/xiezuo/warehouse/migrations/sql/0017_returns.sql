-- Revision 0017: corrections that come back in the workbook we gave out, and who was given rows as typed.

create table audit.answer (
    county_code char(6) not null,
    batch_id text not null,
    row_no bigint not null,
    root_batch_id text not null,
    answered_batch_id text not null,
    answer_id text not null,
    primary key (county_code, batch_id, row_no)
);
create index answer_answered on audit.answer (county_code, answered_batch_id, row_no);
comment on table audit.answer is '退回修改的答复; rows held back that a returned workbook answers';
comment on column audit.answer.county_code is '县级区划代码; county';
comment on column audit.answer.batch_id is '批次编号; batch of the returned workbook';
comment on column audit.answer.row_no is '行号; row of the delivery that was given back, also the number of the corrected row';
comment on column audit.answer.root_batch_id is '原批次编号; batch of the delivery that was given back';
comment on column audit.answer.answered_batch_id is '所答批次编号; batch the row was held back in: the delivery itself or an earlier return';
comment on column audit.answer.answer_id is '答复编号; keyed hash of the corrected row as typed, tells a second copy from a second correction';

-- A landing that is a return names the delivery it answers, so that it is read again when that comes after it.
create index landing_answers on audit.landing (county_code, (details ->> 'answers')) where details ? 'answers';

create table audit.vault_read (
    county_code char(6) not null,
    read_id text not null,
    batch_id text not null,
    row_count integer not null,
    purpose_zh text not null,
    read_by text not null,
    read_at timestamptz not null,
    primary key (county_code, read_id)
);
comment on table audit.vault_read is '保险库读取登记; who was given rows held back as they were typed';
comment on column audit.vault_read.county_code is '县级区划代码; county';
comment on column audit.vault_read.read_id is '读取编号; one for each batch of each reading';
comment on column audit.vault_read.batch_id is '批次编号; batch the rows came in';
comment on column audit.vault_read.row_count is '行数; rows that were decrypted';
comment on column audit.vault_read.purpose_zh is '用途; what for';
comment on column audit.vault_read.read_by is '读取人; the account that asked';
comment on column audit.vault_read.read_at is '读取时间; when';
