-- audit.vault_read: rows as typed were decrypted for somebody.
-- grain: one row a batch of a reading. reads: parameters.
insert into audit.vault_read (county_code, read_id, batch_id, row_count, purpose_zh, read_by, read_at)
values (%(county_code)s, %(read_id)s, %(batch_id)s, %(row_count)s, %(purpose_zh)s, %(read_by)s, %(read_at)s)
