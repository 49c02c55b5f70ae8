-- Revision 0013: what offices decide about words. Decisions are added and never changed: the latest of a word holds.

create table audit.word (
    county_code char(6) not null,
    decision_no bigint not null,
    field text not null,
    word text not null,
    word_key text not null,
    state text not null check (state in ('accepted', 'rejected')),
    value text,
    valid_from date,
    valid_to date,
    reason_zh text not null default '',
    decided_by text not null,
    decided_at timestamptz not null,
    rows_waiting bigint not null,
    primary key (county_code, decision_no),
    constraint word_accepted_has_a_value check ((state = 'accepted') = (value is not null)),
    constraint word_is_valid_in_order check (valid_from is null or valid_to is null or valid_from <= valid_to)
);
comment on table audit.word is '词语登记; what a county decided that a word in its ledgers stands for, every decision kept';
comment on column audit.word.county_code is '县级区划代码; county';
comment on column audit.word.decision_no is '序号; decisions of a county in the order they were made';
comment on column audit.word.field is '登记簿; field whose words these are, or division for names of townships and villages';
comment on column audit.word.word is '填法; word as typed';
comment on column audit.word.word_key is '比对形式; word without width, spaces, marks and case';
comment on column audit.word.state is '决定; accepted or rejected';
comment on column audit.word.value is '含义; value the word stands for, or division code';
comment on column audit.word.valid_from is '起始日; first day of rows the word is read on, empty for ever since';
comment on column audit.word.valid_to is '截止日; last day of rows the word is read on, empty while it goes on';
comment on column audit.word.reason_zh is '理由; why, as typed by the office';
comment on column audit.word.decided_by is '决定人; who decided';
comment on column audit.word.decided_at is '决定时间; when';
comment on column audit.word.rows_waiting is '等待行数; rows of the county''s datasets that waited for words of the field when it was decided';
