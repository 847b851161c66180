-- Persons who open, move, set and close their mailboxes themselves, together with the register (FaR).

-- Whoever has logged in. A session names the person by this id and holds no personal number.
create table mailbox_user (
  id uuid primary key,
  personal_number text not null unique check (personal_number ~ '^[0-9]{12}$'),
  last_login_at timestamptz not null
);

-- Sessions named the account; from now on they name the person.
delete from web_session;

-- opening: signed, and perhaps already open in the register; takes letters, so that none is refused in between.
-- moved: the mailbox is with another operator now; closed: there is none any more. In both the letters stay.
alter table account drop constraint account_state_check;
alter table account drop constraint account_check;
alter table account add constraint account_state_check
  check (state in ('pending', 'opening', 'active', 'moved', 'closed'));
alter table account add constraint account_closed_check
  check (state = 'opening' or (state in ('moved', 'closed')) = (closed_at is not null));
-- Where it went, as the register names that operator.
alter table account add column moved_to text;
alter table account add column moved_to_url text;
alter table account add constraint account_moved_check
  check (state in ('moved', 'opening') or (moved_to is null and moved_to_url is null));
-- Counted up at every change of state: an answer about an earlier state changes nothing.
alter table account add column revision integer not null default 0;
-- When the register is to be asked next whether the mailbox is still here.
alter table account add column check_due_at timestamptz not null default now() + interval '1 day';

create index account_check_due on account (check_due_at) where state in ('pending', 'active');

-- One act that a person signs, from the button to the register's answer (membership/signingOrder.ts tells the states).
create table signing_order (
  id uuid primary key,
  user_id uuid not null references mailbox_user,
  recipient_id text not null check (recipient_id ~ '^[0-9]{12}$'),
  purpose text not null check (
    purpose in ('register', 'changeServiceSupplier', 'storeAccountPreferences', 'deregister')),
  -- For storeAccountPreferences: every sender whose mail is taken from then on.
  accepted_senders text[] check ((purpose = 'storeAccountPreferences') = (accepted_senders is not null)),
  text text not null,
  nonce text not null unique,
  state text not null check (
    state in ('begun', 'ordered', 'signed', 'sent', 'done', 'refused', 'cancelled', 'expired', 'replaced')),
  created_at timestamptz not null,
  -- The e-ID's name for the order, and where the person signs.
  order_ref text,
  sign_url text,
  -- What was signed, byte for byte.
  signature bytea,
  certificate text,
  signature_encoding text,
  collected_at timestamptz,
  -- How often it was handed in to the register without a certain "never arrived".
  attempts integer not null default 0,
  -- The register's code for the latest refusal, and why it was the end.
  fault_code integer,
  refusal text,
  settled_at timestamptz,
  -- Who works on it, and until when nobody else may.
  lease uuid,
  leased_until timestamptz,
  next_try_at timestamptz not null,
  check ((state in ('signed', 'sent', 'done')) <= (signature is not null)),
  check ((state = 'refused') = (refusal is not null)),
  check ((state in ('done', 'refused', 'cancelled', 'expired', 'replaced')) = (settled_at is not null))
);

-- One at a time: a double click, a second window or the back button meets the order that is open.
create unique index signing_order_open on signing_order (user_id) where state in ('begun', 'ordered', 'signed', 'sent');
create index signing_order_due on signing_order (next_try_at) where state in ('begun', 'ordered', 'signed', 'sent');
create index signing_order_history on signing_order (user_id, created_at desc);
