-- Revision 0016: what people decide about whole deliveries. Decisions are added and never changed; where a landing
-- stands by the latest of them is kept with it.

alter table audit.landing
add column standing text not null default 'stands' check (standing in ('stands', 'retracted', 'whole', 'part'));
alter table audit.landing add column standing_no integer not null default 0;
comment on column audit.landing.standing is '地位; stands, retracted, or decided to be the whole of its date or a part of it';
comment on column audit.landing.standing_no is '决定序号; number of the decision by which it stands, 0 where nobody decided';

alter table audit.landing add column edition integer not null default 1;
comment on column audit.landing.edition is '版次; which content of its place it is, 1 for the first that was fetched from there';

create table audit.delivery_decision (
    county_code char(6) not null,
    decision_no integer not null,
    landing_id text not null,
    standing text not null check (standing in ('stands', 'retracted', 'whole', 'part')),
    reason_zh text not null,
    decided_by text not null,
    decided_at timestamptz not null,
    primary key (county_code, decision_no)
);
comment on table audit.delivery_decision is '报表处理登记; what people decided about a delivery as a whole, every decision kept';
comment on column audit.delivery_decision.county_code is '县级区划代码; county';
comment on column audit.delivery_decision.decision_no is '序号; decisions of a county in the order they were made';
comment on column audit.delivery_decision.landing_id is '落地编号; delivery it is about';
comment on column audit.delivery_decision.standing is '决定; stands again, retracted, the whole of its date, or a part of it';
comment on column audit.delivery_decision.reason_zh is '理由; why, as typed by the office';
comment on column audit.delivery_decision.decided_by is '决定人; who decided';
comment on column audit.delivery_decision.decided_at is '决定时间; when';
