-- Revision 0028: targets with foresight: from which share of its target a forecast is nearly there, who has to act, and
-- how the figures of an indicator come about in the course of a year.

alter table core.threshold drop constraint threshold_kind_check;
alter table core.threshold add constraint threshold_kind_check
check (kind in ('spending_progress', 'industry_share', 'target_outlook'));
comment on column core.threshold.kind is '种类; spending_progress, industry_share or target_outlook';

create table core.responsible (
    county_code char(6) not null,
    source text not null,
    office_zh text not null,
    primary key (county_code, source)
);
comment on table core.responsible is '责任部门; who answers for the figures of a source, from include/operations.yaml, one row a county and source';
comment on column core.responsible.county_code is '县级区划代码; county';
comment on column core.responsible.source is '来源; labour, sales, fund or work';
comment on column core.responsible.office_zh is '责任部门; the office that has to act when a target of it is behind';

alter table mart.indicator add column course text not null default 'flow';
alter table mart.indicator add constraint indicator_course_check
check (course in ('flow', 'stock', 'announced', 'rate'));
comment on column mart.indicator.course is '年内变化; flow comes in through the year, stock is what stands on the day, announced comes at once with a decision, rate is a share';
