-- zh: 各类别项目资金之和等于财政帮扶资金总额
-- en: fiscal aid by category adds up to fiscal aid
-- left_zh: 各类别之和 FUN1.*（元）
-- left_en: sum of FUN1.*, in yuan
-- right_zh: 财政帮扶资金 FUN1（元）
-- right_en: FUN1, in yuan
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county and year
-- reads: touched_county, core.fund_project, mart.indicator_value
with summed as (
    select
        c.county_code,
        v.period,
        coalesce(sum(v.value) filter (where v.indicator_id <> 'FUN1'), 0) as category_yuan,
        max(v.value) filter (where v.indicator_id = 'FUN1') as whole_yuan,
        bool_or(v.qualifier = 'at_least') as is_open
    from touched_county as c
    inner join mart.indicator_value as v on c.county_code = v.county_code
    where
        v.period_kind = 'year'
        and v.breakdown = ''
        and v.value is not null
        and (
            v.indicator_id = 'FUN1'
            or exists (
                select 1
                from core.fund_project as j
                where j.county_code = v.county_code and v.indicator_id = 'FUN1.' || j.category
            )
        )
    group by c.county_code, v.period
    having bool_or(v.indicator_id = 'FUN1') and bool_or(v.indicator_id <> 'FUN1')
)

select
    county_code,
    period,
    category_yuan as left_value,
    whole_yuan as right_value,
    case
        when category_yuan = whole_yuan or is_open then ''
        else concat('各类别项目资金之和与财政帮扶资金总额相差 ', trim_scale(abs(category_yuan - whole_yuan)), ' 元')
    end as detail
from summed
