-- Revision 0019: what a person says to a finding of a check. It is never changed; a finding that says something else is
-- open again.

create table audit.check_answer (
    county_code char(6) not null,
    check_id text not null,
    period text not null,
    finding char(32) not null,
    answer_zh text not null,
    answered_by text not null,
    answered_at timestamptz not null,
    primary key (county_code, check_id, period, finding, answered_at)
);
comment on table audit.check_answer is '核对答复; what a person says to a finding of a check, for good';
comment on column audit.check_answer.county_code is '县级区划代码; county';
comment on column audit.check_answer.check_id is '核对编号; check';
comment on column audit.check_answer.period is '期间; period of the finding';
comment on column audit.check_answer.finding is '发现摘要; digest of values and detail: the answer is to this and to nothing else';
comment on column audit.check_answer.answer_zh is '答复; what was said, without anything personal';
comment on column audit.check_answer.answered_by is '答复人; who said it';
comment on column audit.check_answer.answered_at is '答复时间; when';
