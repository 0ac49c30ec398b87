"""What people say of the shapes of a face: plain words, figures of speech, adjectives and clauses for every end.

Plain phrases are an adjective and a noun and take words of degree ("a slightly big nose"); figures are any other noun
phrases ("ears like an elephant"); adjectives stand before the person ("big-nosed"); clauses follow "whose" ("nose is
big"). One in six of all but the plain ones of this table is kept from training, to see how unseen wordings fare; those
of words_shapes_more and words_shapes_further, which are put behind it, are all said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from clip_head.training.language.shapes_further import FURTHER
from clip_head.training.language.shapes_more import MORE


@dataclass(frozen=True)
class Wordings:
    """The ways to say one end of a shape."""

    plain: tuple[str, ...]
    figures: tuple[str, ...]
    adjectives: tuple[str, ...]
    clauses: tuple[str, ...]


def _end(plain: str, figures: str = "", adjectives: str = "", clauses: str = "") -> Wordings:
    parts = [tuple(phrase for phrase in part.split("; ") if phrase) for part in (plain, figures, adjectives, clauses)]
    return Wordings(*parts)


#: (shape, +1 or -1) -> the ways to say that end; phrases are separated by semicolons.
_FIRST: dict[tuple[str, int], Wordings] = {
    ("head_width", 1): _end(
        "a wide head; a broad head; a big wide head; a broad skull; a wide skull",
        "a head like a melon; a head as wide as a barrel; a head like a bucket; a head like a bull; a pumpkin head; "
        "a head wider than it is tall; a big blocky head; a football player's head; a head shaped like a pumpkin",
        "wide-headed; broad-headed; big-headed; broad-skulled",
        "head is wide; head is broad; skull is broad; head is very broad from ear to ear; head barely fits a hat",
    ),
    ("head_width", -1): _end(
        "a narrow head; a slim head; a thin head; a narrow skull; a slender head",
        "a head like a plank; a head squeezed together from the sides; a head as narrow as a blade; a head in a "
        "vice; a greyhound's narrow head; a pencil head; a head like a thin slice",
        "narrow-headed; slim-headed; narrow-skulled",
        "head is narrow; skull is narrow; head is slim from ear to ear; head looks squashed from both sides",
    ),
    ("head_height", 1): _end(
        "a long face; an elongated face; a tall head; a long head; a tall face; a lengthy face; a stretched face",
        "a face like a horse; a horse face; a horsey face; a face as long as a fiddle; an equine face; a face "
        "stretched lengthwise; a long drawn face; a face like an Easter Island statue; a face like a mule",
        "long-faced; horse-faced; long-headed; tall-headed",
        "face is long; face is elongated; head is tall; face seems to go on forever; face is as long as a horse's",
    ),
    ("head_height", -1): _end(
        "a short face; a short head; a squat face; a compact face; a low head; a squashed face; a stubby head",
        "a face like a pug; a face pressed together from above; a head squashed flat from above; a pug face; a face "
        "with little room between brow and chin; a squat toad-like head; a face like a pekingese",
        "short-faced; squat-headed; short-headed",
        "face is short; head is short; face is compressed from top to bottom; face is squat",
    ),
    ("head_depth", 1): _end(
        "a deep head; a head that is long from front to back; a deep skull; a head deep from front to back",
        "a head reaching far back; a head that sticks out far behind; a skull with a big back; a skull extending "
        "far behind the ears; a head with a lot behind the ears; a head that is long in profile",
        "deep-headed; deep-skulled",
        "head is deep from front to back; head is long in profile; skull reaches far back",
    ),
    ("head_depth", -1): _end(
        "a shallow head; a shallow skull; a head flat from front to back; a flat back of the head",
        "a head flattened from behind; a head cut off at the back; a head like a pancake in profile; a skull with "
        "hardly any back; a head with no back to it; a flat head in profile",
        "shallow-headed; flat-headed",
        "head is shallow from front to back; head is short in profile; back of the head is flat; skull is shallow",
    ),
    ("head_fat", 1): _end(
        "a chubby face; a fat face; a plump face; a fleshy face; a puffy face; a pudgy face; a bloated face; a full "
        "face; a podgy face",
        "a face like a bun; a well-fed face; a face full of fat; baby fat in the face; a face like dough; a face "
        "like a pig; a doughy face; a jowly face; jowls like a bulldog; the face of a glutton; a sumo wrestler's "
        "face",
        "chubby-faced; fat-faced; plump-faced; pudgy-faced; fleshy-faced; jowly",
        "face is chubby; face is fat; face is fleshy; face is puffy; face has put on a lot of weight",
    ),
    ("head_fat", -1): _end(
        "a gaunt face; a bony face; a lean face; a haggard face; an emaciated face; a skinny face; a thin face; a "
        "drawn face; a skeletal face",
        "a face like a skeleton; nothing but skin and bones in the face; a starved face; a fleshless face; the face "
        "of a starving man; a face without an ounce of fat; a chiselled lean face; a marathon runner's face; a face "
        "wasted by hunger; a withered bony face",
        "gaunt-faced; thin-faced; lean-faced; bony-faced; haggard; gaunt; emaciated",
        "face is gaunt; face is bony; face is thin; face is haggard and drawn; face is all skin and bones",
    ),
    ("skull", 1): _end(
        "a long skull; an elongated skull; a stretched skull; an elongated cranium; a long cranium; a large skull",
        "a skull like an alien; a head like a xenomorph; a cone head; an egghead; a head like Nefertiti; a head "
        "shaped like an egg; an alien's head; a conehead's skull; a skull drawn out backwards; a huge braincase; a "
        "head with a giant brain; an extraterrestrial's skull",
        "cone-headed; long-skulled; alien-headed; egg-headed",
        "skull is long; skull is elongated; head is stretched up and back; skull is drawn out like an alien's",
    ),
    ("oval", 1): _end(
        "an oval face; an egg-shaped face; an oval-shaped face; an oval head; an elliptical face",
        "the oval of a madonna's face; a face in the form of an egg; a perfectly oval outline of the face; a face "
        "like an ellipse; a smooth oval of a face; a cameo face",
        "oval-faced; egg-faced",
        "face is oval; face is shaped like an egg; face forms an oval; face has an oval outline",
    ),
    ("round", 1): _end(
        "a round face; a circular face; a round head; a rounded face; a ball-shaped head",
        "a moon face; a face like the full moon; a face like a ball; a face as round as an apple; a face like a "
        "plate; a face like a pancake; a bowling ball of a head; a head like a balloon; Charlie Brown's head; a "
        "face round as a coin; a face like an orange; a spherical head",
        "round-faced; moon-faced; round-headed; ball-headed",
        "face is round; head is round; face is circular; face is as round as a wheel; head is like a ball",
    ),
    ("square", 1): _end(
        "a square face; a boxy face; an angular face; a rectangular face; a square head; a blocky head",
        "a face like a box; a head like a block of wood; a head like Frankenstein's monster; a "
        "Lego head; a face carved with a ruler; a head like a cube; a block-shaped face; a face all corners",
        "square-faced; square-headed; box-faced; blockheaded; angular-faced",
        "face is square; head is square; face is boxy; face has four corners; head is as square as a box",
    ),
    ("triangular", 1): _end(
        "a pear-shaped face; a bottom-heavy face; a triangular face; a pear-shaped head; a trapezoid face",
        "a face like a pear; a face wider at the bottom than at the top; a face like "
        "a pyramid; a face broad below and narrow above; a bell-shaped face; a head like an upright triangle",
        "pear-faced; bottom-heavy",
        "face is pear-shaped; face widens towards the jaw; face is broader below than above; head is like a pear",
    ),
    ("triangular", -1): _end(
        "a heart-shaped face; an inverted triangle face; a v-shaped face; a top-heavy face; a face tapering downwards",
        "a face like a heart; a face like a Valentine; a face like an upside-down triangle; a face tapering to the "
        "chin; a face broad above and narrow below; a face like a strawberry; a cat-like wedge of a face; a "
        "kite-like taper to the face; a pixie's heart face; a v-line face",
        "heart-faced; wedge-faced; top-heavy",
        "face is heart-shaped; face tapers towards the chin; face narrows downwards; face is shaped like a heart",
    ),
    ("diamond", 1): _end(
        "a diamond-shaped face; a rhombic face; a diamond face; a lozenge-shaped face",
        "a face like a diamond; a face like a rhombus; a face like a kite; a face widest at the cheekbones; a face "
        "narrow at forehead and chin; a face in the form of a lozenge; an angular diamond of a face",
        "diamond-faced; kite-faced; lozenge-faced",
        "face is diamond-shaped; face is widest in the middle; face is like a rhombus; face is narrow above and below",
    ),
    ("forehead_height", 1): _end(
        "a high forehead; a tall forehead; a big forehead; a large forehead; a long forehead; a high brow line",
        "a forehead that goes on and on; a scholar's forehead; a thinker's brow; a fivehead; a professor's "
        "forehead; a forehead like a billboard; Shakespeare's forehead; a towering forehead; a forehead as high as "
        "a wall",
        "high-foreheaded; high-browed; big-foreheaded",
        "forehead is high; forehead is tall; forehead is large; forehead takes up half the face",
    ),
    ("forehead_height", -1): _end(
        "a low forehead; a short forehead; a small forehead; a tiny forehead; a little forehead",
        "a forehead like an ape; almost no forehead; a two-finger forehead; a monkey's "
        "forehead; a hairline right above the brows; a forehead only two fingers high; a neanderthal's low forehead",
        "low-foreheaded; low-browed; small-foreheaded",
        "forehead is low; forehead is short; forehead is small; forehead is barely there",
    ),
    ("forehead_bulge", 1): _end(
        "a bulging forehead; a domed forehead; a rounded forehead; a protruding forehead; a convex forehead",
        "a forehead like a dome; a forehead like a baby; a forehead like a beluga; a bulbous brow; a forehead like "
        "a balloon; a dolphin's forehead; a forehead swelling outwards; a bump of a forehead; a forehead like an egg",
        "dome-browed; dome-headed; bulging-browed",
        "forehead bulges; forehead is domed; forehead is rounded; forehead sticks out; forehead curves outwards",
    ),
    ("forehead_bulge", -1): _end(
        "a flat forehead; a level forehead; a plane forehead; a straight flat forehead",
        "a forehead like a board; a forehead as flat as a wall; a forehead like a table; a forehead pressed flat; a "
        "forehead without any curve; a forehead as if ironed; a planed-off forehead",
        "flat-browed; flat-foreheaded",
        "forehead is flat; forehead is not curved at all; forehead is like a board; forehead is level",
    ),
    ("forehead_slope", 1): _end(
        "an upright forehead; a vertical forehead; a steep forehead; a straight-up forehead",
        "a forehead rising like a wall; a forehead as steep as a cliff; a forehead standing up straight; a plumb "
        "forehead; a forehead that goes straight up; a forehead jutting over the eyes",
        "steep-browed; straight-browed",
        "forehead is upright; forehead is vertical; forehead is steep; forehead rises straight up",
    ),
    ("forehead_slope", -1): _end(
        "a sloping forehead; a slanting forehead; a receding forehead; a fleeing forehead; a slanted-back forehead",
        "a forehead like a chimpanzee; a forehead like a ski slope; a forehead that runs away backwards; a forehead "
        "like a neanderthal; a forehead leaning back; a forehead tilted backwards; a Mayan forehead",
        "slope-headed; slope-browed; slant-browed",
        "forehead slopes back; forehead recedes; forehead slants backwards; forehead leans back; forehead flees",
    ),
    ("temples", 1): _end(
        "broad temples; wide temples; full temples; bulging temples; a wide upper head",
        "a head that is broad at the temples; temples that stick out; thick temples; a skull swelling at the "
        "temples; temples wider than the cheeks; big muscular temples",
        "broad-templed; wide-templed",
        "temples are broad; temples are wide; temples bulge; temples stick out",
    ),
    ("temples", -1): _end(
        "sunken temples; hollow temples; narrow temples; pinched temples; caved-in temples",
        "temples that fall in; a head pinched at the temples; hollows beside the forehead; "
        "temples as if pressed in by thumbs; temples like an invalid",
        "hollow-templed; sunken-templed",
        "temples are sunken; temples are hollow; temples cave in; temples are pressed in",
    ),
    ("brow_height", 1): _end(
        "high brows; high eyebrows; raised brows; lifted eyebrows; high-set eyebrows",
        "eyebrows high above the eyes; brows far up on the forehead; a lot of space between brows and eyes; "
        "eyebrows like a diva; permanently raised eyebrows; eyebrows way up the forehead",
        "high-eyebrowed",
        "brows are high; eyebrows are high; eyebrows sit far above the eyes; brows are set high",
    ),
    ("brow_height", -1): _end(
        "low brows; low eyebrows; lowered brows; low-set eyebrows; low-hanging brows",
        "eyebrows right above the eyes; brows pressing down on the eyes; eyebrows almost touching the lashes; "
        "hardly any space between eyes and brows; eyebrows pulled down",
        "low-eyebrowed; beetle-browed",
        "brows are low; eyebrows are low; eyebrows sit right on the eyes; brows hang low; brows nearly touch the eyes",
    ),
    ("brow_angle", -1): _end(
        "slanted brows; slanting eyebrows; slanted eyebrows; upswept brows; upward angled eyebrows; diagonal brows",
        "eyebrows like Spock; eyebrows like a devil; brows rising outwards; v-shaped eyebrows; eyebrows like a "
        "villain; brows that sweep up to the temples; Vulcan eyebrows; brows like an eagle owl; eyebrows like wings",
        "slant-browed-up; devil-browed",
        "brows are slanted; eyebrows rise towards the temples; eyebrows slant upwards; brows go up at the ends",
    ),
    ("brow_angle", 1): _end(
        "drooping brows; drooping eyebrows; sloping brows; sagging eyebrows; downward brows; downturned eyebrows",
        "eyebrows like a sad dog; eyebrows like a roof; brows falling outwards; eyebrows that hang down at the "
        "ends; eyebrows sinking towards the ears; brows like an upside-down v; a sad clown's eyebrows; basset hound "
        "brows",
        "droopy-browed",
        "brows droop; eyebrows slope down; eyebrows hang at the outer ends; brows fall towards the temples",
    ),
    ("brow_ridge", 1): _end(
        "a heavy brow; a thick brow ridge; a prominent brow ridge; a protruding brow; a strong brow bone; a jutting "
        "brow; a big brow ridge; heavy brow bones",
        "a brow like a caveman; a neanderthal brow; the brow of a gorilla; an overhanging brow; a brow like a "
        "cliff; a brow like an ape; a ridge of bone above the eyes; a brow casting shadows over the eyes; an ogre's "
        "brow; a prehistoric brow; the forehead of a Neanderthal man",
        "heavy-browed; thick-browed; cavemanlike; neanderthal-browed",
        "brow is heavy; brow juts out; brow ridge sticks out over the eyes; brow bones stand out; brow overhangs",
    ),
    ("brow_ridge", -1): _end(
        "a flat brow; a smooth brow; a weak brow ridge; a soft brow; a receding brow bone; a delicate brow bone",
        "no brow ridge; hardly any brow bone; a forehead running smoothly into the eyes; a brow as smooth as a "
        "doll's; a brow without bone; a brow like a porcelain doll; a brow that lies back",
        "flat-ridged; smooth-browed; soft-browed",
        "brow is flat; brow is smooth; brow ridge is missing; brow bones hardly show",
    ),
    ("eye_size", 1): _end(
        "big eyes; large eyes; great big eyes; oversized eyes; saucer eyes",
        "eyes like a doll; eyes like saucers; manga eyes; anime eyes; eyes like a deer; Bambi eyes; doe eyes; eyes "
        "like a lemur; eyes as big as dinner plates; eyes like a baby seal; cow eyes; eyes like Betty Boop; eyes "
        "like headlights; eyes that fill half the face; eyes like a bush baby; puppy eyes",
        "big-eyed; large-eyed; doe-eyed; saucer-eyed",
        "eyes are big; eyes are large; eyes take up half the face; eyes are as big as plates",
    ),
    ("eye_size", -1): _end(
        "small eyes; little eyes; tiny eyes; beady eyes; mini eyes; pinprick eyes",
        "eyes like a pig; piggy eyes; eyes like buttons; eyes like a mole; eyes like pinheads; eyes like a mouse; "
        "eyes like raisins; shoe-button eyes; eyes like peas; eyes like an elephant's tiny ones; eyes like currants",
        "small-eyed; beady-eyed; pig-eyed; tiny-eyed",
        "eyes are small; eyes are tiny; eyes are like two dots; eyes are no bigger than buttons",
    ),
    ("eye_height", 1): _end(
        "round eyes; wide-open eyes; circular eyes; wide round eyes; tall eyes",
        "eyes like marbles; owl eyes; eyes like an owl; eyes like a cartoon baby; eyes like "
        "full moons; eyes like a tarsier; goggle-round eyes; eyes like wheels; eyes opened into circles",
        "round-eyed; owl-eyed",
        "eyes are round; eyes are wide open and round; eyes are circular; eyes are like two coins",
    ),
    ("eye_height", -1): _end(
        "narrow eyes; slit eyes; thin eyes; slender eyes; narrow slitted eyes; almond-thin eyes",
        "eyes like slits; eyes like a snake's slits; eyes like two lines; slits for eyes; eyes like arrow slits; "
        "Clint Eastwood eyes; eyes that are just cracks; eyes narrow as a coin slot; eyes like a lizard",
        "narrow-eyed; slit-eyed; thin-eyed",
        "eyes are narrow; eyes are slits; eyes are barely open; eyes are thin lines",
    ),
    ("eye_distance", 1): _end(
        "wide-set eyes; widely spaced eyes; eyes set far apart; eyes far apart; widely set eyes",
        "eyes like a hammerhead shark; eyes on the sides of the head; eyes like a fish; eyes like an antelope; a "
        "big gap between the eyes; eyes miles apart; eyes like a flounder; a lot of room between the eyes; eyes "
        "nearly at the temples; eyes like a chameleon on both sides",
        "wide-eyed-apart; hammerheaded",
        "eyes are far apart; eyes are wide-set; eyes are spaced widely; eyes sit at the sides of the face",
    ),
    ("eye_distance", -1): _end(
        "close-set eyes; closely spaced eyes; eyes close together; eyes set close together; narrowly set eyes",
        "eyes like a weasel, close together; eyes crowding the nose; eyes nearly touching; hardly a gap between the "
        "eyes; eyes like a monkey, near each other; eyes side by side; eyes squeezed against the nose; almost a "
        "cyclops; eyes like a mandrill; eyes like the barrels of a shotgun",
        "close-eyed",
        "eyes are close together; eyes are close-set; eyes almost meet; eyes are near the nose; eyes nearly touch",
    ),
    ("eye_depth", 1): _end(
        "deep-set eyes; sunken eyes; deeply set eyes; hollow eyes; recessed eyes; deep eyes",
        "eyes deep in their sockets; eyes like caves; eyes sunk in shadow; eyes at the bottom of wells; eyes hidden "
        "in their sockets; eyes like a skull; cavernous eyes; eye sockets like pits; eyes lying far back; eyes "
        "buried in the face",
        "hollow-eyed; deep-eyed; sunken-eyed",
        "eyes are deep-set; eyes are sunken; eyes lie deep in the skull; eyes are sunk into the head",
    ),
    ("eye_depth", -1): _end(
        "bulging eyes; protruding eyes; bug eyes; popping eyes; bulgy eyes; prominent eyes",
        "eyes like a frog; frog eyes; eyes like a pug; eyes like a goldfish; eyes popping out of the head; goggle "
        "eyes; eyes on stalks; eyes like a chihuahua; eyes like Marty Feldman; eyes that stick out; eyes like a "
        "toad; fish eyes bulging out; eyes like Gollum",
        "bug-eyed; pop-eyed; goggle-eyed; frog-eyed",
        "eyes bulge; eyes protrude; eyes pop out; eyes stick out of the head; eyes bulge like a toad's",
    ),
    ("eye_slant", 1): _end(
        "upturned eyes; slanted eyes; upward slanting eyes; tilted eyes; upswept eyes; slanting eyes",
        "cat eyes; eyes like a cat; eyes like a fox; feline eyes; eyes rising at the outer corners; eyes "
        "like a Siamese cat; eyes like an elf; eyes tilted up to the temples; eyes like a vixen; a cat-eye slant",
        "cat-eyed; fox-eyed; slant-eyed; almond-eyed",
        "eyes slant upwards; eyes are upturned; eyes tilt up at the corners; eyes rise towards the temples",
    ),
    ("eye_slant", -1): _end(
        "droopy eyes; drooping eyes; downturned eyes; sagging eyes; hangdog eyes; sad-shaped eyes",
        "eyes like a basset hound; eyes like a bloodhound; eyes like a Saint Bernard; eyes falling at the corners; "
        "dog eyes that hang; eyes sloping down outwards; eyes like Droopy the dog; eyes like Sylvester Stallone; "
        "teardrop-sloped eyes; eyes that slide down at the sides",
        "droopy-eyed; hangdog-eyed; down-eyed",
        "eyes droop; eyes are downturned; eyes slope down at the corners; eyes hang at the outer corners; eyes sag",
    ),
    ("eye_bags", 1): _end(
        "bags under the eyes; eye bags; heavy eye bags; puffy eye bags; swollen eye bags; baggy eyes; puffy eyes",
        "pouches under the eyes; rings under the eyes; bags you could carry groceries in; suitcases under the eyes; "
        "swollen lower lids; sacks below the eyes; tired pouches below the eyes; eyes of someone who never sleeps; "
        "a night-shift worker's eyes; lacrimal sacs; eyes after a sleepless week",
        "baggy-eyed; puffy-eyed; pouchy-eyed",
        "eyes have bags; eyes are baggy; eyes have swollen pouches beneath; lower lids are puffy",
    ),
    ("eyelid_fold", 1): _end(
        "hooded eyes; heavy-lidded eyes; heavy lids; heavy eyelids; hooded eyelids; overhanging eyelids; bedroom eyes",
        "lids that hang over the eyes; eyelids like curtains; upper lids covering the eyes; eyes under heavy folds; "
        "eyelids like a turtle; sleepy lids half over the eyes; skin folding over the lids; eyes like Robert "
        "Mitchum; drooping upper lids; reptile lids",
        "heavy-lidded; hooded-eyed; hood-eyed",
        "eyes are hooded; eyelids are heavy; lids hang over the eyes; upper lids cover the eyes",
    ),
    ("nose_size", 1): _end(
        "a big nose; a large nose; a great nose; an oversized nose; a big fat nose; a bulky nose",
        "a nose like an elephant; a honker; a schnozz; a nose like Cyrano; a huge conk; a nose like a proboscis "
        "monkey; a nose that enters the room first; a beak the size of a shoe; a trunk of a nose; Cyrano de "
        "Bergerac's nose; a nose like Gerard Depardieu; a nose that fills the face; an anteater's nose; a whopper "
        "of a nose; a snout",
        "big-nosed; large-nosed; nosy-faced; big-schnozzed",
        "nose is big; nose is large; nose fills the middle of the face; nose is the biggest thing in the face; nose "
        "is way too big",
    ),
    ("nose_size", -1): _end(
        "a small nose; a little nose; a petite nose; a dainty nose; a delicate nose; a tiny nose",
        "a button nose; a nose like a button; a baby's nose; a nose like a pea; a bunny nose; a nose you can hardly "
        "see; a doll's nose; a nose like a kitten; a cute little nub of a nose; a mouse's nose; barely any nose; "
        "Voldemort's nose; a nose like a bean",
        "small-nosed; button-nosed; little-nosed; tiny-nosed",
        "nose is small; nose is tiny; nose is like a button; nose is hardly there; nose is petite",
    ),
    ("nose_length", 1): _end(
        "a long nose; an elongated nose; a lengthy nose; a long thin nose; a stretched nose",
        "Pinocchio's nose; a nose like Pinocchio; a liar's nose; a nose like an anteater; a nose down to the lips; "
        "a nose like a carrot; a nose as long as a cucumber; a nose reaching to the mouth; a stork's nose; a nose "
        "like a pelican; a Gonzo nose",
        "long-nosed; pinocchio-nosed",
        "nose is long; nose reaches almost to the mouth; nose goes on forever; nose is as long as Pinocchio's",
    ),
    ("nose_length", -1): _end(
        "a short nose; a stubby nose; a stub nose; a truncated nose; a short little nose",
        "a pug nose; a nose like a pug; a stump of a nose; a nose ending early; a nose like a Persian cat; a nub of "
        "a nose; a nose like a pekingese; a nose far above the lip",
        "short-nosed; stub-nosed; pug-nosed",
        "nose is short; nose is stubby; nose ends early; nose is a stump; nose stops far above the mouth",
    ),
    ("nose_depth", 1): _end(
        "a prominent nose; a protruding nose; a strong nose; a jutting nose; a projecting nose; a nose that sticks out",
        "a nose like a ship's bow; a nose sticking far out of the face; a nose like a toucan; a proud nose; a nose "
        "like a shark fin; a nose like the gnomon of a sundial; a nose like a rudder; a commanding nose; a nose "
        "that stands out in profile; a puffin's nose",
        "prominent-nosed; strong-nosed; far-nosed",
        "nose sticks out; nose is prominent; nose juts out; nose protrudes far; nose stands out in profile",
    ),
    ("nose_depth", -1): _end(
        "a flat nose; a flattened nose; a squashed nose; a pressed-in nose; a low nose bridge; a low nose",
        "a nose like a boxer; a nose pressed against a window; a nose that was hit by a door; a nose like a "
        "gorilla; a nose like a sphinx; a nose flat as a pancake; a nose smashed in; a nose like a bat; a nose like "
        "a bulldog; a nose that hardly rises from the face",
        "flat-nosed; squash-nosed; low-nosed",
        "nose is flat; nose is squashed; nose hardly sticks out; nose is pressed into the face; nose lies flat",
    ),
    ("nose_width", 1): _end(
        "a wide nose; a broad nose; a thick nose; a fleshy wide nose; a spread nose; a broad-winged nose",
        "a nose like a lion; a nose as wide as the mouth; a nose spread across the face; a nose like a bull; a nose "
        "broad as a spade; a nose like a koala; a nose like a hippo; a nose as broad as it is long; a cow's muzzle",
        "wide-nosed; broad-nosed; thick-nosed; lion-nosed",
        "nose is wide; nose is broad; nose spreads over the face; nose is as broad as the mouth",
    ),
    ("nose_width", -1): _end(
        "a narrow nose; a thin nose; a slim nose; a slender nose; a fine nose",
        "a nose like a knife blade; a razor-thin nose; a nose as thin as paper; a nose like a ruler's edge; a nose "
        "pinched by a clothespin; a nose like Michael Jackson; a greyhound's thin nose; a fine aristocratic nose; a "
        "nose like a fin",
        "narrow-nosed; thin-nosed; slim-nosed; pinch-nosed",
        "nose is narrow; nose is thin; nose is slender; nose looks pinched; nose is like a blade",
    ),
    ("nose_hump", 1): _end(
        "a hooked nose; an aquiline nose; a roman nose; a humped nose; a crooked nose; a bent nose; a beaked nose; "
        "a convex nose; a curved nose",
        "a nose like an eagle; an eagle's beak; a beak; a nose like a parrot; a witch's nose; a nose with a bump; a "
        "nose with a hump; a nose like Julius Caesar; a nose like a vulture; Dante's nose; a Caesar nose; a nose "
        "like a falcon; a bird of prey's nose; a nose like a beak; a camel's hump on the nose; a broken nose bridge",
        "hook-nosed; eagle-nosed; beak-nosed; roman-nosed; bent-nosed",
        "nose is hooked; nose has a bump; nose is aquiline; nose curves like a beak; nose has a hump; nose is bent",
    ),
    ("nose_curve", 1): _end(
        "a scooped nose; a concave nose; a dished nose; a ski-jump nose; a ski-slope nose; a hollow-bridged nose",
        "a nose like a ski jump; a nose curving inwards; a nose with a dip in the bridge; a nose with a sunken "
        "bridge; a nose like a slide; a saddle nose; a nose like a playground slide; a nose shaped like a spoon; "
        "Bob Hope's nose; a fairy's scooped nose",
        "ski-nosed; dish-nosed; scoop-nosed; saddle-nosed",
        "nose is scooped; nose curves inwards; nose is concave; nose dips in the middle; nose is like a ski jump",
    ),
    ("nose_point", 1): _end(
        "an upturned nose; a turned-up nose; a snub nose; a raised nose tip; a tip-tilted nose; a perky nose",
        "a nose like a pig; a pig nose; a nose pointing at the sky; a nose like Miss Piggy; a pixie nose; a nose in "
        "the air; a snub little nose; a celestial nose; nostrils that can be seen from the front; a nose like a "
        "piglet; a stuck-up nose; a nose like a Who from Whoville; a pert nose; a retrousse nose",
        "snub-nosed; pig-nosed; upturned-nosed; pert-nosed",
        "nose is turned up; nose points upwards; nose tip points to the sky; nose turns up at the end",
    ),
    ("nose_point", -1): _end(
        "a drooping nose; a droopy nose; a hanging nose; a downturned nose; a sagging nose; a nose that hangs down",
        "a nose like a proboscis; a nose pointing at the floor; a nose hanging over the lip; a nose like a tapir; a "
        "nose tip that droops; a nose dripping down; a nose like melting wax; a nose that bends down to the mouth; "
        "a nose like Squidward",
        "droop-nosed; droopy-nosed; hang-nosed",
        "nose droops; nose hangs down; nose tip points down; nose sags over the lip; nose hangs over the mouth",
    ),
    ("nose_bulb", 1): _end(
        "a bulbous nose; a round nose; a fat nose tip; a ball-shaped nose; a thick nose tip; a knobby nose",
        "a nose like a potato; a potato nose; a nose like a clown; a nose like a strawberry; a drunkard's nose; "
        "a nose with a ball at the end; a nose like a tomato; a cauliflower nose; a nose "
        "like a turnip; a nose like a light bulb; Rudolph's nose; a nose like a plum; Karl Malden's nose",
        "bulb-nosed; potato-nosed; knob-nosed; bottle-nosed",
        "nose is bulbous; nose ends in a ball; nose tip is fat and round; nose looks like a potato",
    ),
    ("nose_bulb", -1): _end(
        "a pointed nose; a pointy nose; a sharp nose; a nose with a fine tip; a peaked nose; a spiky nose",
        "a nose like a needle; a nose like a fox; a nose like a shrew; a nose sharp enough to cut; "
        "a nose that could poke your eye out; a nose like an icicle; a hedgehog's nose; a nose like a "
        "spike; a nose like a thorn; Scrooge's nose",
        "pointy-nosed; sharp-nosed; needle-nosed; peaky-nosed",
        "nose is pointed; nose is sharp; nose comes to a point; nose ends in a sharp tip; nose tip is pointy",
    ),
    ("nostrils", 1): _end(
        "flared nostrils; wide nostrils; flaring nostrils; big nostrils; large nostrils; open nostrils",
        "nostrils like a horse; nostrils like a bull; nostrils you could park a car in; nostrils like caves; "
        "nostrils like a dragon; nostrils blown wide; nostrils like a snorting stallion; nostrils like tunnels; "
        "gaping nostrils; cavernous nostrils",
        "wide-nostrilled; flare-nostrilled",
        "nostrils are flared; nostrils are wide; nostrils gape; nostrils are huge; nostrils flare",
    ),
    ("mouth_width", 1): _end(
        "a wide mouth; a broad mouth; a big mouth; a large mouth; a long mouth; an oversized mouth",
        "a mouth like a frog; a mouth from ear to ear; a mouth like Julia Roberts; a mouth like a letterbox; a "
        "mouth like Mick Jagger; a mouth like a shark; a trap of a mouth; a mouth like a hippo; a frog's mouth; a "
        "mouth like a mailbox slot; a mouth like a crocodile; a muppet's mouth; a mouth as wide as the face",
        "wide-mouthed; big-mouthed; frog-mouthed; broad-mouthed",
        "mouth is wide; mouth is big; mouth stretches across the face; mouth goes from cheek to cheek; mouth is broad",
    ),
    ("mouth_width", -1): _end(
        "a small mouth; a little mouth; a tiny mouth; a narrow mouth; a petite mouth; a dainty mouth",
        "a mouth like a button; a rosebud mouth; a mouth like a doll; a mouth like a goldfish's little one; a "
        "cherry mouth; a mouth no wider than the nose; a mouth like a keyhole; a mouth like a coin slot; a prim "
        "little mouth; a baby's mouth; a mouth like a dot; a mouse's mouth",
        "small-mouthed; little-mouthed; tiny-mouthed; rosebud-mouthed",
        "mouth is small; mouth is tiny; mouth is narrow; mouth is hardly wider than the nose; mouth is like a button",
    ),
    ("lips", 1): _end(
        "full lips; plump lips; thick lips; big lips; voluptuous lips; fat lips; fleshy lips; luscious lips; pouty "
        "lips",
        "lips like cushions; bee-stung lips; lips like a duck after surgery; lips like "
        "pillows; lips like sausages; lips full of botox; injected lips; lips like rubber dinghies; Scarlett "
        "Johansson's lips; lips like ripe fruit; kissable lips; lips like a fish; generous lips; trout lips",
        "full-lipped; thick-lipped; plump-lipped; big-lipped; rubber-lipped",
        "lips are full; lips are thick; lips are plump; lips are big; lips are like cushions; lips look swollen",
    ),
    ("lips", -1): _end(
        "thin lips; narrow lips; slim lips; meagre lips; fine lips; flat lips; skinny lips; thin-drawn lips",
        "lips like a line; lips like a pencil stroke; hardly any lips; no lips; lips like a razor cut; a slash for "
        "a mouth; lips like a lizard; a mouth like a thin crack; lips thin as paper; lips like a strict teacher; "
        "lips like a paper cut; invisible lips",
        "thin-lipped; lipless; slim-lipped; tight-lipped",
        "lips are thin; lips are narrow; lips are just a line; lips can hardly be seen; lips are almost missing",
    ),
    ("mouth_corners", 1): _end(
        "an upturned mouth; upturned lips; a mouth turned up at the corners; raised mouth corners; upturned corners",
        "a mouth like a dolphin; mouth corners pointing up; a naturally smiling mouth shape; a mouth curved like a "
        "cup; a mouth shaped like a smile; a mouth like a crescent; a mouth like the Mona Lisa; a mouth like an "
        "upward bow; a quokka's mouth; a mouth bent upwards",
        "up-mouthed; dolphin-mouthed",
        "mouth turns up at the corners; mouth corners point up; mouth is upturned; mouth curves upwards",
    ),
    ("mouth_corners", -1): _end(
        "a downturned mouth; downturned lips; a mouth turned down at the corners; drooping mouth corners; a sagging "
        "mouth",
        "a mouth like a carp; mouth corners that hang; a mouth like a bulldog; a mouth like Angela Merkel; a mouth "
        "shaped like an upside-down u; a mouth like a grouper; a mouth like a rainbow arch; hanging mouth corners; "
        "a bloodhound's mouth; a mouth bent downwards; a trout's mouth; a mouth like a bent-down horseshoe",
        "down-mouthed; droop-mouthed; carp-mouthed",
        "mouth turns down at the corners; mouth corners hang; mouth is downturned; mouth curves downwards",
    ),
    ("mouth_level", 1): _end(
        "a short upper lip; a short philtrum; a high mouth; a mouth close to the nose; a short space above the lip",
        "hardly any space between nose and mouth; a mouth set high; no room for a "
        "moustache; a rabbit's short upper lip; a lip that almost touches the nose",
        "short-lipped; high-mouthed",
        "upper lip is short; mouth sits right under the nose; mouth is set high; philtrum is short; mouth is high",
    ),
    ("mouth_level", -1): _end(
        "a long upper lip; a long philtrum; a low mouth; a mouth far from the nose; a tall upper lip",
        "an upper lip like a chimpanzee; a lot of space between nose and mouth; a mouth set low; an upper lip like "
        "an ape; an upper lip like a camel; an orangutan's upper lip; a mouth down near the chin; Homer Simpson's "
        "muzzle",
        "long-lipped; low-mouthed",
        "upper lip is long; mouth sits far below the nose; mouth is set low; philtrum is long; mouth is low",
    ),
    ("chin_prominence", 1): _end(
        "a prominent chin; a strong chin; a jutting chin; a protruding chin; a big chin; a pronounced chin; a "
        "sticking-out chin; a massive chin",
        "a chin like a superhero; a chin like a witch; a chin like a nutcracker; a chin like "
        "the prow of a ship; a chin like Punch; a chin like a shovel; a crescent-moon chin; a heroic chin; a chin "
        "like Bruce Campbell; a chin like a shelf; a chin you could hang a coat on; Dick Tracy's chin",
        "strong-chinned; big-chinned; jut-chinned; prominent-chinned",
        "chin juts out; chin is prominent; chin sticks out; chin is strong; chin protrudes; chin leads the way",
    ),
    ("chin_prominence", -1): _end(
        "a receding chin; a weak chin; a retreating chin; a fleeing chin; a small weak chin; a set-back chin; a "
        "soft chin",
        "hardly any chin; no chin; a chin running into the neck; a chin like a turtle; a missing chin; a chin like "
        "a bird; a chin that disappears into the neck; a chin like Andy Gump; a lower face that slopes away; a chin "
        "like a hamster; a chin fallen back",
        "weak-chinned; chinless; soft-chinned",
        "chin recedes; chin is weak; chin is missing; chin slips into the neck; chin falls back",
    ),
    ("chin_width", 1): _end(
        "a broad chin; a wide chin; a square chin; a blunt chin; a boxy chin; a thick chin",
        "a chin like a block; a chin like an anvil; a chin as broad as the mouth; a spade of a chin; a chin like a "
        "brick; a chin like a soldier; a chin cut off straight; a chin like a drawer; a chin as square as a box",
        "broad-chinned; wide-chinned; square-chinned",
        "chin is broad; chin is wide; chin is square; chin is as wide as the mouth; chin ends flat and broad",
    ),
    ("chin_width", -1): _end(
        "a narrow chin; a pointed chin; a pointy chin; a thin chin; a slim chin; a sharp chin; a tapered chin",
        "a chin like an elf; a chin like a pin; a chin that ends in a point; a chin like the tip of an egg; an "
        "imp's chin; a spiky chin; a goblin's chin; a chin like a carrot tip; a chin like a "
        "v; a chin like Reese Witherspoon",
        "narrow-chinned; sharp-chinned; pointy-chinned; point-chinned",
        "chin is narrow; chin is pointed; chin ends in a point; chin is sharp; chin tapers to a tip",
    ),
    ("chin_height", 1): _end(
        "a long chin; a tall chin; an elongated chin; a high chin; a lengthy chin",
        "a chin hanging down; a chin like a horse; a chin like a lantern; a chin like a "
        "pharaoh's beard; a chin like Sarah Jessica Parker; a chin reaching to the chest; a chin like a slipper; a "
        "chin stretched downwards",
        "long-chinned; tall-chinned; lantern-chinned",
        "chin is long; chin reaches far down; chin is tall; chin is stretched; chin hangs low",
    ),
    ("chin_height", -1): _end(
        "a short chin; a small chin; a tiny chin; a stubby chin; a low chin; a little chin",
        "a chin like a baby; a chin right under the lip; a mere button of a chin; a chin that ends too soon; a "
        "mouth almost at the bottom of the face; a chin like a doll; a chin one finger high",
        "short-chinned; small-chinned; stub-chinned",
        "chin is short; chin is small; chin is tiny; chin ends right below the mouth; chin is cut short",
    ),
    ("bite", 1): _end(
        "an underbite; a protruding lower jaw; a jutting lower jaw; an undershot jaw; a forward lower jaw; a "
        "protruding lower lip and jaw",
        "a Habsburg jaw; a lower jaw like a bulldog; lower teeth in front of the upper ones; an underbite like an "
        "orc; a jaw like a piranha; a lower jaw pushed forward; a boxer dog's bite; a drawer of a lower jaw; a jaw "
        "like Popeye; the Hapsburg lip; a lower jaw stuck out like an anglerfish",
        "undershot; underbitten; bulldog-jawed; prognathous",
        "lower jaw sticks out; lower jaw juts forward; lower teeth cover the upper ones; lower jaw is pushed forward",
    ),
    ("bite", -1): _end(
        "an overbite; a receding lower jaw; an overshot jaw; a set-back lower jaw; a retracted lower jaw; buck teeth",
        "an upper jaw like a rabbit; upper teeth far over the lower ones; a lower jaw pulled back; a lower jaw like "
        "a shark; a bite like a beaver; a lower jaw slid backwards; a mouth like Bugs Bunny; Freddie Mercury's "
        "overbite; a jaw like a rodent; an upper lip hanging over the lower; goofy teeth",
        "overshot; buck-toothed; overbitten; rabbit-toothed",
        "lower jaw recedes; upper teeth stick out over the lower lip; lower jaw is set back; upper jaw overhangs",
    ),
    ("chin_cleft", 1): _end(
        "a cleft chin; a dimpled chin; a split chin; a chin dimple; a furrowed chin; a deep chin cleft",
        "a chin like Kirk Douglas; a butt chin; a dimple in the chin; a notch in the chin; a crease down the chin; "
        "a chin like a peach; a chin like John Travolta; a groove in the chin; a chin with a hole; a chin like Ben "
        "Affleck; a chin like two halves; Gaston's chin; a bum chin",
        "cleft-chinned; dimple-chinned; butt-chinned",
        "chin has a dimple; chin is cleft; chin is split in two; chin has a notch in the middle; chin is dimpled",
    ),
    ("jaw", 1): _end(
        "a wide jaw; a broad jaw; a strong jaw; a square jaw; a heavy jaw; a big jaw; a powerful jaw; a massive "
        "jaw; a muscular jaw; a chiselled jaw; broad jawbones",
        "a jaw like an anvil; a lantern jaw; a jaw like a lumberjack; a superhero's jaw; a jaw like Arnold "
        "Schwarzenegger; a jaw like a vice; a jaw of granite; a jaw that could crack walnuts; a nutcracker's jaw; a "
        "jaw like a pitbull; Superman's jaw; a jaw like a bear trap; a Hollywood hero's jawline; a jaw like a "
        "marine; a jaw carved out of stone; a wrestler's jawline",
        "wide-jawed; square-jawed; strong-jawed; broad-jawed; heavy-jawed; lantern-jawed",
        "jaw is wide; jaw is broad; jaw is strong; jaw is square; jaw is massive; jaw is as wide as the temples",
    ),
    ("jaw", -1): _end(
        "a slim jaw; a narrow jaw; a thin jaw; a delicate jaw; a small jaw; a slender jaw; a fine jawline; a weak "
        "jaw; a slight jaw",
        "a jaw like a bird; a jaw like an elf; a fragile jaw; a jaw like a mouse; hardly any jaw; a jaw like a "
        "ferret; a jaw that narrows like a funnel; a v-shaped jawline; a dainty feminine jaw; a jaw like a model in "
        "Seoul; a fairy's jaw; a jaw as if pressed together",
        "slim-jawed; narrow-jawed; thin-jawed; weak-jawed; fine-jawed",
        "jaw is slim; jaw is narrow; jaw is thin; jaw is delicate; jaw is weak; jaw tapers quickly",
    ),
    ("cheekbones", 1): _end(
        "high cheekbones; prominent cheekbones; strong cheekbones; pronounced cheekbones; sharp cheekbones; "
        "chiselled cheekbones; broad cheekbones",
        "cheekbones like a supermodel; cheekbones that could cut glass; cheekbones like Maleficent; cheekbones like "
        "knives; cheekbones like Marlene Dietrich; cheekbones like a Mongol rider; cheekbones to die for; "
        "cheekbones like David Bowie; protruding malar bones; a catwalk model's bone structure; razor cheekbones",
        "high-cheeked; sharp-cheekboned; strong-cheekboned; high-cheekboned",
        "cheekbones are high; cheekbones stick out; cheekbones stand out; cheekbones are sharp; cheekbones are strong",
    ),
    ("cheekbones", -1): _end(
        "flat cheekbones; low cheekbones; weak cheekbones; soft cheekbones; faint cheekbones; undefined cheekbones",
        "no cheekbones; hardly any cheekbones; cheekbones that cannot be seen; a face without bone structure; "
        "cheekbones as flat as a board; cheekbones lost in the face; a flat midface; cheekbones that have caved in",
        "flat-cheekboned; low-cheekboned; weak-cheekboned",
        "cheekbones are flat; cheekbones do not show; cheekbones are weak; cheekbones are missing; cheekbones lie flat",
    ),
    ("cheeks", 1): _end(
        "chubby cheeks; plump cheeks; fat cheeks; round cheeks; full cheeks; fleshy cheeks; puffy cheeks; big cheeks",
        "cheeks like a chipmunk; cheeks like apples; cheeks like a cherub; cheeks like a "
        "baby; a trumpeter's cheeks; cheeks like dumplings; cheeks begging to be pinched; cheeks like a squirrel "
        "full of nuts; cheeks like buns; a putto's cheeks; cheeks like Dizzy Gillespie; apple cheeks; chipmunk "
        "cheeks",
        "chubby-cheeked; round-cheeked; apple-cheeked; plump-cheeked; fat-cheeked",
        "cheeks are chubby; cheeks are fat; cheeks are round; cheeks are full; cheeks are like a hamster's",
    ),
    ("cheeks", -1): _end(
        "hollow cheeks; sunken cheeks; thin cheeks; caved-in cheeks; fallen-in cheeks; lean cheeks; gaunt cheeks",
        "cheeks sucked in; cheeks like a starving prisoner; dents below the cheekbones; cheeks like craters; cheeks "
        "that fall in; cheeks like a toothless man; cheeks like Keith Richards; hollows in the cheeks; cheeks like "
        "a skull; cheeks pulled inwards; cheeks of a consumptive",
        "hollow-cheeked; sunken-cheeked; thin-cheeked; lantern-cheeked",
        "cheeks are hollow; cheeks are sunken; cheeks cave in; cheeks are sucked in; cheeks have fallen in",
    ),
    ("ear_size", 1): _end(
        "large ears; big ears; great ears; oversized ears; giant ears; long ears; big floppy ears",
        "ears like an elephant; ears like a rabbit; elephant ears; ears like satellite dishes; ears "
        "like a donkey; ears like Prince Charles; ears like Yoda; ears like a fennec fox; ears like a hare; ears "
        "the size of plates; the ears of the BFG; ears like a corgi; ears like cabbage leaves; ears that hear "
        "everything",
        "big-eared; large-eared; elephant-eared; donkey-eared",
        "ears are big; ears are large; ears are the size of plates; ears are way too big; ears are oversized",
    ),
    ("ear_size", -1): _end(
        "small ears; little ears; tiny ears; petite ears; dainty ears; mini ears",
        "ears like a seal; ears like shells; ears you can hardly see; ears like a "
        "baby; ears like a hamster; ears like seashells; ears like buttons; hardly any ears; ears like a doll; ears "
        "like dried apricots; ears like an otter",
        "small-eared; little-eared; tiny-eared",
        "ears are small; ears are tiny; ears are hardly there; ears are petite; ears can barely be seen",
    ),
    ("ear_wing", 1): _end(
        "protruding ears; sticking-out ears; prominent ears; flapping ears; projecting ears; flaring ears; wing ears",
        "ears that stick out; bat ears; ears like sails; ears like a taxi with open doors; ears like the handles of "
        "a cup; ears like wings; ears spread like a bat; car-door ears; ears like open doors; ears like a monkey; "
        "ears like a trophy's handles; ears like a loving cup; ears catching the wind; ears at right angles; FA Cup "
        "ears",
        "bat-eared; wing-eared; flap-eared; sticky-out-eared",
        "ears stick out; ears protrude; ears stand away from the head; ears flap in the wind; ears stand out",
    ),
    ("ear_wing", -1): _end(
        "pinned ears; flat ears; ears close to the head; pinned-back ears; tucked-in ears; flat-lying ears",
        "ears glued to the head; ears lying flat against the head; ears like an angry cat; ears taped back; ears "
        "pressed against the skull; ears that hug the head; ears pinned back by a surgeon; streamlined ears; ears "
        "under a swimming cap",
        "flat-eared; pin-eared; close-eared",
        "ears lie flat; ears are pinned back; ears are close to the head; ears are tucked against the head",
    ),
    ("ear_lobe", 1): _end(
        "long earlobes; big earlobes; large earlobes; hanging earlobes; elongated earlobes; dangling earlobes; "
        "fleshy earlobes",
        "earlobes like the Buddha; ears with long lobes; earlobes stretched by heavy rings; earlobes down to the "
        "jaw; lobes like a Buddha statue; Buddha ears; earlobes pulled down; pendulous earlobes; lobes that swing; "
        "earlobes like drops; stretched lobes like a Maasai",
        "long-lobed; big-lobed; buddha-eared",
        "earlobes are long; earlobes hang down; earlobes are big; earlobes dangle; earlobes reach the jaw",
    ),
    ("ear_lobe", -1): _end(
        "small earlobes; tiny earlobes; short earlobes; little earlobes; attached earlobes; no earlobes",
        "hardly any earlobes; ears without lobes; earlobes grown to the cheek; lobeless ears; earlobes too small "
        "for earrings; missing earlobes; earlobes like drops of dew",
        "small-lobed; lobeless; short-lobed",
        "earlobes are small; earlobes are tiny; earlobes are missing; earlobes are attached; earlobes are short",
    ),
    ("ear_pointed", 1): _end(
        "pointed ears; pointy ears; sharp ears; elf ears; tapered ears; peaked ears; elfin ears",
        "ears like an elf; ears like Spock; ears like a Vulcan; Vulcan ears; elven ears; ears like a faun; goblin "
        "ears; ears like a lynx; ears that end in points; ears like a cat; ears like a pixie; ears like Legolas; a "
        "satyr's ears; ears like a night elf; the ears of a fairy; demon ears",
        "pointy-eared; elf-eared; sharp-eared; vulcan-eared; elvish; elven",
        "ears are pointed; ears are pointy; ears end in a point; ears are like an elf's; ears taper to a tip",
    ),
    ("ear_pointed", -1): _end(
        "round ears; rounded ears; circular ears; curved ears; soft round ears",
        "ears like a teddy bear; ears like Mickey Mouse; ears like a bear; ears like a koala; ears as round as "
        "coins; ears like discs; ears like a panda; ears like half moons; cookie-shaped ears; ears like a chimp's "
        "round ones",
        "round-eared; bear-eared; mouse-eared",
        "ears are round; ears are circular; ears are rounded; ears are as round as coins",
    ),
    ("neck_width", 1): _end(
        "a thick neck; a wide neck; a broad neck; a strong neck; a massive neck; a muscular neck; a stocky neck; a "
        "fat neck; a beefy neck",
        "a neck like a bull; a bull neck; a neck like a tree trunk; a rugby player's neck; a neck like Mike Tyson; "
        "a neck wider than the head; a neck like a wrestler; a weightlifter's neck; a neck like an ox; a neck like "
        "a pillar; a bodybuilder's neck; a bouncer's neck; no neck at all, just shoulders",
        "thick-necked; bull-necked; broad-necked; stout-necked; beefy-necked",
        "neck is thick; neck is wide; neck is as wide as the head; neck is like a tree trunk; neck is massive",
    ),
    ("neck_width", -1): _end(
        "a thin neck; a slim neck; a slender neck; a narrow neck; a skinny neck; a scrawny neck; a delicate neck",
        "a neck like a swan; a pencil neck; a ballerina's neck; a neck like a stalk; a neck "
        "like a giraffe; a neck like a heron; a neck like a flower stem; a neck as thin as a broomstick; a turkey's "
        "scrawny neck; Audrey Hepburn's neck; a neck like a bottle",
        "thin-necked; slim-necked; slender-necked; pencil-necked; swan-necked",
        "neck is thin; neck is slim; neck is slender; neck is skinny; neck hardly holds up the head",
    ),
    ("double_chin", 1): _end(
        "a double chin; a fleshy throat; a sagging throat; a second chin; a heavy double chin; a fat double chin; a "
        "fat throat",
        "a dewlap; a triple chin; several chins; a chin on top of a chin; a throat "
        "like a pelican; a wattle; a throat like a bullfrog; a turkey wattle; chins resting on the collar; chin "
        "fat; flab hanging under the jaw; a throat bag; Jabba the Hutt's throat; a pouch under the chin",
        "double-chinned; many-chinned; fat-throated; wattled",
        "chin is double; chin is doubled; throat is fat and sagging; throat hangs under the jaw; chin has rolls of fat",
    ),
}


def _both(first: Wordings, more: Wordings) -> Wordings:
    return Wordings(
        first.plain + more.plain,
        first.figures + more.figures,
        first.adjectives + more.adjectives,
        first.clauses + more.clauses,
    )


#: All that is said of every end.
SHAPE_WORDS = {
    end: reduce(_both, (_end(*table.get(end, ("",))) for table in (MORE, FURTHER)), said)
    for end, said in _FIRST.items()
}

#: What training does not say: one in six of all but the plain phrases of the first table.
HELD_OUT_SHAPES = frozenset(
    phrase
    for said in _FIRST.values()
    for phrases in (said.figures, said.adjectives, said.clauses)
    for phrase in phrases[2::6]
)
