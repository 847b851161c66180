table access_token
  hash bytea not null
  organisation_id uuid not null
  credential_id uuid not null
  expires_at timestamp with time zone not null
  constraint access_token_hash_check CHECK ((length(hash) = 32))
  constraint access_token_organisation_id_credential_id_fkey FOREIGN KEY (organisation_id, credential_id) REFERENCES credential(organisation_id, id)
  constraint access_token_pkey PRIMARY KEY (hash)
  CREATE INDEX access_token_credential ON access_token USING btree (organisation_id, credential_id, expires_at)

table attachment
  organisation_id uuid not null
  letter_id uuid not null
  position smallint not null
  filename text not null
  content_type text not null
  hash bytea not null
  plain_bytes integer not null
  pages integer not null
  constraint attachment_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint attachment_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint attachment_pkey PRIMARY KEY (organisation_id, letter_id, "position")
  CREATE INDEX attachment_content ON attachment USING btree (organisation_id, hash)

table business_system
  organisation_id uuid not null
  id uuid not null
  name text not null
  created_at timestamp with time zone not null default now()
  last_seen_at timestamp with time zone
  code text not null
  unit_id uuid
  is_active boolean not null default true
  lane smallint not null default 0
  ways_in jsonb not null default '{}'::jsonb
  constraint business_system_lane_check CHECK (((lane >= 0) AND (lane <= 2)))
  constraint business_system_organisation_id_code_key UNIQUE (organisation_id, code)
  constraint business_system_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint business_system_organisation_id_unit_id_fkey FOREIGN KEY (organisation_id, unit_id) REFERENCES unit(organisation_id, id)
  constraint business_system_pkey PRIMARY KEY (organisation_id, id)

table configuration_change
  organisation_id uuid not null
  id bigint not null identity a
  applied_id uuid not null
  at timestamp with time zone not null default clock_timestamp()
  actor text not null
  kind text not null
  path text not null
  field text
  before jsonb
  after jsonb
  constraint configuration_change_kind_check CHECK ((kind = ANY (ARRAY['added'::text, 'changed'::text, 'removed'::text])))
  constraint configuration_change_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint configuration_change_pkey PRIMARY KEY (organisation_id, id)
  CREATE TRIGGER configuration_change_append_only BEFORE DELETE OR UPDATE ON configuration_change FOR EACH ROW EXECUTE FUNCTION refuse_change()

table content
  organisation_id uuid not null
  hash bytea not null
  content_type text not null
  plain_bytes integer not null
  bytes bytea not null
  created_at timestamp with time zone not null default now()
  constraint content_hash_check CHECK ((length(hash) = 32))
  constraint content_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint content_pkey PRIMARY KEY (organisation_id, hash)

table credential
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  kind text not null
  hash bytea not null
  label text not null default ''::text
  created_at timestamp with time zone not null default now()
  valid_from timestamp with time zone
  valid_until timestamp with time zone
  revoked_at timestamp with time zone
  last_used_at timestamp with time zone
  constraint credential_check CHECK ((valid_from < valid_until))
  constraint credential_hash_check CHECK ((length(hash) = 32))
  constraint credential_kind_check CHECK ((kind = ANY (ARRAY['apiKey'::text, 'oauthClient'::text, 'certificate'::text, 'sshKey'::text, 'password'::text])))
  constraint credential_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint credential_pkey PRIMARY KEY (organisation_id, id)
  CREATE INDEX credential_system ON credential USING btree (organisation_id, business_system_id)
  CREATE UNIQUE INDEX credential_hash ON credential USING btree (kind, hash) WHERE (revoked_at IS NULL)

table decision
  organisation_id uuid not null
  letter_id uuid not null
  id bigint not null identity a
  at timestamp with time zone not null default clock_timestamp()
  question jsonb not null
  answer jsonb not null
  rule text not null
  channel text not null
  reason text not null
  tried jsonb not null
  constraint decision_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint decision_pkey PRIMARY KEY (organisation_id, letter_id, id)
  CREATE TRIGGER decision_append_only BEFORE DELETE OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change()

table end_check
  organisation_id uuid not null
  checked_at timestamp with time zone not null
  findings jsonb not null
  constraint end_check_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint end_check_pkey PRIMARY KEY (organisation_id)

table file_delivery
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  name text not null
  kind text not null
  state text not null
  claimed_at timestamp with time zone not null default now()
  is_taken boolean not null default false
  attempts integer not null default 1
  ended_at timestamp with time zone
  lease_until timestamp with time zone
  lease_id uuid
  lease_node text
  accepted integer not null default 0
  duplicates integer not null default 0
  refused integer not null default 0
  understood_as text not null default ''::text
  mailings jsonb not null default '[]'::jsonb
  told_rows jsonb not null default '[]'::jsonb
  constraint file_delivery_check CHECK (((state = 'working'::text) = (ended_at IS NULL)))
  constraint file_delivery_check1 CHECK (((state = 'working'::text) = (lease_until IS NOT NULL)))
  constraint file_delivery_kind_check CHECK ((kind = ANY (ARRAY['archive'::text, 'index'::text, 'pair'::text, 'stray'::text])))
  constraint file_delivery_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint file_delivery_pkey PRIMARY KEY (organisation_id, id)
  constraint file_delivery_state_check CHECK ((state = ANY (ARRAY['working'::text, 'done'::text, 'failed'::text])))
  CREATE INDEX file_delivery_due ON file_delivery USING btree (lease_until) WHERE (state = 'working'::text)
  CREATE INDEX file_delivery_latest ON file_delivery USING btree (organisation_id, claimed_at DESC, id)
  CREATE INDEX file_delivery_of_system ON file_delivery USING btree (organisation_id, business_system_id, claimed_at DESC)
  CREATE UNIQUE INDEX file_delivery_once ON file_delivery USING btree (organisation_id, business_system_id, name) WHERE (state = 'working'::text)

table file_letter
  organisation_id uuid not null
  business_system_id uuid not null
  key text not null
  delivery_id uuid not null
  letter_id uuid not null
  constraint file_letter_organisation_id_delivery_id_fkey FOREIGN KEY (organisation_id, delivery_id) REFERENCES file_delivery(organisation_id, id)
  constraint file_letter_pkey PRIMARY KEY (organisation_id, business_system_id, key)
  CREATE INDEX file_letter_of_delivery ON file_letter USING btree (organisation_id, delivery_id)

