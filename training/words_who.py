"""What people say of age, gender, ancestry and weight."""

from __future__ import annotations


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a table's entry, which semicolons separate."""
    return tuple(text.split("; "))


#: (from age, to age, gender or None) -> nouns that say so. Gender is 0 for male, 1 for female.
AGE_NOUNS: dict[tuple[int, int, int | None], tuple[str, ...]] = {
    (4, 7, None): phrases(
        "small child; little kid; preschooler; kindergartner; tot; very young child; nursery school child; little "
        "one; infant; baby; small kid; kindergarten kid"
    ),
    (4, 7, 0): phrases("little boy; small boy; tiny boy; baby boy; very young boy"),
    (4, 7, 1): phrases("little girl; small girl; tiny girl; baby girl; very young girl"),
    (6, 13, None): phrases(
        "child; kid; schoolchild; youngster; primary school pupil; young child; pupil; elementary school kid; grade "
        "schooler; minor"
    ),
    (6, 13, 0): phrases("boy; boy; boy; schoolboy; young boy; little lad; schoolkid boy; choirboy; son"),
    (6, 13, 1): phrases("girl; girl; girl; schoolgirl; young girl; little lass; little princess; daughter"),
    (13, 19, None): phrases(
        "teenager; teen; adolescent; youth; high school student; juvenile; high schooler; pubescent kid; "
        "sixteen-year-old"
    ),
    (13, 19, 0): phrases(
        "teenage boy; adolescent boy; teen boy; young lad; boy of sixteen; high school boy; stripling"
    ),
    (13, 19, 1): phrases("teenage girl; adolescent girl; teen girl; young lass; girl of sixteen; high school girl"),
    (19, 33, None): phrases("young adult; student; twenty-something; college student; millennial; young person; youth"),
    (19, 33, 0): phrases("young man; young guy; young fellow; young young dude; lad; bachelor"),
    (19, 33, 1): phrases("young woman; young lady; young gal; college girl; maiden; young bride; debutante"),
    (40, 58, None): phrases("middle-aged person; person in midlife; mature adult; middle-ager; fifty-something"),
    (40, 58, 0): phrases("middle-aged man; mature man; man in his fifties; dad of teenagers; middle-aged guy"),
    (40, 58, 1): phrases("middle-aged woman; mature woman; woman in her fifties; middle-aged lady; mum of teenagers"),
    (64, 84, None): phrases(
        "pensioner; senior citizen; senior; old person; elderly person; elder; retiree; oldster; grandparent; "
        "oldie; old-timer"
    ),
    (64, 84, 0): phrases(
        "old man; grandfather; grandpa; elderly man; old gentleman; granddad; old guy; greybeard; old geezer; old "
        "codger; elderly gentleman; old fellow; retired man; patriarch"
    ),
    (64, 84, 1): phrases(
        "old woman; grandmother; grandma; elderly woman; old lady; nana; elderly lady; crone; retired woman; "
        "matriarch; old dame; dowager"
    ),
    (82, 91, None): phrases("very old person; nonagenarian; centenarian; person of ninety; ancient person"),
    (82, 91, 0): phrases("very old man; ancient man; great-grandfather; man of almost a hundred; methuselah"),
    (82, 91, 1): phrases("very old woman; ancient woman; woman of almost a hundred"),
}
#: (from age, to age) -> adjectives.
AGE_ADJECTIVES: dict[tuple[int, int], tuple[str, ...]] = {
    (13, 19): phrases("teenage; teen; adolescent; very young; pubescent; underage"),
    (18, 34): phrases("young; young; young; youthful; twenty-something; baby-faced; fresh-faced; youngish"),
    (28, 45): phrases("thirty-something; adult; grown-up"),
    (40, 60): phrases("middle-aged; middle-age; middle-aged; mature; fifty-something; forty-something; ageing"),
    (62, 84): phrases(
        "old; old; old; elderly; aged; senior; wrinkled; wrinkly; white-haired old; retired; grey and old; wizened; "
        "geriatric; weathered old"
    ),
    (80, 91): phrases("very old; ancient; extremely old; very elderly; shrivelled; decrepit; frail and very old"),
}
#: (from age, to age) -> what follows "with" or a comma.
AGE_TRAITS: dict[tuple[int, int], tuple[str, ...]] = {
    (4, 9): phrases("a face like a baby; childlike features; baby features; a child's face"),
    (18, 32): phrases("in the prime of youth; smooth young skin; a youthful face; not a single wrinkle"),
    (64, 91): phrases(
        "wrinkles; a wrinkled face; deep wrinkles; a face full of wrinkles; old age lines; sagging old skin; a face "
        "furrowed by age; crow's feet and folds; a weathered face; a face like a dried apple"
    ),
}
DECADES = ("teens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties")
NUMBERS = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 10: "ten", 12: "twelve", 20: "twenty", 30: "thirty",
           40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}  # fmt: skip

