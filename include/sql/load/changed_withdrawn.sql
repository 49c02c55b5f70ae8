-- changed (of this transaction): rows of a reporting unit that its new current snapshot no longer has, as withdraw.sql
-- is about to close them.
-- grain: one row a distinct value. reads: core.<dataset>.
insert into changed ({changing})
select distinct {changing_of_c}
from {core} as c
where
    c.county_code = %(county_code)s
    and c.reporting_unit = %(reporting_unit)s
    and (c.version, c.version_tie) < (%(version)s, %(version_tie)s)
    and (({c_is_in_scope}) or c.version_tie = %(before_tie)s)