table flagged_address
  organisation_id uuid not null
  digest bytea not null
  letter_id uuid not null
  reason text not null
  flagged_at timestamp with time zone not null default clock_timestamp()
  expires_at timestamp with time zone not null
  constraint flagged_address_digest_check CHECK ((length(digest) = 32))
  constraint flagged_address_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint flagged_address_pkey PRIMARY KEY (organisation_id, digest)
  CREATE INDEX flagged_address_expires ON flagged_address USING btree (expires_at)
  CREATE INDEX flagged_address_of_letter ON flagged_address USING btree (organisation_id, letter_id)

table flow
  organisation_id uuid not null
  id uuid not null
  unit_id uuid not null
  code text not null
  name text not null
  channel_policy text not null
  digital_hours integer not null default 48
  case_hours integer not null default 48
  postage_class text not null default 'economy'::text
  template_code text
  default_subject text
  sensitivity text not null default 'normal'::text
  reply_allowed boolean not null default false
  retention_days integer not null default 365
  notification text not null default 'none'::text
  lifetime_hours integer
  e_invoice boolean not null default false
  approval_over integer
  lane smallint not null default 0
  send_window jsonb
  scheduling_allowed boolean not null default true
  is_active boolean not null default true
  notice jsonb
  e_invoice_wait_hours smallint
  e_invoice_vat_percent smallint
  dispatcher text
  unread_days integer
  unread_action text not null default 'nothing'::text
  unread_untold text not null default 'nothing'::text
  print_layout text
  duplex boolean not null default true
  colour boolean not null default false
  pdf_accessibility text not null default 'off'::text
  print_shop_code text
  paper_format text not null default 'letter'::text
  first_page text not null default 'cover'::text
  envelope text not null default 'window'::text
  on_flagged_address text not null default 'case'::text
  constraint flow_approval_over_check CHECK ((approval_over >= 0))
  constraint flow_case_hours_check CHECK (((case_hours >= 1) AND (case_hours <= 720)))
  constraint flow_channel_policy_check CHECK ((channel_policy = ANY (ARRAY['digitalFirst'::text, 'digitalOnly'::text, 'paperOnly'::text])))
  constraint flow_check CHECK ((NOT ((sensitivity = 'sensitive'::text) AND (notification = 'noticeOnly'::text))))
  constraint flow_check1 CHECK (((paper_format = 'letter'::text) OR ((sensitivity = 'normal'::text) AND (NOT e_invoice))))
  constraint flow_default_subject_check CHECK (((length(default_subject) >= 1) AND (length(default_subject) <= 255)))
  constraint flow_digital_hours_check CHECK (((digital_hours >= 1) AND (digital_hours <= 720)))
  constraint flow_envelope_check CHECK ((envelope = ANY (ARRAY['window'::text, 'barcode'::text])))
  constraint flow_first_page_check CHECK ((first_page = ANY (ARRAY['cover'::text, 'own'::text, 'auto'::text])))
  constraint flow_lane_check CHECK (((lane >= 0) AND (lane <= 2)))
  constraint flow_lifetime_hours_check CHECK (((lifetime_hours >= 1) AND (lifetime_hours <= 8760)))
  constraint flow_notification_check CHECK ((notification = ANY (ARRAY['none'::text, 'noticeOnly'::text, 'withLetter'::text, 'whenUnread'::text])))
  constraint flow_on_flagged_address_check CHECK ((on_flagged_address = ANY (ARRAY['case'::text, 'send'::text])))
  constraint flow_organisation_id_code_key UNIQUE (organisation_id, code)
  constraint flow_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint flow_organisation_id_print_shop_code_fkey FOREIGN KEY (organisation_id, print_shop_code) REFERENCES print_shop(organisation_id, code)
  constraint flow_organisation_id_unit_id_fkey FOREIGN KEY (organisation_id, unit_id) REFERENCES unit(organisation_id, id)
  constraint flow_paper_format_check CHECK ((paper_format = ANY (ARRAY['letter'::text, 'postcard'::text])))
  constraint flow_pdf_accessibility_check CHECK ((pdf_accessibility = ANY (ARRAY['off'::text, 'warn'::text, 'stop'::text])))
  constraint flow_pkey PRIMARY KEY (organisation_id, id)
  constraint flow_postage_class_check CHECK ((postage_class = ANY (ARRAY['economy'::text, 'priority'::text])))
  constraint flow_retention_days_check CHECK (((retention_days >= 1) AND (retention_days <= 3650)))
  constraint flow_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['normal'::text, 'sensitive'::text])))
  constraint flow_unread_action_check CHECK ((unread_action = ANY (ARRAY['print'::text, 'remind'::text, 'nothing'::text])))
  constraint flow_unread_days_check CHECK (((unread_days >= 1) AND (unread_days <= 365)))
  constraint flow_unread_untold_check CHECK ((unread_untold = ANY (ARRAY['case'::text, 'nothing'::text])))

table form_event
  organisation_id uuid not null
  message_id uuid not null
  id bigint not null identity a
  at timestamp with time zone not null default clock_timestamp()
  kind text not null
  actor text not null
  detail jsonb not null default '{}'::jsonb
  constraint form_event_organisation_id_message_id_fkey FOREIGN KEY (organisation_id, message_id) REFERENCES form_message(organisation_id, id)
  constraint form_event_pkey PRIMARY KEY (organisation_id, message_id, id)
  CREATE TRIGGER form_event_append_only BEFORE DELETE OR UPDATE ON form_event FOR EACH ROW EXECUTE FUNCTION refuse_change()

