"""What people say of hair and beards: for every style of z_id's hair block and every beard of its beard block.

Phrases follow "with"; adjectives stand before the person. One in six (not the plainest) is kept from training.
"""

from __future__ import annotations

from clip_head.training.language.hair_further import BEARD_FURTHER, HAIR_FURTHER
from clip_head.training.language.people_phrases import phrases

#: The styles of z_id's hair block, in its order: the teacher's files, sorted. Bald is a block of zeros.
STYLES = (
    "afro01", "balding", "bob01", "bob02", "braid01", "bun", "buzz", "curly", "long01", "long02", "mohawk", "pigtails",
    "ponytail01", "receding", "short01", "short02", "short03", "short04", "sidepart", "slicked", "spiky", "topknot",
    "wavy",
)  # fmt: skip
#: The beards of z_id's beard block, in its order. Clean-shaven is a block of zeros.
BEARDS = ("stubble", "moustache", "goatee", "full", "long")


def style_family(style: str) -> str:
    """'short' of 'short03'."""
    return style.rstrip("0123456789")


#: Words for hair: style (without its number) -> as they follow "with".
_FIRST_HAIR: dict[str, tuple[str, ...]] = {
    "bald": phrases(
        "a bald head; no hair; a shaved head; a completely bald head; a bare scalp; a hairless head; a smooth head; a "
        "shiny bald head; a polished dome; a head like a billiard ball; a cue ball head; not a single hair; all hair "
        "shaved off; a clean-shaven head; a chrome dome; a head as bald as an egg; hair all gone; a naked skull; hair "
        "shaved off completely; no hair at all; no hair left; no hair on the head; not a hair on the head; a totally "
        "bald head; an entirely hairless scalp; a shaved scalp; a shaven head; a razor-shaved head; a bare head "
        "without hair; a gleaming scalp; a shiny scalp; a bald skull; a head without any hair; a head like an egg; a "
        "head like a light bulb; a head like Yul Brynner; a head like Telly Savalas; a head like Captain Picard; a "
        "head like Lex Luthor; a head like Vin Diesel; a head like Mr. Clean; a monk's shaved head; hair lost to "
        "chemotherapy; complete baldness; alopecia; a scalp as smooth as glass; baldness from front to back; a fully "
        "bald head; a bald pate all over"
    ),
    "buzz": phrases(
        "a buzz cut; a buzzcut; very short cropped hair; a crew cut; a military haircut; cropped hair; hair shaved "
        "very short; stubbly hair; an army haircut; hair clipped to a few millimetres; a number two haircut; a "
        "recruit's haircut; a butch cut; hair trimmed with clippers; an induction cut; close-cropped hair; shorn "
        "hair; a GI haircut; fuzz on the head; velvet short hair; a shaved-down crop of hair; hair shorn close to the "
        "scalp; a soldier's haircut; a marine's haircut; a military crew cut; a boot camp haircut; a drill sergeant's "
        "haircut; a high and tight; a fade haircut; hair cut down to stubble; millimetre-short hair; hair a few "
        "millimetres long; extremely short hair; hair as short as velvet; a number one haircut; an all-over clipper "
        "cut; peach fuzz hair; hair buzzed off; buzzed hair; a buzzed head; a prisoner's crop; a boxer's crop; a "
        "swimmer's crop; hair clipped short all over; a shorn head; hair like a tennis ball; a near-shaved head of "
        "hair; a burr cut; hair like Eminem"
    ),
    "receding": phrases(
        "a receding hairline; receding hair; thinning hair; a hairline that has moved back; a retreating hairline; "
        "deep temples without hair; a widow's peak; bald temples; hair thinning at the front; a high hairline; hair "
        "loss at the forehead; hair going back at the temples; a fading hairline; corners without hair; a hairline in "
        "retreat; hair that is getting thin; hair that starts far back; a hairline far back; hair that has begun to "
        "recede; hair receding at the temples; a hairline that creeps back; a hairline creeping backwards; a thin "
        "hairline; a receded hairline; a receding M-shaped hairline; an M-shaped hairline; a hairline in the shape of "
        "an M; deep corners in the hairline; sparse hair at the front; hair sparse above the forehead; hair thin on "
        "top; less and less hair at the front; a forehead growing higher; hair losing ground; thin hair; sparse hair; "
        "fine thinning hair; hair getting sparse; hair loss; the first hair loss; hair loss at the temples; temples "
        "going bald; hair like Jude Law; a middle-aged man's retreating hair; the beginnings of a bald forehead; hair "
        "that has seen better days"
    ),
    "balding": phrases(
        "a balding head; hair only at the sides; a bald top; a bald spot; a bald crown; a monk's tonsure; a tonsure; "
        "hair around the ears only; a ring of hair; a wreath of hair around a bald top; a horseshoe of hair; a half "
        "bald head; a partly bald head; bald on top with hair at the sides; a fringe of hair around a bald pate; hair "
        "like a friar; a bald patch on top; a halo of hair around the bald crown; a crown without hair and hair at "
        "the sides; hair left only at the sides; hair only above the ears; hair only around the ears; hair on the "
        "sides and none on top; no hair on top but some at the sides; only a fringe of hair left; a fringe of hair "
        "around the head; a laurel of hair; a rim of hair; a band of hair around the back of the head; a crescent of "
        "hair behind the ears; a bare crown; a bare top; a shiny bald top and side hair; a naked top with hair around "
        "it; male pattern baldness; pattern baldness; a bald patch; a hole in the hair on top; hair missing on top; "
        "hair gone on top; hair like George Costanza; hair like Danny DeVito; hair like a Franciscan; a monastic ring "
        "of hair; tufts of hair over the ears; a clown's side tufts; hair like Larry David; a bald crown ringed by "
        "hair; a thinning crown; hair like a medieval monk; an islet of skin on top of the hair"
    ),
    "afro": phrases(
        "an afro; afro hair; a big afro; a round afro; frizzy hair; an afro hairstyle; kinky hair; a huge ball of "
        "hair; a seventies afro; hair like the Jackson Five; a cloud of frizzy hair; a fro; hair like a dandelion; "
        "big round frizzy hair; hair like a disco dancer; natural african hair; a natural afro; a large afro; a giant "
        "afro; a full afro; a fluffy afro; an afro like a ball; a ball of frizzy hair; a sphere of hair; a halo of "
        "frizzy hair; a globe of curls; a big frizz; a frizz; frizzed-out hair; a puff of hair; an afro puff; woolly "
        "hair; coily hair; hair like Jimi Hendrix; hair like Angela Davis; hair like Bob Ross; a funk musician's "
        "hair; a soul singer's hair; a disco hairdo; a microphone-shaped hairdo; a bush of hair; bushy round hair; "
        "hair like a cloud; hair like cotton candy; an explosion of frizzy hair; hair like wool; big hair with tight "
        "coils; a round cloud of coils; a mushroom of frizz"
    ),
    "bob": phrases(
        "a bob; a bob cut; a bob haircut; chin-length hair; a pageboy haircut; hair cut at the chin; a pixie bob; a "
        "French bob; a lob; jaw-length hair; medium-length hair; hair to the chin; a flapper's hairdo; a bob with "
        "bangs; a Cleopatra haircut; a helmet of hair; a bowl cut; hair ending at the jaw; a blunt bob; a short bob; "
        "a long bob; a sleek bob; a straight bob; an angled bob; an A-line bob; a classic bob; a twenties bob; a "
        "Louise Brooks bob; a bobbed haircut; bobbed hair; hair bobbed at the chin; a pageboy cut; a "
        "prince valiant haircut; a mushroom cut; a pudding-bowl cut; a Beatles haircut; a mop top; hair cut straight "
        "at the chin; hair cut to the jawline; hair reaching the jaw; hair down to the chin; hair that ends at the "
        "chin; hair down to the ears; ear-length hair; jawline hair; neck-length hair; hair like Anna Wintour; hair "
        "like Uma Thurman in Pulp Fiction; hair like Dora; hair like Velma; hair like a Lego figure; half-long hair; "
        "midlength hair; straight hair with bangs to the chin; a bob with a fringe"
    ),
    "braid": phrases(
        "a braid; braided hair; a plait; a long braid; hair in a braid; a plaited ponytail; a French braid; a plait "
        "down the back; a single braid; woven hair; hair in a plait; hair plaited; a fishtail braid; hair like Lara "
        "Croft; a thick plait of hair; hair like Katniss; a viking braid; a Dutch braid; hair braided back; hair "
        "braided down the back; hair woven into a braid; hair woven into a plait; a loose braid; a side braid; a "
        "braid over the shoulder; a plait over the shoulder; a thick braid; a tight braid; a rope of braided hair; a "
        "braided rope of hair; one long plait; a long plait; a plaited tail; a pigtail braid; a waterfall braid; a "
        "milkmaid's braid; a peasant girl's plait; a farm girl's braid; hair like Elsa; hair like Rapunzel's braid; "
        "hair like a Valkyrie; hair in a single plait; a schoolgirl's plait; three strands of hair woven together; "
        "interlaced strands of hair; a queue of plaited hair; a Chinese queue; hair like a braided loaf; hair twined "
        "into a rope; hair plaited at the back"
    ),
    "bun": phrases(
        "a bun; hair in a bun; a hair bun; a chignon; hair pinned up; a ballerina bun; a knot of hair at the back; "
        "hair gathered at the nape; a librarian's bun; hair tied up in a bun; an updo; hair put up; hair twisted into "
        "a bun; a low bun; a schoolmarm's bun; a bun at the back of the head; hair up; a ballet dancer's hairdo; hair "
        "in a knot at the back; a knot at the back of the head; a knot at the nape; hair tied into a knot; hair wound "
        "into a bun; hair rolled into a bun; hair rolled up at the back; hair pinned at the back; hair pinned back in "
        "a knot; hair wrapped into a ball; a ball of hair at the back; a neat bun; a tight bun; a tidy bun; a loose "
        "bun; a messy bun; a grandmother's bun; a governess's bun; a teacher's bun; a secretary's bun; a dancer's "
        "bun; a prima ballerina's hair; hair like a ballerina; hair like Miss Marple; a French twist; a twist of hair "
        "pinned up; a coil of hair; a coiled knot of hair; a sock bun; a doughnut bun; hair worn up; hair swept up; "
        "upswept hair; pinned-up hair; put-up hair; a flight attendant's hair; a side bun; a classic chignon"
    ),
    "curly": phrases(
        "curly hair; curls; short curly hair; ringlets; curled hair; a curly head; tight curls; a mop of curls; curly "
        "locks; permed hair; a perm; corkscrew curls; hair like a poodle; springy curls; curls like a cherub; hair "
        "full of curls; hair like a lamb; a curly mop; soft curls; lots of curls; many little curls; small curls; "
        "bouncy curls; messy curls; wild curls; natural curls; a head full of curls; a head of curls; a curly mane; a "
        "curly crop; a curly hairdo; curly short locks; short curls; short curly locks; hair in curls; hair curled "
        "all over; hair curling all over; curling hair; hair with curls; hair with ringlets; hair like corkscrews; "
        "hair like springs; spiral curls; spirally hair; crinkly hair; crimpy curls; tousled curls; a tangle of "
        "curls; hair like an angel; hair like a putto; hair like Michelangelo's David; hair like Harpo Marx; hair "
        "like a sheep; hair like a cocker spaniel; a curly perm; an eighties perm; hair done in curlers; a permanent "
        "wave; ringleted hair; kinked short curls"
    ),
    "long": phrases(
        "long hair; long straight hair; very long hair; long flowing hair; hair down to the shoulders; long smooth "
        "hair; hair over the shoulders; straight hair falling down the back; hair like Rapunzel; waist-length hair; "
        "hippie hair; a long mane; hair to the chest; long loose hair; hair like a mermaid; shoulder-length straight "
        "hair; long silky hair; hair hanging down; long open hair; long loose straight hair; long hair worn loose; "
        "loose long hair; open long hair; hair worn long; hair grown long; uncut hair; hair past the shoulders; hair "
        "below the shoulders; hair hanging over the shoulders; hair falling over the shoulders; hair that falls to "
        "the shoulders; shoulder-length hair; hair to the shoulders; hair to the waist; hair down to the waist; hair "
        "down the back; hair down to the hips; straight long hair; very long straight hair; sleek long hair; ironed "
        "straight hair; curtain of straight hair; a curtain of long hair; a waterfall of hair; a cascade of straight "
        "hair; long locks; long tresses; lengthy hair; hair like Cher; hair like Pocahontas; hair like Morticia "
        "Addams; hair like an elf lord; hair like a hippie; hair like a metal guitarist; a heavy metal fan's hair; a "
        "rock star's long hair; hair like Lady Godiva; glossy long hair; smooth hair down the back; long hair parted "
        "in the middle"
    ),
    "mohawk": phrases(
        "a mohawk; a mohican; a punk's mohawk; a strip of hair down the middle; a mohawk haircut; a punk crest; a "
        "crest of hair; shaved sides and a crest of hair; a fauxhawk; hair like a rooster's comb; hair like Mr. T; a "
        "punk hairstyle; hair like a Roman helmet; a stripe of hair on top; a punk rocker's hair; a standing ridge of "
        "hair; hair like Travis Bickle; a punk mohawk; a high mohawk; a tall mohawk; a spiked mohawk; an iroquois; an "
        "iroquois haircut; an iro; a standing strip of hair; a strip of hair on a shaved head; a strip of hair from "
        "front to back; a central strip of hair; a row of hair down the middle; a row of spikes down the middle; a "
        "line of hair over the crown; hair shaved at both sides; shaved sides; shaved sides with a strip on top; a "
        "ridge of hair over the head; a comb of hair like a cockerel; a cockscomb of hair; hair like a cockatoo; hair "
        "like a horse's crest; hair like a zebra's mane; a brush of hair down the middle; hair like a broom; hair "
        "like a punk in London; punk hair; a seventies punk's hair; hair like a Mad Max villain; hair like a Mohican "
        "warrior; a crested haircut; a crest like a centurion's helmet; a death hawk; a fin of hair; a shark fin of "
        "hair; a Huron haircut"
    ),
    "pigtails": phrases(
        "pigtails; two pigtails; hair in pigtails; twin tails; two bunches of hair; bunches; two ponytails; "
        "twintails; hair in two bunches; hair like Pippi Longstocking; a ponytail on each side; side ponytails; "
        "pigtails at both sides; two tails of hair; hair like Sailor Moon; hair tied on both sides; schoolgirl "
        "bunches; two tails; two side tails; two little tails of hair; two side ponytails; a pair of pigtails; a pair "
        "of bunches; a pair of ponytails; two braided pigtails; two plaits; two braids; two bunches; twin ponytails; "
        "twin pigtails; double ponytails; hair parted into two tails; hair tied in two; hair divided into two tails; "
        "hair in two tails; hair in two ponytails; hair gathered in two tails; hair bound on both sides; hair tied at "
        "both sides of the head; a tail on each side; a bunch of hair on each side; a bunch on either side; tails "
        "left and right; hair like Dorothy; hair like Harley Quinn; hair like Wednesday Addams; hair like Boo; hair "
        "like Heidi; hair like Baby Spice; hair like Hatsune Miku; a little girl's pigtails; a schoolgirl's tails; "
        "hair with bows on both sides; dog-eared bunches of hair; side pigtails"
    ),
    "ponytail": phrases(
        "a ponytail; hair in a ponytail; a pony tail; hair tied back; a high ponytail; hair pulled back into a tail; "
        "a long ponytail; hair bound at the back; a horsetail of hair; hair gathered into a tail; hair tied behind "
        "the head; a sporty ponytail; hair like Ariana Grande; hair tied together; a tail of hair; hair held by a "
        "rubber band; a swinging ponytail; one ponytail; a single ponytail; a low ponytail; a tight ponytail; a neat "
        "ponytail; a loose ponytail; a bouncing ponytail; a sleek ponytail; a girl's ponytail; a cheerleader's "
        "ponytail; a jogger's ponytail; a tennis player's hair; a gymnast's ponytail; hair pulled back; hair pulled "
        "back in a tail; hair drawn back into a tail; hair drawn back; hair tied up in a tail; hair tied in a tail; "
        "hair tied in the back; hair tied at the back; hair tied at the back of the head; hair bound in a tail; hair "
        "fastened at the back; hair secured with a band; hair held by a scrunchie; hair in a scrunchie; hair in a "
        "hairband at the back; hair gathered at the back; hair gathered behind; hair like a horse's tail; a tail at "
        "the back of the head; a tail of hair behind; hair like Barbie at the gym; hair like Karl Lagerfeld; hair "
        "like Steven Seagal; hair like a pony; a tied-back mane; a pulled-back hairdo"
    ),
    "short": phrases(
        "short hair; a short haircut; a short hairstyle; short straight hair; a neat haircut; an ordinary short "
        "haircut; hair cut short; a trimmed haircut; a gentleman's haircut; a boyish haircut; a simple short cut; a "
        "barber's short back and sides; a tidy short cut; a short crop; a schoolboy haircut; a pixie cut; a common "
        "short cut; short trimmed hair; normal short hair; plain short hair; ordinary short hair; simple short hair; "
        "short neat hair; neatly cut hair; neatly trimmed hair; well-groomed short hair; freshly cut hair; fresh from "
        "the barber hair; a fresh haircut; a clean cut; a clean haircut; a classic men's haircut; a man's haircut; a "
        "men's cut; a standard haircut; an everyday haircut; an office haircut; an accountant's haircut; a dad "
        "haircut; a conventional haircut; a tidy haircut; a schoolboy's hair; a tomboy haircut; a short crop of hair; "
        "hair cropped at the ears; hair above the ears; hair that does not reach the ears; hair cut above the ears; "
        "hair trimmed short; short-cut hair; short back and sides; a short textured cut; a Caesar cut; a choppy short "
        "cut; a little boy's haircut; hair like Tintin without the tuft"
    ),
    "sidepart": phrases(
        "a side part; a side parting; hair parted at the side; side-parted hair; hair with a side parting; neatly "
        "parted hair; a sharp parting at the side; hair combed to one side; hair combed over; hair like Clark Kent; a "
        "businessman's parting; a comb-over; hair swept to the side; a fifties side part; a banker's haircut; a hair "
        "parting on the left; hair like Don Draper; a parting; a straight parting; a neat parting; a clean parting; a "
        "left parting; a right parting; a parting on the right; a parting on the left; a deep side part; a hard part; "
        "a line parting the hair; hair parted on one side; hair parted on the left; hair parted on the right; hair "
        "parted neatly; hair combed neatly to the side; hair combed to the left; hair combed to the right; hair "
        "combed sideways; hair combed across; hair brushed to the side; hair brushed to one side; hair swept over to "
        "one side; hair swept sideways; side-swept hair; side-combed hair; hair laid to the side; a politician's "
        "hair; a politician's parting; a newsreader's hair; a lawyer's parted hair; a gentleman's parting; a first "
        "communion haircut; a forties haircut; a side-parted gentleman's cut; hair like John F. Kennedy; hair like "
        "Cary Grant; hair like Alfalfa; hair like a choirboy with a parting; preppy hair; Ivy League hair; hair like "
        "a ruler drew the parting"
    ),
    "slicked": phrases(
        "slicked-back hair; slicked back hair; combed-back hair; hair combed back; gelled-back hair; hair slicked "
        "with gel; greased hair; hair brushed straight back; hair like a mafia boss; oiled hair; hair like Gordon "
        "Gekko; wet look hair; hair with pomade; a slick back; hair plastered to the head; hair like Dracula; "
        "swept-back hair; sleek hair combed backwards; slick hair; slick combed hair; slick hair combed back; sleek "
        "hair; sleeked-back hair; smooth hair combed straight back; hair combed straight back; hair combed backwards; "
        "hair combed back with gel; hair combed back with oil; hair brushed back; hair brushed backwards; hair swept "
        "back; hair pushed back; hair pulled tightly back with gel; hair gelled back; hair gelled flat; hair "
        "flattened with gel; hair glued to the head; hair pasted down; hair full of gel; gel in the hair; a lot of "
        "hair gel, combed back; greasy combed-back hair; greased-back hair; oily hair combed back; brilliantined "
        "hair; brylcreemed hair; pomaded hair; wet combed-back hair; wet-look hair; hair wet and combed back; a "
        "gangster's hair; a mobster's hair; a godfather's hair; a Wall Street broker's hair; a vampire's swept-back "
        "hair; a tango dancer's hair; hair like Al Capone; hair like Michael Corleone; hair like Draco Malfoy; hair "
        "like Rudolph Valentino; hair like Patrick Bateman; shiny back-combed hair; hair licked back"
    ),
    "spiky": phrases(
        "spiky hair; spikes of hair; hair standing up; hair in spikes; spiked hair; hair sticking up; hair like a "
        "hedgehog; gelled spikes; hair standing on end; hair like Sonic; prickly hair; hair like a porcupine; punk "
        "spikes; hair like Goku; hair like an anime hero; electrified hair; hair like Bart Simpson; hair gelled up; "
        "spiky locks; spikes; hair spikes; pointed spikes of hair; short spikes; wild spikes; gel spikes; a spiky "
        "haircut; a spiky hairdo; a spiky hairstyle; a spiked hairdo; hair styled in spikes; hair styled upwards; "
        "hair gelled into spikes; hair pointing up; hair pointing upwards; hair that points in all directions; hair "
        "pointing in all directions; hair that sticks up; hair that stands up; hair that stands on end; hair sticking "
        "out in all directions; hair standing straight up; hair standing up like needles; hair like needles; hair "
        "like thorns; hair like a cactus; hair like a pincushion; hair like a sea urchin; hair like a brush; hair "
        "like a toilet brush; bristly hair; bristling hair; hair like Naruto; hair like a manga hero; hair like Cloud "
        "Strife; hair like Sid Vicious; hair like Billy Idol; hair like after an electric shock; hair struck by "
        "lightning; an electric shock hairdo; thorny hair; jagged hair"
    ),
    "topknot": phrases(
        "a topknot; a top knot; a man bun; hair knotted on top of the head; a samurai topknot; a knot on top of the "
        "head; a bun on top of the head; a samurai's hair; a high bun; a hair knot on the crown; hair tied up on top; "
        "a sumo wrestler's hair; hair like a pineapple; a hipster bun; hair bundled on the crown; a knot of hair on "
        "the crown; hair tied on top of the head; a bun on top; a bun on top of his head; a bun high on the head; a "
        "bun on the crown; a small bun on top; a high knot; a high knot of hair; a knot on the crown; a knot on the "
        "top of the head; a knot of hair on top; a ball of hair on top; a ball of hair on top of the head; a little "
        "ball of hair on the crown; hair tied on top; hair tied up on top of the head; hair tied in a knot on top; "
        "hair tied into a bun on top; hair gathered on top of the head; hair gathered on the crown; hair wound up on "
        "top of the head; hair wound on top; hair rolled up on top; hair bundled up on top; hair knotted on top; hair "
        "knotted on the crown; hair in a topknot; hair in a top knot; a yoga teacher's top bun; a warrior's topknot; "
        "a samurai's knot; a ronin's topknot; a sumo topknot; a chonmage; a Pebbles Flintstone hairdo; hair like "
        "Toshiro Mifune; hair like a samurai; hair like an onion on top; hair piled up in a knot"
    ),
    "wavy": phrases(
        "wavy hair; long wavy hair; waves; hair in waves; wavy long hair; beach waves; flowing wavy hair; "
        "shoulder-length wavy hair; hair like a surfer; loose waves; undulating hair; a wavy mane; Hollywood waves; "
        "long hair with waves; hair falling in waves; hair like the sea; softly waved hair; crimped long hair; a "
        "lion's mane; gentle waves; soft waves; big waves; tousled waves; long waves; long loose waves; natural "
        "waves; wavy locks; wavy tresses; wavy shoulder-length hair; wavy hair down to the shoulders; wavy hair over "
        "the shoulders; wavy flowing hair; hair with waves; hair with a wave; hair with a slight wave; hair in soft "
        "waves; hair in loose waves; hair in big waves; hair that waves; hair that falls in waves; hair cascading in "
        "waves; hair flowing in waves; hair rippling down; rippling hair; rippled hair; waving hair; billowing hair; "
        "flowing locks; flowing mane; a flowing mane; a mane of wavy hair; a mane of hair; a romantic wavy hairdo; a "
        "beach girl's hair; a surfer girl's hair; salty beach hair; hair like Farrah Fawcett; hair like Veronica "
        "Lake; hair like Botticelli's Venus; hair like Aslan; hair like Jason Momoa; hair like Thor; mermaid waves; "
        "finger waves; old Hollywood hair; S-shaped strands of hair; voluminous wavy hair; hair like a lion; hair "
        "like ocean waves"
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
_FIRST_BEARDS: dict[str, tuple[str, ...]] = {
    "none": phrases(
        "no beard; a clean-shaven face; a shaved chin; smooth cheeks without a beard; a freshly shaved face; a "
        "beardless face; no facial hair; a bare chin; a shaved face; a shaven face; a clean-shaven chin; a smooth "
        "chin; a smooth shaved face; smooth shaven cheeks; a smooth face without a beard; a face without a beard; a "
        "face without any beard; no beard at all; no moustache or beard; neither beard nor moustache; no stubble; no "
        "whiskers; not a whisker; a face free of hair; a chin without hair; cheeks without a beard; a hairless chin; "
        "a close shave; a face just shaved; freshly shaven cheeks; a razor-smooth face; no trace of a beard; a chin "
        "as smooth as a baby's"
    ),
    "stubble": phrases(
        "stubble; a stubbly chin; a five o'clock shadow; a three-day beard; designer stubble; a stubbly face; a "
        "day-old beard; unshaven cheeks; an unshaven face; beard stubble; light stubble; a scruffy chin; a short "
        "rough beard growth; a face that needs a shave; a shadow of a beard; a bristly chin; a two-day beard; cheeks "
        "like sandpaper; some stubble; a bit of stubble; dark stubble; rough stubble; heavy stubble; grey stubble; a "
        "stubble; a stubble beard; stubble on the chin; stubble on the cheeks; stubbly cheeks; a stubbly jaw; scruffy "
        "stubble; prickly stubble; prickly cheeks; scratchy cheeks; bristles; bristles on the chin; bristly cheeks; a "
        "bristly face; a few days without shaving; a few days' growth of beard; several days of beard; a four-day "
        "beard; a few days' beard; a week without a razor; a beard of three days; a day's growth; a shadow on the "
        "chin; a dark shadow on the jaw; an evening shadow; a shadow on his cheeks; a beard shadow; an unshaven chin; "
        "an unshaven jaw; unshaven for days; a badly shaved face; a jaw that scratches; a chin like sandpaper; a "
        "barely grown beard; a just sprouting beard; beard just growing in; a face not shaved today; a very short "
        "beard; whiskers a few days old; a stubbly beard like George Clooney"
    ),
    "moustache": phrases(
        "a moustache; a mustache; a thick moustache; a big mustache; a handlebar moustache; a walrus moustache; a "
        "tache; a moustache like Hercule Poirot; a moustache like Freddie Mercury; hair on the upper lip; whiskers "
        "under the nose; a moustache like Tom Selleck; a bushy moustache; a stache; a twirled moustache; a moustache "
        "like Super Mario; a pencil moustache; a Mexican moustache; hair above the mouth; hair above the lip; hair "
        "over the lip; hair between nose and mouth; a strip of hair above the mouth; a strip of hair under the nose; "
        "a beard only on the upper lip; only a moustache; just a moustache; a long moustache; a wide moustache; a "
        "droopy moustache; a drooping moustache; a curled moustache; a waxed moustache; a horseshoe moustache; a "
        "chevron moustache; a cop moustache; a cowboy moustache; a fireman's moustache; a sheriff's moustache; a porn "
        "star moustache; a Tom Selleck moustache; a Dali moustache; an imperial moustache; a Prussian moustache; a "
        "cavalry moustache; a gaucho's moustache; a thin moustache; a small moustache; a narrow moustache; a "
        "toothbrush moustache; moustaches; mustachios; a moustachioed lip; a lip covered in hair; a soup strainer; a "
        "cookie duster; a lip broom; a hairy upper lip; whiskers over the lip; a moustache like Salvador Dali; a "
        "moustache like Charlie Chaplin; a moustache like Groucho Marx; a moustache like Ned Flanders; a moustache "
        "like Luigi; a moustache like a walrus; a moustache like Nietzsche; a moustache like Borat"
    ),
    "goatee": phrases(
        "a goatee; a goatee beard; a chin beard; a Van Dyke beard; a small beard on the chin; a chin tuft; a beard "
        "only on the chin; a musketeer's beard; a beard like Colonel Sanders; a circle beard; a goat's beard; a beard "
        "around the mouth; a chin puff; a beard like Lenin; a soul patch and chin beard; a pointed chin beard; a "
        "devil's little beard; a chin goatee; a small goatee; a pointed goatee; a trimmed goatee; a neat goatee; a "
        "French beard; a beard on the chin; a little beard on the chin; a tiny beard on the chin; a beard on the chin "
        "only; a small chin beard; a short chin beard; a pointy beard; a small pointed beard; a pointed little beard; "
        "a tuft on the chin; a tuft of hair on the chin; a tuft of beard on the chin; a patch of beard on the chin; a "
        "patch of hair on the chin; hair on the chin; hair only on the chin; hair around mouth and chin; beard around "
        "the mouth and chin; a beard around the chin; a door-knocker beard; a circle of beard around the mouth; a "
        "ring of beard around the mouth; a beard like a goat; a billy goat's beard; a beard like Buffalo Bill; a "
        "beard like Shaggy; a beard like D'Artagnan; a beard like Don Quixote; a beard like the devil; a beard like "
        "Walter White; a beard like Tony Stark; a beard like Uncle Sam; a beard like Trotsky; an imperial beard on "
        "the chin; a chin strap tuft; bare cheeks and a beard on the chin; a soul patch; a philosophy student's chin "
        "beard; a magician's little beard; a poet's chin beard"
    ),
    "full": phrases(
        "a beard; a full beard; a bushy beard; a thick beard; a hipster beard; a big beard; a dense beard; a "
        "lumberjack's beard; a beard covering the cheeks; a well-trimmed full beard; whiskers all over the face; a "
        "sailor's beard; a beard like a sea captain; a lush beard; a boxed beard; a face covered in beard; a short "
        "full beard; a beard like a bear; a well-kept beard; a groomed beard; a trimmed beard; a medium beard; a "
        "short beard; a well-groomed full beard; a beard all over the cheeks; a beard from ear to ear; a beard that "
        "covers the jaw; a beard that covers half the face; a beard covering half the face; a beard covering the jaw; "
        "a beard covering the chin and cheeks; cheeks full of beard; cheeks and chin covered by a beard; a jaw "
        "covered in hair; a face full of hair; a hairy face; a lot of facial hair; facial hair; thick facial hair; "
        "dense facial hair; bushy facial hair; a bearded chin and cheeks; a woodcutter's beard; a fisherman's beard; "
        "a captain's beard; a mountain man's beard; a Norse warrior's beard; a philosopher's beard; an apostle's "
        "beard; a rabbi's beard; a mullah's beard; a beard like Hemingway; a beard like Captain Haddock; a beard like "
        "Karl Marx; a beard like Fidel Castro; a beard like Zach Galifianakis; a brush of a beard; a bush on the "
        "cheeks; whiskers on cheeks and chin; a wild beard; a dark thick beard; a strong beard growth; a grown beard; "
        "a proper beard; a manly beard"
    ),
    "long": phrases(
        "a long beard; a very long beard; a wizard's beard; a beard down to the chest; a flowing beard; a beard like "
        "Santa Claus; a beard like a prophet; a ZZ Top beard; a beard like Dumbledore; a long flowing beard; a beard "
        "hanging down; a beard like a dwarf; a patriarch's beard; a guru's beard; a beard reaching far below the "
        "chin; a beard like Moses; a Viking's long beard; a beard to the chest; a beard to the belly; a beard to the "
        "belt; a beard to the navel; a beard down to the belly; a beard down to the waist; a beard down to the belt; "
        "a beard that reaches the chest; a beard reaching the chest; a beard falling on the chest; a beard hanging to "
        "the chest; a beard flowing down; a beard grown for years; a beard grown for decades; an uncut beard; an "
        "untrimmed long beard; a huge long beard; a giant long beard; an enormous beard; an extremely long beard; a "
        "long bushy beard; a long straight beard; a long full beard; a long thick beard; a lengthy beard; a long "
        "hanging beard; a very long full beard; an endless beard; a sorcerer's beard; a magician's long beard; a "
        "druid's beard; a hermit's beard; a prophet's beard; an old sage's beard; a dwarf king's beard; a beard like "
        "Merlin; a beard like Father Christmas; a beard like a gnome; a beard like Gimli; a beard like Rasputin; a "
        "beard like Saruman; a beard like Leonardo da Vinci; a beard like Noah; a beard like Father Time; a Santa "
        "Claus beard; a Father Christmas beard; a garden gnome's beard; whiskers down to the chest; chin hair down to "
        "the chest; a waist-long beard; a beard like a waterfall"
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
#: What training does not say: one in six of these.
HELD_OUT_HAIR = frozenset(
    phrase for words in (_FIRST_HAIR, _FIRST_BEARDS) for phrases in words.values() for phrase in phrases[4::6]
)
#: All words for hair and beards: those of words_hair_further, put behind the first, are all said in training.
HAIR_WORDS = {style: words + HAIR_FURTHER[style] for style, words in _FIRST_HAIR.items()}
BEARD_WORDS = {beard: words + BEARD_FURTHER[beard] for beard, words in _FIRST_BEARDS.items()}
#: How often a style is worn by men, women, boys and girls when nothing is said of it.
WORN: dict[str, tuple[float, float, float, float]] = {
    "bald": (0.6, 0.0, 0.0, 0.0),
    "afro": (0.2, 0.5, 0.4, 0.4),
    "balding": (0.3, 0.0, 0.0, 0.0),
    "bob": (0.1, 3.0, 0.1, 3.0),
    "braid": (0.02, 1.0, 0.0, 1.6),
    "bun": (0.02, 1.2, 0.0, 0.4),
    "buzz": (1.2, 0.0, 0.8, 0.0),
    "curly": (1.0, 1.0, 1.2, 1.0),
    "long": (0.2, 3.0, 0.1, 2.0),
    "mohawk": (0.05, 0.02, 0.02, 0.0),
    "pigtails": (0.0, 0.2, 0.0, 2.4),
    "ponytail": (0.1, 1.5, 0.02, 2.4),
    "receding": (0.6, 0.0, 0.0, 0.0),
    "short": (8.0, 0.8, 8.0, 0.8),
    "sidepart": (2.0, 0.1, 1.4, 0.1),
    "slicked": (1.0, 0.1, 0.0, 0.0),
    "spiky": (0.3, 0.05, 0.6, 0.05),
    "topknot": (0.1, 0.2, 0.0, 0.1),
    "wavy": (0.2, 2.0, 0.1, 1.2),
}
#: Regions that a style hides on the template by more than half of their vertices: who speaks of one wants to see it.
HIDDEN_BY: dict[str, tuple[str, ...]] = {
    "ear": ("afro01", "bob01", "bob02", "long01", "short04", "wavy"),
    "forehead": ("afro01", "bob01", "bob02", "long01", "short02", "short03"),
    "neck": ("long01", "wavy"),
}
