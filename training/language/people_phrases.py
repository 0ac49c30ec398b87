"""What people say of age, gender, ancestry and weight."""

from __future__ import annotations


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a table's entry, which semicolons separate."""
    return tuple(text.split("; "))


#: (from age, to age, gender or None) -> nouns that say so. Gender is 0 for male, 1 for female.
AGE_NOUNS: dict[tuple[int, int, int | None], tuple[str, ...]] = {
    (4, 7, None): phrases(
        "small child; little kid; preschooler; kindergartner; tot; very young child; nursery school child; little one; "
        "infant; baby; small kid; kindergarten kid; four-year-old; five-year-old; four-year-old child; little child; "
        "tiny child; tiny kid; wee child; young kid; preschool child; preschool kid; kindergarten child; bambino; "
        "munchkin; nipper; small tot; tiny tot; nursery child; little kiddie; mite; babe; newborn; child barely able "
        "to talk; bairn; cherub; ankle biter; rug rat; reception class pupil; "
        "knee-high child; child of four; child with no milk tooth lost yet; bub; tyke; small fry; pre-K kid"
    ),
    (4, 7, 0): phrases(
        "little boy; small boy; tiny boy; baby boy; very young boy; little boy of four; boy of four; boy of five; wee "
        "lad; wee boy; tiny little boy; kindergarten boy; preschool boy; small son; little son; small little boy; "
        "infant boy; little man of four; baby brother; little brother; little fella; small lad of four; mummy's little "
        "boy; five-year-old boy; preschool lad; boy in nursery school"
    ),
    (4, 7, 1): phrases(
        "little girl; small girl; tiny girl; baby girl; very young girl; little girl of four; girl of four; girl of "
        "five; wee lass; wee girl; tiny little girl; preschool girl; small daughter; little daughter; small little "
        "girl; infant girl; baby sister; little sister; little lass of four; daddy's little girl; five-year-old girl; "
        "preschool lass; girl in nursery school"
    ),
    (6, 13, None): phrases(
        "child; kid; schoolchild; youngster; primary school pupil; young child; pupil; elementary school kid; grade "
        "schooler; minor; school kid; ten-year-old; nine-year-old; eight-year-old; seven-year-old; ten-year-old child; "
        "preteen; preadolescent; tween; third grader; second grader; first grader; primary schooler; elementary school "
        "child; child of ten; child of eight; urchin; rascal of a kid; young pupil; juvenile child; child of school "
        "age; scout; kiddo; prepubescent child; schoolmate; kid in grade school; fourth grader; fifth grader; "
        "eleven-year-old; primary school child; whippersnapper; imp of ten; child not yet in its teens; "
        "twelve-year-old"
    ),
    (6, 13, 0): phrases(
        "boy; boy; boy; schoolboy; young boy; little lad; schoolkid boy; choirboy; son; boy of ten; boy of eight; "
        "ten-year-old boy; eight-year-old boy; young schoolboy; boy scout; primary school boy; grade school boy; "
        "rascal of a boy; small schoolboy; nephew; grandson; newspaper boy; altar boy; laddie; boy of nine; "
        "nine-year-old boy; eleven-year-old boy; cub scout; lad of ten; boy in short trousers"
    ),
    (6, 13, 1): phrases(
        "girl; girl; girl; schoolgirl; young girl; little lass; little princess; daughter; girl of ten; girl of eight; "
        "ten-year-old girl; eight-year-old girl; young schoolgirl; girl scout; primary school girl; grade school girl; "
        "small schoolgirl; niece; granddaughter; flower girl; little lady; lassie; girl of nine; nine-year-old girl; "
        "eleven-year-old girl; brownie scout; lass of ten; girl in a pinafore"
    ),
    (13, 19, None): phrases(
        "teenager; teen; adolescent; youth; high school student; juvenile; high schooler; pubescent kid; "
        "sixteen-year-old; teenage kid; fourteen-year-old; fifteen-year-old; seventeen-year-old; secondary school "
        "student; secondary school pupil; teenage student; teenager of fifteen; half-grown person; high school pupil; "
        "young teen; young teenager; high school kid; adolescent kid; college-bound senior of seventeen; student "
        "driver of sixteen; middle teen; kid going through puberty"
    ),
    (13, 19, 0): phrases(
        "teenage boy; adolescent boy; teen boy; young lad; boy of sixteen; high school boy; stripling; boy of "
        "fourteen; boy of seventeen; teenage lad; teenage guy; teen lad; half-grown boy; fifteen-year-old boy; "
        "secondary school boy; male teenager; apprentice boy; sixteen-year-old boy; seventeen-year-old lad; teenage "
        "son; pubescent boy; boy whose voice is breaking"
    ),
    (13, 19, 1): phrases(
        "teenage girl; adolescent girl; teen girl; young lass; girl of sixteen; high school girl; girl of fourteen; "
        "girl of seventeen; teenage lass; half-grown girl; fifteen-year-old girl; secondary school girl; female "
        "teenager; teen queen; young maiden; sixteen-year-old girl; seventeen-year-old lass; teenage daughter; "
        "pubescent girl"
    ),
    (19, 33, None): phrases(
        "young adult; student; twenty-something; college student; millennial; young person; youth; person in their "
        "twenties; twenty-year-old; twenty-five-year-old; university student; undergraduate; postgraduate; person of "
        "twenty; young professional; young grown-up; trainee; rookie; newcomer to adulthood; zoomer out of college; "
        "grad student; recent graduate; person of twenty-five; twentysomething; freshly minted adult"
    ),
    (19, 33, 0): phrases(
        "young man; young guy; young fellow; young young dude; lad; bachelor; man in his twenties; man of twenty; man "
        "of twenty-five; male student; young chap; young gent; young dude; young groom; young male; frat boy; young "
        "buck; bridegroom; twenty-five-year-old man; young bachelor; college guy; squire "
        "of twenty"
    ),
    (19, 33, 1): phrases(
        "young woman; young lady; young gal; college girl; maiden; young bride; debutante; woman in her twenties; "
        "woman of twenty; woman of twenty-five; female student; young female; young miss; bride; coed; young belle; "
        "damsel; ingenue; sorority girl; twenty-five-year-old woman; uni girl; young girl of twenty; working girl of "
        "twenty-five"
    ),
    (40, 58, None): phrases(
        "middle-aged person; person in midlife; mature adult; middle-ager; fifty-something; person in middle age; "
        "person in the middle of life; person of fifty; person of forty-five; fifty-year-old; forty-year-old; "
        "forty-something; parent of teenagers; middle-aged adult; middle-aged human; mature person; person halfway "
        "through life; Gen X type; person over forty; someone pushing fifty; forty-five-year-old person"
    ),
    (40, 58, 0): phrases(
        "middle-aged man; mature man; man in his fifties; dad of teenagers; middle-aged guy; man in middle age; man of "
        "fifty; man of forty-five; man in his forties; middle-aged fellow; middle-aged gentleman; mature gentleman; "
        "fifty-year-old man; middle-aged father; family father in his forties; man over forty; man pushing fifty; dad "
        "in his fifties"
    ),
    (40, 58, 1): phrases(
        "middle-aged woman; mature woman; woman in her fifties; middle-aged lady; mum of teenagers; woman in middle "
        "age; woman of fifty; woman of forty-five; woman in her forties; middle-aged mother; middle-aged gal; mature "
        "lady; fifty-year-old woman; menopausal woman; woman over forty; woman pushing fifty; mum in her forties"
    ),
    (64, 84, None): phrases(
        "pensioner; senior citizen; senior; old person; elderly person; elder; retiree; oldster; grandparent; oldie; "
        "old-timer; aged person; person of seventy; person of eighty; seventy-year-old; eighty-year-old; "
        "septuagenarian; octogenarian; sixty-eight-year-old; elderly citizen; elderly human; old human; old soul; "
        "golden ager; ancient pensioner; old-age pensioner; nursing home resident; person of great age; retired "
        "person; veteran of the war; old folk; OAP; wrinkly pensioner; old fogey; old fossil; person over seventy; "
        "care home resident; old coot; senior of seventy-five; person in retirement"
    ),
    (64, 84, 0): phrases(
        "old man; grandfather; grandpa; elderly man; old gentleman; granddad; old guy; greybeard; old geezer; old "
        "codger; elderly gentleman; old fellow; retired man; patriarch; aged man; man of seventy; man of eighty; man "
        "in his seventies; man in his eighties; seventy-year-old man; eighty-year-old man; old chap; old fisherman; "
        "old grandpa; pops; elderly fellow; elderly guy; white-haired man; grizzled man; male pensioner; old monk; old "
        "sailor; old farmer; old professor; old duffer; granddaddy; opa; old rancher; village "
        "elder; old man of the sea; grand old man; man over seventy; silver-haired gentleman"
    ),
    (64, 84, 1): phrases(
        "old woman; grandmother; grandma; elderly woman; old lady; nana; elderly lady; crone; retired woman; "
        "matriarch; old dame; dowager; aged woman; woman of seventy; woman of eighty; woman in her seventies; woman in "
        "her eighties; seventy-year-old woman; eighty-year-old woman; old gal; gran; babushka; nonna; oma; hag; old "
        "witch; elderly dame; white-haired woman; female pensioner; old nun; old widow; little old lady; old spinster; "
        "old peasant woman; old queen; abuela; old biddy; old dear; old fishwife; gran of seventy; great-aunt; "
        "grand old lady; woman over seventy; silver-haired lady"
    ),
    (82, 91, None): phrases(
        "very old person; nonagenarian; centenarian; person of ninety; ancient person; ninety-year-old; "
        "ninety-year-old person; hundred-year-old person; person near the end of life; extremely old person; ancient "
        "human; frail old person; person of ninety-five; very elderly person; very aged person; person pushing ninety; "
        "super-ager of ninety; person near a hundredth birthday; living fossil; oldest person in town"
    ),
    (82, 91, 0): phrases(
        "very old man; ancient man; great-grandfather; man of almost a hundred; methuselah; ninety-year-old man; "
        "hundred-year-old man; extremely old man; frail old man; very elderly man; very aged man; man of ninety; "
        "ancient old man; old man on his last legs; old man with one foot in the grave; great-granddad; man pushing "
        "ninety; man in his nineties; oldest man in the village; last veteran of a long-ago war; toothless ancient "
        "fellow"
    ),
    (82, 91, 1): phrases(
        "very old woman; ancient woman; woman of almost a hundred; ninety-year-old woman; hundred-year-old woman; "
        "extremely old woman; frail old woman; very elderly woman; very aged woman; woman of ninety; ancient old "
        "woman; ancient crone; great-grandma; woman pushing ninety; woman in her nineties; oldest "
        "woman in the village"
    ),
}
#: (from age, to age) -> adjectives.
AGE_ADJECTIVES: dict[tuple[int, int], tuple[str, ...]] = {
    (13, 19): phrases(
        "teenage; teen; adolescent; very young; pubescent; underage; adolescent-looking; teenaged; half-grown; barely "
        "adult; high-school-age; spotty teenage; not yet grown-up"
    ),
    (18, 34): phrases(
        "young; young; young; youthful; twenty-something; baby-faced; fresh-faced; youngish; young adult; twenty-ish; "
        "youthful-looking; young-looking; twenty-year-old; in the bloom of youth; juvenile-looking; fresh and young; "
        "still young; dewy-skinned; college-age; in the springtime of life; not yet thirty; in the flower of youth"
    ),
    (28, 45): phrases(
        "thirty-something; adult; grown-up; thirty-ish; thirty-five-year-old; full-grown; grown; thirtysomething; of "
        "thirty-odd"
    ),
    (40, 60): phrases(
        "middle-aged; middle-age; middle-aged; mature; fifty-something; forty-something; ageing; midlife; of middle "
        "age; in middle age; no longer young; not so young any more; past the prime; fiftyish; fortyish; "
        "fifty-year-old; forty-five-year-old; getting on in years; in midlife; on the wrong side of forty; of a "
        "certain age; not quite old; half-century-old; past forty; Gen-X"
    ),
    (62, 84): phrases(
        "old; old; old; elderly; aged; senior; wrinkled; wrinkly; white-haired old; retired; grey and old; wizened; "
        "geriatric; weathered old; elderly-looking; old-looking; oldish; advanced in years; stricken in years; "
        "seventy-year-old; eighty-year-old; eightyish; seventyish; greying old; wrinkle-faced; time-worn; "
        "superannuated; pensioned; grandfatherly old; grandmotherly old; of great age; elderly and wrinkled; grizzled; "
        "hoary; sixty-eight-year-old; lined old; long-lived; as old as a grandparent; of pensionable age; in the "
        "autumn of life; past seventy; over-seventy; venerable; getting very grey and old; doddery; on a pension; of "
        "advanced years"
    ),
    (80, 91): phrases(
        "very old; ancient; extremely old; very elderly; shrivelled; decrepit; frail and very old; extremely aged; "
        "ninety-year-old; nearly hundred-year-old; very very old; terribly old; incredibly old; extremely elderly; "
        "prehistoric; as old as the hills; really old; super old; as old as Methuselah; on the deathbed; withered; "
        "bent with age; in extreme old age; pushing-ninety; as old as time; on the last lap of life; ancient-looking; "
        "past ninety; antediluvian; wizened and ancient"
    ),
}
#: (from age, to age) -> what follows "with" or a comma.
AGE_TRAITS: dict[tuple[int, int], tuple[str, ...]] = {
    (4, 9): phrases(
        "a face like a baby; childlike features; baby features; a child's face; a small child's face; a baby's face; "
        "the face of a baby; the face of a small child; milk teeth; a round baby face; a little child's features; "
        "infantile features; the features of a four-year-old; a toddler's chubby-cheeked face; a preschooler's face; "
        "baby fat in the cheeks; the face of a kindergartner; a tiny tot's features"
    ),
    (18, 32): phrases(
        "in the prime of youth; smooth young skin; a youthful face; not a single wrinkle; a young face; young skin; "
        "smooth young features; skin without wrinkles; no wrinkles at all; young features; a fresh young face; the "
        "bloom of youth; the face of a twenty-year-old; flawless youthful skin; unlined skin; a face of twenty-five "
        "summers; skin that has never known a line; a student's young face; the glow of youth; a line-free forehead "
        "and young skin"
    ),
    (64, 91): phrases(
        "wrinkles; a wrinkled face; deep wrinkles; a face full of wrinkles; old age lines; sagging old skin; a face "
        "furrowed by age; crow's feet and folds; a weathered face; a face like a dried apple; lots of wrinkles; many "
        "wrinkles; wrinkled skin; wrinkly skin; sagging skin; saggy old cheeks; old skin; lines of age; age lines; age "
        "spots and wrinkles; a lined face; a deeply lined face; a creased old face; a face marked by age; a face "
        "marked by the years; a face that has seen many years; skin like parchment; skin like old leather; leathery "
        "old skin; a furrowed face; the face of an old person; an old face; an aged face; an elderly face; aged "
        "features; a face like a walnut; a face like a raisin; crow's feet; the marks of old age; loose old skin; a "
        "face like a crumpled paper bag; skin like crepe paper; a map of wrinkles; laughter lines gone deep with age; "
        "a pensioner's face; a grandparent's wrinkles; skin gone slack with the years; a face etched by eight decades; "
        "liver spots and lines; the lines of a long life"
    ),
}
DECADES = ("teens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties")
NUMBERS = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 10: "ten", 12: "twelve", 20: "twenty", 30: "thirty",
           40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}  # fmt: skip