table form_message
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  receiver_id uuid not null
  product text not null
  product_name text not null
  transaction_id text not null
  correlation_id text
  sender text
  subject text
  sent_at timestamp with time zone
  is_test boolean not null
  request_hash bytea not null
  fields jsonb not null
  state text not null
  received_at timestamp with time zone not null default now()
  due_at timestamp with time zone
  attempts integer not null default 0
  lease_id uuid
  lease_node text
  acknowledged_at timestamp with time zone
  case_reference text
  failure text
  deadline timestamp with time zone
  ended_by text
  note text
  erase_at timestamp with time zone not null
  erased_at timestamp with time zone
  retried_at timestamp with time zone
  constraint form_message_check CHECK (((state = 'received'::text) = (due_at IS NOT NULL)))
  constraint form_message_check1 CHECK (((state = 'failed'::text) = (deadline IS NOT NULL)))
  constraint form_message_check2 CHECK (((state <> 'failed'::text) OR (failure IS NOT NULL)))
  constraint form_message_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint form_message_organisation_id_business_system_id_transaction_key UNIQUE (organisation_id, business_system_id, transaction_id)
  constraint form_message_organisation_id_receiver_id_fkey FOREIGN KEY (organisation_id, receiver_id) REFERENCES business_system(organisation_id, id)
  constraint form_message_pkey PRIMARY KEY (organisation_id, id)
  constraint form_message_state_check CHECK ((state = ANY (ARRAY['received'::text, 'handedOver'::text, 'acknowledged'::text, 'failed'::text, 'settled'::text])))
  CREATE INDEX form_message_due ON form_message USING btree (due_at) WHERE (state = 'received'::text)
  CREATE INDEX form_message_erase ON form_message USING btree (erase_at) WHERE (erased_at IS NULL)
  CREATE INDEX form_message_list ON form_message USING btree (organisation_id, id DESC)
  CREATE INDEX form_message_open ON form_message USING btree (organisation_id, receiver_id, id) WHERE (state = ANY (ARRAY['received'::text, 'failed'::text]))
  CREATE INDEX form_message_transaction ON form_message USING btree (organisation_id, transaction_id)

table form_part
  organisation_id uuid not null
  message_id uuid not null
  position smallint not null
  kind text not null
  filename text not null
  content_type text not null
  hash bytea not null
  plain_bytes integer not null
  constraint form_part_kind_check CHECK ((kind = ANY (ARRAY['label'::text, 'form'::text, 'attachment'::text])))
  constraint form_part_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint form_part_organisation_id_message_id_fkey FOREIGN KEY (organisation_id, message_id) REFERENCES form_message(organisation_id, id)
  constraint form_part_pkey PRIMARY KEY (organisation_id, message_id, "position")
  CREATE INDEX form_part_content ON form_part USING btree (organisation_id, hash)

table hand_in_case
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  flow_id uuid not null
  way_in text not null
  key text not null
  reason text not null
  detail jsonb not null
  filename text not null
  hash bytea not null
  opened_at timestamp with time zone not null default clock_timestamp()
  deadline timestamp with time zone not null
  closed_at timestamp with time zone
  closed_by text
  resolution text
  letter_id uuid
  note text
  constraint hand_in_case_check CHECK (((closed_at IS NULL) = (resolution IS NULL)))
  constraint hand_in_case_check1 CHECK ((((resolution = 'handedIn'::text) = (letter_id IS NOT NULL)) OR (resolution IS NULL)))
  constraint hand_in_case_note_check CHECK ((note <> ''::text))
  constraint hand_in_case_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint hand_in_case_organisation_id_business_system_id_key_key UNIQUE (organisation_id, business_system_id, key)
  constraint hand_in_case_organisation_id_flow_id_fkey FOREIGN KEY (organisation_id, flow_id) REFERENCES flow(organisation_id, id)
  constraint hand_in_case_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint hand_in_case_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint hand_in_case_pkey PRIMARY KEY (organisation_id, id)
  constraint hand_in_case_reason_check CHECK ((reason = ANY (ARRAY['noRecipient'::text, 'invalidRecipient'::text, 'severalRecipients'::text, 'refused'::text])))
  constraint hand_in_case_resolution_check CHECK ((resolution = ANY (ARRAY['handedIn'::text, 'discarded'::text])))
  constraint hand_in_case_way_in_check CHECK ((way_in = ANY (ARRAY['printer'::text, 'dropFolder'::text, 'invoices'::text, 'forms'::text])))
  CREATE INDEX hand_in_case_content ON hand_in_case USING btree (organisation_id, hash)
  CREATE INDEX hand_in_case_queue ON hand_in_case USING btree (organisation_id, deadline) WHERE (closed_at IS NULL)

table idempotency
  organisation_id uuid not null
  business_system_id uuid not null
  key text not null
  request_hash bytea not null
  letter_id uuid not null
  created_at timestamp with time zone not null default now()
  constraint idempotency_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint idempotency_pkey PRIMARY KEY (organisation_id, business_system_id, key)

