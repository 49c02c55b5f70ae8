-- zh: 进度
-- en: month, year to date, target of the year and the same period last year, side by side
-- grain: one row a county, month and indicator
-- reads: mart.indicator_value, mart.target, publish.figure
-- columns:
--   county_code: 县级区划代码; county
--   period: 月份; month
--   indicator_id: 指标编号; indicator
--   month_value: 当月; value of the month, null for an indicator that is told by the year to date only
--   year_to_date: 累计; value of the year to date, of a stock its value at the month's end
--   target: 年度任务; target of the year, null where none is on record
--   completion_pct: 完成率（%）; year to date as a share of the year's target, null where either is missing or the target is 0
--   last_year_value: 上年同期; year to date a year earlier
--   change_pct: 同比（%）; change against a year earlier, in percent, null of rates, and where either is missing or the earlier one is 0 or not whole (a lower bound, or by ledgers that end before that period and by no release), or the data end before the month
select
    y.county_code,
    y.period,
    y.indicator_id,
    m.value as month_value,
    y.value as year_to_date,
    t.target,
    round(100 * y.value / nullif(t.target, 0), 4)::numeric(20, 4) as completion_pct,
    l.value as last_year_value,
    case
        when
            l.qualifier = 'exact' and y.unit <> '%'
            and y.as_of >= (y.period || '-01')::date
            and (
                l.as_of >= (left(l.period, 4) || substr(l.period, 5, 3) || '-01')::date + interval '1 month - 1 day'
                or exists (
                    select 1
                    from publish.figure as r
                    where
                        r.county_code = l.county_code
                        and r.period_kind = l.period_kind
                        and r.period = l.period
                        and r.indicator_id = l.indicator_id
                        and r.breakdown = l.breakdown
                        and r.value = l.value
                )
            )
            then round(100 * (y.value - l.value) / nullif(l.value, 0), 2)
    end as change_pct
from mart.indicator_value as y
left join mart.indicator_value as m
    on
        y.county_code = m.county_code
        and y.period = m.period
        and y.indicator_id = m.indicator_id
        and m.period_kind = 'month'
        and m.breakdown = ''
left join mart.indicator_value as l
    on
        y.county_code = l.county_code
        and l.period_kind = 'year_to_date'
        and l.period = (left(y.period, 4)::integer - 1)::text || substr(y.period, 5)
        and y.indicator_id = l.indicator_id
        and y.unit = l.unit
        and l.breakdown = ''
left join mart.target as t
    on y.county_code = t.county_code and left(y.period, 4)::bigint = t.year and y.indicator_id = t.indicator_id
where y.period_kind = 'year_to_date' and y.breakdown = ''