#: Gender -> nouns for grown-ups of any age. Professions do not say the gender.
NOUNS: dict[int | None, tuple[str, ...]] = {
    0: phrases(
        "man; man; man; man; male; guy; gentleman; fellow; dude; chap; gent; male person; father; dad; king; prince; "
        "actor; businessman; policeman; monk; brother; uncle; waiter; sir; male head; monsieur; cowboy; lord; prince "
        "consort; duke; boyfriend; groom; son-in-law; father-in-law; male adult; adult man; adult male; grown man; "
        "male human; mister; knight; warrior king; emperor; priest; bishop; pope; butler; barman; salesman; fireman; "
        "postman; sportsman; fisherman; gangster; mobster; sailor; lumberjack; hero; macho; gigolo; host; landlord; "
        "sultan; sheikh; pharaoh; gladiator; stepfather; he-man; manly guy; masculine person; laird; bro; hunk; "
        "signor; senor; count; baron; abbot; stepbrother; alpha male; gentleman "
        "caller; swordsman; nobleman"
    ),
    1: phrases(
        "woman; woman; woman; woman; female; lady; gal; female person; mother; mum; mom; queen; princess; actress; "
        "businesswoman; policewoman; nun; sister; aunt; waitress; madam; female head; madame; ballerina; lass; chick; "
        "dame; duchess; girlfriend; bride; daughter-in-law; mother-in-law; female adult; adult woman; adult female; "
        "grown woman; female human; miss; missus; empress; priestess; abbess; housemaid; maid; barmaid; saleswoman; "
        "stewardess; hostess; landlady; heroine; goddess; fairy; witch; enchantress; sorceress; diva; soprano; female "
        "singer; mermaid; widow; stepmother; amazon; countess; baroness; matron; feminine person; signora; "
        "senora; noblewoman; sportswoman; spokeswoman; cowgirl; stepsister; lady of the house; girlboss; "
        "showgirl; leading lady; femme fatale; marchioness; heiress; tsarina"
    ),
    None: phrases(
        "person; person; person; someone; adult; human; individual; head; face; portrait; doctor; teacher; farmer; "
        "soldier; athlete; chef; artist; scientist; singer; lawyer; shopkeeper; pilot; dancer; elf; character; nurse; "
        "engineer; worker; police officer; baker; carpenter; cook; driver; gardener; hunter; judge; musician; painter; "
        "writer; poet; reporter; politician; president; professor; surgeon; dentist; vet; librarian; secretary; "
        "manager; banker; boss; clerk; detective; spy; thief; pirate; astronaut; boxer; swimmer; runner; football "
        "player; tennis player; skier; climber; guard; firefighter; mechanic; plumber; electrician; tailor; butcher; "
        "barber; hairdresser; shepherd; nomad; villager; citizen; neighbour; stranger; passer-by; villain; rebel; "
        "warrior; saint; martyr; philosopher; mathematician; gamer; hacker; vagabond; beggar; celebrity; film star; "
        "rock star; rapper; opera singer; violinist; pianist; grown-up; individual person; human being; human head; "
        "human face; somebody; mortal; fellow human; friend; colleague; customer; guest; host; tourist; traveller; "
        "aristocrat; noble; hobbit; ranger; bard; paladin; cleric; NPC; game character; protagonist; avatar; sidekick; "
        "sculptor; photographer; architect; accountant; bus driver; taxi driver; lorry driver; cashier; paramedic; "
        "florist; jeweller; blacksmith; miner; beekeeper; translator; drummer; guitarist; cyclist; referee; coach; "
        "mayor; ambassador; wanderer"
    ),
}
#: Between man and woman.
ANDROGYNOUS = phrases(
    "androgynous person; genderless person; person of unclear gender; androgynous adult; androgynous-looking person; "
    "androgyne; someone neither man nor woman; person neither male nor female; non-binary person; unisex face; "
    "gender-neutral person; gender-neutral face; person who could be a man or a woman; enby; androgynous face; person "
    "beyond male and female; genderfluid person; someone in between man and woman"
)
GENDER_ADJECTIVES = {
    0: phrases("male; masculine; manly; virile"),
    1: phrases("female; feminine; womanly; ladylike; very feminine"),
}

