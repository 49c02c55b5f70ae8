-- The fixed part of the warehouse: everything that does not follow from a contract.
-- core.<dataset> and staging.<dataset> follow from include/contracts and are made by `xiezuo warehouse migrate`.
-- One statement each; every key holds county_code so that the schema can be distributed by it.

create schema if not exists core;
create schema if not exists staging;
create schema if not exists mart;
create schema if not exists publish;
create schema if not exists vault;
comment on schema core is '维度与事实明细; dimensions and facts, one table a dataset';
comment on schema staging is '装载暂存; rows of the batch being loaded, empty between batches';
comment on schema mart is '指标与分析视图; indicator values and views for analysts';
comment on schema publish is '定稿发布; frozen releases';
comment on schema audit is '批次、隔离与核对; batches, quarantine, reconciliation';
comment on schema vault is '加密的直接标识符; encrypted direct identifiers and rejected rows';
comment on table audit.schema_version is '结构版本; which migration the schema is at';
comment on column audit.schema_version.version_num is '版本号; the latest migration applied';

create table core.county (
    county_code char(6) primary key,
    county_name text not null,
    city_name text not null,
    province_name text not null,
    province_code char(6),
    paired_county_name text not null,
    paired_province_name text not null,
    paired_province_code char(6)
);
comment on table core.county is '协作县; western counties and whom each is paired with';
comment on column core.county.county_code is '县级区划代码; GB/T 2260 division code';
comment on column core.county.county_name is '县名; name of the county';
comment on column core.county.city_name is '市（州）; prefecture the county belongs to';
comment on column core.county.province_name is '省（区、市）; home province';
comment on column core.county.province_code is '省级代码; home province code';
comment on column core.county.paired_county_name is '结对县（区）; eastern district it is paired with';
comment on column core.county.paired_province_name is '结对省（市）; eastern province it is paired with';
comment on column core.county.paired_province_code is '结对省级代码; paired province code';

create table core.division (
    county_code char(6) not null,
    division_code varchar(12) not null,
    level text not null,
    division_name text not null,
    parent_code varchar(12),
    aliases text not null default '',
    primary key (county_code, division_code)
);
comment on table core.division is '行政区划; divisions as the county''s file lists them';
comment on column core.division.county_code is '县级区划代码; county whose file lists the division';
comment on column core.division.division_code is '区划代码; 6, 9 or 12 digits';
comment on column core.division.level is '层级; province city county town township village community street';
comment on column core.division.division_name is '名称; official name';
comment on column core.division.parent_code is '上级代码; code of the division above';
comment on column core.division.aliases is '别名; other spellings, split by semicolons';

