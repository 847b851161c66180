table account
  id uuid not null
  recipient_id text not null
  state text not null
  opened_at timestamp with time zone not null
  closed_at timestamp with time zone
  moved_to text
  moved_to_url text
  revision integer not null default 0
  check_due_at timestamp with time zone not null default (now() + '1 day'::interval)
  constraint account_closed_check CHECK (((state = 'opening'::text) OR ((state = ANY (ARRAY['moved'::text, 'closed'::text])) = (closed_at IS NOT NULL))))
  constraint account_moved_check CHECK (((state = ANY (ARRAY['moved'::text, 'opening'::text])) OR ((moved_to IS NULL) AND (moved_to_url IS NULL))))
  constraint account_pkey PRIMARY KEY (id)
  constraint account_recipient_id_check CHECK ((recipient_id ~ '^[0-9]{12}$'::text))
  constraint account_recipient_id_key UNIQUE (recipient_id)
  constraint account_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'opening'::text, 'active'::text, 'moved'::text, 'closed'::text])))
  CREATE INDEX account_check_due ON account USING btree (check_due_at) WHERE (state = ANY (ARRAY['pending'::text, 'active'::text]))

table alert
  id uuid not null
  account_id uuid not null
  channel text not null
  address_version uuid not null
  kind text not null
  state text not null
  letter_count integer not null default 0
  sender_names text[] not null default '{}'::text[]
  created_at timestamp with time zone not null default now()
  due_at timestamp with time zone not null default now()
  attempts integer not null default 0
  message_ids text[] not null default '{}'::text[]
  outcome_code text
  constraint alert_account_id_channel_fkey FOREIGN KEY (account_id, channel) REFERENCES alert_address(account_id, channel) ON DELETE CASCADE
  constraint alert_kind_check CHECK ((kind = ANY (ARRAY['code'::text, 'newMail'::text])))
  constraint alert_pkey PRIMARY KEY (id)
  constraint alert_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'accepted'::text, 'delivered'::text, 'failed'::text])))
  CREATE INDEX alert_due ON alert USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]))
  CREATE INDEX alert_old ON alert USING btree (created_at)
  CREATE INDEX alert_reported ON alert USING gin (message_ids)
  CREATE UNIQUE INDEX alert_joined ON alert USING btree (account_id, channel) WHERE ((kind = 'newMail'::text) AND (state = 'waiting'::text))

table alert_address
  account_id uuid not null
  channel text not null
  state text not null
  version uuid not null
  key_id text not null
  encrypted bytea
  language text not null
  names_sender boolean not null default false
  code_encrypted bytea
  code_expires_at timestamp with time zone
  code_attempts_left integer not null default 0
  codes_sent integer not null default 0
  codes_counted_from timestamp with time zone not null
  failures_in_row integer not null default 0
  broken_at timestamp with time zone
  constraint alert_address_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
  constraint alert_address_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
  constraint alert_address_check CHECK (((state = 'none'::text) = (encrypted IS NULL)))
  constraint alert_address_check1 CHECK (((code_encrypted IS NULL) OR (state = 'unconfirmed'::text)))
  constraint alert_address_code_attempts_left_check CHECK ((code_attempts_left >= 0))
  constraint alert_address_language_check CHECK ((language = ANY (ARRAY['sv'::text, 'en'::text])))
  constraint alert_address_pkey PRIMARY KEY (account_id, channel)
  constraint alert_address_state_check CHECK ((state = ANY (ARRAY['none'::text, 'unconfirmed'::text, 'working'::text, 'broken'::text])))

table authority_copy
  one boolean not null default true
  asked bigint not null default 0
  applied bigint not null default 0
  asked_at timestamp with time zone
  refreshed_at timestamp with time zone
  constraint authority_copy_one_check CHECK (one)
  constraint authority_copy_pkey PRIMARY KEY (one)

