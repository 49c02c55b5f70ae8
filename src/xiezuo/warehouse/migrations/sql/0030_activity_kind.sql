-- Revision 0030: the kind of an activity was free text and is a list now. What was typed is emptied, since no figure may read
-- it, and told again by the next delivery.

do $$
begin
    if to_regclass('core.work_activity') is not null then
        update core.work_activity set kind = null where kind is not null;
    end if;
end
$$;
