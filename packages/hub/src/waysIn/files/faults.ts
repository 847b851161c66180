/** What can be wrong with a file that a system hands in, or with a row of it. Stands in result files; the texts are starting points. */
export const FILE_FAULT_TEXTS = {
  HUB_ARCHIVE_UNREADABLE: 'Filen går inte att läsa som ZIP-arkiv.',
  HUB_ARCHIVE_TOO_LARGE: 'Arkivet, eller en fil i det, är för stort när det packas upp.',
  HUB_ARCHIVE_NAME: 'Ett filnamn i arkivet är inte tillåtet.',
  HUB_ARCHIVE_DUPLICATE: 'Två filer i arkivet har samma namn.',
  HUB_ARCHIVE_ENCRYPTED: 'En fil i arkivet är lösenordsskyddad.',
  HUB_ARCHIVE_LINK: 'En fil i arkivet är en länk.',
  HUB_TABLE_EMPTY: 'Filen har inga rader.',
  HUB_TABLE_HEADER: 'En kolumn saknar rubrik, eller samma rubrik står två gånger.',
  HUB_TABLE_TOO_LARGE: 'Filen, eller ett fält i den, är för stort.',
  HUB_TABLE_UNREADABLE: 'Filen går inte att läsa.',
  HUB_TABLE_ROW_LENGTH: 'Raden har inte lika många fält som filen har kolumner.',
  HUB_TABLE_TWICE_ENCODED: 'Å, ä och ö är förstörda: filen har sparats i fel teckenkodning.',
  HUB_INDEX_MISSING: 'Leveransen saknar index: en CSV-, Excel- eller XML-fil som säger vem varje PDF ska till.',
  HUB_INDEX_SEVERAL: 'Arkivet har flera filer som kan vara index.',
  HUB_INDEX_COLUMN: 'En kolumn som behövs finns inte i indexet.',
  HUB_INDEX_XML: 'Filen går inte att läsa som XML.',
  HUB_INDEX_JSON: 'Filen går inte att läsa som JSON.',
  HUB_INDEX_VALUE: 'Fältet i indexet har ett värde som inte går att förstå.',
  HUB_FILE_MISSING: 'Filen som raden nämner finns inte.',
  HUB_FILE_UNUSED: 'Filen nämns inte av någon rad i indexet.',
  HUB_FILE_KIND: 'Det är ingen vanlig fil, eller inte en fil av det slag som tas emot här.',
  HUB_FILE_TOO_LARGE: 'Filen är för stor.',
  HUB_FILE_DAMAGED: 'Filen i arkivet är skadad.',
  HUB_FILE_INTERRUPTED: 'Leveransen avbröts och en ny fil med samma namn har kommit. Lämna in den igen.',
} as const;

export type FileFaultCode = keyof typeof FILE_FAULT_TEXTS;