table dispatcher
  organization_number text not null
  name text not null
  refreshed_at timestamp with time zone not null
  constraint dispatcher_organization_number_check CHECK ((organization_number ~ '^16[0-9]{10}$'::text))
  constraint dispatcher_pkey PRIMARY KEY (organization_number)

table dispatcher_sender
  dispatcher_number text not null
  sender_number text not null
  constraint dispatcher_sender_dispatcher_number_fkey FOREIGN KEY (dispatcher_number) REFERENCES dispatcher(organization_number) ON DELETE CASCADE
  constraint dispatcher_sender_pkey PRIMARY KEY (dispatcher_number, sender_number)

table forward
  id uuid not null
  duplicate_key bytea not null
  received_at timestamp with time zone not null
  caller_number text not null
  forwarder_id text not null
  forwarder_name text not null
  subject text not null
  content_type text not null
  key_id text not null
  encrypted bytea not null
  constraint forward_duplicate_key_check CHECK ((octet_length(duplicate_key) = 32))
  constraint forward_duplicate_key_key UNIQUE (duplicate_key)
  constraint forward_pkey PRIMARY KEY (id)

table letter
  id uuid not null
  web_id text not null
  account_id uuid not null
  duplicate_key bytea not null
  received_at timestamp with time zone not null
  read_at timestamp with time zone
  sender_id text not null
  sender_name text not null
  sender_attention text
  attention text
  message_id text not null
  reference text
  correlation_id text
  subject text not null
  language text not null
  support_text text not null
  support_url text
  support_phone text
  support_email text
  signed_by_number text
  signed_by_name text
  sealed_by_number text
  sealed_by_name text
  seal_received_time text
  sealed_hash bytea not null
  notice_id uuid
  forward_id uuid
  constraint letter_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id)
  constraint letter_duplicate_key_check CHECK ((octet_length(duplicate_key) = 32))
  constraint letter_duplicate_key_key UNIQUE (duplicate_key)
  constraint letter_forward_id_fkey FOREIGN KEY (forward_id) REFERENCES forward(id)
  constraint letter_kind_check CHECK (((notice_id IS NULL) OR (forward_id IS NULL)))
  constraint letter_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice(id)
  constraint letter_pkey PRIMARY KEY (id)
  constraint letter_sealed_hash_check CHECK ((octet_length(sealed_hash) = 32))
  constraint letter_signature_check CHECK ((num_nonnulls(signed_by_number, signed_by_name, sealed_by_number, sealed_by_name, seal_received_time) =
CASE
    WHEN (notice_id IS NULL) THEN 5
    ELSE 0
END))
  constraint letter_web_id_key UNIQUE (web_id)
  CREATE INDEX letter_forward ON letter USING btree (forward_id) WHERE (forward_id IS NOT NULL)
  CREATE INDEX letter_inbox ON letter USING btree (account_id, received_at DESC, id DESC)
  CREATE INDEX letter_notice ON letter USING btree (notice_id) WHERE (notice_id IS NOT NULL)
  CREATE INDEX letter_unread ON letter USING btree (account_id) WHERE (read_at IS NULL)

table mailbox_user
  id uuid not null
  personal_number text not null
  last_login_at timestamp with time zone not null
  constraint mailbox_user_personal_number_check CHECK ((personal_number ~ '^[0-9]{12}$'::text))
  constraint mailbox_user_personal_number_key UNIQUE (personal_number)
  constraint mailbox_user_pkey PRIMARY KEY (id)

table migration
  number integer not null
  name text not null
  content_hash text not null
  applied_at timestamp with time zone not null default now()
  constraint migration_pkey PRIMARY KEY (number)

table notice
  id uuid not null
  duplicate_key bytea not null
  received_at timestamp with time zone not null
  caller_number text not null
  key_id text not null
  encrypted bytea not null
  constraint notice_duplicate_key_check CHECK ((octet_length(duplicate_key) = 32))
  constraint notice_pkey PRIMARY KEY (id)
  CREATE INDEX notice_duplicate ON notice USING btree (duplicate_key, received_at DESC)

