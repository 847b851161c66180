-- What the organisation pays for each way out, in öre; null: it has not said, and forecasts take a plausible price.
alter table organisation add column prices jsonb;
