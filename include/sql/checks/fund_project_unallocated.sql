-- audit.reconciliation: projects whose allocation letter is not on record; they count in no figure.
-- grain: one row a county. reads: touched_county, core.fund_project, core.fund_allocation.
-- left: projects on record, right: of which with a letter.
select
    c.county_code,
    '' as period,
    count(j.project_no) as left_value,
    count(a.doc_no) as right_value,
    coalesce('没有对应下达文件的项目：' || string_agg(j.project_no, '、' order by j.project_no) filter (where a.doc_no is null), '')
        as detail
from touched_county as c
inner join core.fund_project as j on c.county_code = j.county_code
left join core.fund_allocation as a on j.county_code = a.county_code and j.alloc_doc = a.doc_no
group by c.county_code
