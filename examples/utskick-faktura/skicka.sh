#!/bin/sh
# Lämnar in fakturorna över SFTP, som ett ekonomisystem gör varje natt, och hämtar svaret.
#   SFTP_NYCKEL=~/.ssh/ekonomi sh examples/utskick-faktura/skicka.sh            PDF:er med index
#   SFTP_NYCKEL=~/.ssh/ekonomi sh examples/utskick-faktura/skicka.sh peppol     en PEPPOL-faktura
set -eu
cd "$(dirname "$0")"
anvandare="${SFTP_ANVANDARE:-164999000013-ekonomisystemet}"
varddator="${SFTP_VARD:-localhost}"
port="${SFTP_PORT:-4710}"
svar="$(mktemp)"
case "${1:-index}" in
  index) mapp=filer namn=fakturor.csv bredvid='put faktura-*.pdf in/' ;;
  peppol) mapp=peppol namn=faktura-70046.xml bredvid='' ;;
  *) echo 'Skriv index eller peppol.' >&2; exit 2 ;;
esac
cd "$mapp"

sftp_kor() { sftp -b - -P "$port" ${SFTP_NYCKEL:+-i "$SFTP_NYCKEL"} ${SFTP_FLAGGOR:-} "$anvandare@$varddator"; }

# Filen som bär det andra sist, och under ett annat namn tills den är hel. Ett gammalt svar ska inte tas för det nya.
sftp_kor <<KOMMANDON
-rm results/$namn.result.csv
$bredvid
put $namn in/$namn.tmp
rename in/$namn.tmp in/$namn
KOMMANDON

echo 'Lämnat. Väntar på svar …'
for forsok in $(seq 60); do
  if printf 'get results/%s.result.csv %s\n' "$namn" "$svar" | sftp_kor >/dev/null 2>&1; then
    cat "$svar"
    exit 0
  fi
  sleep 2
done
echo 'Inget svar inom två minuter.' >&2
exit 1
