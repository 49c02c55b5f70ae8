-- Revision 0011: drafts, decisions, frozen releases and what reached them late (docs/decisions/0023-releases.md).
-- Rows are only ever added: grants.sql gives nobody more, the owner included (therefore no foreign keys: checking one
-- takes the owner's right to update what it refers to). One statement each; every key holds county_code.

create table publish.template (
    county_code char(6) not null,
    sha256 char(64) not null,
    file_name text not null,
    document bytea not null,
    primary key (county_code, sha256)
);
comment on table publish.template is '文档模板; Word templates as they were when a draft was made of them';
comment on column publish.template.county_code is '县级区划代码; county whose draft used it';
comment on column publish.template.sha256 is '内容摘要; SHA-256 of the file';
comment on column publish.template.file_name is '文件名; name under include/reports';
comment on column publish.template.document is '文件内容; the file';

create table publish.draft (
    county_code char(6) not null,
    period text not null,
    draft_no integer not null,
    digest char(64) not null,
    content text not null,
    drafted_at timestamptz not null,
    primary key (county_code, period, draft_no)
);
comment on table publish.draft is '待审稿; all that the documents of a period say, written once and never changed';
comment on column publish.draft.county_code is '县级区划代码; county';
comment on column publish.draft.period is '期间; month like 2022-01 or year like 2022';
comment on column publish.draft.draft_no is '稿次; 1, 2, … in the period';
comment on column publish.draft.digest is '内容摘要; SHA-256 of the content, which an approval names';
comment on column publish.draft.content is '内容; canonical JSON of xiezuo.publish.documents.content';
comment on column publish.draft.drafted_at is '成稿时间; when it was made';

create table publish.decision (
    county_code char(6) not null,
    period text not null,
    draft_no integer not null,
    decision text not null check (decision in ('approved', 'rejected', 'superseded')),
    decided_by text not null,
    decided_at timestamptz not null,
    reason text not null default '',
    primary key (county_code, period, draft_no)
);
comment on table publish.decision is '审定结果; what became of a draft: one decision each, and none of its own accord';
comment on column publish.decision.county_code is '县级区划代码; county';
comment on column publish.decision.period is '期间; month or year';
comment on column publish.decision.draft_no is '稿次; draft decided on';
comment on column publish.decision.decision is '结果; approved, rejected, or superseded by a newer draft';
comment on column publish.decision.decided_by is '审定人; who decided, for a superseded draft the pipeline';
comment on column publish.decision.decided_at is '审定时间; when';
comment on column publish.decision.reason is '理由; why it was rejected or restated, as typed';

create table publish.release (
    county_code char(6) not null,
    period text not null,
    release_no integer not null,
    release_id text not null,
    chain_no integer not null,
    draft_no integer not null,
    digest char(64) not null,
    approved_by text not null,
    approved_at timestamptz not null,
    reason text not null default '',
    previous_head text not null,
    head char(64) not null,
    primary key (county_code, period, release_no),
    unique (county_code, release_id),
    unique (county_code, chain_no)
);
comment on table publish.release is '定稿; approved drafts, each bound to the one before by a hash: the head is printed in its documents';
comment on column publish.release.county_code is '县级区划代码; county';
comment on column publish.release.period is '期间; month or year';
comment on column publish.release.release_no is '版次; 1 is the first, later ones restate it';
comment on column publish.release.release_id is '发布编号; like 620422-2022-01-r1';
comment on column publish.release.chain_no is '链上序号; place in the county''s chain, from 1';
comment on column publish.release.draft_no is '稿次; draft that was approved';
comment on column publish.release.digest is '内容摘要; SHA-256 of the draft''s content';
comment on column publish.release.approved_by is '审定人; account that approved';
comment on column publish.release.approved_at is '审定时间; when';
comment on column publish.release.reason is '更正理由; why an earlier release is restated, empty for the first';
comment on column publish.release.previous_head is '前一链首; head of the release before in the county, empty for its first';
comment on column publish.release.head is '链首; SHA-256 over the previous head and all columns above';

create table publish.figure (
    county_code char(6) not null,
    release_id text not null,
    period_kind text not null,
    period text not null,
    indicator_id text not null,
    breakdown text not null default '',
    value numeric(20, 4),
    unit text not null,
    qualifier text not null,
    as_of date not null,
    batches text[] not null default '{}',
    primary key (county_code, release_id, period_kind, period, indicator_id, breakdown)
);
comment on table publish.figure is '定稿数字; every value of a release, as mart.indicator_value had it';
comment on column publish.figure.county_code is '县级区划代码; county';
comment on column publish.figure.release_id is '发布编号; release';
comment on column publish.figure.period_kind is '期间类型; month, year_to_date or year';
comment on column publish.figure.period is '期间; month or year';
comment on column publish.figure.indicator_id is '指标编号; indicator';
comment on column publish.figure.breakdown is '分组; empty for the whole county, else a 9-digit township code';
comment on column publish.figure.value is '数值; null when nothing was reported';
comment on column publish.figure.unit is '单位; money always in 元';
comment on column publish.figure.qualifier is '限定; exact, at_least or not_reported';
comment on column publish.figure.as_of is '数据截止日; day the value speaks of';
comment on column publish.figure.batches is '批次编号; deliveries whose rows are counted, of values of the whole county';

create table publish.restated (
    county_code char(6) not null,
    release_id text not null,
    period_kind text not null,
    period text not null,
    indicator_id text not null,
    breakdown text not null default '',
    restates text not null,
    old_value numeric(20, 4),
    old_qualifier text not null,
    new_value numeric(20, 4),
    new_qualifier text not null,
    unit text not null,
    reason text not null,
    batches text[] not null default '{}',
    primary key (county_code, release_id, period_kind, period, indicator_id, breakdown)
);
comment on table publish.restated is '更正; what a release says otherwise than the one before of the same period';
comment on column publish.restated.county_code is '县级区划代码; county';
comment on column publish.restated.release_id is '发布编号; release that restates';
comment on column publish.restated.period_kind is '期间类型; month, year_to_date or year';
comment on column publish.restated.period is '期间; month or year';
comment on column publish.restated.indicator_id is '指标编号; indicator';
comment on column publish.restated.breakdown is '分组; empty for the whole county, else a 9-digit township code';
comment on column publish.restated.restates is '原发布编号; release whose value is restated';
comment on column publish.restated.old_value is '原数; value it stated, null when not reported';
comment on column publish.restated.old_qualifier is '原限定; its qualifier';
comment on column publish.restated.new_value is '现数; value now, null when not reported';
comment on column publish.restated.new_qualifier is '现限定; its qualifier';
comment on column publish.restated.unit is '单位; money always in 元';
comment on column publish.restated.reason is '理由; as typed by whoever approved';
comment on column publish.restated.batches is '批次编号; deliveries that brought the difference';

create table publish.adjustment (
    county_code char(6) not null,
    release_id text not null,
    period_kind text not null,
    period text not null,
    indicator_id text not null,
    breakdown text not null default '',
    adjustment_no integer not null,
    old_value numeric(20, 4),
    old_qualifier text not null,
    new_value numeric(20, 4),
    new_qualifier text not null,
    unit text not null,
    batches text[] not null default '{}',
    noticed_at timestamptz not null,
    primary key (county_code, release_id, period_kind, period, indicator_id, breakdown, adjustment_no)
);
comment on table publish.adjustment is '结账后调整; values of a closed period that late data changed: readers see them by a restatement only';
comment on column publish.adjustment.county_code is '县级区划代码; county';
comment on column publish.adjustment.release_id is '发布编号; release whose value differs now';
comment on column publish.adjustment.period_kind is '期间类型; month, year_to_date or year';
comment on column publish.adjustment.period is '期间; month or year';
comment on column publish.adjustment.indicator_id is '指标编号; indicator';
comment on column publish.adjustment.breakdown is '分组; empty for the whole county, else a 9-digit township code';
comment on column publish.adjustment.adjustment_no is '序次; 1, 2, … of the same figure of the same release';
comment on column publish.adjustment.old_value is '原数; value known before: the release''s, or that of the adjustment before';
comment on column publish.adjustment.old_qualifier is '原限定; its qualifier';
comment on column publish.adjustment.new_value is '现数; value now, null when not reported';
comment on column publish.adjustment.new_qualifier is '现限定; its qualifier';
comment on column publish.adjustment.unit is '单位; money always in 元';
comment on column publish.adjustment.batches is '批次编号; deliveries that brought the difference';
comment on column publish.adjustment.noticed_at is '发现时间; when a build noticed it';

create table publish.document (
    county_code char(6) not null,
    release_id text not null,
    file_name text not null,
    sha256 char(64) not null,
    software text not null,
    primary key (county_code, release_id, file_name)
);
comment on table publish.document is '定稿文件; files of a release as first written: one written again has to have the same bytes';
comment on column publish.document.county_code is '县级区划代码; county';
comment on column publish.document.release_id is '发布编号; release';
comment on column publish.document.file_name is '文件名; like bulletin.docx';
comment on column publish.document.sha256 is '内容摘要; SHA-256 of the file';
comment on column publish.document.software is '软件版本; what wrote it';

-- Somebody may say why a row that is held back does not keep a period from being closed.
alter table audit.quarantine add column explanation_zh text not null default '';
comment on column audit.quarantine.explanation_zh is '说明; why a row held back need not wait for a correction, as typed by the office';

-- What readers knew when a release was made: of every period of its county, the latest release up to it.
create function mart.indicator_value_as_of(release text) returns table (
    county_code char(6), period_kind text, period text, indicator_id text, breakdown text,
    value numeric(20, 4), unit text, qualifier text, as_of date
) language sql stable
as $$
    with known as (
        select
            r.county_code,
            r.release_id,
            row_number() over (partition by r.county_code, r.period order by r.chain_no desc) as age
        from publish.release as r
        inner join publish.release as asked on r.county_code = asked.county_code and r.chain_no <= asked.chain_no
        where asked.release_id = release
    )

    select
        f.county_code,
        f.period_kind,
        f.period,
        f.indicator_id,
        f.breakdown,
        f.value,
        f.unit,
        f.qualifier,
        f.as_of
    from known as k
    inner join publish.figure as f on k.county_code = f.county_code and k.release_id = f.release_id
    where k.age = 1
$$;
comment on function mart.indicator_value_as_of(text) is '某次发布时的指标数值; values of indicators as published when a release was made, columns as mart.indicator_value';
