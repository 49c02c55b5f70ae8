-- an edition of a form as the office has confirmed it; its number is one more than that of the edition before it.
-- grain: one row. reads: publish.form.
insert into publish.form (
    county_code, form_name, edition, sha256, file_name, document, lines, decided_by, decided_at
)
select
    %(county_code)s,
    %(form_name)s,
    coalesce(max(f.edition), 0) + 1,
    %(sha256)s,
    %(file_name)s,
    %(document)s,
    %(lines)s,
    %(decided_by)s,
    %(decided_at)s
from publish.form as f
where f.county_code = %(county_code)s and f.form_name = %(form_name)s
