"""What a head must obey: pairs of opposites with the measure that tells them apart, and phrases no training may see.

The first words of every line are plain; the others are held out: tests/training assert that no sentence that anything
is trained on contains one of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Opposites:
    """Words that must make a measure (of obedience_measures) larger by an amount than other words do.

    more[k] is asked against less[k]; the first pair is plain, the others are unseen paraphrases. Words that begin with
    "=" are whole prompts, others are said of somebody ("a man with ...").
    """

    measure: str
    amount: float
    more: tuple[str, ...]
    less: tuple[str, ...]
    graded: bool = False


#: Millimetres, degrees for slants.
OPPOSITES: tuple[Opposites, ...] = (
    Opposites(
        "width of the head",
        5,
        ("a wide head", "a head as broad as a barrel"),
        ("a narrow head", "a head squeezed by a vice"),
        True,
    ),
    Opposites(
        "length of the face",
        5,
        ("a long face", "a face stretched like a horse's"),
        ("a short face", "a face squashed from above"),
    ),
    Opposites(
        "depth of the head",
        6,
        ("a deep head", "a head that reaches far back"),
        ("a shallow head", "a skull cut off at the back"),
    ),
    Opposites(
        "width of the face at the cheeks",
        5,
        ("a chubby face", "a face like a full moon"),
        ("a gaunt face", "a face of skin and bones"),
        True,
    ),
    Opposites(
        "width of the face at the cheeks",
        4,
        ("chubby cheeks", "cheeks like a hamster"),
        ("hollow cheeks", "cheeks caved in by hunger"),
        True,
    ),
    Opposites(
        "height of the skull",
        6,
        ("a high forehead", "a forehead like an egghead"),
        ("a low forehead", "hardly any forehead"),
    ),
    Opposites(
        "forward slope of the forehead",
        4,
        ("an upright forehead", "a brow like a wall"),
        ("a sloping forehead", "a forehead that flees backwards"),
    ),
    Opposites(
        "height of the skull",
        6,
        ("a long skull", "a skull like the xenomorph"),
        ("a low forehead", "a flat-topped head"),
    ),
    Opposites(
        "width of the temples",
        2.5,
        ("broad temples", "temples that stand out"),
        ("sunken temples", "dents at the temples"),
    ),
    Opposites(
        "jaw beside temples",
        6,
        ("a pear-shaped face", "a face that widens downwards"),
        ("a heart-shaped face", "a face that tapers to a point"),
    ),
    Opposites("width of the jaw", 3, ("a square face", "a face like a brick"), ("an oval face", "a face like an egg")),
    Opposites(
        "height of the brows",
        1.5,
        ("high brows", "brows halfway up the forehead"),
        ("low brows", "brows hanging over the eyes"),
    ),
    Opposites(
        "brow before the eyes",
        2,
        ("a heavy brow", "the brow of a neanderthal"),
        ("a flat brow", "a brow without any ridge"),
        True,
    ),
    Opposites(
        "brow before the eyes",
        2,
        ("deep-set eyes", "eyes buried in their sockets"),
        ("bulging eyes", "eyes popping like a frog"),
        True,
    ),
    Opposites(
        "slant of the brows",
        4,
        ("slanted brows", "brows like a villain's v"),
        ("drooping brows", "brows falling off at the sides"),
    ),
    Opposites(
        "width of an eye", 2, ("big eyes", "eyes like an anime heroine"), ("small eyes", "piggy little eyes"), True
    ),
    Opposites(
        "opening of an eye", 1.0, ("round eyes", "eyes as round as coins"), ("narrow eyes", "eyes like two slits")
    ),
    Opposites(
        "distance of the eyes",
        2.5,
        ("wide-set eyes", "eyes as far apart as a hammerhead's"),
        ("close-set eyes", "eyes that nearly touch"),
        True,
    ),
    Opposites("slant of the eyes", 1.5, ("upturned eyes", "fox eyes"), ("droopy eyes", "the eyes of a basset hound")),
    Opposites(
        "bags under the eyes",
        0.5,
        ("bags under the eyes", "puffy pouches beneath the eyes"),
        ("a smooth face", "a face without a crease"),
        False,
    ),
    Opposites(
        "tip of the nose before the face",
        2.5,
        ("a big nose", "a schnozz like cyrano"),
        ("a small nose", "a pixie's nose"),
        True,
    ),
    Opposites(
        "length of the nose", 1.2, ("a long nose", "a nose that never ends"), ("a short nose", "a nose cut short")
    ),
    Opposites(
        "nose before the mouth",
        2.5,
        ("a prominent nose", "a nose like a ship's prow"),
        ("a flat nose", "a pug's nose"),
        True,
    ),
    Opposites(
        "width of the nose",
        2,
        ("a wide nose", "a nose as broad as a spade"),
        ("a narrow nose", "a nose thin as a blade"),
        True,
    ),
    Opposites(
        "hump of the nose", 1.2, ("a hooked nose", "a nose like a hawk"), ("a scooped nose", "a ski slope for a nose")
    ),
    Opposites(
        "tip of the nose above its wings",
        2.5,
        ("an upturned nose", "the nose of a whoville kid"),
        ("a drooping nose", "a nose that hangs like a drop"),
    ),
    Opposites(
        "width of the tip",
        0.8,
        ("a bulbous nose", "a nose like w. c. fields"),
        ("a pointed nose", "a nose like a pencil"),
        True,
    ),
    Opposites(
        "width of the nose",
        0.8,
        ("flared nostrils", "nostrils like a snorting bull"),
        ("a narrow nose", "a pinched nose"),
    ),
    Opposites(
        "width of the mouth",
        3,
        ("a wide mouth", "a mouth from ear to ear like a frog's"),
        ("a small mouth", "a mouth like a cherry"),
        True,
    ),
    Opposites(
        "height of the lips",
        2,
        ("full lips", "lips like angelina jolie"),
        ("thin lips", "hardly any lips at all"),
        True,
    ),
    Opposites(
        "corners above the middle of the mouth",
        1.2,
        ("an upturned mouth", "a mouth that curls up by nature"),
        ("a downturned mouth", "a mouth that sags at both ends"),
    ),
    Opposites(
        "length of the upper lip",
        0.7,
        ("a long upper lip", "a big gap between nose and mouth"),
        ("a short upper lip", "a mouth right under the nose"),
    ),
    Opposites(
        "chin before the lips",
        4,
        ("a prominent chin", "a chin like jay leno"),
        ("a receding chin", "a chin that melts into the neck"),
        True,
    ),
    Opposites(
        "width of the chin", 4, ("a broad chin", "a lantern of a chin"), ("a narrow chin", "a chin like a needle"), True
    ),
    Opposites(
        "length of the chin",
        4,
        ("a long chin", "a chin that goes on and on"),
        ("a short chin", "a stump of a chin"),
        True,
    ),
    Opposites(
        "lower lip before the upper",
        2.5,
        ("an underbite", "the bite of a bulldog"),
        ("an overbite", "rabbit teeth pushing forward"),
    ),
    Opposites("width of the jaw", 6, ("a wide jaw", "a boxer's jaw"), ("a slim jaw", "the jaw of a ballerina"), True),
    Opposites(
        "cheekbones",
        1.5,
        ("high cheekbones", "a supermodel's cheekbones"),
        ("flat cheekbones", "no cheekbones to speak of"),
    ),
    Opposites("size of an ear", 6, ("large ears", "dumbo ears"), ("small ears", "ears like tiny shells"), True),
    Opposites(
        "width across the ears", 7, ("protruding ears", "jug ears"), ("pinned ears", "ears glued to the skull"), True
    ),
    Opposites(
        "lobe below the ear",
        2,
        ("long earlobes", "lobes like the buddha"),
        ("small earlobes", "lobes one can hardly see"),
    ),
    Opposites("size of an ear", 1.2, ("pointed ears", "ears like mr. spock"), ("round ears", "ears like a mouse")),
    Opposites(
        "width of the neck",
        4,
        ("a thick neck", "the neck of a linebacker"),
        ("a thin neck", "a neck like a chicken"),
        True,
    ),
    Opposites(
        "throat below the chin",
        4,
        ("a double chin", "rolls of fat under the chin"),
        ("a slim throat", "a tight jawline"),
        False,
    ),
    Opposites(
        "width of the face at the cheeks",
        6,
        ("=a heavy man", "=a sumo wrestler"),
        ("=a thin man", "=a man on hunger strike"),
        True,
    ),
    Opposites(
        "width of the face at the cheeks",
        6,
        ("=a fat woman", "=a plus-size lady"),
        ("=a skinny woman", "=a lady as thin as a rake"),
    ),
    Opposites("size of the face", 12, ("=a grown man", "=a bloke"), ("=a boy", "=a toddler")),
    Opposites("size of the face", 10, ("=an adult woman", "=a housewife"), ("=a little girl", "=a kindergarten girl")),
    Opposites("throat below the chin", 3, ("=an old man", "=gramps"), ("=a young man", "=a college boy")),
    Opposites("size of an ear", 3, ("=an elderly woman", "=granny"), ("=a young woman", "=a bridesmaid")),
    Opposites(
        "bags under the eyes", 0.4, ("=an old woman", "=a great-grandmother"), ("=a teenage girl", "=a prom queen")
    ),
    Opposites("width of the neck", 8, ("=a man", "=somebody's uncle"), ("=a woman", "=somebody's aunt")),
    Opposites("width of the jaw", 4, ("=a young man", "=a husband"), ("=a young woman", "=a wife")),
    Opposites(
        "width of the nose",
        2.5,
        ("=an african man", "=a man from senegal"),
        ("=a caucasian man", "=a man from finland"),
    ),
    Opposites(
        "height of the lips", 3, ("=an african woman", "=a zulu woman"), ("=a caucasian woman", "=a woman from iceland")
    ),
    Opposites(
        "cheekbones before the nose",
        4,
        ("=an asian man", "=a man from beijing"),
        ("=a caucasian man", "=a man from portugal"),
    ),
    Opposites(
        "cheekbones before the nose", 4, ("=an asian woman", "=a geisha"), ("=a caucasian woman", "=a belgian lady")
    ),
)

#: Hair and beards in unseen words: style's family or beard -> whole prompts.
HAIR: dict[str, tuple[str, ...]] = {
    "bald": ("a man with a skull as smooth as a billiard ball", "an old man without a single hair on his head"),
    "buzz": ("a marine recruit with his head clipped", "a man with half an inch of hair all over"),
    "receding": ("a man whose hair is retreating from his forehead", "a man with deep bays at the temples"),
    "balding": ("a monk with a wreath of hair around a bare crown", "a man with hair left only above the ears"),
    "afro": ("a woman with hair like jimi hendrix", "a man with a huge ball of frizz"),
    "bob": ("a woman with a pageboy cut", "a girl with hair that ends at her jaw"),
    "braid": ("a girl with her hair woven into one thick rope", "a woman wearing a french braid"),
    "long": ("a woman with sleek straight hair past her shoulders", "a man with a straight mane down his back"),
    "ponytail": ("a girl with her hair gathered at the back with a rubber band", "a jogger with a swinging ponytail"),
    "short": ("a man with an ordinary office haircut", "a boy with neatly trimmed short hair"),
    "bun": ("a ballerina with her hair in a chignon", "a librarian with her hair rolled up at the back"),
    "curly": ("a boy with ringlets all over his head", "a woman with short springy curls"),
    "mohawk": ("a punk with a crest of hair on a shaved head", "a man with an iroquois haircut"),
    "pigtails": ("a schoolgirl with two bunches of hair at the sides", "a girl like pippi longstocking"),
    "sidepart": ("a banker with his hair combed to one side", "a man with a neat parting on the left"),
    "slicked": ("a gangster with gelled hair combed straight back", "a man with brylcreemed hair"),
    "spiky": ("a boy with hair standing up like a hedgehog", "an anime hero with spikes of hair"),
    "topknot": ("a samurai with his hair tied on top", "a hipster with a knot of hair on his crown"),
    "wavy": ("a mermaid with flowing waves of hair", "a woman with long hair in beach waves"),
}
BEARDS: dict[str, tuple[str, ...]] = {
    "": ("a clean-cut man without whiskers", "a man fresh from the barber's razor"),
    "stubble": ("a man who forgot to shave for two days", "a man with a sandpaper chin"),
    "moustache": ("a man with a handlebar above his lip", "a man with whiskers only under his nose"),
    "goatee": ("a man with a tuft of beard on his chin", "a man with a devil's little chin beard"),
    "full": ("a lumberjack with a thick beard", "a man with whiskers all over cheeks and chin"),
    "long": ("a wizard with a beard down to his chest", "a man with a beard like gandalf"),
}

#: Five unseen wordings for each of the 23 expressions.
EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "neutral": (
        "showing no emotion at all",
        "with a passport photo face",
        "staring blankly",
        "as impassive as a statue",
        "giving nothing away",
    ),
    "happy": (
        "wearing a sunny smile",
        "visibly pleased with the present",
        "smiling at an old friend",
        "with a smile that lights up the room",
        "radiating joy",
    ),
    "laughing": (
        "howling with laughter at a joke",
        "doubled up laughing",
        "having a good belly laugh",
        "unable to stop laughing",
        "guffawing",
    ),
    "sad": (
        "grieving quietly",
        "looking as if the dog had died",
        "down in the dumps",
        "full of sorrow",
        "with a long sad look",
    ),
    "crying": (
        "shedding bitter tears",
        "crying her eyes out",
        "with tears streaming down",
        "blubbering like a baby",
        "breaking into sobs",
    ),
    "angry": (
        "with a face like thunder",
        "frowning with anger",
        "looking daggers",
        "seriously cross with somebody",
        "with an irate stare",
    ),
    "furious": (
        "exploding with fury",
        "bellowing with rage",
        "shouting at the top of the lungs in anger",
        "beside himself with rage",
        "screaming furiously",
    ),
    "surprised": (
        "flabbergasted",
        "as if seeing a ghost appear, amazed",
        "taken completely by surprise",
        "with a jaw that dropped in surprise",
        "utterly astounded",
    ),
    "fearful": (
        "frozen with fear",
        "scared out of her wits",
        "trembling with fright",
        "as frightened as a rabbit",
        "full of dread",
    ),
    "disgusted": (
        "smelling something rotten",
        "as if biting into a rotten egg, disgusted",
        "recoiling in disgust",
        "with nose wrinkled in revulsion",
        "about to vomit with disgust",
    ),
    "contemptuous": (
        "looking down his nose at everybody",
        "sneering with disdain",
        "with a scornful sneer",
        "full of contempt for the crowd",
        "with haughty contempt",
    ),
    "pouting": (
        "sulking like a spoiled child",
        "with the lower lip stuck out in a pout",
        "in a huff, pouting",
        "pouting like a toddler denied candy",
        "with a sulky pout",
    ),
    "kissing": (
        "puckering up for a kiss",
        "about to plant a kiss",
        "with lips pursed for a smooch",
        "blowing kisses",
        "sending an air kiss",
    ),
    "smirking": (
        "with a self-satisfied smirk",
        "smiling on one side only",
        "with one corner of the mouth raised in a smirk",
        "with a sly half-smile",
        "smirking knowingly",
    ),
    "winking": (
        "shutting one eye at you",
        "giving a cheeky wink",
        "winking conspiratorially",
        "closing one eye playfully",
        "with one eye winking",
    ),
    "sleeping": (
        "deep in slumber",
        "with both eyes peacefully shut",
        "taking a nap",
        "sound asleep",
        "dreaming with eyes closed",
    ),
    "squinting": (
        "squinting against bright light",
        "screwing up the eyes to read small print",
        "peering into the sun with narrowed eyes",
        "with eyes pinched to see far",
        "squinting hard",
    ),
    "yawning": (
        "yawning with fatigue",
        "letting out a huge yawn",
        "yawning at a boring lecture",
        "caught mid-yawn",
        "with a sleepy yawn",
    ),
    "whistling": (
        "whistling a cheerful melody",
        "with lips puckered to whistle",
        "whistling through rounded lips",
        "whistling for the dog",
        "giving a whistle",
    ),
    "sticking the tongue out": (
        "with the tongue poking out",
        "putting out the tongue at the teacher",
        "showing its tongue rudely",
        "letting the tongue hang out",
        "tongue stuck out like einstein",
    ),
    "puffing the cheeks": (
        "with cheeks blown up like a balloon",
        "puffing up both cheeks",
        "cheeks full of air",
        "with bloated cheeks holding the breath",
        "blowing out the cheeks",
    ),
    "worried": (
        "fretting about tomorrow",
        "with a worried frown",
        "eaten up with worry",
        "looking anxious about the exam",
        "uneasy and concerned",
    ),
    "grimacing": (
        "gritting the teeth in pain",
        "grimacing as the tooth is pulled",
        "with teeth clenched in agony",
        "pulling a painful grimace",
        "baring clenched teeth",
    ),
}


def held_out_phrases() -> list[str]:
    """Every phrase that no training may see, lower case, without "=" and articles."""
    opposites = [words for pair in OPPOSITES for words in (*pair.more[1:], *pair.less[1:])]
    said = [words.removeprefix("=") for words in opposites]
    said += [words for table in (HAIR, BEARDS, EXPRESSIONS) for phrases in table.values() for words in phrases]
    return [words.lower().removeprefix("a ").removeprefix("an ").removeprefix("the ") for words in said]
