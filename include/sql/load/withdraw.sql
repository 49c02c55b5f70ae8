-- core.<dataset>: closes the rows of a reporting unit and year that its new current snapshot no longer has.
-- grain: one row a key. reads: core.<dataset>; what is closed goes to changed.
with gone as (
    delete from {core} as c
    where
        c.county_code = %(county_code)s
        and c.reporting_unit = %(reporting_unit)s
        and {c_is_in_scope}
        and (c.version, c.version_tie) < (%(version)s, %(version_tie)s)
    returning {columns_of_c}
)

insert into changed ({columns})
select {columns} from gone
