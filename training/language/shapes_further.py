"""Still more of what people say of the shapes of a face: slang, famous faces and household things.

The phrases come after those of words_shapes_more in the table of words_shapes, and all of them are said in training.
"""

from __future__ import annotations

#: (shape, +1 or -1) -> plain phrases, figures, adjectives and clauses, as in words_shapes.
FURTHER: dict[tuple[str, int], tuple[str, str, str, str]] = {
    ("head_width", 1): (
        "a big wide noggin; a broad bonce",
        "a head like a wheelie bin; a head like a hay bale; a head as broad as a bread bin; a head as wide as a "
        "steering wheel; Stewie Griffin's sideways head; a Rottweiler's broad skull; a bonce that takes up two seats "
        "at the pictures; a noggin no crash helmet will go round",
        "melon-headed; wide-bonced",
        "head is as wide as a barn; skull is a yard across; head spills over both edges of the mirror",
    ),
    ("head_width", -1): (
        "a slim noggin; a narrow bonce",
        "a head like an angelfish; a head like a domino standing up; a head like a folded deckchair; a head like a "
        "door seen edge-on; a noggin you could post through a letterbox; a Saluki's narrow skull; a head pinched "
        "between finger and thumb; a head as narrow as a corridor",
        "pencil-headed; blade-headed",
        "head is barely wider than the neck; ears are almost back to back; head is squeezed like a tube of toothpaste",
    ),
    ("head_height", 1): (
        "a long mug; a lengthy visage",
        "a face like a grandfather clock; a face like Lurch the butler; a mug like a carthorse; a face like an El "
        "Greco saint; a face like a marrow stood on end; a face like an upended canoe; a fizzog like a donkey; a "
        "visage as long as a rainy Sunday; a Modigliani face",
        "donkey-faced; long-visaged",
        "face runs on like a bad sermon; chin is a day's walk from the hairline; face needs two mirrors, one above "
        "the other",
    ),
    ("head_height", -1): (
        "a squat mug; a short little visage",
        "a head like a curling stone; a head like a hockey puck; a mug like a Scotch pie; a face like a Lhasa Apso; a "
        "bonce with a brick dropped on it; a face squeezed between two shelves; a mug with eyes, nose and mouth piled "
        "on top of one another; a face like a concertina pressed shut",
        "puck-headed; short-visaged",
        "face has no height to it; eyes live next door to the chin; head is pushed down like a jack-in-the-box",
    ),
    ("head_depth", 1): (
        "a deep noggin; a long-backed head",
        "a head like a greyhound bus from the side; a skull with a balcony at the back; a noggin with a boot like a "
        "saloon car; a head that overhangs the collar behind; a head like a submarine from nose to nape; a head like "
        "an American football, nose to nape; a skull with a caboose; a head like a bread bin in profile",
        "dolichocephalic; deep-pated",
        "head carries a lot of cargo behind the ears; skull juts out over the nape; head runs from nose to nape like "
        "a goods train",
    ),
    ("head_depth", -1): (
        "a flat-backed head; a shallow noggin",
        "a head like a wall clock, all face and no back; a head like a cardboard cutout in profile; a noggin like a "
        "paperback from the side; a bonce sawn straight down behind the ears; a head like a mask with nothing behind "
        "it; a head like a biscuit from the side; a skull with its back to the wall since birth",
        "pancake-skulled; flat-occiputed",
        "back of the head is as straight as a bookend; ears sit at the very back of the head; skull stops short "
        "behind the ears",
    ),
    ("head_fat", 1): (
        "a plump mug; a blubbery face",
        "a face like a blancmange; a face like the Michelin Man; a face like Friar Tuck; a mug like a glazed ham; a "
        "face like Augustus Gloop; a face like Falstaff; a face like a Christmas goose; Oliver Hardy's face; a "
        "publican's well-fed mug",
        "lard-faced; ham-faced",
        "face is upholstered like a settee; face has swallowed its own bones; face is as plump as a piggy bank",
    ),
    ("head_fat", -1): (
        "a gaunt mug; a raw-boned visage",
        "a face like Don Quixote; a face like the Grim Reaper; a mug like a half-starved alley cat; a face like a "
        "Giacometti sculpture; a face whittled with a penknife; a face like a dried cod; Abraham Lincoln's bony face; "
        "a face like a shipwreck survivor; a face like a prisoner on bread and water",
        "skull-faced; scrawny-faced",
        "face has been whittled down to the bone; face looks in need of a hot meal; skull shows through the skin of "
        "the face",
    ),
    ("skull", 1): (
        "a drawn-out cranium; a conical skull",
        "a skull like the Mekon; a head like Megamind; a skull like a Paracas mummy; Akhenaten's stretched head; a "
        "head like a traffic cone; a skull like a bullet train; a head like a stretched water balloon; a cranium like "
        "a marrow pointing up and back; a skull like an ostrich egg on end",
        "bulb-skulled; tower-skulled",
        "cranium sweeps up and back like a wave; skull has room for a second brain; skull is drawn out like a French "
        "loaf",
    ),
    ("oval", 1): (
        "an oval visage; an oval countenance",
        "a face like a Botticelli Venus; a face like a hen's egg; a face like a kiwi fruit; a face like a plum "
        "tomato; a face like the number zero; a face like a portrait in an oval frame; a face like a porcelain "
        "brooch; a face like a dressing-table mirror",
        "elliptical-faced; locket-faced",
        "face has the curve of an egg standing up; face is longer than it is wide and rounded all the way; outline of "
        "the face would do for a cameo",
    ),
    ("round", 1): (
        "a round mug; a circular visage",
        "a face like a dartboard; a bonce like a snooker ball; a face like Thomas the Tank Engine; the Man in the "
        "Moon's face; a face like a porthole; a head like a Christmas bauble; a mug like a hubcap; a face like "
        "Tweedledum; a face like a roundabout; a face like a dustbin lid",
        "bauble-headed; dartboard-faced",
        "face is as round as a frying pan; head is as round as a disco ball; face has one long curve for an outline",
    ),
    ("square", 1): (
        "a boxy mug; a squared-off face",
        "a head like a Rubik's cube; a face like SpongeBob; a face like a postage stamp; a head like a breeze block; "
        "Herman Munster's head; a bonce like a biscuit tin; a head like a Volvo from the eighties; a face like a car "
        "battery; a mug like a house brick",
        "brick-headed; crate-headed",
        "face has edges you could rule a line by; head came out of a flat-pack box; sides of the face run as straight "
        "as walls",
    ),
    ("triangular", 1): (
        "a pear-like visage; a bottom-heavy mug",
        "a face like a Hershey's kiss; a face like a teepee; King Louis-Philippe's pear head; a head like Patrick "
        "Star; a face like a chess pawn; a mug like a sandbag; a face like a drop hanging from a tap; a face like a "
        "skittle; a face like a bell skirt",
        "pyramid-faced; skittle-headed",
        "face swells out below the ears; face starts small and ends large; lower half of the face outweighs the upper",
    ),
    ("triangular", -1): (
        "a heart-like visage; a wedge-like face",
        "a face like a martini glass; a face like a yield sign; a face like a bunch of grapes; a face like a parsnip; "
        "a face like a love token; a face like a plectrum; a Siamese cat's wedge of a face; a face like an acorn; a "
        "mug like a give-way sign",
        "mantis-faced; parsnip-faced",
        "face would look right on a Valentine card; face dwindles from broad temples to a tiny chin; face makes a v",
    ),
    ("diamond", 1): (
        "a rhombic visage; a diamond-cut face",
        "a face like a Renault badge; a face like a compass rose; a face like a slice of baklava; a face like a pane "
        "of leaded glass; a face like two triangles set base to base; a face like a cushion stood on its corner; a "
        "face like a yellow caution sign; a face like a jester's costume patch",
        "facet-faced; rhomboid-faced",
        "face comes to a point at both top and bottom; face juts out at the cheekbones and shrinks at either end; "
        "face has the four points of a compass",
    ),
    ("forehead_height", 1): (
        "a tall brow; a roomy forehead",
        "a forehead like a drive-in screen; a forehead with room for a second face; Tyra Banks's forehead; a forehead "
        "you could write a novel on; a boffin's brow; a forehead as long as a motorway; a forehead like a football "
        "pitch; a brow like a blank page; Elizabeth the First's plucked forehead",
        "tall-browed; great-foreheaded",
        "forehead needs its own weather forecast; forehead could seat a family of four; brow climbs all the way to "
        "the crown",
    ),
    ("forehead_height", -1): (
        "a cramped forehead; a stingy forehead",
        "a forehead like a crawl space; a forehead like a macaque; a forehead no deeper than a hatband; a forehead "
        "you could hide under a sweatband; a forehead like a ruler laid flat; a forehead no higher than a stamp; a "
        "forehead like a bookmark laid sideways; a brow with no room for a thought",
        "scant-foreheaded; low-hairlined",
        "forehead is barely one wrinkle high; hair grows down almost to the eyebrows; forehead is as low as a cellar "
        "ceiling",
    ),
    ("forehead_bulge", 1): (
        "an egg-like forehead; a bulgy forehead",
        "a forehead like a pilot whale; a forehead like a bowler hat; a brow like a cupola; a forehead like an "
        "upturned pudding bowl; a forehead like a bell jar; a forehead that bulges like a full sail; a forehead like "
        "an airbag going off; the apple dome of a Chihuahua; a forehead like the bow of a submarine",
        "melon-browed; beluga-browed",
        "forehead bellies out like a barrel; forehead bows out above the eyes; forehead is puffed up like a popover",
    ),
    ("forehead_bulge", -1): (
        "an unrounded forehead; a pancake-flat forehead",
        "a forehead like an airport runway; a forehead like a sheet of plywood; a forehead like a shop window; a "
        "forehead like a breadboard; a forehead rolled out like pastry; a forehead as flat as the Fens; a forehead "
        "like a tablet screen; a forehead like a flagstone",
        "plank-browed; slate-browed",
        "forehead is as flat as a pool table; forehead shows no bulge from temple to temple; forehead was rolled flat "
        "like dough",
    ),
    ("forehead_slope", 1): (
        "a bolt-upright forehead; a steep brow",
        "a forehead like El Capitan; a forehead like the White Cliffs of Dover; a forehead like a garden fence; a "
        "brow like a sea wall; a forehead like a guardsman on parade; a forehead like a squash court wall; a forehead "
        "like a castle keep; a brow as straight as a plumb line in profile",
        "plumb-browed; sheer-browed",
        "forehead stands up like a headboard; forehead shoots straight up in profile; forehead rises from the brows "
        "like a garden wall",
    ),
    ("forehead_slope", -1): (
        "a sloped brow; a laid-back forehead",
        "a forehead like a velociraptor; a forehead like a barracuda; a forehead like a speedboat's windscreen; a "
        "forehead like a playground chute; a forehead like a shed roof; a forehead swept back by a gale; a forehead "
        "like a doorstop; a brow like an Alpine piste; a Homo erectus forehead",
        "slant-foreheaded; rake-browed",
        "forehead runs uphill to the crown; forehead looks blown back by the wind; forehead makes a ramp from the "
        "brows to the crown",
    ),
    ("temples", 1): (
        "chunky temples; outward-bulging temples",
        "temples like bread rolls; temples like a Charolais bull; temples like padded armrests; temples like tennis "
        "balls under the skin; temples like ripe plums; a skull with shoulders at the temples; temples like the "
        "corners of a sofa; a head flared out at the temples like a vase",
        "plump-templed; swollen-templed",
        "temples stand out on both sides of the brow; temples are as plump as buns; temples swell beyond the edge of "
        "the brow",
    ),
    ("temples", -1): (
        "dipped temples; shrunken temples",
        "temples like eggcups; temples like soap dishes; a head with a waist at the temples; temples like bites out "
        "of an apple; temples you could rest a thumb in; temples like the hollows of a guitar; temples like a cow "
        "skull; temples like sinkholes; temples like two worn doorsteps",
        "scooped-templed; caved-templed",
        "temples look scooped with a spoon; temples hold a shadow on each side; temples are pinched in like a peanut "
        "shell",
    ),
    ("brow_height", 1): (
        "lofty brows; skyward eyebrows",
        "eyebrows that live in the attic; eyebrows parked up by the fringe; eyebrows you need a ladder to reach; "
        "eyebrows like a pantomime dame; eyebrows like bunting strung too high; a Hollywood vamp's lifted brows; "
        "eyebrows like rainbows far above the eyes; brows hung up out of reach; Divine's sky-high eyebrows",
        "sky-browed; uplifted-browed",
        "eyebrows have moved upstairs; brows sit halfway up the forehead; eyebrows give the eyes a wide berth",
    ),
    ("brow_height", -1): (
        "low-riding eyebrows; squashed-down brows",
        "brows like eaves; brows like a pelmet pulled down; eyebrows like a flat cap over the eyes; eyebrows lying on "
        "the eyes like sleeping caterpillars; eyebrows parked on the eyelids; Sam the Eagle's low brows; a brow line "
        "like a slouch hat; brows like a blanket drawn over the eyes",
        "eave-browed; low-hung-browed",
        "eyebrows tickle the lashes; brows leave no lid to be seen; eyebrows have come down on the eyes like a lid",
    ),
    ("brow_angle", -1): (
        "tick-shaped brows; up-angled eyebrows",
        "eyebrows like Ming the Merciless; eyebrows like Jack Nicholson; eyebrows like the hands of a clock at ten to "
        "two; eyebrows like Nike swooshes; eyebrows like a Disney villainess; eyebrows like rockets taking off; "
        "eyebrows like chevrons pointing down; Count Dracula's brows; brows like a pair of upswept tailfins",
        "vulcan-browed; mephisto-browed",
        "eyebrows take off at the outer ends; eyebrows shoot up at the far ends; brows plunge towards the nose",
    ),
    ("brow_angle", 1): (
        "sad-sloping eyebrows; down-tilted brows",
        "eyebrows like Stan Laurel; eyebrows like the hands of a clock at twenty past eight; eyebrows like an Alpine "
        "chalet; eyebrows like an open umbrella; eyebrows like Eeyore; eyebrows like a begging Labrador; eyebrows "
        "like a pair of slides away from the nose; eyebrows like slipped bookends",
        "hound-browed; pierrot-browed",
        "eyebrows lean on each other like a house of cards; outer ends of the brows have slipped; brows peak over the "
        "nose and fall off to the sides",
    ),
    ("brow_ridge", 1): (
        "a chunky brow ridge; a bulging brow bone",
        "a brow like a mantelpiece; a brow like Ron Perlman; a brow like a stone lintel; a brow like King Kong; a "
        "brow like the peak of a chauffeur's cap; a brow you could stand a pint on; a brow like a gargoyle; a "
        "Bigfoot's brow; a brow like the eaves of a barn; a brow like a jutting diving board",
        "lintel-browed; gorilla-browed",
        "brow would keep the sun out of the eyes; brow is a bony canopy; brow bone overshadows the whole face",
    ),
    ("brow_ridge", -1): (
        "a ridgeless brow; a faint brow bone",
        "a brow like a wax doll; a brow like a billiard ball; a brow like a Barbie doll; a brow like polished glass; "
        "a brow like a choirboy; a brow worn smooth like a church step; a brow with no bone to frown with; a brow "
        "like the bowl of a spoon",
        "marble-browed; ridge-free",
        "brow runs into the nose without a step; brow is as smooth as a peeled egg; brow has no shelf above the eyes",
    ),
    ("eye_size", 1): (
        "big peepers; giant peepers",
        "eyes like a Margaret Keane waif; eyes like a Blythe doll; eyes like a Powerpuff Girl; eyes like Puss in "
        "Boots begging; eyes like duck ponds; peepers like searchlights; eyes like cartwheels; eyes like a Jersey "
        "cow; eyes like snooker balls; eyes like bay windows",
        "lamp-eyed; bambi-eyed",
        "eyes could light up a street; eyes leave little room for the rest of the face; peepers are big",
    ),
    ("eye_size", -1): (
        "tiny peepers; titchy eyes",
        "eyes like cloves in a ham; eyes like chocolate chips; eyes like a wombat; eyes like Lego studs; eyes like "
        "rivets; eyes like mustard seeds; eyes like ball bearings; eyes like a warthog; eyes like tacks in a boot; "
        "peepers like pinholes",
        "currant-eyed; dot-eyed",
        "eyes are like pinpricks; eyes could pass for a pair of currants; peepers are tiny",
    ),
    ("eye_height", 1): (
        "ball-round eyes; circular peepers",
        "eyes like a potoo; eyes like an aye-aye; eyes like Little Orphan Annie; eyes like washing machine doors; "
        "eyes like pocket watches; eyes like Cheerios; eyes like gobstoppers; eyes like life buoys; eyes like "
        "lifesavers; eyes like roundels",
        "marble-eyed; porthole-eyed",
        "eyes form perfect hoops; eyes are as round as portholes; lids are pulled wide apart around the eyes",
    ),
    ("eye_height", -1): (
        "narrow peepers; seam-like eyes",
        "eyes like the gap under a door; eyes like Charles Bronson; eyes like pen strokes; eyes like pumpkin seeds; "
        "eyes like a cat dozing on a windowsill; eyes peering through a helmet visor; eyes like bamboo leaves; eyes "
        "like a knife edge; eyes like piggy-bank slots",
        "visor-eyed; thread-eyed",
        "eyes are as narrow as the gap in a fence; lids leave only a thin gap; eyes look out through a letterbox",
    ),
    ("eye_distance", 1): (
        "far-apart eyes; widely parted eyes",
        "eyes like goalposts; eyes like wing mirrors; eyes like Anya Taylor-Joy; eyes like Jackie Kennedy; eyes like "
        "bookends; eyes with the Grand Canyon in between; eyes like a moose, one on each flank; eyes like the "
        "headlights of a wide Cadillac; eyes at opposite ends of the room; eyes like a manta ray",
        "goalpost-eyed; wide-spread-eyed",
        "eyes need a map to find each other; eyes are barely on speaking terms; eyes leave a broad plain above the "
        "nose",
    ),
    ("eye_distance", -1): (
        "narrow-set eyes; snuggled-up eyes",
        "eyes like two marbles in one eggcup; eyes like opera glasses; eyes like the holes in a plug socket; eyes "
        "like an infinity sign; eyes like a marmoset; eyes like commuters on a train seat; eyes like buttons on one "
        "shirt cuff; Ryan Gosling's close-set eyes; eyes that share one lens of the glasses",
        "binocular-eyed; narrow-set-eyed",
        "eyes could look through one keyhole; eyes rub shoulders over the nose; eyes leave hardly any room for the "
        "nose",
    ),
    ("eye_depth", 1): (
        "sunk-in eyes; back-set eyes",
        "eyes like cellar windows; eyes like rabbit holes; eyes like lanterns at the end of a tunnel; eyes like Edgar "
        "Allan Poe; Boris Karloff's sunken eyes; eyes like foxes in their dens; eyes in deep alcoves; eyes like coins "
        "dropped down a drain; eyes like cannons in their gun ports; eyes like thumb holes in dough",
        "pit-eyed; sunk-eyed",
        "eyes live at the bottom of two shafts; eyes glint from deep inside the skull; sockets swallow the eyes",
    ),
    ("eye_depth", -1): (
        "goggling eyes; bulging peepers",
        "eyes like organ stops; eyes like Peter Lorre; eyes like Rodney Dangerfield; eyes like Steve Buscemi; eyes "
        "like a bubble-eye fish; eyes like poached eggs; eyes like a strangled cod; eyes like table tennis balls "
        "stuck on; Admiral Ackbar's eyes",
        "prawn-eyed; stalk-eyed",
        "eyes stick out like chapel hat pegs; eyeballs bulge from the sockets; eyes look squeezed out of a tube",
    ),
    ("eye_slant", 1): (
        "cat-like eyes; up-slanting eyes",
        "eyes like Sophia Loren; eyes like Catwoman; eyes like an ocelot; eyes like a masquerade mask; eyes like "
        "tailfins on a Cadillac; eyes like a cheetah; eyes like bird wings on the upstroke; eyes like butterfly-frame "
        "spectacles; eyes like almonds with their tips at the temples",
        "kitten-eyed; vixen-eyed",
        "eyes flick up at the outer corners like eyeliner; eyes rise outwards like a cat's; outer corners of the eyes "
        "point to the tips of the brows",
    ),
    ("eye_slant", -1): (
        "down-slanting eyes; sad-dog eyes",
        "eyes like Paul McCartney; eyes like Deputy Dawg; eyes like Eeyore; eyes like a Newfoundland dog; eyes like a "
        "Clumber spaniel; eyes like a kicked puppy; eyes with gravity pulling at the outer corners; eyes like eaves "
        "sloping away from the nose; Huckleberry Hound's eyes",
        "basset-eyed; downturned-eyed",
        "eyes have slumped at the outer ends; outer corners of the eyes have given way to gravity; eyes tip down "
        "towards the ears",
    ),
    ("eye_bags", 1): (
        "hefty eye bags; swollen under-eye bags",
        "carrier bags under the eyes; duffel bags beneath the eyes; kangaroo pouches under the eyes; oysters under "
        "the eyes; hot-water bottles under the eyes; mailbags under the eyes; handbags under the peepers; a poker "
        "player's eyes at dawn; eyes of a trucker after a double shift; a fortnight's baggage under the eyes",
        "pouch-eyed; suitcase-eyed",
        "eyes would be charged for excess baggage; skin below the eyes has gone slack and puffy; skin sags in bags "
        "below the eyes",
    ),
    ("eyelid_fold", 1): (
        "hooded peepers; saggy eyelids",
        "lids like pram hoods; eyelids like roll-top desks; Garfield's half-lowered lids; Charlotte Rampling's hooded "
        "eyes; eyelids like duvets; eyes under a monk's cowl of skin; eyelids like cafe shutters at closing time; "
        "lids like a Komodo dragon; lids like saddle flaps; eyelids like cockpit canopies half closed",
        "half-lidded; curtain-lidded",
        "lids look too heavy to lift; eyes wear hoods of skin; lid crease is buried under a fold",
    ),
    ("nose_size", 1): (
        "a big hooter; a large schnozz",
        "a nose like Jimmy Durante; a nose like the Rock of Gibraltar; a nose you could see from space; a nose that "
        "needs planning permission; a nose to shelter under in the rain; a schnozz with its own gravity; a conk like "
        "a rugby boot; a nose like Barry Manilow; a bugle of a nose; a nose like a vegetable marrow",
        "big-conked; monster-nosed",
        "nose rounds the corner before its owner; schnozz is a whopper; nose needs its own chair at the table",
    ),
    ("nose_size", -1): (
        "a titchy nose; a tiny snoot",
        "a nose like Hello Kitty; a nose like a Smartie; a nose like a shirt stud; a nose like an apple pip; a nose "
        "like a pine nut; a nose like a ladybird; a nose like a crumb of bread; a nose like a dewdrop; a snoot like a "
        "full stop; a nose like a teddy bear's stitched one",
        "titchy-nosed; pip-nosed",
        "nose would fit inside a wedding ring; nose is a mere pip; nose leaves the middle of the face almost empty",
    ),
    ("nose_length", 1): (
        "a long schnozz; a lengthy snout",
        "a nose like an Afghan hound; a nose like a borzoi; a snout like an echidna; a nose like a runner bean; a "
        "nose like a leek; a nose like a walking stick; a Modigliani nose; a nose like a rolling pin; a nose like a "
        "curlew; a nose like an oar",
        "long-snouted; anteater-nosed",
        "nose takes the long way down to the lip; nose is as long as a clarinet; nose runs the length of the face",
    ),
    ("nose_length", -1): (
        "a stubby snout; a short snoot",
        "a nose like a French bulldog; a nose like a crayon stub; a nose like a docked tail; a nose like a candle "
        "end; a nose like a worn-down crayon; a nose sawn off above the lip; a nose like a half-smoked cigar; a nose "
        "with the last chapter torn out; a nose like a golf tee",
        "stub-snouted; sawn-off-nosed",
        "nose stops before it gets going; nose is as short as a thumbnail; nose leaves off high above the lip",
    ),
    ("nose_depth", 1): (
        "an outthrust nose; a projecting snout",
        "a nose like a bowsprit; a nose like a flying buttress; a nose like a shelf bracket; a conk like a jetty; a "
        "peninsula of a nose; a nose like the prow of a Viking longship; a nose like a coat peg; a nose like a "
        "spinnaker; a nose like a cape jutting into the sea",
        "prow-nosed; jutting-nosed",
        "nose reaches into the next room; nose stands proud of the face; nose throws a long shadow across the cheek",
    ),
    ("nose_depth", -1): (
        "a flat snoot; a squashed snout",
        "a nose like a rugby prop after twenty seasons; a nose like a doormat; a nose like a flat tyre; a nose that "
        "walked into a glass door; a nose flattened by a rolling pin; a nose like a playing card glued on; a nose "
        "like a pub brawler; a nose like a thumb pressed into putty; a nose like a manatee",
        "smashed-nosed; bridgeless-nosed",
        "nose was squashed by a closing door; nose disappears in profile; nose leaves no bump in profile",
    ),
    ("nose_width", 1): (
        "a broad conk; a wide snout",
        "a nose like a wombat; a nose like a beaver's tail; a nose like a duck-billed platypus; a nose like a "
        "silverback; a nose like a snow shovel; a nose that takes up both lanes; a nose like a pair of bellows; a "
        "nose like a triangle lying on its widest side; a nose like a double garage",
        "spade-nosed; broad-snouted",
        "nose is too wide for finger and thumb; nose sprawls across the cheeks; nose is as broad as a shovel",
    ),
    ("nose_width", -1): (
        "a slim snout; a narrow schnozz",
        "a nose like a butter knife; a nose like a slat of a blind; a nose like a hairpin; a nose pinched with "
        "pliers; a nose squeezed thin in a bench vice; a nose like a playing card on edge; a nose like a crease down "
        "the middle of the face; Basil Rathbone's thin nose; a nose trapped in a door",
        "razor-nosed; paper-nosed",
        "nose is squeezed thin as if by pliers; nose is a mere fold down the face; sides of the nose almost touch",
    ),
    ("nose_hump", 1): (
        "a hooked beak; a humped conk",
        "a nose like Severus Snape; a nose like Owen Wilson; a nose like Adrien Brody; a nose like the Duke of "
        "Wellington; a nose like a humpback bridge; the Wicked Witch of the West's nose; a nose like a Roman coin "
        "portrait; a nose like a dromedary's back; Mr Punch's hooked nose; a nose like a peregrine",
        "falcon-nosed; humpback-nosed",
        "nose swerves out and down like a beak; nose could belong to a bird of prey; bridge of the nose has a lump",
    ),
    ("nose_curve", 1): (
        "an inward-curving nose; a ski-slope snout",
        "a nose like a suspension bridge; a nose like a swayback pony; a nose like a sledging hill; a nose like a "
        "snowboard; a nose like a smile in profile; a nose like a rope bridge; a nose like a sleigh runner; a nose "
        "like an ice cream scoop; a nose like a skate park bowl",
        "dipped-nosed; hammock-nosed",
        "bridge of the nose sags like an old mattress; nose dips in like a saddle; profile of the nose is hollow",
    ),
    ("nose_point", 1): (
        "an upturned snout; a turned-up snoot",
        "a nose like Peppa Pig; a nose like Tinker Bell; a nose like a hitchhiker's thumb; a nose like the toe of a "
        "jester's shoe; a nose like a peccary; a nose like a rocket on the launch ramp; a nose hoisted by an "
        "invisible thread; a nose like the bow of a gondola; a nose always sniffing the sky",
        "sky-nosed; cocked-nosed",
        "nose aims its tip at the clouds; nose kicks up at the tip; nostrils stare straight at you",
    ),
    ("nose_point", -1): (
        "a dangly nose; a low-hanging nose tip",
        "a nose like a stalactite; a nose like a leaky tap; a nose like a saiga antelope; a nose like a melting Dali "
        "watch; a nose like a windsock on a still day; a nose in search of the upper lip; Baba Yaga's drooping nose; "
        "a nose like a hanging sausage; a nose like an overripe fig on its branch",
        "dangle-nosed; saiga-nosed",
        "nose wilts like a cut flower; nose tip has fallen over the lip; nose is drawn to the chin like a magnet",
    ),
    ("nose_bulb", 1): (
        "a bulbous conk; a knobbly hooter",
        "a nose like Obelix; a nose like Mario the plumber; a nose like a King Edward spud; "
        "a nose like a bedknob; a nose like Grumpy the dwarf; a nose like a toffee apple; a nose like a shallot; a "
        "nose like a squash ball; a nose like the rubber bulb of a bicycle horn",
        "spud-nosed; knobbly-nosed",
        "nose swells into a ball at the tip; nose could be dug up in a potato field; tip of the nose is as fat as a "
        "plum",
    ),
    ("nose_bulb", -1): (
        "a pointed snout; a needle-sharp nose",
        "a nose like a freshly sharpened stake; a nose like a fencing foil; a nose like an opossum; a nose "
        "like a tent peg; a nose like a cocktail stick; a nose like the tip of a shark's tooth; a nose like a wren; a "
        "nose like a hornet's sting; a nose like a church spire; a nose like a cactus spine",
        "pin-nosed; thorn-nosed",
        "nose could pick a lock; nose pricks like a thorn; tip of the nose would burst a bubble",
    ),
    ("nostrils", 1): (
        "yawning nostrils; stretched nostrils",
        "nostrils like jet engines; nostrils like exhaust pipes; nostrils like the Channel Tunnel; nostrils like a "
        "Clydesdale; nostrils like drainpipes; Kenneth Williams's nostrils; nostrils like hoover nozzles; nostrils "
        "like a charging rhino; nostrils like rabbit burrows; nostrils you could roll a marble into",
        "horse-nostrilled; gape-nostrilled",
        "nostrils could vacuum the carpet; nostrils are as big as rabbit holes; nostrils fan out like a stallion's",
    ),
    ("mouth_width", 1): (
        "a big gob; a wide kisser",
        "a mouth like Kermit; a mouth like Steven Tyler; a kisser like a largemouth bass; a mouth like Wallace from "
        "Wallace and Gromit; a gob you could drive a bus through; a gob like the Mersey Tunnel; a mouth like a car "
        "boot; a mouth like Anne Hathaway; a mouth that runs off both sides of the face; a mouth like a bread bin",
        "wide-gobbed; bass-mouthed",
        "mouth nearly buttons at the back of the head; gob is as wide as a barn; lips run from one ear to the other",
    ),
    ("mouth_width", -1): (
        "a tiny kisser; a small gob",
        "a mouth like Betty Boop; a geisha's painted little mouth; a mouth like a guppy; a mouth like the hole in a "
        "Polo mint; a mouth like a redcurrant; a mouth like the eye of a needle; a mouth no wider than a postage "
        "stamp; a mouth too small for a soup spoon; a mouth like a moth hole; a mouth like a Hummel figurine",
        "pinhole-mouthed; doll-mouthed",
        "mouth hardly has room for a cherry; mouth is narrower than the nose; mouth would struggle with a grape",
    ),
    ("lips", 1): (
        "rubbery lips; big smackers",
        "lips like a lilo; lips like chipolatas; lips like a bouncy castle; lips like puffer jackets; lips like "
        "airbeds; lips like a pair of slugs; lips like croissants; Kylie Jenner's lips; lips like bolsters; lips like "
        "inflatable armbands",
        "blubber-lipped; cushion-lipped",
        "lips are blown up like party balloons; lips could double as cushions; lips are as thick as thumbs",
    ),
    ("lips", -1): (
        "pencil-thin lips; wafer-thin lips",
        "lips like a crack in an egg; lips like fishing line; lips like a seam; lips like a headmistress; lips too "
        "thin for lipstick; lips like the edge of a postcard; a mouth like a ruled line; lips like a crease in a "
        "bedsheet; lips like stretched elastic bands; Ebenezer Scrooge's lips",
        "wire-lipped; thread-lipped",
        "lips leave nothing to put lipstick on; lips make a single pencil stroke; mouth has no lips to speak of",
    ),
    ("mouth_corners", 1): (
        "smiley mouth corners; an up-tilted mouth",
        "a mouth like a cradle; a mouth like a Samoyed; a mouth like a bull's horns; a mouth like a fruit bowl; a "
        "porpoise's built-in smile; a mouth like a comedy mask; a mouth like a canoe; lips with a curl at each end "
        "like a scroll; a mouth like a happy-face badge",
        "porpoise-mouthed; up-cornered",
        "mouth rests in a smile; corners of the mouth tilt up by nature; lips curl up at each end like a sledge",
    ),
    ("mouth_corners", -1): (
        "saggy mouth corners; a down-tilted mouth",
        "a mouth like a croquet hoop; a mouth like a blobfish; Grumpy Cat's mouth; a mouth like a staple; a mouth "
        "like Alfred Hitchcock; a mouth like a railway arch; a mouth like an igloo door; a mouth like an upturned "
        "boat; a mouth like an upside-down smile",
        "hoop-mouthed; arch-mouthed",
        "mouth corners hang like wet washing; mouth makes a downward arch; corners of the mouth have slid towards the "
        "jaw",
    ),
    ("mouth_level", 1): (
        "a shortish upper lip; a nose-hugging mouth",
        "a mouth parked right under the nostrils; a gob squeezed up against the nose; an upper lip too short to "
        "shave; an upper lip no taller than a fingernail; a philtrum as short as a comma; a mouth that shares a fence "
        "with the nose; a mouth moved up a floor; an upper lip cut down to a ribbon",
        "short-upper-lipped; high-set-mouthed",
        "upper lip is cut short under the nose; mouth begins where the nose ends; philtrum ends in a blink",
    ),
    ("mouth_level", -1): (
        "a lanky upper lip; a low-slung mouth",
        "an upper lip like a garage door; an upper lip like a cinema screen; Curious George's muzzle; a mouth in the "
        "basement of the face; a mouth two floors below the nose; an upper lip you could play cricket on; an upper "
        "lip like a gorilla; an upper lip like a long curtain; a philtrum as long as a ski run",
        "chimp-lipped; low-slung-mouthed",
        "mouth has dropped anchor near the chin; nose looks down on the mouth from a great height; upper lip is as "
        "tall as a thumb",
    ),
    ("chin_prominence", 1): (
        "an assertive chin; a thrusting chin",
        "a chin like Jimmy Hill; Bruce Forsyth's chin; a chin like a cowcatcher; a chin like Buzz Lightyear; a chin "
        "like the toe of a clog; a chin like a coal scuttle; a chin like a window box; a chin you could open a door "
        "with; a chin like a Cornish headland",
        "cowcatcher-chinned; heroic-chinned",
        "chin opens doors before the hand gets there; chin sticks out like a ledge; chin could plough a field",
    ),
    ("chin_prominence", -1): (
        "a feeble chin; a backsliding chin",
        "a chinless wonder's profile; a chin like a pigeon; a chin like a gerbil; a chin like a newt; a chin like a "
        "Simpsons character; a chin like a budgie; a chin washed away like a sandbank; a chin that slid down into the "
        "collar; a chin eroded like a cliff",
        "feeble-chinned; pigeon-chinned",
        "chin beats a retreat; chin was never delivered; profile slides from lip to throat without a chin",
    ),
    ("chin_width", 1): (
        "a square-cut chin; a broad-based chin",
        "a chin like a kerbstone; a chin like a cash box; a chin like a biscuit tin; a chin like a butcher's cleaver; "
        "a chin like the toecap of a work boot; a chin sawn off square; a chin like the end of a plank; a chin like a "
        "matchbox; Henry Cavill's square chin",
        "slab-chinned; box-chinned",
        "chin is as broad as a shovel; chin ends in a straight line from corner to corner; chin sits square like a "
        "plinth",
    ),
    ("chin_width", -1): (
        "a pixie-like chin; a tapering chin",
        "a chin like the toe of a stiletto; a chin like a winkle-picker; a chin like a plumb bob; a chin like a "
        "pickaxe; a chin like a chilli pepper tip; a chin like a spearhead; Tinker Bell's chin; a chin like an ice "
        "pick; a chin like the point of a shield",
        "needle-chinned; dagger-chinned",
        "chin could dial a telephone; chin whittles down to nothing; chin could spear an olive",
    ),
    ("chin_height", 1): (
        "a lanky chin; a long-drawn chin",
        "a chin like a bib; a chin like a beard without hair; a chin like a cricket bat; a chin down to the second "
        "shirt button; a chin with an extension built on; a chin like a necktie; a chin like a paddle; a chin like a "
        "tongue depressor; a chin that needs a scarf of its own",
        "bib-chinned; paddle-chinned",
        "chin has been pulled like toffee; chin knocks against the breastbone; chin takes up the bottom third of the "
        "face",
    ),
    ("chin_height", -1): (
        "a skimpy chin; a titchy chin",
        "a chin like a marble; a chin like a cherry; a chin cropped by the photographer; a face that stops just below "
        "the lip; a chin no taller than a coin; a chin like a hazelnut; a lower lip with hardly anything beneath it; "
        "a chin like a drawer knob; a chin like a kewpie doll",
        "dinky-chinned; button-chinned",
        "chin was left out at the bottom of the picture; lower lip hangs over the edge of the face; chin is as short "
        "as a fingernail",
    ),
    ("bite", 1): (
        "a jutting underjaw; a bulldoggy bite",
        "a jaw like a digger bucket; a lower jaw like a dustpan; a lower jaw like a pike; Charles the Second of "
        "Spain's jaw; a bottom lip you could perch a sparrow on; a bite like a Pekingese; lower teeth worn on the "
        "outside; a lower jaw like a coal scoop; an ogre's underbite; a lower lip like a window ledge",
        "underslung; scoop-jawed",
        "bottom teeth close over the top ones; lower jaw parks ahead of the upper; bottom lip overshoots the top one",
    ),
    ("bite", -1): (
        "rabbity teeth; goofy front teeth",
        "Mr Burns's overbite; Ken Dodd's teeth; choppers like a rabbit; teeth to eat corn through a picket fence; a "
        "top lip like an awning over the lower; a jaw like a capybara; a mouth like a cartoon beaver; teeth that "
        "arrive before the lips; a lower jaw that missed the train; a guinea pig's front teeth",
        "gopher-toothed; rodent-toothed",
        "top teeth shade the lower lip; choppers could eat an apple through a tennis racket; lower jaw lags behind "
        "the upper",
    ),
    ("chin_cleft", 1): (
        "a dimply chin; a bisected chin",
        "a chin like Cary Grant; Viggo Mortensen's chin dimple; a chin like a cloven hoof; a chin like a grain of "
        "wheat; a chin with a slot for a penny; a chin with a parting; a chin like a screw head; a chin like a baby's "
        "bum; a chin with its own little canyon; a chin scored with a thumbnail",
        "cloven-chinned; slot-chinned",
        "chin could hold a penny on edge; chin has two little cheeks of its own; chin has a groove you could roll a "
        "pea along",
    ),
    ("jaw", 1): (
        "a hulking jaw; a wide mandible",
        "a jaw like Desperate Dan; a jaw like Judge Dredd; a jaw like a G.I. Joe doll; a jaw like a Tonka truck; a "
        "jaw like an oak sideboard; a jaw like a snapping turtle; a jaw like a cement mixer; a jaw you could break a "
        "chair on; a jaw like the plinth of a statue; jaws like a car crusher; a jaw like Captain America",
        "anvil-jawed; brick-jawed",
        "jaw would break the fist that hit it; jaw stands wider than the cheekbones; jaw has corners like a crate",
    ),
    ("jaw", -1): (
        "a trim jaw; a willowy jaw",
        "a jaw like a champagne flute; a jaw like a hairpin; a jaw like a tuning fork; a jaw like a pair of tweezers; "
        "a jaw like a paper cup; a jaw like a wren; a jaw like a fawn; a jaw like a K-pop idol; a jaw that a breeze "
        "could break; a jaw like a pixie",
        "trim-jawed; frail-jawed",
        "jaw slips in below the ears; jaw is no stronger than a wishbone; jaw closes in like the small end of an egg",
    ),
    ("cheekbones", 1): (
        "soaring cheekbones; knife-edged cheekbones",
        "cheekbones like Tilda Swinton; cheekbones like Grace Jones; cheekbones like Katharine Hepburn; cheekbones "
        "like Benedict Cumberbatch; cheekbones you could ski off; cheekbones like bannisters; cheekbones like coat "
        "hooks; cheekbones like shark fins; cheekbones like cliff edges",
        "knife-cheeked; cliff-cheekboned",
        "cheekbones could open letters; cheekbones soar like a cathedral; cheekbones would make a sculptor weep",
    ),
    ("cheekbones", -1): (
        "levelled cheekbones; unseen cheekbones",
        "cheekbones like a Dutch polder; cheekbones that never turned up for work; a midface like a billiard table; "
        "cheekbones as flat as a tablecloth; cheekbones sanded off; a middle of the face like a tea tray; cheekbones "
        "like a melted snowman; cheekbones like a worn-down hill; a face with the bones left out below the eyes",
        "hidden-cheekboned; flat-midfaced",
        "cheekbones never show up in any light; face runs flat from eye to jaw; cheekbones were planed off",
    ),
    ("cheeks", 1): (
        "tubby cheeks; ballooning cheeks",
        "cheeks like Louis Armstrong blowing his horn; cheeks like a bagpiper; cheeks like a Cabbage Patch doll; "
        "cheeks like satsumas; cheeks like Santa Claus; cheeks like Pikachu; cheeks like airbags; cheeks like a hippo "
        "calf; cheeks like crumpets; cheeks like pin cushions",
        "hamster-cheeked; bun-cheeked",
        "cheeks look full of acorns; cheeks are puffed out like pillows; cheeks are as plump as pork buns",
    ),
    ("cheeks", -1): (
        "hollowed-out cheeks; indented cheeks",
        "cheeks you could eat soup out of; cheeks like Iggy Pop; cheeks like a Dickensian orphan; cheeks like a polar "
        "explorer on the way back; cheeks like Nosferatu; cheeks like dents in a tin can; cheeks like an empty purse; "
        "cheeks like quarry pits; cheeks like dried-up ponds",
        "crater-cheeked; dent-cheeked",
        "cheeks could hold a pool of rainwater; cheeks sink in like a slept-on pillow; cheeks meet over the tongue",
    ),
    ("ear_size", 1): (
        "big lugs; massive lugholes",
        "ears like dustbin lids; ears like tennis rackets; ears like catcher's mitts; ears like gramophone horns; "
        "ears like a long-eared bat; ears like an aardvark; lugs like a bush elephant; Lyndon Johnson's ears; "
        "lugholes like fruit bowls; ears like monstera leaves",
        "big-lugged; giant-eared",
        "ears could pick up foreign radio stations; lugs are the size of serving trays; ears run the whole height of "
        "the head",
    ),
    ("ear_size", -1): (
        "titchy ears; tiny lugs",
        "ears like orecchiette; ears like broad beans; ears like bonsai leaves; ears like an action figure; ears like "
        "a lemming; shell-likes no bigger than a thumbnail; ears like peach stones; ears borrowed from a baby; ears "
        "like half-pennies; ears like a ferret's little ones",
        "titchy-eared; dinky-eared",
        "ears are no bigger than postage stamps; ears would look right on a baby; lugs are tiny",
    ),
    ("ear_wing", 1): (
        "outturned ears; sticky-out lugs",
        "ears like Clark Gable; ears like Alfred E. Neuman; ears like saloon doors; ears like outriggers; ears like a "
        "casserole dish; ears you could hang coats on; ears set like semaphore arms; ears like hang-gliders; ears "
        "like cupboard doors ajar; lugs like aeroplane flaps",
        "handle-eared; outrigger-eared",
        "ears jut out like saucepan handles; ears could steer the head in a high wind; ears stand at right angles to "
        "the skull",
    ),
    ("ear_wing", -1): (
        "flat-set ears; tight-lying lugs",
        "ears like limpets; ears stuck down with double-sided tape; ears like carvings in low relief; ears like an "
        "otter underwater; ears tucked in like shirt tails; ears like wallpaper; ears smoothed down with hair gel; "
        "ears like decals; ears under an invisible hairnet",
        "limpet-eared; flush-eared",
        "ears stick to the head like stamps; ears vanish when the head faces front; ears are tucked in like bedsheets",
    ),
    ("ear_lobe", 1): (
        "dangly earlobes; low-hanging lobes",
        "earlobes like conkers on strings; earlobes like hanging baskets; earlobes like catkins; lobes like "
        "boxing-gym speed bags; an Easter Island statue's earlobes; lobes like punchbags; earlobes like sandbags; "
        "lobes like toffee pulled long; earlobes like jelly babies; lobes like wet laundry",
        "dangly-lobed; pendulous-lobed",
        "lobes could be tied in a knot; earlobes swing like lanterns; lobes take up half of the ear",
    ),
    ("ear_lobe", -1): (
        "vestigial earlobes; titchy lobes",
        "lobes no bigger than a match head; earlobes welded to the jaw; earlobes a jeweller would give up on; ears "
        "with nowhere to clip an earring; earlobes shrunk in the wash; earlobes like lentils; ears stitched straight "
        "to the cheek; earlobes like mustard seeds; ears with their bottoms trimmed off",
        "attached-lobed; mini-lobed",
        "lobes grow straight into the jaw; ears stop where the lobes should begin; earlobes would not hold the "
        "smallest stud",
    ),
    ("ear_pointed", 1): (
        "pointy lugs; spear-tipped ears",
        "ears like a Doberman; ears like Dobby; ears like Link from Zelda; ears like tortilla chips; ears like "
        "Batman's cowl; ears like a werewolf; ears like Galadriel; ears like church spires; ears like Puck; ears like "
        "a red squirrel's tufted tips; lugs like a Vulcan officer",
        "pixie-eared; faun-eared",
        "ears rise to tips like steeples; ears finish in spikes; ears could star as Santa's helpers",
    ),
    ("ear_pointed", -1): (
        "circular lugs; moon-shaped ears",
        "ears like Winnie the Pooh; ears like Paddington; ears like an Ewok; ears like jam tarts; ears like poker "
        "chips; ears like a quokka; ears like slices of banana; ears like tambourines; ears like jar lids; lugs like "
        "a pair of bagels",
        "panda-eared; teddy-eared",
        "ears curve round like apple halves; ears have no corner anywhere; ears are rounded at the top like spoons",
    ),
    ("neck_width", 1): (
        "a chunky neck; a thickset neck",
        "a neck like a bollard; a neck like a prop forward; a neck like an Aberdeen Angus; a neck like a redwood; a "
        "neck like a gatepost; a neck like a sewer pipe; a neck like a ham hock; Bluto's neck; a neck like a gas "
        "cylinder; a neck you could not get two hands round; a neck like a nightclub doorman",
        "bollard-necked; gorilla-necked",
        "neck pops the top button of every shirt; neck runs straight down from the ears; neck could tow a lorry",
    ),
    ("neck_width", -1): (
        "a weedy neck; a twig-like neck",
        "a neck like a pipe cleaner; a neck like Olive Oyl; a neck like a stick of celery; a neck like a bobblehead; "
        "a neck like a lampstand; a neck you could lasso with a bracelet; a neck like an egret; a neck like a fishing "
        "rod; a neck like asparagus; a neck like a spring onion",
        "weedy-necked; chicken-necked",
        "neck rattles around in its collar; neck is as slim as a flute; neck could wear a bracelet",
    ),
    ("double_chin", 1): (
        "a saggy underchin; a jowly throat",
        "a bib of fat; a chin with a basement; a second helping of chin; chins like a concertina; Alfred Hitchcock's "
        "chins; a Brahman bull's dewlap under the jaw; a chin that brought a friend; chins like a stack of crumpets; "
        "an alderman's set of chins; a hot-water bottle under the chin",
        "multi-chinned; dewlapped",
        "chins outnumber the shirt buttons; jaw melts into a roll of fat; chin ripples down to the collarbone",
    ),
}
