-- How a flow's letters look on paper: whose page carries the address, and in which envelope.
alter table flow
  add column first_page text not null default 'cover' check (first_page in ('cover', 'own', 'auto')),
  add column envelope text not null default 'window' check (envelope in ('window', 'barcode'));
-- The sizes in which the unit has envelopes with its bar code; null: every size of the layout.
alter table unit add column envelope_sizes text[];
