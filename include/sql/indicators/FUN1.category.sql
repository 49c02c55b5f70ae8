-- id: FUN1
-- split: category
-- zh: 财政帮扶资金：按类别
-- en: fiscal aid by category of project
-- unit: 元
-- source: fund
-- datasets: [fund_project]
-- relations: [project_counted]
-- measure: sum(allocated_yuan)
-- announced: true
-- members:
--   industry: {zh: 产业培育类, en: industry}
--   village: {zh: 乡村振兴示范村, en: demonstration villages}
--   employment: {zh: 就业培训类, en: employment and training}
--   school: {zh: 红军小学建设提升, en: primary school building}
--   education: {zh: 教育培训类, en: education}
--   medical: {zh: 医疗设备采购, en: medical equipment}
--   clinic: {zh: 村级卫生室金保专网, en: village clinic network}
--   street: {zh: 镇区街道修缮排水渠, en: street and drain repair}
--   lighting: {zh: 乡村亮化, en: village lighting}
--   workshop: {zh: 支持帮扶车间, en: employment workshops}
-- definition_zh: 本年度下达文件所安排项目的安排资金之和，每个项目只属一个主类别
-- definition_en: money allocated to projects of the year's letters, each in its one primary category
select
    county_code,
    period_kind,
    period,
    town_code,
    category,
    allocated_yuan,
    is_at_least,
    batch_id,
    row_no
from project_counted