create table audit.batch (
    county_code char(6) not null,
    batch_id text not null,
    source text not null,
    dataset text not null,
    feed text not null,
    uri text not null,
    sha256 char(64) not null,
    version timestamptz,
    covers_to date,
    delivery text not null default 'increment',
    state text not null check (state in ('loaded', 'refused', 'gated')),
    refusal_code text,
    refusal_zh text,
    rows_read bigint not null default 0,
    rows_loaded bigint not null default 0,
    rows_unchanged bigint not null default 0,
    rows_superseded bigint not null default 0,
    rows_duplicate bigint not null default 0,
    rows_quarantined bigint not null default 0,
    rows_ignored bigint not null default 0,
    yuan_read numeric(20, 2) not null default 0,
    yuan_loaded numeric(20, 2) not null default 0,
    yuan_unchanged numeric(20, 2) not null default 0,
    yuan_superseded numeric(20, 2) not null default 0,
    yuan_duplicate numeric(20, 2) not null default 0,
    yuan_quarantined numeric(20, 2) not null default 0,
    yuan_ignored numeric(20, 2) not null default 0,
    rows_amount_unreadable bigint not null default 0,
    rows_withdrawn bigint not null default 0,
    warnings_zh text[] not null default '{}',
    started_at timestamptz not null,
    finished_at timestamptz not null,
    primary key (county_code, batch_id),
    constraint batch_conserves_rows check (
        rows_read = rows_loaded + rows_unchanged + rows_superseded + rows_duplicate
        + rows_quarantined + rows_ignored
    ),
    constraint batch_conserves_yuan check (
        yuan_read = yuan_loaded + yuan_unchanged + yuan_superseded + yuan_duplicate
        + yuan_quarantined + yuan_ignored
    ),
    constraint batch_unreadable_is_quarantined check (rows_amount_unreadable <= rows_quarantined),
    constraint batch_refusal_is_named check (
        (state = 'loaded' and refusal_code is null) or (state <> 'loaded' and refusal_code is not null)
    )
);
comment on table audit.batch is '批次; one delivery of one dataset, and what became of every row and every yuan of it';
comment on column audit.batch.county_code is '县级区划代码; county the delivery belongs to';
comment on column audit.batch.batch_id is '批次编号; derived from county, dataset, feed, place and content, never random';
comment on column audit.batch.source is '来源类别; labour sales fund work';
comment on column audit.batch.dataset is '数据集; dataset the rows belong to';
comment on column audit.batch.feed is '来源渠道; feed of the dataset';
comment on column audit.batch.uri is '位置; file and sheet, platform and window, or database table';
comment on column audit.batch.sha256 is '内容摘要; SHA-256 of the bytes as they came';
comment on column audit.batch.version is '版本; reported date of a file, end of an API window, latest update of a database extract';
comment on column audit.batch.covers_to is '数据截止日; last day the delivery speaks of';
comment on column audit.batch.delivery is '交付方式; snapshot replaces its unit''s rows, increment adds to them';
comment on column audit.batch.state is '状态; loaded, refused (unreadable as a whole), gated (totals or keys do not hold)';
comment on column audit.batch.refusal_code is '拒收代码; stable code of the refusal';
comment on column audit.batch.refusal_zh is '拒收原因; one sentence for the file''s owner';
comment on column audit.batch.rows_read is '读取行数; rows in the delivery, title and total rows included';
comment on column audit.batch.rows_loaded is '入库行数; rows inserted or that changed the current row';
comment on column audit.batch.rows_unchanged is '未变行数; rows already stored, identical';
comment on column audit.batch.rows_superseded is '被取代行数; rows of which a newer version is stored or in the batch';
comment on column audit.batch.rows_duplicate is '重复行数; rows identical to another row of the batch';
comment on column audit.batch.rows_quarantined is '隔离行数; rows that could not be read or broke a rule';
comment on column audit.batch.rows_ignored is '忽略行数; title, header, total and blank rows';
comment on column audit.batch.yuan_read is '读取金额（元）; sum over the rows whose amount could be read';
comment on column audit.batch.yuan_loaded is '入库金额（元）; of which loaded';
comment on column audit.batch.yuan_unchanged is '未变金额（元）; of which unchanged';
comment on column audit.batch.yuan_superseded is '被取代金额（元）; of which superseded';
comment on column audit.batch.yuan_duplicate is '重复金额（元）; of which duplicate';
comment on column audit.batch.yuan_quarantined is '隔离金额（元）; of which quarantined';
comment on column audit.batch.yuan_ignored is '忽略金额（元）; of which ignored';
comment on column audit.batch.rows_amount_unreadable is '金额无法识别行数; rows whose amount could not be read, all of them quarantined';
comment on column audit.batch.rows_withdrawn is '撤回行数; rows that an earlier snapshot of the unit had and this one no longer has';
comment on column audit.batch.warnings_zh is '提示; what the owner should look at although the batch was loaded';
comment on column audit.batch.started_at is '开始时间; when loading began';
comment on column audit.batch.finished_at is '结束时间; when the batch was closed';