table letter
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  flow_id uuid not null
  recipient text not null
  subject text
  language text not null
  reference text
  address jsonb
  protected_identity boolean not null default false
  body_content_type text not null
  body_hash bytea
  envelope_bytes integer not null
  created_at timestamp with time zone not null default now()
  state text not null
  stage text
  channel text
  lane smallint not null
  due_at timestamp with time zone not null default now()
  lease_id uuid
  lease_node text
  attempts integer not null default 0
  stage_entered_at timestamp with time zone not null default now()
  digital_failure text
  lookups integer not null default 0
  supplier jsonb
  paper_ordered boolean not null default false
  print_hash bytea
  print_facts jsonb
  updated_at timestamp with time zone not null default now()
  mailing_id uuid
  expires_at timestamp with time zone
  channel_policy text
  signed_hash bytea
  invoice jsonb
  form_message_id uuid
  sealed_values bytea
  notice_id uuid
  document_hash bytea
  document_filename text
  erased_at timestamp with time zone
  sealed_contact bytea
  notice_failures jsonb not null default '[]'::jsonb
  e_invoice_address jsonb
  e_invoice_failure text
  invoice_xml_hash bytea
  distribution_id text
  constraint letter_channel_check CHECK ((channel = ANY (ARRAY['digital'::text, 'paper'::text, 'notification'::text, 'sms'::text, 'email'::text, 'eInvoice'::text, 'dispatcher'::text])))
  constraint letter_channel_policy_check CHECK ((channel_policy = ANY (ARRAY['digitalFirst'::text, 'digitalOnly'::text, 'paperOnly'::text])))
  constraint letter_check CHECK (
CASE
    WHEN (stage = 'followUp'::text) THEN (state = 'delivered'::text)
    ELSE ((state = ANY (ARRAY['waiting'::text, 'unknown'::text])) = (stage IS NOT NULL))
END)
  constraint letter_check1 CHECK (((erased_at IS NULL) = (body_hash IS NOT NULL)))
  constraint letter_check2 CHECK (((erased_at IS NULL) = (subject IS NOT NULL)))
  constraint letter_check3 CHECK (((erased_at IS NULL) OR (state = ANY (ARRAY['delivered'::text, 'printed'::text, 'unnotified'::text, 'cancelled'::text, 'expired'::text]))))
  constraint letter_e_invoice_failure_check CHECK ((e_invoice_failure = ANY (ARRAY['eInvoiceRejected'::text, 'eInvoiceRulesBroken'::text, 'eInvoiceDeadlinePassed'::text])))
  constraint letter_invoice_check CHECK ((jsonb_typeof((invoice -> 'amountHundredths'::text)) = 'number'::text))
  constraint letter_organisation_id_body_hash_fkey FOREIGN KEY (organisation_id, body_hash) REFERENCES content(organisation_id, hash)
  constraint letter_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint letter_organisation_id_document_hash_fkey FOREIGN KEY (organisation_id, document_hash) REFERENCES content(organisation_id, hash)
  constraint letter_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint letter_organisation_id_flow_id_fkey FOREIGN KEY (organisation_id, flow_id) REFERENCES flow(organisation_id, id)
  constraint letter_organisation_id_form_message_id_fkey FOREIGN KEY (organisation_id, form_message_id) REFERENCES form_message(organisation_id, id)
  constraint letter_organisation_id_invoice_xml_hash_fkey FOREIGN KEY (organisation_id, invoice_xml_hash) REFERENCES content(organisation_id, hash)
  constraint letter_organisation_id_mailing_id_fkey FOREIGN KEY (organisation_id, mailing_id) REFERENCES mailing(organisation_id, id)
  constraint letter_organisation_id_notice_id_fkey FOREIGN KEY (organisation_id, notice_id) REFERENCES notice(organisation_id, id)
  constraint letter_organisation_id_print_hash_fkey FOREIGN KEY (organisation_id, print_hash) REFERENCES content(organisation_id, hash)
  constraint letter_organisation_id_signed_hash_fkey FOREIGN KEY (organisation_id, signed_hash) REFERENCES content(organisation_id, hash)
  constraint letter_pkey PRIMARY KEY (organisation_id, id)
  constraint letter_stage_check CHECK ((stage = ANY (ARRAY['resolve'::text, 'compose'::text, 'seal'::text, 'deliver'::text, 'confirm'::text, 'followUp'::text])))
  constraint letter_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'unknown'::text, 'case'::text, 'delivered'::text, 'printed'::text, 'unnotified'::text, 'cancelled'::text, 'expired'::text])))
  CREATE INDEX letter_body ON letter USING btree (organisation_id, body_hash)
  CREATE INDEX letter_document ON letter USING btree (organisation_id, document_hash) WHERE (document_hash IS NOT NULL)
  CREATE INDEX letter_erase ON letter USING btree (organisation_id, flow_id, updated_at) WHERE ((erased_at IS NULL) AND (state = ANY (ARRAY['delivered'::text, 'printed'::text, 'unnotified'::text, 'cancelled'::text, 'expired'::text])))
  CREATE INDEX letter_invoice_xml ON letter USING btree (organisation_id, invoice_xml_hash) WHERE (invoice_xml_hash IS NOT NULL)
  CREATE INDEX letter_leased ON letter USING btree (lease_node) WHERE (lease_node IS NOT NULL)
  CREATE INDEX letter_mailing ON letter USING btree (organisation_id, mailing_id, state) WHERE (mailing_id IS NOT NULL)
  CREATE INDEX letter_newest ON letter USING btree (organisation_id, created_at DESC, id DESC)
  CREATE INDEX letter_notice ON letter USING btree (organisation_id, notice_id) WHERE (notice_id IS NOT NULL)
  CREATE INDEX letter_of_form ON letter USING btree (organisation_id, form_message_id) WHERE (form_message_id IS NOT NULL)
  CREATE INDEX letter_print ON letter USING btree (organisation_id, print_hash) WHERE (print_hash IS NOT NULL)
  CREATE INDEX letter_queue ON letter USING btree (stage, lane, organisation_id, due_at) WHERE (stage IS NOT NULL)
  CREATE INDEX letter_recipient ON letter USING btree (organisation_id, recipient, created_at DESC)
  CREATE INDEX letter_reference ON letter USING btree (organisation_id, reference) WHERE (reference IS NOT NULL)
  CREATE INDEX letter_signed ON letter USING btree (organisation_id, signed_hash) WHERE (signed_hash IS NOT NULL)
  CREATE INDEX letter_state ON letter USING btree (organisation_id, state, created_at DESC, id DESC)

table letter_event
  organisation_id uuid not null
  letter_id uuid not null
  id bigint not null identity a
  at timestamp with time zone not null default clock_timestamp()
  kind text not null
  actor text not null
  detail jsonb not null default '{}'::jsonb
  constraint letter_event_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint letter_event_pkey PRIMARY KEY (organisation_id, letter_id, id)
  CREATE TRIGGER letter_event_append_only BEFORE DELETE OR UPDATE ON letter_event FOR EACH ROW EXECUTE FUNCTION refuse_change()

