-- SHA-256 of the request that started the run: the same key with another request is refused. Null for runs from before.
alter table runs add column request_digest text;
