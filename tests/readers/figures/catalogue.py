"""What the catalogue says of materials and schemes and no log repeats: what opens with a harvest,
what is made of something else, and whose cover is kept. A row once used never changes its meaning,
so it is a part of the format. `test_balance.py` compares it with the tables."""

PRIMARY = set("""
    clementine-berkane agneau-laiton agneau-beni-guil grenade-sefri
    figue-barbarie-ait-baamrane miel-euphorbe-tadla-azilal pomme-midelt nefles-zegzel
    miel-arbousier-my-abdessalam raisin-doukkali henne-ait-ouabelli coings-oued-el-maleh
    miel-euphorbe-sahara lentille-zaer henne-foum-zguid figue-barbarie-dellahia
    miel-romarin-oriental miel-euphorbe-souss-massa miel-zendaz-bouiblane pomme-al-haouz
    agneau-boujaad chevreau-atlas henne-maider abricot-midelt miel-haha chevreau-arganeraie
    viande-sardi argan-fruit saffron-flowers rose-flowers olives prickly-pear almonds-in-shell
    dates-received figs aromatic-leaves goat-milk
""".split())

DERIVED = set("""
    argane tyout-chiadma fromage-chevre-chefchaouen huile-olive-ouezzane
    huile-olive-outat-el-haj huile-olive-tafersite huile-olive-sefrou huile-olive-amizmiz
    huile-olive-dir-beni-mellal huile-olive-lemta eau-rose-kelaat-mgouna huile-olive-zerhoune
    huile-olive-ziz-guir huile-olive-tidinit-nador huile-olive-skoura huile-olive-guerrouane
    huile-olive-essaouira-mogador huile-olive-aghmat-aylane huile-olive-isly
    rose-essential-oil prickly-pear-seeds prickly-pear-seed-oil
""".split())

EITHER = set("""
    safran-taliouine dattes-majhoul-tafilalet rose-kelaat-mgouna dattes-aziza-bouzid
    amande-tafraout dattes-boufeggous dattes-bouittob-tata keskes-khoumassi amandes-rif
    dattes-najda figue-nabout-taounate cumin-rhamna amande-aknoul amandes-amellago-assoul
    romarin-oriental-feuilles dattes-bousthammi piment-zenatya olives-noires-ridees
    menthe-el-brouj cumin-mankoub figue-quouti-ouezzane lavandin-oulmes capres-safi
    argan-fruit-dry argan-nuts argan-kernels
""".split())

# Fair trade, organic, halal, geographical: covered unless a rulebook says otherwise.
COVERED = set("""
    sdoq-ig sdoq-ao bio-maroc halal-maroc maroc-taswiq fairtrade fair-for-life wfto spp
    biopartenaire fairtsa eu-organic eu-coi usda-nop cosmos
""".split())
