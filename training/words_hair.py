"""What people say of hair and beards: for every style of z_id's hair block and every beard of its beard block.

Phrases follow "with"; adjectives stand before the person. One in six (not the plainest) is kept from training.
"""

from __future__ import annotations

from clip_head.training.words_who import phrases

#: The styles of z_id's hair block, in its order: the teacher's files, sorted. Bald is a block of zeros.
STYLES = (
    "afro01", "balding", "bob01", "bob02", "braid01", "bun", "buzz", "curly", "long01", "mohawk", "pigtails",
    "ponytail01", "receding", "short01", "short02", "short03", "short04", "sidepart", "slicked", "spiky", "topknot",
    "wavy",
)  # fmt: skip
#: The beards of z_id's beard block, in its order. Clean-shaven is a block of zeros.
BEARDS = ("stubble", "moustache", "goatee", "full", "long")


def style_family(style: str) -> str:
    """'short' of 'short03'."""
    return style.rstrip("0123456789")


#: Words for hair: style (without its number) -> as they follow "with".
HAIR_WORDS: dict[str, tuple[str, ...]] = {
    "bald": phrases(
        "a bald head; no hair; a shaved head; a completely bald head; a bare scalp; a hairless head; a smooth head; "
        "a shiny bald head; a polished dome; a head like a billiard ball; a cue ball head; not a single hair; all "
        "hair shaved off; a clean-shaven head; a chrome dome; a head as bald as an egg; hair all gone; a naked skull"
    ),
    "buzz": phrases(
        "a buzz cut; a buzzcut; very short cropped hair; a crew cut; a military haircut; cropped hair; hair shaved "
        "very short; stubbly hair; an army haircut; hair clipped to a few millimetres; a number two haircut; a "
        "recruit's haircut; a butch cut; hair trimmed with clippers; an induction cut; close-cropped hair; shorn "
        "hair; a GI haircut; fuzz on the head; velvet short hair"
    ),
    "receding": phrases(
        "a receding hairline; receding hair; thinning hair; a hairline that has moved back; a retreating hairline; "
        "deep temples without hair; a widow's peak; bald temples; hair thinning at the front; a high hairline; hair "
        "loss at the forehead; hair going back at the temples; a fading hairline; corners without hair; a hairline "
        "in retreat; hair that is getting thin"
    ),
    "balding": phrases(
        "a balding head; hair only at the sides; a bald top; a bald spot; a bald crown; a monk's tonsure; a "
        "tonsure; hair around the ears only; a ring of hair; a wreath of hair around a bald top; a horseshoe of "
        "hair; a half bald head; a partly bald head; bald on top with hair at the sides; a fringe of hair around a "
        "bald pate; hair like a friar; a bald patch on top; a halo of hair around the bald crown"
    ),
    "afro": phrases(
        "an afro; afro hair; a big afro; a round afro; frizzy hair; an afro hairstyle; kinky hair; a huge ball of "
        "hair; a seventies afro; hair like the Jackson Five; a cloud of frizzy hair; a fro; "
        "hair like a dandelion; big round frizzy hair; hair like a disco dancer; natural african hair; a natural "
        "afro"
    ),
    "bob": phrases(
        "a bob; a bob cut; a bob haircut; chin-length hair; a pageboy haircut; hair cut at the chin; a pixie bob; a "
        "French bob; a lob; jaw-length hair; medium-length hair; hair to the chin; a flapper's hairdo; a bob with "
        "bangs; a Cleopatra haircut; a helmet of hair; a bowl cut; hair ending at the jaw; a blunt bob"
    ),
    "braid": phrases(
        "a braid; braided hair; a plait; a long braid; hair in a braid; a plaited ponytail; a French braid; a plait "
        "down the back; a single braid; woven hair; hair in a plait; hair plaited; a fishtail braid; hair like Lara "
        "Croft; a thick plait of hair; hair like Katniss; a viking braid; a Dutch braid"
    ),
    "bun": phrases(
        "a bun; hair in a bun; a hair bun; a chignon; hair pinned up; a ballerina bun; a knot of hair at the back; "
        "hair gathered at the nape; a librarian's bun; hair tied up in a bun; an updo; hair put up; hair twisted "
        "into a bun; a low bun; a schoolmarm's bun; a bun at the back of the head; hair up; a ballet dancer's hairdo"
    ),
    "curly": phrases(
        "curly hair; curls; short curly hair; ringlets; curled hair; a curly head; tight curls; a mop of curls; "
        "curly locks; permed hair; a perm; corkscrew curls; hair like a poodle; springy curls; curls like a cherub; "
        "hair full of curls; hair like a lamb; a curly mop; soft curls"
    ),
    "long": phrases(
        "long hair; long straight hair; very long hair; long flowing hair; hair down to the shoulders; long smooth "
        "hair; hair over the shoulders; straight hair falling down the back; hair like Rapunzel; waist-length hair; "
        "hippie hair; a long mane; hair to the chest; long loose hair; hair like a mermaid; shoulder-length "
        "straight hair; long silky hair; hair hanging down; long open hair"
    ),
    "mohawk": phrases(
        "a mohawk; a mohican; a punk's mohawk; a strip of hair down the middle; a mohawk "
        "haircut; a punk crest; a crest of hair; shaved sides and a crest of hair; a fauxhawk; hair like a "
        "rooster's comb; hair like Mr. T; a punk hairstyle; hair like a Roman helmet; a stripe of hair on top; a "
        "punk rocker's hair; a standing ridge of hair; hair like Travis Bickle"
    ),
    "pigtails": phrases(
        "pigtails; two pigtails; hair in pigtails; twin tails; two bunches of hair; bunches; two ponytails; "
        "twintails; hair in two bunches; hair like Pippi Longstocking; a ponytail on each side; side ponytails; "
        "pigtails at both sides; two tails of hair; hair like Sailor Moon; hair tied on both sides; schoolgirl "
        "bunches"
    ),
    "ponytail": phrases(
        "a ponytail; hair in a ponytail; a pony tail; hair tied back; a high ponytail; hair pulled back into a "
        "tail; a long ponytail; hair bound at the back; a horsetail of hair; hair gathered into a tail; hair tied "
        "behind the head; a sporty ponytail; hair like Ariana Grande; hair tied together; a tail of hair; hair held "
        "by a rubber band; a swinging ponytail"
    ),
    "short": phrases(
        "short hair; a short haircut; a short hairstyle; short straight hair; a neat haircut; an ordinary short "
        "haircut; hair cut short; a trimmed haircut; a gentleman's haircut; a boyish haircut; a simple short cut; a "
        "barber's short back and sides; a tidy short cut; a short crop; a schoolboy haircut; a pixie cut; a common "
        "short cut; short trimmed hair"
    ),
    "sidepart": phrases(
        "a side part; a side parting; hair parted at the side; side-parted hair; hair with a side parting; neatly "
        "parted hair; a sharp parting at the side; hair combed to one side; hair combed over; hair like Clark Kent; "
        "a businessman's parting; a comb-over; hair swept to the side; a fifties side part; a banker's haircut; a "
        "hair parting on the left; hair like Don Draper"
    ),
    "slicked": phrases(
        "slicked-back hair; slicked back hair; combed-back hair; hair combed back; gelled-back hair; hair slicked "
        "with gel; greased hair; hair brushed straight back; hair like a mafia boss; oiled hair; hair like Gordon "
        "Gekko; wet look hair; hair with pomade; a slick back; hair plastered to the head; hair like Dracula; "
        "swept-back hair; sleek hair combed backwards"
    ),
    "spiky": phrases(
        "spiky hair; spikes of hair; hair standing up; hair in spikes; spiked hair; hair sticking up; hair like a "
        "hedgehog; gelled spikes; hair standing on end; hair like Sonic; prickly hair; hair like a porcupine; punk "
        "spikes; hair like Goku; hair like an anime hero; electrified hair; hair like Bart Simpson; hair gelled up"
    ),
    "topknot": phrases(
        "a topknot; a top knot; a man bun; hair knotted on top of the head; a samurai topknot; a knot on top of the "
        "head; a bun on top of the head; a samurai's hair; a high bun; a hair knot on the crown; hair tied up on "
        "top; a sumo wrestler's hair; hair like a pineapple; a hipster bun; hair bundled on the crown; a knot of "
        "hair on the crown; hair tied on top of the head"
    ),
    "wavy": phrases(
        "wavy hair; long wavy hair; waves; hair in waves; wavy long hair; beach waves; flowing wavy hair; "
        "shoulder-length wavy hair; hair like a surfer; loose waves; undulating hair; a wavy mane; Hollywood waves; "
        "long hair with waves; hair falling in waves; hair like the sea; softly waved hair; crimped long hair; a "
        "lion's mane"
    ),
}  # fmt: skip
#: The same as an adjective before the noun, where there is one.
HAIR_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "bald": ("bald", "bald", "hairless", "bald-headed", "completely bald", "shaven-headed"),
    "balding": ("balding", "half-bald", "tonsured"),
    "buzz": ("close-cropped", "crew-cut"),
    "long": ("long-haired", "straight-haired"),
    "short": ("short-haired",),
    "afro": ("frizzy-haired", "afro-haired"),
    "curly": ("curly-haired", "curly"),
    "wavy": ("wavy-haired",),
    "spiky": ("spiky-haired",),
    "braid": ("braided",),
    "mohawk": ("mohawked",),
    "pigtails": ("pigtailed",),
    "ponytail": ("ponytailed",),
}
#: Words for beards, as they follow "with"; "none" is clean-shaven.
BEARD_WORDS: dict[str, tuple[str, ...]] = {
    "none": phrases(
        "no beard; a clean-shaven face; a shaved chin; smooth cheeks without a beard; a freshly shaved face; a "
        "beardless face; no facial hair; a bare chin"
    ),
    "stubble": phrases(
        "stubble; a stubbly chin; a five o'clock shadow; a three-day beard; designer stubble; a stubbly face; a "
        "day-old beard; unshaven cheeks; an unshaven face; beard stubble; light stubble; a scruffy chin; a short "
        "rough beard growth; a face that needs a shave; a shadow of a beard; a bristly chin; a two-day beard; "
        "cheeks like sandpaper"
    ),
    "moustache": phrases(
        "a moustache; a mustache; a thick moustache; a big mustache; a handlebar moustache; a walrus moustache; a "
        "tache; a moustache like Hercule Poirot; a moustache like Freddie Mercury; hair on the upper lip; whiskers "
        "under the nose; a moustache like Tom Selleck; a bushy moustache; a stache; a twirled moustache; a "
        "moustache like Super Mario; a pencil moustache; a Mexican moustache"
    ),
    "goatee": phrases(
        "a goatee; a goatee beard; a chin beard; a Van Dyke beard; a small beard on the chin; a chin tuft; a beard "
        "only on the chin; a musketeer's beard; a beard like Colonel Sanders; a circle beard; a goat's beard; a "
        "beard around the mouth; a chin puff; a beard like Lenin; a soul patch and chin beard; a pointed chin "
        "beard; a devil's little beard"
    ),
    "full": phrases(
        "a beard; a full beard; a bushy beard; a thick beard; a hipster beard; a big beard; a dense beard; a "
        "lumberjack's beard; a beard covering the cheeks; a well-trimmed full beard; whiskers all over the face; a "
        "sailor's beard; a beard like a sea captain; a lush beard; a boxed beard; a face covered in beard; a short "
        "full beard; a beard like a bear"
    ),
    "long": phrases(
        "a long beard; a very long beard; a wizard's beard; a beard down to the chest; a flowing beard; "
        "a beard like Santa Claus; a beard like a prophet; a ZZ Top beard; a beard like Dumbledore; a "
        "long flowing beard; a beard hanging down; a beard like a dwarf; a patriarch's beard; a guru's beard; a "
        "beard reaching far below the chin; a beard like Moses; a Viking's long beard"
    ),
}  # fmt: skip
BEARD_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "none": ("clean-shaven", "beardless", "smooth-shaven"),
    "stubble": ("stubbly", "unshaven", "stubble-faced", "scruffy"),
    "moustache": ("moustached", "mustachioed"),
    "goatee": ("goateed",),
    "full": ("bearded", "bearded", "full-bearded", "bushy-bearded"),
    "long": ("long-bearded",),
}
#: What training does not say.
HELD_OUT_HAIR = frozenset(
    phrase for words in (HAIR_WORDS, BEARD_WORDS) for phrases in words.values() for phrase in phrases[4::6]
)
#: How often a style is worn by men, women and children when nothing is said of it.
WORN: dict[str, tuple[float, float, float]] = {
    "bald": (0.6, 0.0, 0.0),
    "afro": (0.2, 0.5, 0.3),
    "balding": (0.3, 0.0, 0.0),
    "bob": (0.1, 3.0, 2.0),
    "braid": (0.02, 1.0, 1.0),
    "bun": (0.02, 1.2, 0.3),
    "buzz": (1.2, 0.0, 0.5),
    "curly": (1.0, 1.0, 1.0),
    "long": (0.2, 3.0, 1.5),
    "mohawk": (0.05, 0.02, 0.0),
    "pigtails": (0.0, 0.2, 1.0),
    "ponytail": (0.1, 1.5, 1.5),
    "receding": (0.6, 0.0, 0.0),
    "short": (8.0, 0.8, 4.0),
    "sidepart": (2.0, 0.1, 0.6),
    "slicked": (1.0, 0.1, 0.0),
    "spiky": (0.3, 0.05, 0.3),
    "topknot": (0.1, 0.2, 0.0),
    "wavy": (0.2, 2.0, 1.0),
}
