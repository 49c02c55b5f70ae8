-- zh: 年度任务预计
-- en: every target of the year as it stood at a month's end, where it will stand at the year's end if things go on as they went, and whose move it is
-- grain: one row a county, month and indicator with a target of the year
-- reads: mart.indicator_value, mart.indicator, mart.target, core.threshold, core.responsible
-- columns:
--   county_code: 县级区划代码; county
--   period: 月份; month at whose end this is told
--   indicator_id: 指标编号; indicator
--   unit: 计量单位; unit, money always 元
--   target: 年度任务; target of the year
--   year_to_date: 累计; value of the year to date, null where nothing was reported
--   qualifier: 限定; exact, at_least or not_reported
--   as_of: 截至日期; day up to which the data speak
--   completion_pct: 完成率（%）; year to date as a share of the target
--   elapsed_pct: 时间进度（%）; share of the year that is gone at the month's end
--   forecast: 年末预计; value at the year's end if things go on as they went, null where nothing can be said
--   basis: 预计依据; final (December's ledgers tell it), standing (it stands, or comes at once), last_year (grows as last year from this month on), even (grows evenly), share (a share moves with both its sides), early (too early to say), late (the ledgers end before the month), bound (only a lower bound is known) or unreported
--   forecast_pct: 预计完成率（%）; forecast as a share of the target
--   a_month: 此后每月需完成; what is still missing a month for the months left, null where nothing is missing or no month is left
--   outlook: 灯号; met, green, amber, red or unknown
--   office_zh: 责任部门; who answers for it
--   move_zh: 下一步; what is to be done, and by whom
with told as (
    select
        t.county_code,
        y.period,
        t.indicator_id,
        i.unit,
        i.course,
        i.source,
        t.target,
        y.value,
        y.qualifier,
        y.as_of,
        l.value as last_value,
        w.value as last_whole,
        l.qualifier = 'exact' and w.qualifier = 'exact' as is_last_whole,
        substr(y.period, 6)::integer as month,
        make_date(t.year::integer, 12, 31) as last_day,
        (make_date(t.year::integer, substr(y.period, 6)::integer, 1) + interval '1 month' - interval '1 day')::date
            as month_end,
        round(
            100.0 * (
                (make_date(t.year::integer, substr(y.period, 6)::integer, 1) + interval '1 month')::date
                - make_date(t.year::integer, 1, 1)
            )
            / (make_date(t.year::integer, 12, 31) - make_date(t.year::integer, 1, 1) + 1), 2
        ) as elapsed_pct,
        round(
            100.0 * (y.as_of - make_date(t.year::integer, 1, 1) + 1)
            / (make_date(t.year::integer, 12, 31) - make_date(t.year::integer, 1, 1) + 1), 2
        ) as told_pct
    from mart.target as t
    inner join mart.indicator as i on t.indicator_id = i.indicator_id
    inner join mart.indicator_value as y
        on
            t.county_code = y.county_code
            and y.period_kind = 'year_to_date'
            and y.period between t.year::text || '-01' and t.year::text || '-12'
            and t.indicator_id = y.indicator_id
            and y.breakdown = ''
    left join mart.indicator_value as l
        on
            y.county_code = l.county_code
            and l.period_kind = 'year_to_date'
            and l.period = (t.year - 1)::text || substr(y.period, 5)
            and y.indicator_id = l.indicator_id
            and y.unit = l.unit
            and l.breakdown = ''
    left join mart.indicator_value as w
        on
            y.county_code = w.county_code
            and w.period_kind = 'year'
            and w.period = (t.year - 1)::text
            and y.indicator_id = w.indicator_id
            and y.unit = w.unit
            and w.breakdown = ''
),

-- last year's course tells only where it was whole and had begun to move by then; an even course only after a quarter
based as (
    select
        t.county_code,
        t.period,
        t.indicator_id,
        t.unit,
        t.course,
        t.source,
        t.target,
        t.value,
        t.qualifier,
        t.as_of,
        t.last_value,
        t.last_whole,
        t.month,
        t.month_end,
        t.elapsed_pct,
        t.told_pct,
        case
            when t.value is null then 'unreported'
            when t.as_of < date_trunc('month', t.month_end) - interval '1 day' then 'late'
            when t.month = 12 and t.as_of >= t.last_day - 30 then 'final'
            when t.course in ('announced', 'rate') and t.month < 6 then 'early'
            when t.course = 'rate' then 'share'
            when t.course in ('stock', 'announced') then 'standing'
            when
                t.is_last_whole and t.as_of >= t.month_end
                and t.last_value > 0 and t.last_value * 20 >= t.last_whole
                then 'last_year'
            when t.month < 3 or t.told_pct < 15 then 'early'
            else 'even'
        end as basis
    from told as t
),

forecast as (
    select
        b.county_code,
        b.period,
        b.indicator_id,
        b.unit,
        b.course,
        b.source,
        b.target,
        b.value,
        b.qualifier,
        b.as_of,
        b.last_value,
        b.last_whole,
        b.month,
        b.month_end,
        b.elapsed_pct,
        b.told_pct,
        b.basis,
        (
            case b.basis
                when 'final' then b.value
                when 'standing' then b.value
                when 'last_year' then b.value * b.last_whole / b.last_value
                when 'even' then 100 * b.value / nullif(b.told_pct, 0)
            end
        )::numeric(20, 4) as forecast
    from based as b
),

judged as (
    select
        f.county_code,
        f.period,
        f.indicator_id,
        f.unit,
        f.course,
        f.source,
        f.target,
        f.value,
        f.qualifier,
        f.as_of,
        f.last_value,
        f.last_whole,
        f.month,
        f.month_end,
        f.elapsed_pct,
        f.basis,
        f.forecast,
        case
            when f.value >= f.target then 'met'
            when f.forecast is null then 'unknown'
            when f.forecast >= f.target then 'green'
            when f.qualifier = 'at_least' then 'unknown'
            when f.forecast * 100 >= f.target * coalesce(h.expected_pct, 100) then 'amber'
            else 'red'
        end as outlook
    from forecast as f
    left join core.threshold as h
        on
            f.county_code = h.county_code
            and h.kind = 'target_outlook'
            and f.month_end >= h.valid_from
            and f.month_end <= coalesce(h.valid_to, f.month_end)
)

select
    j.county_code,
    j.period,
    j.indicator_id,
    j.unit,
    j.target,
    j.value as year_to_date,
    j.qualifier,
    j.as_of,
    round(100 * j.value / nullif(j.target, 0), 4)::numeric(20, 4) as completion_pct,
    j.elapsed_pct::numeric(7, 2) as elapsed_pct,
    j.forecast,
    case when j.qualifier = 'at_least' and j.basis <> 'final' then 'bound' else j.basis end as basis,
    round(100 * j.forecast / nullif(j.target, 0), 4)::numeric(20, 4) as forecast_pct,
    case
        when j.value < j.target and j.month < 12 then round((j.target - j.value) / (12 - j.month), 4)
    end::numeric(20, 4) as a_month,
    j.outlook,
    coalesce(r.office_zh, '协作办公室') as office_zh,
    case
        when j.value is null then '报送单位先补报台账'
        when j.as_of < date_trunc('month', j.month_end) - interval '1 day'
            then concat('数据只到', extract(month from j.as_of), '月，报送单位先补报台账')
        when j.outlook = 'unknown' and j.qualifier = 'at_least' then '只知下限，报送单位先补报缺的台账'
        when j.outlook in ('amber', 'red') and j.month < 12 then coalesce(r.office_zh, '协作办公室') || '加快推进'
        when j.outlook in ('amber', 'red') then coalesce(r.office_zh, '协作办公室') || '说明未完成原因'
        else ''
    end as move_zh
from judged as j
left join core.responsible as r on j.county_code = r.county_code and j.source = r.source
