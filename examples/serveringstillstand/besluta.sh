#!/bin/sh
# Gör det som ärendesystemet gör när beslutet är fattat: lämnar in brevet, med formuläret som det svarar på.
#   SYSTEM_NYCKEL=… sh examples/serveringstillstand/besluta.sh FORMULÄR MOTTAGARE [ÄRENDENUMMER]
# FORMULÄR är formulärets id eller portalens transaktions-id.
set -eu
formular="${1:?ange formuläret}"
mottagare="${2:?ange mottagarens organisationsnummer}"
arende="${3:-ALK 2026-1}"

brev="$(printf '{
  "flow": "serveringstillstand",
  "recipient": "%s",
  "subject": "Beslut om serveringstillstånd",
  "body": { "text": "Kommunen har beviljat er stadigvarande tillstånd att servera alkoholdrycker till allmänheten. Beslutet gäller från den 15 januari 2027." },
  "reference": "%s",
  "inReplyTo": "%s",
  "address": { "name": "Tillståndshavaren", "street": "Skolvägen 68", "postalCode": "990 13", "city": "Lillköping" }
}' "$mottagare" "$arende" "$formular")"

curl -sS --fail-with-body "${BREVDUVA_URL:-http://localhost:4700}/api/v1/letters" \
  -H "Authorization: Bearer ${SYSTEM_NYCKEL:?sätt SYSTEM_NYCKEL}" \
  -H "Idempotency-Key: beslut-$(printf %s "$formular" | tr -c 'A-Za-z0-9-' '_')" \
  -H 'content-type: application/json' -d "$brev"
echo