table mailing
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  flow_id uuid not null
  name text not null
  state text not null
  key text not null
  request_hash bytea not null
  created_at timestamp with time zone not null default now()
  created_by text not null
  created_by_subject text
  subject text not null
  language text not null
  body_content_type text not null
  body_hash bytea
  envelope_base_bytes integer not null
  envelope_reference_bytes integer not null
  envelope_per_byte smallint not null
  not_before timestamp with time zone
  expires_at timestamp with time zone
  channel_policy text
  recipients integer
  list_hash bytea
  commit_asked_at timestamp with time zone
  approved_by text
  approved_at timestamp with time zone
  committed_at timestamp with time zone
  cancelled_at timestamp with time zone
  shared_attachment_bytes integer not null default 0
  placeholders jsonb
  document_hash bytea
  document_filename text
  document_pages smallint not null default 0
  erased_at timestamp with time zone
  constraint mailing_channel_policy_check CHECK ((channel_policy = ANY (ARRAY['digitalFirst'::text, 'digitalOnly'::text, 'paperOnly'::text])))
  constraint mailing_check CHECK (((state = 'cancelled'::text) = (cancelled_at IS NOT NULL)))
  constraint mailing_check1 CHECK (((state = 'committed'::text) = (committed_at IS NOT NULL)))
  constraint mailing_check2 CHECK (((state = 'cancelled'::text) OR ((erased_at IS NULL) = (body_hash IS NOT NULL))))
  constraint mailing_check3 CHECK (((expires_at IS NULL) OR (not_before IS NULL) OR (expires_at > not_before)))
  constraint mailing_check4 CHECK (((document_hash IS NULL) = (document_filename IS NULL)))
  constraint mailing_check5 CHECK (((erased_at IS NULL) OR (state = 'committed'::text)))
  constraint mailing_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)))
  constraint mailing_organisation_id_body_hash_fkey FOREIGN KEY (organisation_id, body_hash) REFERENCES content(organisation_id, hash)
  constraint mailing_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint mailing_organisation_id_business_system_id_key_key UNIQUE (organisation_id, business_system_id, key)
  constraint mailing_organisation_id_document_hash_fkey FOREIGN KEY (organisation_id, document_hash) REFERENCES content(organisation_id, hash)
  constraint mailing_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint mailing_organisation_id_flow_id_fkey FOREIGN KEY (organisation_id, flow_id) REFERENCES flow(organisation_id, id)
  constraint mailing_pkey PRIMARY KEY (organisation_id, id)
  constraint mailing_state_check CHECK ((state = ANY (ARRAY['filling'::text, 'awaitingApproval'::text, 'committed'::text, 'cancelled'::text])))
  CREATE INDEX mailing_body ON mailing USING btree (organisation_id, body_hash)
  CREATE INDEX mailing_document ON mailing USING btree (organisation_id, document_hash) WHERE (document_hash IS NOT NULL)
  CREATE INDEX mailing_erase ON mailing USING btree (committed_at) WHERE ((state = 'committed'::text) AND (erased_at IS NULL))
  CREATE INDEX mailing_list ON mailing USING btree (organisation_id, list_hash) WHERE (state = 'committed'::text)
  CREATE INDEX mailing_newest ON mailing USING btree (organisation_id, created_at DESC, id DESC)

table mailing_attachment
  organisation_id uuid not null
  mailing_id uuid not null
  position smallint not null
  filename text not null
  content_type text not null
  hash bytea not null
  plain_bytes integer not null
  pages integer not null
  constraint mailing_attachment_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint mailing_attachment_organisation_id_mailing_id_fkey FOREIGN KEY (organisation_id, mailing_id) REFERENCES mailing(organisation_id, id)
  constraint mailing_attachment_pkey PRIMARY KEY (organisation_id, mailing_id, "position")
  CREATE INDEX mailing_attachment_content ON mailing_attachment USING btree (organisation_id, hash)

table mailing_batch
  organisation_id uuid not null
  mailing_id uuid not null
  key text not null
  request_hash bytea not null
  answer jsonb not null
  constraint mailing_batch_organisation_id_mailing_id_fkey FOREIGN KEY (organisation_id, mailing_id) REFERENCES mailing(organisation_id, id)
  constraint mailing_batch_pkey PRIMARY KEY (organisation_id, mailing_id, key)

table mailing_event
  organisation_id uuid not null
  mailing_id uuid not null
  id bigint not null identity a
  at timestamp with time zone not null default clock_timestamp()
  kind text not null
  actor text not null
  detail jsonb not null default '{}'::jsonb
  constraint mailing_event_organisation_id_mailing_id_fkey FOREIGN KEY (organisation_id, mailing_id) REFERENCES mailing(organisation_id, id)
  constraint mailing_event_pkey PRIMARY KEY (organisation_id, mailing_id, id)
  CREATE TRIGGER mailing_event_append_only BEFORE DELETE OR UPDATE ON mailing_event FOR EACH ROW EXECUTE FUNCTION refuse_change()

table mailing_recipient
  organisation_id uuid not null
  mailing_id uuid not null
  id uuid not null
  recipient text not null
  reference text
  address jsonb
  protected_identity boolean not null default false
  envelope_bytes integer not null
  subject text
  body_content_type text
  body_hash bytea
  invoice jsonb
  sealed_values bytea
  added_at timestamp with time zone not null default now()
  sealed_contact bytea
  invoice_xml_hash bytea
  constraint mailing_recipient_check CHECK (((body_content_type IS NULL) = (body_hash IS NULL)))
  constraint mailing_recipient_invoice_check CHECK ((jsonb_typeof((invoice -> 'amountHundredths'::text)) = 'number'::text))
  constraint mailing_recipient_organisation_id_body_hash_fkey FOREIGN KEY (organisation_id, body_hash) REFERENCES content(organisation_id, hash)
  constraint mailing_recipient_organisation_id_invoice_xml_hash_fkey FOREIGN KEY (organisation_id, invoice_xml_hash) REFERENCES content(organisation_id, hash)
  constraint mailing_recipient_organisation_id_mailing_id_fkey FOREIGN KEY (organisation_id, mailing_id) REFERENCES mailing(organisation_id, id)
  constraint mailing_recipient_pkey PRIMARY KEY (organisation_id, mailing_id, id)
  CREATE INDEX mailing_recipient_body ON mailing_recipient USING btree (organisation_id, body_hash) WHERE (body_hash IS NOT NULL)
  CREATE INDEX mailing_recipient_invoice_xml ON mailing_recipient USING btree (organisation_id, invoice_xml_hash) WHERE (invoice_xml_hash IS NOT NULL)
  CREATE UNIQUE INDEX mailing_recipient_once ON mailing_recipient USING btree (organisation_id, mailing_id, recipient, COALESCE(reference, ''::text))

table mailing_recipient_attachment
  organisation_id uuid not null
  mailing_id uuid not null
  recipient_id uuid not null
  position smallint not null
  filename text not null
  content_type text not null
  hash bytea not null
  plain_bytes integer not null
  pages integer not null
  constraint mailing_recipient_attachment_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint mailing_recipient_attachment_organisation_id_mailing_id_re_fkey FOREIGN KEY (organisation_id, mailing_id, recipient_id) REFERENCES mailing_recipient(organisation_id, mailing_id, id) ON DELETE CASCADE
  constraint mailing_recipient_attachment_pkey PRIMARY KEY (organisation_id, mailing_id, recipient_id, "position")
  CREATE INDEX mailing_recipient_attachment_content ON mailing_recipient_attachment USING btree (organisation_id, hash)

