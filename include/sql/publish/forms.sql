-- the standing edition of every form that a county has confirmed.
-- grain: one row a form. reads: publish.form.
select distinct on (form_name)
    form_name as name,
    edition,
    sha256,
    file_name,
    document,
    lines,
    decided_by,
    decided_at
from publish.form
where county_code = %(county_code)s
order by form_name, edition desc