table part
  letter_id uuid not null
  position integer not null
  content_type text not null
  file_name text not null
  content_bytes integer not null
  key_id text not null
  encrypted bytea not null
  constraint part_content_bytes_check CHECK ((content_bytes >= 0))
  constraint part_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter(id)
  constraint part_pkey PRIMARY KEY (letter_id, "position")
  constraint part_position_check CHECK (("position" >= 0))

table payment
  letter_id uuid not null
  key_id text not null
  encrypted bytea not null
  constraint payment_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter(id)
  constraint payment_pkey PRIMARY KEY (letter_id)

table sealed_document
  letter_id uuid not null
  key_id text not null
  encrypted bytea not null
  constraint sealed_document_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter(id)
  constraint sealed_document_pkey PRIMARY KEY (letter_id)

table sender
  organization_number text not null
  name text not null
  refreshed_at timestamp with time zone not null
  constraint sender_organization_number_check CHECK ((organization_number ~ '^[0-9]{12}$'::text))
  constraint sender_pkey PRIMARY KEY (organization_number)

table signing_order
  id uuid not null
  user_id uuid not null
  recipient_id text not null
  purpose text not null
  accepted_senders text[]
  text text not null
  nonce text not null
  state text not null
  created_at timestamp with time zone not null
  order_ref text
  sign_url text
  signature bytea
  certificate text
  signature_encoding text
  collected_at timestamp with time zone
  attempts integer not null default 0
  fault_code integer
  refusal text
  settled_at timestamp with time zone
  lease uuid
  leased_until timestamp with time zone
  next_try_at timestamp with time zone not null
  constraint signing_order_check CHECK (((purpose = 'storeAccountPreferences'::text) = (accepted_senders IS NOT NULL)))
  constraint signing_order_check1 CHECK (((state = ANY (ARRAY['signed'::text, 'sent'::text, 'done'::text])) <= (signature IS NOT NULL)))
  constraint signing_order_check2 CHECK (((state = 'refused'::text) = (refusal IS NOT NULL)))
  constraint signing_order_check3 CHECK (((state = ANY (ARRAY['done'::text, 'refused'::text, 'cancelled'::text, 'expired'::text, 'replaced'::text])) = (settled_at IS NOT NULL)))
  constraint signing_order_nonce_key UNIQUE (nonce)
  constraint signing_order_pkey PRIMARY KEY (id)
  constraint signing_order_purpose_check CHECK ((purpose = ANY (ARRAY['register'::text, 'changeServiceSupplier'::text, 'storeAccountPreferences'::text, 'deregister'::text])))
  constraint signing_order_recipient_id_check CHECK ((recipient_id ~ '^[0-9]{12}$'::text))
  constraint signing_order_state_check CHECK ((state = ANY (ARRAY['begun'::text, 'ordered'::text, 'signed'::text, 'sent'::text, 'done'::text, 'refused'::text, 'cancelled'::text, 'expired'::text, 'replaced'::text])))
  constraint signing_order_user_id_fkey FOREIGN KEY (user_id) REFERENCES mailbox_user(id)
  CREATE INDEX signing_order_due ON signing_order USING btree (next_try_at) WHERE (state = ANY (ARRAY['begun'::text, 'ordered'::text, 'signed'::text, 'sent'::text]))
  CREATE INDEX signing_order_history ON signing_order USING btree (user_id, created_at DESC)
  CREATE UNIQUE INDEX signing_order_open ON signing_order USING btree (user_id) WHERE (state = ANY (ARRAY['begun'::text, 'ordered'::text, 'signed'::text, 'sent'::text]))

table web_session
  token_hash bytea not null
  subject text not null
  principal jsonb not null
  id_token text
  created_at timestamp with time zone not null
  last_seen_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  constraint web_session_pkey PRIMARY KEY (token_hash)
  CREATE INDEX web_session_expires_at_idx ON web_session USING btree (expires_at)
  CREATE INDEX web_session_subject_idx ON web_session USING btree (subject)
