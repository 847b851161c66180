type Words = readonly [string, ...string[]];

const words = (text: string): Words => {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return [first, ...rest];
};

const lines = (text: string): Words => {
  const [first = '', ...rest] = text.trim().split(/\s*\n\s*/);
  return [first, ...rest];
};

export const FEMALE_NAMES = words(`
  Anna Eva Maria Karin Kristina Lena Kerstin Sara Emma Malin Jenny Hanna Elin Linnea Ida Julia Amanda Ebba Astrid Alva
  Maja Wilma Saga Freja Signe Märta Åsa Agneta Birgitta Ingrid Gunilla Ulla Siv Britt-Marie Ann-Sofie Fatima Amina Leila
  Zahra Małgorzata Agnieszka Nadia Svetlana Aino Päivi Hodan Mariam Sofía Zoë Inger Gerd Solveig Cecilia Therése Matilda`);

export const MALE_NAMES = words(`
  Lars Anders Johan Erik Karl Per Mikael Jan Peter Thomas Fredrik Magnus Nils Gustav Oskar Viktor Emil Axel Hugo Elias
  William Lucas Liam Noah Alve Ture Åke Göran Björn Håkan Sören Örjan Sven-Erik Karl-Johan Ali Mohammed Ahmed Yusuf Omar
  Łukasz Paweł Dmitrij Jussi Väinö Abdi Samuel José Renée Rolf Bengt Leif Sture Östen Jörgen Mårten Sixten Valter`);

export const FAMILY_NAMES = words(`
  Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson
  Hansson Bengtsson Lindberg Lindqvist Lindgren Berg Bergström Lundqvist Nyström Holm Sjöberg Åkesson Åström Öberg Östlund
  Ek Ekström Dahl Dahlgren Forsberg Hedlund Sandström Wikström Nordin Blomqvist Söderberg Björk Grahn Hägg Rönnqvist
  Hassan Ali Mohamud Haddad Yılmaz Kowalski Wiśniewska Nowak Korhonen Mäkelä Nguyễn Petrović Hernández Müller
  D'Angelo O'Brien Ehrensvärd-Lagercrantz Strömkvist Ståhl Rask Modig Lilja`);

export const STREETS = lines(`
  Storgatan
  Kyrkogatan
  Skolvägen
  Åkervägen
  Björkallén
  Duvslagsgränd
  Kvarnbacken
  Östra Hamngatan
  Västra Järnvägsgatan
  Lärkvägen
  Sankt Olofs gata
  Nämndemansvägen
  Rådmansgatan
  Ängsstigen`);

/** Made-up towns with postal codes from 990 up, which no place in Sweden has. */
export const TOWNS: readonly [Town, ...Town[]] = [
  { city: 'Lillköping', postalCodes: ['990 10', '990 11', '990 12', '990 13'], share: 0.7 },
  { city: 'Vretsunda', postalCodes: ['991 20', '991 21'], share: 0.15 },
  { city: 'Ådalsbyn', postalCodes: ['992 30'], share: 0.1 },
  { city: 'Östra Storbäcka', postalCodes: ['993 40'], share: 0.05 },
];

export interface Town {
  readonly city: string;
  readonly postalCodes: readonly [string, ...string[]];
  /** Of all who live in the sample, 0 to 1. */
  readonly share: number;
}

export const COMPANY_FIRST_WORDS = words(`
  Lillköpings Vretsunda Ådals Storbäcka Norra Södra Nya Gamla Bröderna Systrarna Duvans Björkens Åkerns Slättens`);

export const COMPANY_SECOND_WORDS = words(`
  Bygg Måleri Rör El Bageri Åkeri Trädgård Redovisning Städ Plåt Snickeri Kafé Verkstad Konsult Glas Skog Cykel`);

export const COMPANY_FORMS: Words = ['AB', 'HB', 'Ekonomisk förening'];