#: Gender -> nouns for grown-ups of any age. Professions do not say the gender.
NOUNS: dict[int | None, tuple[str, ...]] = {
    0: phrases(
        "man; man; man; man; male; guy; gentleman; fellow; dude; chap; gent; male person; father; "
        "dad; king; prince; actor; businessman; policeman; monk; brother; uncle; waiter; sir; male head; monsieur; "
        "cowboy"
    ),
    1: phrases(
        "woman; woman; woman; woman; female; lady; gal; female person; mother; mum; mom; queen; princess; "
        "actress; businesswoman; policewoman; nun; sister; aunt; waitress; madam; female head; madame; ballerina; "
        "lass"
    ),
    None: phrases(
        "person; person; person; someone; adult; human; individual; head; face; portrait; doctor; teacher; farmer; "
        "soldier; athlete; chef; artist; scientist; singer; lawyer; shopkeeper; pilot; dancer; elf; character"
    ),
}
#: Between man and woman.
ANDROGYNOUS = phrases("androgynous person; genderless person; person of unclear gender; androgynous adult")
GENDER_ADJECTIVES = {0: phrases("male; masculine; manly"), 1: phrases("female; feminine; womanly")}

#: Ancestry -> fractions of african, asian, caucasian, and the words for it.
ANCESTRIES: dict[str, tuple[tuple[float, float, float], tuple[str, ...]]] = {
    "african": (
        (1.0, 0.0, 0.0),
        phrases(
            "african; african; black; black; african american; nigerian; kenyan; ethiopian; afro-american; "
            "congolese; ghanaian; senegalese; zulu; south sudanese; afro-caribbean; jamaican; haitian; sub-saharan; "
            "somali; ugandan; west african; black african; tanzanian; malian"
        ),
    ),
    "asian": (
        (0.0, 1.0, 0.0),
        phrases(
            "asian; asian; asian; east asian; chinese; japanese; korean; vietnamese; thai; mongolian; taiwanese; "
            "filipino; tibetan; cambodian; indonesian; malaysian; burmese; south korean; far eastern; laotian; "
            "singaporean; cantonese; southeast asian"
        ),
    ),
    "caucasian": (
        (0.0, 0.0, 1.0),
        phrases(
            "caucasian; caucasian; white; white; european; german; english; russian; scandinavian; american; "
            "italian; irish; french; polish; swedish; british; dutch; norwegian; spanish; scottish; greek; danish; "
            "finnish; canadian; ukrainian; austrian; nordic; swiss; slavic"
        ),
    ),
    "south asian": (
        (0.25, 0.1, 0.65),
        phrases("indian; pakistani; sri lankan; bangladeshi; south asian; punjabi; tamil; nepali; desi"),
    ),
    "middle eastern": (
        (0.1, 0.0, 0.9),
        phrases("arab; middle eastern; persian; turkish; egyptian; moroccan; iranian; lebanese; saudi; syrian"),
    ),
    "latino": (
        (0.15, 0.3, 0.55),
        phrases("latino; hispanic; brazilian; mexican; latin american; colombian; peruvian; latina; cuban; argentine"),
    ),
    "biracial": (
        (0.5, 0.0, 0.5),
        phrases("biracial; half african half european; half black half white; of african and european descent"),
    ),
    "eurasian": (
        (0.0, 0.5, 0.5),
        phrases("eurasian; half asian half european; half japanese half german; of asian and european descent; hapa"),
    ),
    "blasian": (
        (0.5, 0.5, 0.0),
        phrases("blasian; half african half asian; of african and asian descent; half black half chinese"),
    ),
    "mixed": ((1 / 3, 1 / 3, 1 / 3), phrases("mixed-race; mixed; multiracial; of mixed ancestry; of mixed race")),
}
WEIGHT_ADJECTIVES = {
    1: phrases(
        "heavy; fat; chubby; obese; overweight; plump; stout; corpulent; big and fat; rotund; portly; tubby; pudgy; "
        "well-fed; roly-poly; hefty; stocky; fleshy; podgy; morbidly obese; burly; full-figured; flabby"
    ),
    -1: phrases(
        "thin; skinny; slim; lean; underweight; bony; slender; scrawny; emaciated; anorexic; wiry; lanky; underfed; "
        "skin-and-bones; malnourished; starving; spindly; scraggy; twiggy; sinewy; rawboned; beanpole-thin"
    ),
}
WEIGHT_TRAITS = {
    1: phrases("a lot of weight; too many pounds; a build like a fat body; a heavy build; love of cake; a big belly"),
    -1: phrases(
        "hardly any weight; a build like a stick; a thin body; a slight build; not a gram of fat; an empty stomach"
    ),
}