table mailing_upload
  organisation_id uuid not null
  id uuid not null
  created_at timestamp with time zone not null default now()
  created_by_subject text not null
  filename text not null
  hash bytea not null
  columns jsonb
  skips_faulty boolean not null default false
  taken_until timestamp with time zone
  template_code text
  constraint mailing_upload_organisation_id_created_by_subject_key UNIQUE (organisation_id, created_by_subject)
  constraint mailing_upload_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint mailing_upload_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint mailing_upload_pkey PRIMARY KEY (organisation_id, id)
  CREATE INDEX mailing_upload_content ON mailing_upload USING btree (organisation_id, hash)

table manual_case
  organisation_id uuid not null
  id uuid not null
  letter_id uuid not null
  opened_at timestamp with time zone not null default clock_timestamp()
  reason text not null
  detail jsonb not null default '{}'::jsonb
  stage text not null
  owner text not null
  next_action text not null
  deadline timestamp with time zone not null
  closed_at timestamp with time zone
  closed_by text
  resolution text
  constraint manual_case_check CHECK (((closed_at IS NULL) = (resolution IS NULL)))
  constraint manual_case_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint manual_case_pkey PRIMARY KEY (organisation_id, id)
  constraint manual_case_resolution_check CHECK ((resolution = ANY (ARRAY['sentOnPaper'::text, 'triedAgain'::text, 'cancelled'::text])))
  CREATE INDEX manual_case_queue ON manual_case USING btree (organisation_id, deadline) WHERE (closed_at IS NULL)
  CREATE UNIQUE INDEX manual_case_open ON manual_case USING btree (organisation_id, letter_id) WHERE (closed_at IS NULL)

table migration
  number integer not null
  name text not null
  content_hash text not null
  applied_at timestamp with time zone not null default now()
  constraint migration_pkey PRIMARY KEY (number)

table notice
  organisation_id uuid not null
  id uuid not null
  business_system_id uuid not null
  hash bytea not null
  created_at timestamp with time zone not null default now()
  content_hash bytea
  erased_at timestamp with time zone
  constraint notice_check CHECK (((erased_at IS NULL) = (content_hash IS NOT NULL)))
  constraint notice_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint notice_organisation_id_business_system_id_hash_key UNIQUE (organisation_id, business_system_id, hash)
  constraint notice_organisation_id_content_hash_fkey FOREIGN KEY (organisation_id, content_hash) REFERENCES content(organisation_id, hash)
  constraint notice_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint notice_pkey PRIMARY KEY (organisation_id, id)
  CREATE INDEX notice_content ON notice USING btree (organisation_id, content_hash) WHERE (content_hash IS NOT NULL)
  CREATE INDEX notice_erase ON notice USING btree (created_at) WHERE (erased_at IS NULL)

table notice_message
  organisation_id uuid not null
  id uuid not null
  letter_id uuid not null
  purpose text not null
  channel text not null
  created_at timestamp with time zone not null default now()
  answer text
  detail text
  parts smallint
  is_over boolean not null default false
  constraint notice_message_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'refused'::text, 'later'::text, 'unknown'::text])))
  constraint notice_message_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
  constraint notice_message_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint notice_message_pkey PRIMARY KEY (organisation_id, id)
  constraint notice_message_purpose_check CHECK ((purpose = ANY (ARRAY['notice'::text, 'arrived'::text, 'reminder'::text])))
  CREATE INDEX notice_message_letter ON notice_message USING btree (organisation_id, letter_id)
  CREATE UNIQUE INDEX notice_message_once ON notice_message USING btree (organisation_id, letter_id, purpose, channel) WHERE (NOT is_over)

table notice_part
  organisation_id uuid not null
  message_id uuid not null
  position smallint not null
  gateway text not null
  ref text not null
  constraint notice_part_organisation_id_message_id_fkey FOREIGN KEY (organisation_id, message_id) REFERENCES notice_message(organisation_id, id)
  constraint notice_part_pkey PRIMARY KEY (organisation_id, message_id, "position")
  CREATE INDEX notice_part_ref ON notice_part USING btree (gateway, ref)

table notice_report
  gateway text not null
  ref text not null
  state text not null
  code text
  at timestamp with time zone not null default now()
  constraint notice_report_pkey PRIMARY KEY (gateway, ref)
  constraint notice_report_state_check CHECK ((state = ANY (ARRAY['delivered'::text, 'failed'::text, 'waiting'::text, 'unknown'::text])))
  CREATE INDEX notice_report_at ON notice_report USING btree (at)

table organisation
  id uuid not null
  organization_number text not null
  name text not null
  return_address jsonb not null
  support jsonb not null
  created_at timestamp with time zone not null default now()
  lane_weights smallint[] not null default '{10,10,10}'::smallint[]
  prices jsonb
  notices jsonb
  creditor jsonb
  dispatchers jsonb not null default '[]'::jsonb
  print_layouts jsonb not null default '[]'::jsonb
  constraint organisation_lane_weights_check CHECK (((cardinality(lane_weights) = 3) AND (1 <= ALL (lane_weights)) AND (100 >= ALL (lane_weights))))
  constraint organisation_name_check CHECK (((length(name) >= 2) AND (length(name) <= 256)))
  constraint organisation_organization_number_check CHECK ((organization_number ~ '^16[0-9]{10}$'::text))
  constraint organisation_organization_number_key UNIQUE (organization_number)
  constraint organisation_pkey PRIMARY KEY (id)

table print_batch
  organisation_id uuid not null
  id uuid not null
  shop_code text not null
  sort_key text not null
  state text not null
  promise text not null
  letters integer not null
  sheets integer not null
  made_at timestamp with time zone not null default clock_timestamp()
  due_at timestamp with time zone
  attempts integer not null default 0
  fault text
  lease_id uuid
  lease_node text
  handed_over_at timestamp with time zone
  manifest_hash bytea
  acknowledge_by timestamp with time zone
  produce_by timestamp with time zone
  post_by timestamp with time zone
  acknowledged_at timestamp with time zone
  ended_at timestamp with time zone
  constraint print_batch_check CHECK (((state = 'closed'::text) = (due_at IS NOT NULL)))
  constraint print_batch_check1 CHECK (((state = 'closed'::text) = (handed_over_at IS NULL)))
  constraint print_batch_check2 CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL)))
  constraint print_batch_letters_check CHECK ((letters > 0))
  constraint print_batch_manifest_hash_check CHECK ((length(manifest_hash) = 32))
  constraint print_batch_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint print_batch_pkey PRIMARY KEY (organisation_id, id)
  constraint print_batch_promise_check CHECK ((promise = ANY (ARRAY['none'::text, 'acknowledged'::text, 'posted'::text])))
  constraint print_batch_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'handedOver'::text, 'acknowledged'::text, 'ended'::text])))
  CREATE INDEX print_batch_due ON print_batch USING btree (due_at) WHERE (state = 'closed'::text)
  CREATE INDEX print_batch_list ON print_batch USING btree (organisation_id, id DESC)
  CREATE INDEX print_batch_open ON print_batch USING btree (handed_over_at) WHERE (state = ANY (ARRAY['handedOver'::text, 'acknowledged'::text]))

