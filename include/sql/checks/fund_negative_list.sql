-- zh: 项目名称和建设内容不涉及负面清单用语
-- en: names and scopes of projects hold no word of the negative list
-- severity: warns
-- left_zh: 在册项目数
-- left_en: projects on record
-- right_zh: 其中不涉及负面清单用语的项目数
-- right_en: of which without such a word
-- datasets: [fund_project, fund_allocation]
-- grain: one row a county
-- reads: touched_county, core.fund_project, core.fund_allocation, core.negative_term
with worded as (
    select
        c.county_code,
        j.project_no,
        concat_ws(' ', j.project_name, j.scope) as said,
        coalesce(a.doc_date, j.started_on, j.plan_start_on, (j.version at time zone 'Asia/Shanghai')::date) as on_day
    from touched_county as c
    inner join core.fund_project as j on c.county_code = j.county_code
    left join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
),

judged as (
    select
        w.county_code,
        w.project_no,
        string_agg(distinct n.item_zh, '、' order by n.item_zh) as items
    from worded as w
    left join core.negative_term as n
        on
            w.county_code = n.county_code
            and w.on_day >= n.valid_from
            and w.on_day <= coalesce(n.valid_to, w.on_day)
            and strpos(w.said, n.term) > 0
            and not exists (
                select 1
                from unnest(n.exceptions) as e (phrase)
                where strpos(w.said, e.phrase) > 0
            )
    group by w.county_code, w.project_no
)

select
    county_code,
    '' as period,
    count(*) as left_value,
    count(*) filter (where items is null) as right_value,
    concat_ws(
        '；',
        audit.told(
            '涉及负面清单用语、请核对的项目：', array_agg(project_no || '（' || items || '）') filter (where items is not null)
        )
    ) as detail
from judged
group by county_code
