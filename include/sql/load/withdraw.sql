-- core.<dataset>: closes the rows of a reporting unit and year that its new current snapshot no longer has.
-- grain: one row a key. reads: the same table.
delete from {core} as c
where
    c.county_code = %(county_code)s
    and c.reporting_unit = %(reporting_unit)s
    and {c_is_in_scope}
    and (c.version, c.version_tie) < (%(version)s, %(version_tie)s)
returning c.version, c.batch_id, c.row_hash
