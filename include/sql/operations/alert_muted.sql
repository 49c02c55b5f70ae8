-- audit.alert: mutes that have ended are lifted, the others show in the state.
-- grain: one row a trouble. reads: parameters.
update audit.alert
set
    state = case when muted_until < %(today)s then 'new' else 'muted' end,
    mute_reason = case when muted_until < %(today)s then null else mute_reason end,
    muted_until = case when muted_until < %(today)s then null else muted_until end
where muted_until is not null
