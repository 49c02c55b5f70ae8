-- zh: 出台文件情况表
-- en: documents issued
-- order: 102
-- spans: {year: year}
-- grain: one row a document issued in the year
-- reads: period, core.work_document
-- columns:
--   issued_on: {zh: 印发日期, kind: date, month: true}
--   issuer: {zh: 发文机关, kind: text}
--   title: {zh: 文件名称, kind: text}
--   doc_no: {zh: 文号, kind: text}
--   subject: {zh: 主要内容, kind: text}
select
    d.title as row_key,
    min(d.issued_on) as issued_on,
    max(d.issuer) as issuer,
    d.title,
    max(d.doc_no) as doc_no,
    max(d.subject) as subject
from period as p
inner join core.work_document as d
    on p.county_code = d.county_code and d.issued_on between p.first_day and p.last_day
group by d.title
order by issued_on, row_key
