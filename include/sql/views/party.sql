-- zh: 单位
-- en: enterprises, cooperatives, agencies and other organisations that ledgers name
-- grain: one row a county and organisation
-- reads: core.party
-- columns:
--   county_code: 县级区划代码; county whose ledgers name it
--   party_key: 单位键; unified social credit code, else the normalised name, empty where a ledger names none
--   uscc: 统一社会信用代码; null where the ledger gives a name only
--   party_name: 名称; name as last told
--   kind: 单位性质; from the credit code, like enterprise, cooperative, agency or collective; null without one
select
    p.county_code,
    p.party_key,
    p.uscc,
    p.party_name,
    p.kind
from core.party as p
