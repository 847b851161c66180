#!/bin/sh
# Gör det som portalen gör: skickar ansökan med etikett och planritning.
#   PORTAL_NYCKEL=… sh examples/serveringstillstand/skicka-ansokan.sh [TRANSAKTIONS-ID]
set -eu
cd "$(dirname "$0")"
transaktion="${1:-exempel-$(date +%Y%m%d-%H%M%S)-$$}"
etikett="$(mktemp)"
trap 'rm -f "$etikett"' EXIT
sed "s/TRANSAKTION/$transaktion/g" etikett.xml > "$etikett"

curl -sS --fail-with-body "${BREVDUVA_URL:-http://localhost:4700}/api/v1/forms" \
  -H "Authorization: Bearer ${PORTAL_NYCKEL:?sätt PORTAL_NYCKEL}" \
  -F "label=@$etikett;type=application/xml" \
  -F 'form=@ansokan.xml;type=application/xml' \
  -F 'attachment=@planritning.pdf;type=application/pdf'
echo
