-- zh: 招聘活动情况表
-- en: job fairs with their firms and posts
-- order: 107
-- spans: {year: year}
-- relations: [fair_post]
-- grain: one row a fair on one day
-- reads: fair_post, core.labour_job_fair
-- columns:
--   fair_date: {zh: 日期, kind: date}
--   fair_name: {zh: 招聘会名称, kind: text}
--   firms: {zh: 企业, kind: count, unit: 家}
--   posts: {zh: 岗位, kind: count, unit: 个}
select
    c.fair_date || '/' || coalesce(c.fair_norm, '') as row_key,
    c.fair_date,
    coalesce(max(f.fair_name), '招聘会') as fair_name,
    count(distinct c.firm_key) as firms,
    sum(c.headcount) as posts
from fair_post as c
inner join core.labour_job_fair as f
    on c.county_code = f.county_code and c.batch_id = f.batch_id and c.row_no = f.row_no
group by c.fair_date, c.fair_norm
order by c.fair_date, row_key
