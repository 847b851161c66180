-- Where things stand on the sheets of a print shop, in millimetres, and what a flow asks of the print.
alter table organisation add column print_layouts jsonb not null default '[]';
alter table flow
  add column print_layout text,
  add column duplex boolean not null default true,
  add column colour boolean not null default false,
  add column pdf_accessibility text not null default 'off' check (pdf_accessibility in ('off', 'warn', 'stop'));
