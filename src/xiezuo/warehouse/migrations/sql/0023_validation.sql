-- Revision 0023: what the rules said of every batch, of those that passed too.

create table audit.validation (
    county_code char(6) not null,
    batch_id text not null,
    rule_id text not null,
    dataset text not null,
    suite text not null check (suite in ('rows', 'gate')),
    severity text not null check (severity in ('critical', 'warning')),
    evaluated bigint not null,
    failed bigint not null,
    primary key (county_code, batch_id, rule_id),
    foreign key (county_code, batch_id) references audit.batch (county_code, batch_id) on delete cascade,
    check (failed between 0 and evaluated)
);
comment on table audit.validation is '校验结果; what each rule of its suites said of a batch that was loaded or held back by a gate';
comment on column audit.validation.county_code is '县级区划代码; county';
comment on column audit.validation.batch_id is '批次编号; batch that was judged, with which the line goes';
comment on column audit.validation.rule_id is '规则编号; rule, as expectations/ names it';
comment on column audit.validation.dataset is '数据集; dataset whose suite the rule is of';
comment on column audit.validation.suite is '规则类别; rows: asked of each row; gate: asked of the delivery as a whole';
comment on column audit.validation.severity is '严重程度; critical: what fails is held back; warning: it is told and goes on';
comment on column audit.validation.evaluated is '校验数; rows that could be read, or deliveries, that the rule was asked of';
comment on column audit.validation.failed is '不通过数; of which broke it';
