-- zh: 会议情况表
-- en: meetings held, by body
-- order: 101
-- spans: {year: year}
-- counts: ORG1
-- grain: one row a meeting, one item of business of one body on one day
-- reads: counted
-- columns:
--   body: {zh: 会议, kind: text, spelled: work_meeting.body}
--   met_on: {zh: 日期, kind: date}
--   subject: {zh: 议题, kind: text}
select distinct
    concat_ws('/', met_on, body, subject) as row_key,
    body,
    met_on,
    subject
from counted
order by body, met_on, subject
