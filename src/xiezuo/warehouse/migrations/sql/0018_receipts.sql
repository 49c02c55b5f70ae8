-- Revision 0018: rows that were answered are found by the delivery they came in, for its receipt.

create index answer_root on audit.answer (county_code, root_batch_id);
comment on column audit.landing.details is
'附注; window, platform, table, path in the inbox; of a file also its receipt: digest, what was told, whether rows were given back';
comment on column audit.run.stage is
'环节; plan, fetch, load, build, receipts, publish, task (a failure outside them) or upkeep';
