#!/bin/sh
# Gör det som kommunens egen e-tjänst gör: skickar anmälan om serveringsansvarig personal. Etikettens uppgifter står som egna delar.
#   PORTAL_NYCKEL=… sh examples/serveringstillstand/skicka-anmalan.sh [TRANSAKTIONS-ID]
set -eu
cd "$(dirname "$0")"

curl -sS --fail-with-body "${BREVDUVA_URL:-http://localhost:4700}/api/v1/forms" \
  -H "Authorization: Bearer ${PORTAL_NYCKEL:?sätt PORTAL_NYCKEL}" \
  -F "transactionId=${1:-exempel-$(date +%Y%m%d-%H%M%S)-$$}" \
  -F 'product=serveringsansvarig' \
  -F 'subject=Anmälan om serveringsansvarig personal' \
  -F 'form=@anmalan.xml;type=application/xml'
echo
