-- Revision 0021: three people sign a release, and every answer that was given is on record
-- (docs/decisions/0047-sign-off.md). Releases of before keep the heads they have: their signatures stay empty.

create table publish.signature (
    county_code char(6) not null,
    period text not null,
    draft_no integer not null,
    answer_no integer not null,
    step integer not null,
    accepts boolean not null,
    account text not null,
    name text not null,
    role text not null,
    refused_zh text not null default '',
    reason text not null default '',
    answered_at timestamptz not null,
    primary key (county_code, period, draft_no, answer_no)
);
create unique index signature_step on publish.signature (county_code, period, draft_no, step) where refused_zh = '';
comment on table publish.signature is '签审记录; every answer to a draft, also those that were refused and count for nothing';
comment on column publish.signature.county_code is '县级区划代码; county';
comment on column publish.signature.period is '期间; month or year';
comment on column publish.signature.draft_no is '稿次; draft that was answered';
comment on column publish.signature.answer_no is '答复序号; 1, 2, … of the draft';
comment on column publish.signature.step is '步骤; 1 送审, 2 审核, 3 审定';
comment on column publish.signature.accepts is '是否同意; false when the draft was sent back';
comment on column publish.signature.account is '账号; who was logged in';
comment on column publish.signature.name is '姓名; of the account at that time, empty when nobody is named for it';
comment on column publish.signature.role is '角色; of the account at that time, empty when nobody is named for it';
comment on column publish.signature.refused_zh is '不予接受的原因; why the answer counts for nothing, empty when it counts';
comment on column publish.signature.reason is '退回理由; why the draft was sent back, as typed';
comment on column publish.signature.answered_at is '答复时间; when';

alter table publish.release add column signatures text not null default '';
comment on column publish.release.signatures is '签审人; JSON of who submitted, reviewed and approved, empty before three people signed';
comment on column publish.release.approved_by is '审定人; name of who approved, of releases before three people signed the account';
comment on column publish.release.head is '链首; SHA-256 over the previous head and all other columns, signatures where there are any';

-- Whom a message about a trouble goes to: accounts of people, empty for the groups that are told of everything.
alter table audit.alert add column told_to text[] not null default '{}';
comment on column audit.alert.told_to is '通知对象; accounts of the people a message is for, empty for the groups on duty';
