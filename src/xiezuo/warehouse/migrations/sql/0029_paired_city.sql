-- Revision 0029: the city that a county's partner belongs to, by which people who work in it are told.

alter table core.county add column paired_city_name text;
comment on column core.county.paired_city_name is '结对地级市; city that the partner belongs to by the list of GB/T 2260, a municipality itself; empty where it is not told';
