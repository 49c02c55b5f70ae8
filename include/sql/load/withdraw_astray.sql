-- core.<dataset>: closes what the snapshot before this one alone stated of other years than this one's.
-- grain: one row a key. reads: the same table.
delete from {core} as c
where
    c.county_code = %(county_code)s
    and c.reporting_unit = %(reporting_unit)s
    and (c.version, c.version_tie) < (%(version)s, %(version_tie)s)
    and c.version_tie = %(before_tie)s
