-- Revision 0015: a row held back is one matter wherever it is seen: by its content, not by the place of its file.
-- What was held back before has no content on record: each of its lines stays a matter of its own until it is answered.

alter table audit.quarantine add column row_id text;
alter table audit.quarantine add column issue_id text;
alter table audit.quarantine add column reporting_unit text;
alter table audit.quarantine add column scope_year integer;
update audit.quarantine set row_id = batch_id || '/' || row_no::text, issue_id = quarantine_id;
alter table audit.quarantine alter column row_id set not null;
alter table audit.quarantine alter column issue_id set not null;
comment on table audit.quarantine is
'隔离清单; one line for each reason why a row was held back and each place it was seen at, without anything personal';
comment on column audit.quarantine.row_id is '行内容编号; keyed hash of dataset and row as typed, the same wherever the row is seen';
comment on column audit.quarantine.issue_id is '事项编号; row and rule, the same wherever they are seen; open in one line at most';
comment on column audit.quarantine.reporting_unit is '填报单位; unit of a snapshot''s row, empty for increments and where a row cannot tell';
comment on column audit.quarantine.scope_year is '快照年度; year the snapshot states for its unit, 0 where rows have no date, empty for increments';

alter table audit.quarantine drop constraint quarantine_state_check;
alter table audit.quarantine add constraint quarantine_state_check
check (state in ('open', 'explained', 'corrected', 'repeated'));
comment on column audit.quarantine.state is
'状态; open, explained, corrected, or repeated where the same matter is listed at the newest place it was seen at';

drop index audit.quarantine_batch;
create index quarantine_batch on audit.quarantine (county_code, batch_id);
create index quarantine_issue on audit.quarantine (county_code, issue_id);
create index quarantine_unit on audit.quarantine (county_code, reporting_unit) where state <> 'corrected';
