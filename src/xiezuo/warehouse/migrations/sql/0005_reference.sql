-- Revision 0005: values that checks compare with, by county and validity; the catalogue of checks; which primary
-- category each feed last gave a project.

create table core.threshold (
    county_code char(6) not null,
    kind text not null check (kind in ('spending_progress', 'industry_share')),
    month smallint not null check (month between 1 and 12),
    valid_from date not null,
    valid_to date,
    expected_pct numeric(7, 4) not null check (expected_pct between 0 and 100),
    categories text[] not null default '{}',
    threshold_zh text not null,
    threshold_en text not null,
    source_zh text not null,
    source_en text not null,
    primary key (county_code, kind, month, valid_from),
    check (valid_to is null or valid_to >= valid_from)
);
comment on table core.threshold is '提示值; values a check warns by, from include/thresholds.yaml, one row a county';
comment on column core.threshold.county_code is '县级区划代码; county the value holds for';
comment on column core.threshold.kind is '种类; spending_progress or industry_share';
comment on column core.threshold.month is '月份; month at whose end the value is compared, 12 for a whole year';
comment on column core.threshold.valid_from is '生效日; first day the value holds';
comment on column core.threshold.valid_to is '失效日; last day the value holds, empty while it does';
comment on column core.threshold.expected_pct is '应达比例（百分之几）; share that is expected at least, in per cent';
comment on column core.threshold.categories is '计入类别; primary categories that count towards the share';
comment on column core.threshold.threshold_zh is '说明; what is expected, in Chinese';
comment on column core.threshold.threshold_en is '英文说明; what is expected, in English';
comment on column core.threshold.source_zh is '依据; who set the value and on what ground, in Chinese';
comment on column core.threshold.source_en is '英文依据; who set the value and on what ground, in English';

create table core.negative_term (
    county_code char(6) not null,
    item_id text not null,
    term text not null,
    valid_from date not null,
    valid_to date,
    exceptions text[] not null default '{}',
    item_zh text not null,
    item_en text not null,
    source_zh text not null,
    source_en text not null,
    primary key (county_code, item_id, term, valid_from),
    check (valid_to is null or valid_to >= valid_from)
);
comment on table core.negative_term is '负面清单用语; words that make a project worth a look, from include/negative_list.yaml, one row a county';
comment on column core.negative_term.county_code is '县级区划代码; county the item holds for';
comment on column core.negative_term.item_id is '清单条目; item of the list';
comment on column core.negative_term.term is '用语; word looked for in names and scopes of projects';
comment on column core.negative_term.valid_from is '生效日; first day the item holds';
comment on column core.negative_term.valid_to is '失效日; last day the item holds, empty while it does';
comment on column core.negative_term.exceptions is '例外; phrases that are no hit although they hold the word';
comment on column core.negative_term.item_zh is '条目; the item in Chinese';
comment on column core.negative_term.item_en is '英文条目; the item in English';
comment on column core.negative_term.source_zh is '依据; where the item comes from, in Chinese';
comment on column core.negative_term.source_en is '英文依据; where the item comes from, in English';

create table audit.category_told (
    county_code char(6) not null,
    project_no text not null,
    feed text not null,
    category text not null,
    version timestamptz not null,
    version_tie text not null,
    primary key (county_code, project_no, feed)
);
comment on table audit.category_told is '各渠道所报类别; the primary category each feed last gave a project';
comment on column audit.category_told.county_code is '县级区划代码; county';
comment on column audit.category_told.project_no is '项目编号; number of the project';
comment on column audit.category_told.feed is '来源渠道; feed that gave the category';
comment on column audit.category_told.category is '项目类别; category as that feed last gave it';
comment on column audit.category_told.version is '版本; version of the row that gave it';
comment on column audit.category_told.version_tie is '同版本次序; order among rows of the same version';

create table audit.check_definition (
    check_id text primary key,
    check_zh text not null,
    check_en text not null,
    severity text not null check (severity in ('differs', 'warns')),
    left_zh text not null,
    left_en text not null,
    right_zh text not null,
    right_en text not null,
    datasets text[] not null,
    digest text not null
);
comment on table audit.check_definition is '核对目录; every check of audit.reconciliation and how to read it';
comment on column audit.check_definition.check_id is '核对编号; name of the check''s file';
comment on column audit.check_definition.check_zh is '应当成立的事项; what should hold, in Chinese';
comment on column audit.check_definition.check_en is '英文说明; what should hold, in English';
comment on column audit.check_definition.severity is '性质; differs: figures contradict each other, warns: worth a look';
comment on column audit.check_definition.left_zh is '左值含义; what the left value is, in Chinese';
comment on column audit.check_definition.left_en is '左值英文含义; what the left value is, in English';
comment on column audit.check_definition.right_zh is '右值含义; what the right value is, in Chinese';
comment on column audit.check_definition.right_en is '右值英文含义; what the right value is, in English';
comment on column audit.check_definition.datasets is '涉及数据集; datasets the check compares';
comment on column audit.check_definition.digest is '摘要; digest of the check''s file and of the values it compares with';

create table audit.checked_county (
    county_code char(6) primary key,
    batches text not null
);
comment on table audit.checked_county is '已核对进度; up to which deliveries each county''s checks have run';
comment on column audit.checked_county.county_code is '县级区划代码; county';
comment on column audit.checked_county.batches is '批次情况; how many deliveries there were, and when the last was closed';

-- The sentence a check ends in: what was found, and the first twenty it was found in. Null where nothing was.
create function audit.told(said text, items text[]) returns text
language sql immutable
return (
    select
        said
        || string_agg(item, '、' order by item) filter (where place <= 20)
        || case when count(*) > 20 then ' 等 ' || count(*) || ' 项' else '' end
    from (
        select
            item,
            row_number() over (order by item) as place
        from (select distinct unnest(items) as item) as named
        where item is not null
    ) as found
    having count(*) > 0
);
comment on function audit.told(text, text[]) is '核对说明; what a check found and the first twenty items it names';
