-- A flow's paper may be a postcard, which anybody can read on its way.
alter table flow add column paper_format text not null default 'letter' check (paper_format in ('letter', 'postcard'));
alter table flow add check (paper_format = 'letter' or (sensitivity = 'normal' and not e_invoice));