table print_batch_letter
  organisation_id uuid not null
  id uuid not null
  letter_id uuid not null
  shop_code text not null
  sort_key text not null
  state text not null default 'waiting'::text
  due_at timestamp with time zone not null
  batch_id uuid
  position integer
  print_hash bytea not null
  facts jsonb not null
  ordered_at timestamp with time zone not null default clock_timestamp()
  produced_at timestamp with time zone
  posted_at timestamp with time zone
  rejected_at timestamp with time zone
  reject_reason text
  is_told boolean not null default true
  constraint print_batch_letter_check CHECK ((((state = 'waiting'::text) = (batch_id IS NULL)) OR (state = 'withdrawn'::text)))
  constraint print_batch_letter_check1 CHECK (((batch_id IS NULL) = ("position" IS NULL)))
  constraint print_batch_letter_check2 CHECK (((state = 'rejected'::text) = (rejected_at IS NOT NULL)))
  constraint print_batch_letter_organisation_id_batch_id_fkey FOREIGN KEY (organisation_id, batch_id) REFERENCES print_batch(organisation_id, id)
  constraint print_batch_letter_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint print_batch_letter_pkey PRIMARY KEY (organisation_id, id)
  constraint print_batch_letter_print_hash_check CHECK ((length(print_hash) = 32))
  constraint print_batch_letter_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'batched'::text, 'produced'::text, 'posted'::text, 'returned'::text, 'rejected'::text, 'withdrawn'::text])))
  CREATE INDEX print_batch_letter_of_letter ON print_batch_letter USING btree (organisation_id, letter_id, ordered_at DESC)
  CREATE INDEX print_batch_letter_untold ON print_batch_letter USING btree (organisation_id, id) WHERE (NOT is_told)
  CREATE INDEX print_batch_letter_waiting ON print_batch_letter USING btree (organisation_id, shop_code, sort_key, due_at) WHERE (state = 'waiting'::text)
  CREATE UNIQUE INDEX print_batch_letter_live ON print_batch_letter USING btree (organisation_id, letter_id) WHERE (state <> ALL (ARRAY['returned'::text, 'rejected'::text, 'withdrawn'::text]))
  CREATE UNIQUE INDEX print_batch_letter_place ON print_batch_letter USING btree (organisation_id, batch_id, "position") WHERE (batch_id IS NOT NULL)

table print_case
  organisation_id uuid not null
  id uuid not null
  shop_code text not null
  batch_id uuid
  reason text not null
  key text not null
  detail jsonb not null default '{}'::jsonb
  opened_at timestamp with time zone not null default clock_timestamp()
  deadline timestamp with time zone not null
  closed_at timestamp with time zone
  closed_by text
  resolution text
  note text
  constraint print_case_check CHECK (((closed_at IS NULL) = (resolution IS NULL)))
  constraint print_case_organisation_id_batch_id_fkey FOREIGN KEY (organisation_id, batch_id) REFERENCES print_batch(organisation_id, id)
  constraint print_case_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint print_case_pkey PRIMARY KEY (organisation_id, id)
  constraint print_case_reason_check CHECK ((reason = ANY (ARRAY['printShopDown'::text, 'notAcknowledged'::text, 'notProduced'::text, 'notPosted'::text, 'unknownLetter'::text, 'unreadableReceipt'::text])))
  constraint print_case_resolution_check CHECK ((resolution = ANY (ARRAY['settled'::text, 'handedOverAgain'::text, 'passed'::text])))
  CREATE INDEX print_case_of_batch ON print_case USING btree (organisation_id, batch_id, opened_at) WHERE (batch_id IS NOT NULL)
  CREATE INDEX print_case_queue ON print_case USING btree (organisation_id, deadline) WHERE (closed_at IS NULL)
  CREATE UNIQUE INDEX print_case_open ON print_case USING btree (organisation_id, key) WHERE (closed_at IS NULL)

table print_document
  organisation_id uuid not null
  job_id uuid not null
  position smallint not null
  name text not null
  hash bytea not null
  plain_bytes integer not null
  constraint print_document_organisation_id_hash_fkey FOREIGN KEY (organisation_id, hash) REFERENCES content(organisation_id, hash)
  constraint print_document_organisation_id_job_id_fkey FOREIGN KEY (organisation_id, job_id) REFERENCES print_job(organisation_id, id)
  constraint print_document_pkey PRIMARY KEY (organisation_id, job_id, "position")
  CREATE INDEX print_document_content ON print_document USING btree (organisation_id, hash)

table print_job
  organisation_id uuid not null
  id uuid not null
  number integer not null identity a
  business_system_id uuid not null
  name text not null
  user_name text not null
  state text not null
  created_at timestamp with time zone not null default now()
  touched_at timestamp with time zone not null default now()
  started_at timestamp with time zone
  ended_at timestamp with time zone
  lease_until timestamp with time zone
  lease_id uuid
  letters integer not null default 0
  cases integer not null default 0
  fault text
  lease_node text
  settings jsonb
  constraint print_job_check CHECK (((state = ANY (ARRAY['completed'::text, 'aborted'::text, 'canceled'::text])) = (ended_at IS NOT NULL)))
  constraint print_job_check1 CHECK (((state = 'processing'::text) = (lease_until IS NOT NULL)))
  constraint print_job_number_key UNIQUE (number)
  constraint print_job_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint print_job_pkey PRIMARY KEY (organisation_id, id)
  constraint print_job_state_check CHECK ((state = ANY (ARRAY['collecting'::text, 'waiting'::text, 'processing'::text, 'completed'::text, 'aborted'::text, 'canceled'::text])))
  CREATE INDEX print_job_due ON print_job USING btree (created_at) WHERE (state = ANY (ARRAY['collecting'::text, 'waiting'::text, 'processing'::text]))
  CREATE INDEX print_job_of_system ON print_job USING btree (organisation_id, business_system_id, number DESC)

