#!/bin/sh
# Lämnar in fakturorna över SFTP, som ett ekonomisystem gör varje natt, och hämtar svaret.
#   SFTP_NYCKEL=~/.ssh/ekonomi sh examples/utskick-faktura/skicka.sh
set -eu
cd "$(dirname "$0")/filer"
anvandare="${SFTP_ANVANDARE:-164999000013-ekonomisystemet}"
varddator="${SFTP_VARD:-localhost}"
port="${SFTP_PORT:-4710}"
svar="$(mktemp)"

sftp_kor() { sftp -b - -P "$port" ${SFTP_NYCKEL:+-i "$SFTP_NYCKEL"} ${SFTP_FLAGGOR:-} "$anvandare@$varddator"; }

# Indexet sist, och under ett annat namn tills det är helt. Ett gammalt svar ska inte tas för det nya.
sftp_kor <<KOMMANDON
-rm results/fakturor.csv.result.csv
put faktura-*.pdf in/
put fakturor.csv in/fakturor.csv.tmp
rename in/fakturor.csv.tmp in/fakturor.csv
KOMMANDON

echo 'Lämnat. Väntar på svar …'
for forsok in $(seq 60); do
  if printf 'get results/fakturor.csv.result.csv %s\n' "$svar" | sftp_kor >/dev/null 2>&1; then
    cat "$svar"
    exit 0
  fi
  sleep 2
done
echo 'Inget svar inom två minuter.' >&2
exit 1