create table audit.quarantine (
    county_code char(6) not null,
    quarantine_id text not null,
    batch_id text not null,
    row_no bigint not null,
    file text not null,
    sheet text not null,
    column_name text not null,
    rule_id text not null,
    reason_zh text not null,
    state text not null default 'open' check (state in ('open', 'explained', 'corrected')),
    primary key (county_code, quarantine_id),
    foreign key (county_code, batch_id) references audit.batch (county_code, batch_id) on delete cascade
);
comment on table audit.quarantine is '隔离清单; one line for each reason why a row was held back, without anything personal';
comment on column audit.quarantine.county_code is '县级区划代码; county';
comment on column audit.quarantine.quarantine_id is '隔离编号; derived from batch, row, column and rule';
comment on column audit.quarantine.batch_id is '批次编号; batch the row came in';
comment on column audit.quarantine.row_no is '行号; row of the sheet, or item of the API batch';
comment on column audit.quarantine.file is '文件; file, platform or database the row came from';
comment on column audit.quarantine.sheet is '工作表; sheet of the file, page of the platform, or table';
comment on column audit.quarantine.column_name is '列名; column header as the owner typed it';
comment on column audit.quarantine.rule_id is '规则编号; rule the row broke';
comment on column audit.quarantine.reason_zh is '原因; reason in the owner''s language';
comment on column audit.quarantine.state is '状态; open, explained or corrected';

create table audit.landing (
    county_code char(6) not null,
    landing_id text not null,
    source text not null,
    kind text not null check (kind in ('file', 'platform', 'database')),
    group_id text not null,
    uri text not null,
    sha256 char(64) not null,
    details jsonb not null default '{}',
    state text not null default 'landed' check (state in ('landed', 'done')),
    landed_at timestamptz not null,
    primary key (county_code, landing_id)
);
comment on table audit.landing is '落地文件; what was fetched, as it came, and whether it has been loaded';
comment on column audit.landing.county_code is '县级区划代码; county';
comment on column audit.landing.landing_id is '落地编号; derived from place and content';
comment on column audit.landing.source is '来源类别; labour sales fund work';
comment on column audit.landing.kind is '种类; file, platform or database';
comment on column audit.landing.group_id is '任务分组; group of the nightly run that fetched it';
comment on column audit.landing.uri is '位置; where it came from';
comment on column audit.landing.sha256 is '内容摘要; SHA-256 of the landed bytes';
comment on column audit.landing.details is '附注; window, platform, table, path in the inbox';
comment on column audit.landing.state is '状态; landed or done';
comment on column audit.landing.landed_at is '落地时间; when it was fetched';

create table audit.watermark (
    county_code char(6) not null,
    source text not null,
    stream text not null,
    covered_from timestamptz not null,
    covered_to timestamptz not null,
    primary key (county_code, source, stream)
);
comment on table audit.watermark is '进度水位; how far each stream has been loaded';
comment on column audit.watermark.county_code is '县级区划代码; county';
comment on column audit.watermark.source is '来源类别; sales or fund';
comment on column audit.watermark.stream is '数据流; platform connection or database table';
comment on column audit.watermark.covered_from is '起点; everything changed since here is loaded';
comment on column audit.watermark.covered_to is '终点; everything changed before here is loaded';

create table audit.snapshot_scope (
    county_code char(6) not null,
    dataset text not null,
    reporting_unit text not null,
    version timestamptz not null,
    version_tie text not null,
    primary key (county_code, dataset, reporting_unit)
);
comment on table audit.snapshot_scope is '当前快照; the snapshot that is current for each reporting unit';
comment on column audit.snapshot_scope.county_code is '县级区划代码; county';
comment on column audit.snapshot_scope.dataset is '数据集; dataset';
comment on column audit.snapshot_scope.reporting_unit is '填报单位; reporting unit';
comment on column audit.snapshot_scope.version is '版本; version of the current snapshot';
comment on column audit.snapshot_scope.version_tie is '同版本次序; order among deliveries of the same version';

