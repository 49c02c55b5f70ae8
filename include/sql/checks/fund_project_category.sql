-- audit.reconciliation: projects whose primary category no file foresees; each has a figure of its own.
-- grain: one row a county. reads: touched_county, core.fund_project, mart.indicator.
-- left: projects on record, right: of which in a foreseen category.
select
    c.county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where i.is_foreseen) as right_value,
    coalesce(
        '未列入目录的类别：'
        || string_agg(distinct j.category, '、' order by j.category) filter (where not i.is_foreseen),
        ''
    ) as detail
from touched_county as c
inner join core.fund_project as j on c.county_code = j.county_code
cross join
    lateral ( -- noqa: ST05, what looks at another table's row cannot stand in a CTE
        select
            exists(
                select 1
                from mart.indicator as n
                where n.indicator_id = 'FUN1.' || j.category and n.definition_zh <> ''
            ) as is_foreseen
    ) as i
group by c.county_code