table print_receipt_file
  organisation_id uuid not null
  shop_code text not null
  sha256 bytea not null
  name text not null
  read_at timestamp with time zone not null default clock_timestamp()
  receipts integer not null
  changed integer not null
  unknown integer not null
  fault text
  constraint print_receipt_file_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint print_receipt_file_pkey PRIMARY KEY (organisation_id, shop_code, sha256)
  constraint print_receipt_file_sha256_check CHECK ((length(sha256) = 32))
  CREATE INDEX print_receipt_file_latest ON print_receipt_file USING btree (organisation_id, read_at DESC)

table print_shop
  organisation_id uuid not null
  code text not null
  name text not null
  settings jsonb not null
  is_active boolean not null default true
  constraint print_shop_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint print_shop_pkey PRIMARY KEY (organisation_id, code)

table receipt
  organisation_id uuid not null
  letter_id uuid not null
  id bigint not null identity a
  at timestamp with time zone not null default clock_timestamp()
  channel text not null
  delivered boolean not null
  proof jsonb not null
  constraint receipt_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint receipt_pkey PRIMARY KEY (organisation_id, letter_id, id)
  CREATE TRIGGER receipt_append_only BEFORE DELETE OR UPDATE ON receipt FOR EACH ROW EXECUTE FUNCTION refuse_change()

table recipient_notice
  organisation_id uuid not null
  id uuid not null
  letter_id uuid not null
  kind text not null
  state text not null
  stage text
  channel text
  failures jsonb not null default '[]'::jsonb
  attempts integer not null default 0
  created_at timestamp with time zone not null default now()
  stage_entered_at timestamp with time zone not null default now()
  ended_at timestamp with time zone
  due_at timestamp with time zone
  deadline_at timestamp with time zone not null
  lease_id uuid
  lease_node text
  constraint recipient_notice_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text])))
  constraint recipient_notice_check CHECK (((state = ANY (ARRAY['waiting'::text, 'unknown'::text])) = (due_at IS NOT NULL)))
  constraint recipient_notice_check1 CHECK (((state = ANY (ARRAY['waiting'::text, 'unknown'::text])) = (stage IS NOT NULL)))
  constraint recipient_notice_check2 CHECK (((state = ANY (ARRAY['told'::text, 'untold'::text])) = (ended_at IS NOT NULL)))
  constraint recipient_notice_kind_check CHECK ((kind = ANY (ARRAY['arrived'::text, 'reminder'::text])))
  constraint recipient_notice_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint recipient_notice_organisation_id_letter_id_kind_key UNIQUE (organisation_id, letter_id, kind)
  constraint recipient_notice_pkey PRIMARY KEY (organisation_id, id)
  constraint recipient_notice_stage_check CHECK ((stage = ANY (ARRAY['deliver'::text, 'confirm'::text])))
  constraint recipient_notice_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'unknown'::text, 'told'::text, 'untold'::text])))
  CREATE INDEX recipient_notice_due ON recipient_notice USING btree (due_at) WHERE (due_at IS NOT NULL)

table returned_mail
  organisation_id uuid not null
  order_id uuid not null
  letter_id uuid not null
  reason text not null
  source text not null
  registered_by text not null
  registered_at timestamp with time zone not null default clock_timestamp()
  constraint returned_mail_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint returned_mail_organisation_id_order_id_fkey FOREIGN KEY (organisation_id, order_id) REFERENCES print_batch_letter(organisation_id, id)
  constraint returned_mail_pkey PRIMARY KEY (organisation_id, order_id)
  constraint returned_mail_reason_check CHECK ((reason = ANY (ARRAY['unknownAtAddress'::text, 'insufficientAddress'::text, 'notCollected'::text, 'refused'::text, 'deceased'::text, 'damaged'::text, 'other'::text])))
  constraint returned_mail_source_check CHECK ((source = ANY (ARRAY['console'::text, 'api'::text, 'printShop'::text])))
  CREATE INDEX returned_mail_latest ON returned_mail USING btree (organisation_id, registered_at DESC)

table sealed_delivery
  organisation_id uuid not null
  letter_id uuid not null
  id uuid not null
  sealed_at timestamp with time zone not null default clock_timestamp()
  supplier jsonb not null
  sha256 bytea not null
  bytes bytea not null
  constraint sealed_delivery_organisation_id_letter_id_fkey FOREIGN KEY (organisation_id, letter_id) REFERENCES letter(organisation_id, id)
  constraint sealed_delivery_pkey PRIMARY KEY (organisation_id, letter_id, id)

table system_flow
  organisation_id uuid not null
  business_system_id uuid not null
  flow_id uuid not null
  constraint system_flow_organisation_id_business_system_id_fkey FOREIGN KEY (organisation_id, business_system_id) REFERENCES business_system(organisation_id, id)
  constraint system_flow_organisation_id_flow_id_fkey FOREIGN KEY (organisation_id, flow_id) REFERENCES flow(organisation_id, id)
  constraint system_flow_pkey PRIMARY KEY (organisation_id, business_system_id, flow_id)

table template
  organisation_id uuid not null
  code text not null
  name text not null
  language text not null
  subject text not null
  content_type text not null
  message text not null
  document text
  is_active boolean not null default true
  constraint template_content_type_check CHECK ((content_type = ANY (ARRAY['text/plain'::text, 'text/html'::text])))
  constraint template_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint template_pkey PRIMARY KEY (organisation_id, code)

table unit
  organisation_id uuid not null
  id uuid not null
  code text not null
  name text not null
  envelope_code text
  is_active boolean not null default true
  envelope_sizes text[]
  constraint unit_organisation_id_code_key UNIQUE (organisation_id, code)
  constraint unit_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id)
  constraint unit_pkey PRIMARY KEY (organisation_id, id)

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

sequence configuration_change_id_seq as bigint start 1 increment 1

sequence decision_id_seq as bigint start 1 increment 1

sequence form_event_id_seq as bigint start 1 increment 1

sequence letter_event_id_seq as bigint start 1 increment 1

sequence mailing_event_id_seq as bigint start 1 increment 1

sequence print_job_number_seq as integer start 1 increment 1

sequence receipt_id_seq as bigint start 1 increment 1

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $function$