create table audit.coverage (
    county_code char(6) not null,
    dataset text not null,
    year integer not null,
    covers_from date not null,
    covers_to date not null,
    primary key (county_code, dataset, year)
);
comment on table audit.coverage is '数据覆盖; days of each year that accepted batches of a dataset speak of';
comment on column audit.coverage.county_code is '县级区划代码; county';
comment on column audit.coverage.dataset is '数据集; dataset';
comment on column audit.coverage.year is '年度; year the day lies in';
comment on column audit.coverage.covers_from is '起始日; first day spoken of';
comment on column audit.coverage.covers_to is '截止日; data cut-off';

create table audit.touched_period (
    county_code char(6) not null,
    touch_id uuid not null default gen_random_uuid(),
    month date not null,
    primary key (county_code, touch_id)
);
comment on table audit.touched_period is '待重算期间; months whose figures a batch has changed since they were last built';
comment on column audit.touched_period.county_code is '县级区划代码; county';
comment on column audit.touched_period.touch_id is '编号; a touch of its own each time, so that loads and builds never wait for each other';
comment on column audit.touched_period.month is '月份; first day of the month';

create table audit.indicator_file (
    header_id text primary key,
    digest text not null
);
comment on table audit.indicator_file is '指标文件; what each indicator''s SQL said when it was last computed';
comment on column audit.indicator_file.header_id is '指标文件; name of the file';
comment on column audit.indicator_file.digest is '摘要; digest of its text and of the relations it reads';

create table audit.reconciliation (
    county_code char(6) not null,
    check_id text not null,
    period text not null,
    left_value numeric(20, 4),
    right_value numeric(20, 4),
    difference numeric(20, 4),
    status text not null,
    detail text not null default '',
    primary key (county_code, check_id, period)
);
comment on table audit.reconciliation is '核对结果; figures that should agree, and whether they do';
comment on column audit.reconciliation.county_code is '县级区划代码; county';
comment on column audit.reconciliation.check_id is '核对编号; check';
comment on column audit.reconciliation.period is '期间; period the check speaks of';
comment on column audit.reconciliation.left_value is '左值; first of the two figures';
comment on column audit.reconciliation.right_value is '右值; second of the two figures';
comment on column audit.reconciliation.difference is '差额; left minus right';
comment on column audit.reconciliation.status is '结论; holds, differs or warns';
comment on column audit.reconciliation.detail is '说明; what to look at';

create table mart.indicator (
    indicator_id text primary key,
    name_zh text not null,
    name_en text not null,
    unit text not null,
    measure text not null,
    definition_zh text not null default '',
    definition_en text not null default '',
    source text not null,
    is_stock boolean not null default false
);
comment on table mart.indicator is '指标目录; what each indicator counts, from the header of its SQL file';
comment on column mart.indicator.indicator_id is '指标编号; indicator';
comment on column mart.indicator.name_zh is '中文名称; name in Chinese';
comment on column mart.indicator.name_en is '英文名称; name in English';
comment on column mart.indicator.unit is '计量单位; unit, money always 元';
comment on column mart.indicator.measure is '计量方法; aggregate over the counted rows';
comment on column mart.indicator.definition_zh is '口径; counting rule in Chinese';
comment on column mart.indicator.definition_en is '口径（英文）; counting rule in English';
comment on column mart.indicator.source is '来源类别; source family';
comment on column mart.indicator.is_stock is '是否时点指标; whether it is a stock at the period''s end';