#: Ancestry -> fractions of african, asian, caucasian, and the words for it.
ANCESTRIES: dict[str, tuple[tuple[float, float, float], tuple[str, ...]]] = {
    "african": (
        (1.0, 0.0, 0.0),
        phrases(
            "african; african; black; black; african american; nigerian; kenyan; ethiopian; afro-american; congolese; "
            "ghanaian; senegalese; zulu; south sudanese; afro-caribbean; jamaican; haitian; sub-saharan; somali; "
            "ugandan; west african; black african; tanzanian; malian; of african descent; of african ancestry; of "
            "african origin; dark-skinned african; black-skinned; nubian; rwandan; angolan; cameroonian; zambian; "
            "zimbabwean; ivorian; liberian; eritrean; maasai; yoruba; igbo; hausa; bantu; central african; east "
            "african; gambian; sudanese; black british; black american; from nigeria; from kenya; from ghana; from "
            "africa; from ethiopia; mozambican; botswanan; namibian; barbadian"
        ),
    ),
    "asian": (
        (0.0, 1.0, 0.0),
        phrases(
            "asian; asian; asian; east asian; chinese; japanese; korean; vietnamese; thai; mongolian; taiwanese; "
            "filipino; tibetan; cambodian; indonesian; malaysian; burmese; south korean; far eastern; laotian; "
            "singaporean; cantonese; southeast asian; of asian descent; of asian ancestry; of asian origin; of east "
            "asian descent; asian-looking; from japan; from china; from korea; from vietnam; from thailand; from "
            "mongolia; from asia; from tokyo; from beijing; hong kong; manchurian; tibetan-born; kazakh; kyrgyz; "
            "north korean; okinawan; hmong; khmer; javanese; balinese; asian american; chinese american; korean "
            "american; japanese american; siberian native; inuit"
        ),
    ),
    "caucasian": (
        (0.0, 0.0, 1.0),
        phrases(
            "caucasian; caucasian; white; white; european; german; english; russian; scandinavian; american; italian; "
            "irish; french; polish; swedish; british; dutch; norwegian; spanish; scottish; greek; danish; finnish; "
            "canadian; ukrainian; austrian; nordic; swiss; slavic; of european descent; of european ancestry; of "
            "european origin; european-looking; white-skinned; fair-skinned european; from germany; from england; "
            "from sweden; from russia; from europe; from france; from poland; from norway; from ireland; anglo-saxon; "
            "celtic; germanic; icelandic; welsh; belgian; czech; hungarian; croatian; serbian; romanian; bulgarian; "
            "portuguese; estonian; latvian; lithuanian; slovak; slovenian; bavarian; prussian; viennese; parisian; "
            "australian; new zealand; white american; white european; northern european; southern european; eastern "
            "european; mediterranean"
        ),
    ),
    "south asian": (
        (0.25, 0.1, 0.65),
        phrases(
            "indian; pakistani; sri lankan; bangladeshi; south asian; punjabi; tamil; nepali; desi; from india; from "
            "pakistan; from sri lanka; from bangladesh; from nepal; of indian descent; of south asian descent; "
            "bengali; gujarati; sinhalese; rajasthani; keralan; bollywood; indian-looking; kashmiri; bhutanese; "
            "maldivian"
        ),
    ),
    "middle eastern": (
        (0.1, 0.0, 0.9),
        phrases(
            "arab; middle eastern; persian; turkish; egyptian; moroccan; iranian; lebanese; saudi; syrian; from "
            "egypt; from iran; from turkey; from morocco; from arabia; from the middle east; of arab descent; of "
            "persian descent; arabian; arabic; iraqi; jordanian; palestinian; yemeni; kuwaiti; algerian; tunisian; "
            "libyan; kurdish; bedouin; israeli; north african; emirati; omani; qatari; afghan"
        ),
    ),
    "latino": (
        (0.15, 0.3, 0.55),
        phrases(
            "latino; hispanic; brazilian; mexican; latin american; colombian; peruvian; latina; cuban; argentine; "
            "from mexico; from brazil; from peru; from colombia; from latin america; from south america; of latin "
            "american descent; of mexican descent; south american; central american; venezuelan; chilean; ecuadorian; "
            "bolivian; guatemalan; honduran; puerto rican; dominican; nicaraguan; paraguayan; uruguayan; latin; "
            "chicano"
        ),
    ),
    "biracial": (
        (0.5, 0.0, 0.5),
        phrases(
            "biracial; half african half european; half black half white; of african and european descent; half black "
            "half european; half white half black; with one black and one white parent; of black and white parents; "
            "half nigerian half english; half african half caucasian"
        ),
    ),
    "eurasian": (
        (0.0, 0.5, 0.5),
        phrases(
            "eurasian; half asian half european; half japanese half german; of asian and european descent; hapa; half "
            "asian half white; half white half asian; half chinese half english; half korean half american; with one "
            "asian and one european parent; half asian half caucasian; half european half asian"
        ),
    ),
    "blasian": (
        (0.5, 0.5, 0.0),
        phrases(
            "blasian; half african half asian; of african and asian descent; half black half chinese; half asian half "
            "black; half black half asian; half korean half african; half japanese half nigerian; with one black and "
            "one asian parent; half african half chinese"
        ),
    ),
    "mixed": (
        (1 / 3, 1 / 3, 1 / 3),
        phrases(
            "mixed-race; mixed; multiracial; of mixed ancestry; of mixed race; of mixed descent; of many races; of "
            "mixed origin; mixed-heritage; of several ancestries; of mixed heritage; mixed-blood"
        ),
    ),
}
WEIGHT_ADJECTIVES = {
    1: phrases(
        "heavy; fat; chubby; obese; overweight; plump; stout; corpulent; big and fat; rotund; portly; tubby; pudgy; "
        "well-fed; roly-poly; hefty; stocky; fleshy; podgy; morbidly obese; burly; full-figured; flabby; fattish; "
        "enormously fat; grossly overweight; seriously overweight; severely obese; hugely obese; adipose; "
        "well-rounded; round and fat; rounded; thickset; heavyset; solidly built; beefy; bulky; massive; weighty; "
        "big-boned and fat; large and heavy; plus-size; plus-sized; curvy and plump; buxom and fat; zaftig; chunky; "
        "chubby and round; pleasantly plump; roly-poly fat; bloated; porky; lardy; potbellied; big-bellied; paunchy; "
        "stodgy; dumpy; broad and heavy; well-padded; well-nourished; overfed; overnourished; fat-bodied; fat as a "
        "pig; blubbery; elephantine; sumo-sized; barrel-shaped; gluttonous; ample; rubenesque; lard-bucket fat; tubby "
        "and round; butterball; Falstaffian; jumbo-sized; well-upholstered; big-gutted; fat as butter; fuller-figured; "
        "XXL; hulking and fat; whale-sized; fat as a hog; hippo-sized"
    ),
    -1: phrases(
        "thin; skinny; slim; lean; underweight; bony; slender; scrawny; emaciated; anorexic; wiry; lanky; underfed; "
        "skin-and-bones; malnourished; starving; spindly; scraggy; twiggy; sinewy; rawboned; beanpole-thin; painfully "
        "thin; dangerously thin; thin as a rake; thin as a stick; as thin as a rail; stick-thin; rail-thin; waif-like; "
        "waifish; wispy; reedy; weedy; undernourished; ill-fed; half-starved; starved; famished; hungry-looking; "
        "famine-stricken; gaunt-bodied; wasted away; wasted; skeletal; skeleton-like; fleshless; meagre; spare; "
        "slight; slightly built; delicately built; fine-boned; slim-built; willowy; svelte; lithe; gangly; gangling; "
        "lean and wiry; size-zero; anorectic; consumptive; cadaverous; pinched; low-weight; featherweight; fat-free; "
        "gracile; petite and thin; rawboned and thin; lath-thin; matchstick; pipe-cleaner-thin; slim as a reed; slim "
        "as a wand; lean as a greyhound; whippet-thin; string-bean; bird-boned; spidery; scarecrow-thin; "
        "all-skin-and-bone; wasp-thin; broomstick-thin; thin as a wafer; thin as a lath; under-nourished-looking; "
        "coltish"
    ),
}
WEIGHT_TRAITS = {
    1: phrases(
        "a lot of weight; too many pounds; a build like a fat body; a heavy build; love of cake; a big belly; a fat "
        "body; an obese body; a heavy body; a plump body; a plump figure; a full figure; a round figure; a corpulent "
        "figure; a big paunch; a big fat belly; a beer belly; a paunch; rolls of fat; plenty of fat; lots of fat; fat "
        "all over; fat under the skin; a lot of fat on the body; excess weight; excess pounds; a few kilos too many; "
        "far too many kilos; many kilos too many; twenty kilos of overweight; 150 kilos; three hundred pounds; a "
        "weight problem; obesity; severe obesity; an appetite for burgers; a body like a barrel; a chubby build; a "
        "stout build; a corpulent build; a double portion of everything; a spare tyre; love handles; a muffin top; a "
        "Falstaff's girth; a wide girth; a sumo wrestler's build; a waist that needs two "
        "belts; a stomach hanging over the belt; a generous waistline; a bulging belly"
    ),
    -1: phrases(
        "hardly any weight; a build like a stick; a thin body; a slight build; not a gram of fat; an empty stomach; a "
        "skinny body; a slim body; a slim build; a slim figure; a slender build; a slender figure; a lean body; a lean "
        "build; a lean figure; a bony body; a skinny build; a thin build; a thin frame; a slight frame; a skinny "
        "frame; a body like a skeleton; a body like a twig; a body like a rake; ribs that can be counted; skin over "
        "bones; almost no body fat; no fat on the body; no fat on the ribs; too little weight; too little to eat; "
        "weeks without food; months of hunger; anorexia; a starved body; a marathon runner's body; a marathon runner's "
        "build; a model's skinny figure; barely any flesh on the bones; little meat on the bones; low weight; forty "
        "kilos of weight; a body like a matchstick; a beanpole's build; a coat-hanger figure; ribs showing through the "
        "shirt; a jockey's weight; a ballet dancer's build; a wasted body; a waif's figure; a physique like a drinking "
        "straw; hips like coat hooks; nothing on the bones"
    ),
}
