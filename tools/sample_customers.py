"""The customers of the sample dossier. None exists: names, streets and addresses are invented (e-mail: RFC 2606)."""

# As a table with bars, so that a row can be read and changed; an empty cell is an empty cell of the file.
_TABLE = """
Client     | Nom                       | Adresse 1                | Adresse 2  | Code postal | Ville            | Pays    | Email                                                | Langue | Type          | Délai                      | Relancer | Suspendu jusqu'au | Motif
ALBATROS   | Albatros Menuiserie SARL  | 4 rue du Port            |            | 44000       | NANTES           |         | compta@albatros.example                              |        | professionnel |                            |          |                   |
BRUYERE    | Bruyère et Fils           | 12 chemin des Landes     |            | 35000       | RENNES           |         |                                                      |        | professionnel | 45 jours fin de mois       |          |                   |
CORMORAN   | Cormoran Pêche SA         | 1 quai de la Criée       | BP 12      | 29900       | CONCARNEAU       |         | facture@cormoran.example; direction@cormoran.example |        | professionnel | 60 jours                   |          |                   |
DELTA      | Delta Conseil             | 8 place du Marché        |            | 69003       | LYON             |         |                                                      |        | professionnel |                            |          |                   |
EGLANTIER  | Claire Églantier          | 3 impasse des Roses      |            | 69100       | VILLEURBANNE     |         |                                                      |        | particulier   |                            |          |                   |
FOUGERE    | Fougère Paysage           | 27 route de Vienne       |            | 38200       | VIENNE           |         |                                                      |        | professionnel |                            |          |                   |
GENET      | Commune de Genêt-le-Vieux | 1 place de la Mairie     |            | 42400       | SAINT-CHAMOND    |         |                                                      |        | public        |                            |          |                   |
HERON      | Héron Transports          | 14 rue du Canal          |            | 71100       | CHALON-SUR-SAÔNE |         |                                                      |        | professionnel |                            | non      |                   | litige sur la livraison
ILEX       | Ilex Éditions             | 5 rue des Écoles         | Bâtiment B | 75005       | PARIS            |         |                                                      |        | professionnel | fin du mois suivant        |          |                   |
JONQUILLE  | Garage Jonquille          | 31 avenue de la Gare     |            | 01000       | BOURG-EN-BRESSE  |         |                                                      |        | professionnel |                            |          |                   |
KIWI       | Kiwi Traiteur             | 9 rue Haute              |            | 26000       | VALENCE          |         |                                                      |        | professionnel |                            |          |                   |
LAURIER    | Laurier Bâtiment SAS      | 2 zone du Parc           |            | 42000       | SAINT-ÉTIENNE    |         |                                                      |        | professionnel | 30 jours fin de mois le 10 |          |                   |
MURIER     | Paul Mûrier               | 18 rue des Vignes        |            | 69400       | VILLEFRANCHE     |         |                                                      |        | particulier   |                            |          |                   |
NENUPHAR   | Nénuphar Piscines         | 6 allée du Lac           |            | 74000       | ANNECY           |         |                                                      |        | professionnel |                            | oui      | 2025-08-31        | congés d'été
OLIVIER    | Olivier & Associés        | 11 cours du Moulin       |            | 69006       | LYON             |         |                                                      |        | professionnel |                            |          |                   |
PIVOINE    | Pivoine Fleurs            | 20 rue Centrale          |            | 69290       | CRAPONNE         |         |                                                      |        | professionnel |                            |          |                   |
QUENOUILLE | Quenouille Textile        | 7 rue du Tissage         |            | 42300       | ROANNE           |         |                                                      |        | professionnel |                            |          |                   |
ROMARIN    | Romarin Restauration      | 13 place Bellevue        |            | 69001       | LYON             |         |                                                      |        | professionnel |                            |          |                   |
SORBIER    | Sorbier Chauffage         | 22 rue de l'Industrie    |            | 69800       | SAINT-PRIEST     |         |                                                      |        | professionnel |                            |          |                   |
TILLEUL    | Tilleul Immobilier        | 15 avenue des Frênes     |            | 69130       | ÉCULLY           |         |                                                      |        | professionnel |                            |          |                   |
C001       | Ulmaire Optique           | 2 rue des Lunetiers      |            | 39400       | MOREZ            |         |                                                      |        | professionnel |                            |          |                   |
C002       | Verveine Santé            | 10 boulevard des Tisanes |            | 49000       | ANGERS           |         |                                                      |        | professionnel |                            |          |                   |
C003       | Wapiti Sports             | 5 route des Pistes       |            | 73200       | ALBERTVILLE      |         |                                                      |        | professionnel |                            |          |                   |
C004       | Xeres Caves               | 17 rue du Pressoir       |            | 71000       | MÂCON            |         |                                                      |        | professionnel |                            |          |                   |
C005       | Yucca Jardins             | 8 chemin du Potager      |            | 84000       | AVIGNON          |         |                                                      |        | professionnel |                            |          |                   |
C006       | Zinnia Couture            | 1 passage du Fil         |            | 69004       | LYON             |         |                                                      |        | professionnel |                            |          |                   |
C007       | Ajonc Peinture            | 19 rue des Pigments      |            | 56000       | VANNES           |         |                                                      |        | professionnel |                            |          |                   |
C008       | Bleuet Papeterie          | 3 rue du Vélin           |            | 63600       | AMBERT           |         |                                                      |        | professionnel |                            |          |                   |
C009       | Cytise Atelier            | 6 rue de l'Établi        |            | 69009       | LYON             |         |                                                      |        | professionnel |                            |          |                   |
C010       | Dahlia Coiffure           | 24 rue du Peigne         |            | 69500       | BRON             |         |                                                      |        |               |                            |          |                   |
C012       | Frêne Scierie             | 40 route du Bois         |            | 88400       | GÉRARDMER        |         |                                                      |        | professionnel |                            |          |                   |
C013       | Kelmore Dyeing Ltd        | 7 Harbour Row            |            | T12 XY00    | CORK             | IRLANDE | accounts@kelmore.example                             | en     | professionnel | 45 days end of month       |          |                   |
C014       | Houx Sécurité             | 33 avenue du Guet        |            | 31000       | TOULOUSE         |         |                                                      |        | professionnel |                            |          |                   |
C015       | Iris Nettoyage            | 12 rue du Savon          |            | 13003       | MARSEILLE        |         |                                                      |        | professionnel |                            |          |                   |
C016       | Jasmin Parfums            | 2 place des Essences     |            | 06130       | GRASSE           |         |                                                      |        | professionnel |                            |          |                   |
C017       | Lilas Imprimerie          | 9 rue de la Presse       |            | 59000       | LILLE            |         |                                                      |        | professionnel |                            |          |                   |
C018       | Myrte Chocolats           | 4 rue du Cacao           |            | 64100       | BAYONNE          |         |                                                      |        | professionnel |                            |          |                   |
"""  # noqa: E501 - a table
HEADINGS, *ROWS = [[cell.strip() for cell in line.split("|")] for line in _TABLE.strip().splitlines()]
# Customers whom the ledger alone knows: their letters bear no address until somebody adds a row for them.
WITHOUT_ROW = {"C011": "Érable Charpente", "C019": "Noyer Meubles", "C020": "Orme Toitures"}
_FOUND = {row[0]: row[1] for row in ROWS} | WITHOUT_ROW
NAMES = {code: _FOUND[code] for code in sorted(_FOUND, key=lambda code: (code[1:].isdigit(), code))}  # numbers last


def customers_csv() -> bytes:
    """The customers file: semicolons, UTF-8 with its mark, as a spreadsheet saves it."""
    return "".join(";".join(map(_quoted, row)) + "\r\n" for row in (HEADINGS, *ROWS)).encode("utf-8-sig")


def _quoted(cell: str) -> str:
    return f'"{cell}"' if ";" in cell else cell