create table mart.indicator_value (
    county_code char(6) not null,
    period_kind text not null check (period_kind in ('month', 'year_to_date', 'year')),
    period text not null,
    indicator_id text not null,
    breakdown text not null default '',
    value numeric(20, 4),
    unit text not null,
    qualifier text not null check (qualifier in ('exact', 'at_least', 'not_reported')),
    as_of date not null,
    primary key (county_code, period_kind, period, indicator_id, breakdown),
    constraint indicator_value_null_is_not_reported check ((value is null) = (qualifier = 'not_reported'))
);
comment on table mart.indicator_value is '指标值; one value for each county, period, indicator and township';
comment on column mart.indicator_value.county_code is '县级区划代码; county';
comment on column mart.indicator_value.period_kind is '期间类型; month, year_to_date or year';
comment on column mart.indicator_value.period is '期间; 2022-09 for a month or year to date, 2022 for a year';
comment on column mart.indicator_value.indicator_id is '指标编号; indicator';
comment on column mart.indicator_value.breakdown is '分组; empty for the whole county, else a 9-digit township code';
comment on column mart.indicator_value.value is '数值; null when not reported';
comment on column mart.indicator_value.unit is '计量单位; unit, money always 元';
comment on column mart.indicator_value.qualifier is '限定; exact, at_least or not_reported';
comment on column mart.indicator_value.as_of is '截至日期; the earlier of period end and data cut-off';

create table vault.person (
    county_code char(6) not null,
    person_key text not null,
    payload bytea not null,
    payload_mac text not null,
    primary key (county_code, person_key)
);
comment on table vault.person is '个人直接标识（加密）; name, number and telephone of a person, encrypted outside the database';
comment on column vault.person.county_code is '县级区划代码; county';
comment on column vault.person.person_key is '个人键; keyed hash of the identity number';
comment on column vault.person.payload is '密文; encrypted JSON';
comment on column vault.person.payload_mac is '内容校验; keyed hash of the plain text, tells whether it changed';

create table vault.rejected_row (
    county_code char(6) not null,
    batch_id text not null,
    row_no bigint not null,
    payload bytea not null,
    primary key (county_code, batch_id, row_no)
);
comment on table vault.rejected_row is '被隔离的原始行（加密）; a quarantined row as typed, encrypted, for the correction workbook';
comment on column vault.rejected_row.county_code is '县级区划代码; county';
comment on column vault.rejected_row.batch_id is '批次编号; batch';
comment on column vault.rejected_row.row_no is '行号; row of the sheet';
comment on column vault.rejected_row.payload is '密文; encrypted JSON of the row as typed';

create view mart.progress as
select
    m.county_code,
    m.period,
    m.indicator_id,
    m.value as month_value,
    y.value as year_to_date,
    null::numeric(20, 4) as target,
    null::numeric(20, 4) as completion_pct,
    l.value as last_year_value,
    round(100 * (y.value - l.value) / nullif(l.value, 0), 2) as change_pct
from mart.indicator_value as m
inner join mart.indicator_value as y
    on
        m.county_code = y.county_code
        and m.period = y.period
        and m.indicator_id = y.indicator_id
        and y.period_kind = 'year_to_date'
        and y.breakdown = ''
left join mart.indicator_value as l
    on
        m.county_code = l.county_code
        and l.period_kind = 'year_to_date'
        and l.period = (left(m.period, 4)::integer - 1)::text || substr(m.period, 5)
        and m.indicator_id = l.indicator_id
        and l.breakdown = ''
where m.period_kind = 'month' and m.breakdown = '';
comment on view mart.progress is '进度; month, year to date and the same period last year, side by side';
comment on column mart.progress.county_code is '县级区划代码; county';
comment on column mart.progress.period is '月份; month';
comment on column mart.progress.indicator_id is '指标编号; indicator';
comment on column mart.progress.month_value is '当月; value of the month';
comment on column mart.progress.year_to_date is '累计; value of the year to date';
comment on column mart.progress.target is '年度任务; target of the year, null while none is on record';
comment on column mart.progress.completion_pct is '完成率; year to date as a share of the target';
comment on column mart.progress.last_year_value is '上年同期; year to date a year earlier';
comment on column mart.progress.change_pct is '同比; change against a year earlier, in percent';
