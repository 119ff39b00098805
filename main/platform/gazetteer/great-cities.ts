// Cities so large that the gazetteer lists their quarters as places of their own, with how far they reach. Any process; data.

/** `name|country|kilometres from the middle to the edge of what is called by the city's name`. Also those that are meant first where many places have one name. */
const rows = `New York City|US|28;Los Angeles|US|30;Chicago|US|24;Houston|US|28;Philadelphia|US|16;Phoenix|US|24;San Antonio|US|20;San Diego|US|20;Dallas|US|20;San Jose|US|14;Austin|US|16;San Francisco|US|9;Seattle|US|13;Denver|US|14;Boston|US|9;Las Vegas|US|14;Portland|US|13;Miami|US|10;Atlanta|US|14;Detroit|US|14;Washington|US|10;New Orleans|US|12;Honolulu|US|12
Toronto|CA|20;Montréal|CA|15;Vancouver|CA|9;Calgary|CA|15;Ottawa|CA|14;Mexico City|MX|20;Guadalajara|MX|12;Monterrey|MX|12;Havana|CU|12
London|GB|24;Manchester|GB|8;Birmingham|GB|10;Liverpool|GB|8;Leeds|GB|9;Glasgow|GB|9;Edinburgh|GB|9;Bristol|GB|7;Cardiff|GB|6;Belfast|GB|7;Sheffield|GB|8;Newcastle upon Tyne|GB|6;Brighton|GB|5;Cambridge|GB|4;Oxford|GB|5;Dublin|IE|8;Reading|GB|5;Bath|GB|4;York|GB|4
Paris|FR|6;Marseille|FR|11;Lyon|FR|6;Toulouse|FR|6;Nice|FR|6;Nantes|FR|6;Strasbourg|FR|6;Bordeaux|FR|5;Lille|FR|5;Montpellier|FR|5;Brussels|BE|7;Antwerp|BE|7;Amsterdam|NL|9;Rotterdam|NL|9;The Hague|NL|7;Utrecht|NL|6
Berlin|DE|22;Hamburg|DE|18;Munich|DE|12;Köln|DE|12;Frankfurt am Main|DE|10;Stuttgart|DE|9;Düsseldorf|DE|9;Leipzig|DE|9;Dresden|DE|10;Hannover|DE|8;Nuremberg|DE|8;Bremen|DE|9;Vienna|AT|14;Salzburg|AT|6;Zürich|CH|7;Geneva|CH|4;Basel|CH|4;Bern|CH|5
Madrid|ES|13;Barcelona|ES|7;Valencia|ES|6;Sevilla|ES|7;Málaga|ES|7;Bilbao|ES|5;Granada|ES|4;Lisbon|PT|8;Porto|PT|5;Rome|IT|14;Milan|IT|9;Naples|IT|7;Turin|IT|7;Florence|IT|6;Venice|IT|7;Bologna|IT|6;Palermo|IT|7;Genoa|IT|9;Athens|GR|8;Thessaloníki|GR|6
Copenhagen|DK|8;Stockholm|SE|12;Gothenburg|SE|9;Oslo|NO|10;Bergen|NO|7;Helsinki|FI|11;Reykjavík|IS|6;Warsaw|PL|14;Kraków|PL|9;Prague|CZ|12;Budapest|HU|13;Bucharest|RO|10;Sofia|BG|9;Belgrade|RS|10;Zagreb|HR|9;Split|HR|4;Kyiv|UA|15;Moscow|RU|20;Saint Petersburg|RU|18;Istanbul|TR|28;Ankara|TR|16
Cairo|EG|14;Casablanca|MA|10;Marrakesh|MA|7;Lagos|NG|16;Nairobi|KE|14;Cape Town|ZA|16;Johannesburg|ZA|16;Jerusalem|IL|8;Tel Aviv|IL|7;Dubai|AE|22;Tehran|IR|16
Tokyo|JP|18;Osaka|JP|9;Kyoto|JP|9;Yokohama|JP|12;Seoul|KR|17;Busan|KR|14;Beijing|CN|22;Shanghai|CN|22;Shenzhen|CN|20;Guangzhou|CN|18;Hong Kong|HK|20;Taipei|TW|10;Bangkok|TH|18;Singapore|SG|20;Kuala Lumpur|MY|12;Jakarta|ID|16;Manila|PH|8;Hanoi|VN|10;Ho Chi Minh City|VN|15
Mumbai|IN|22;Delhi|IN|18;New Delhi|IN|8;Bengaluru|IN|15;Kolkata|IN|12;Chennai|IN|13;Karachi|PK|20;Dhaka|BD|12;Kathmandu|NP|6
São Paulo|BR|22;Rio de Janeiro|BR|22;Brasília|BR|15;Salvador|BR|12;Buenos Aires|AR|10;Santiago|CL|16;Lima|PE|18;Bogotá|CO|15;Medellín|CO|8;Cusco|PE|5;Quito|EC|12;Caracas|VE|9;Montevideo|UY|10
Sydney|AU|20;Melbourne|AU|20;Brisbane|AU|16;Perth|AU|16;Adelaide|AU|13;Auckland|NZ|14;Wellington|NZ|8;Christchurch|NZ|9`;

export interface GreatCity {
  readonly name: string;
  readonly country: string;
  readonly reachKm: number;
}

/** The first of a name is the one that is meant where nothing else is said. */
export const greatCities: readonly GreatCity[] = rows.split(/[;\n]/u).map((row) => {
  const [name = '', country = '', reach = '0'] = row.split('|');
  return { name, country, reachKm: Number(reach) };
});

/** Names that a city has in its own language or had before, by the gazetteer's. Folded. */
export const otherCityNames: ReadonlyMap<string, string> = new Map(
  `munchen=munich;muenchen=munich;wien=vienna;praha=prague;roma=rome;firenze=florence;venezia=venice;napoli=naples;torino=turin;milano=milan;genova=genoa;cologne=koln;koeln=koln;nurnberg=nuremberg;nuernberg=nuremberg;hanover=hannover;frankfurt=frankfurt am main;zurich=zurich;geneve=geneva;genf=geneva;lisboa=lisbon;oporto=porto;seville=sevilla;bruxelles=brussels;brussel=brussels;antwerpen=antwerp;den haag=the hague;kobenhavn=copenhagen;goteborg=gothenburg;warszawa=warsaw;cracow=krakow;krakau=krakow;bucuresti=bucharest;beograd=belgrade;kiev=kyiv;moskva=moscow;athina=athens;nyc=new york city;bombay=mumbai;bangalore=bengaluru;calcutta=kolkata;madras=chennai;peking=beijing;canton=guangzhou;saigon=ho chi minh city;marrakech=marrakesh;mexico df=mexico city`
    .split(';')
    .map((pair) => pair.split('=') as [string, string]),
);
