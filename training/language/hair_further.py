"""More of what people say of hair and beards: barbers' terms, slang, comparisons and famous heads.

The phrases come after those of words_hair in its tables, and all of them are said in training.
"""

from __future__ import annotations

from clip_head.training.language.people_phrases import phrases

#: Style (without its number) -> as the phrases follow "with".
HAIR_FURTHER: dict[str, tuple[str, ...]] = {
    "bald": phrases(
        "a slaphead; a hairdo that is nothing but skin; a bare dome from brow to nape; a scalp waxed like a bowling "
        "ball; Dr. Evil's hairless dome; a head like Michael Jordan; a head like Agent 47; a head like Kojak; Sinead "
        "O'Connor's shaved scalp; a Buddhist nun's shaven head; a Shaolin monk's head; a head like Professor X; a head "
        "as smooth as an onion; a noggin without a strand on it; a Bic-razored scalp; nothing on top and nothing at "
        "the sides; a head for which no comb was ever needed; Uncle Fester's head; Aang's hairless head; a skull as "
        "smooth as marble; Nosferatu's naked skull; a pate that mirrors the lamps"
    ),
    "buzz": phrases(
        "a skinhead crop; a wiffle cut; a number three all over; a grade one all over; a regulation cut for the army; "
        "a zero fade on the sides and fuzz on top; a nap of hair like moleskin; hair no longer than a grain of rice; "
        "hair as short as a putting green; a clipper job without a guard; hair like G.I. Jane; hair like Private Pyle; "
        "hair like Furiosa; hair like Eleven at the start of Stranger Things; an astronaut's flat crew cut; a "
        "wrestler's clippered head; a convict's crop; a suedehead crop; hair like a freshly mown lawn; hair like the "
        "nap of a peach; a swim team buzz; a jarhead haircut; a one-length clipper cut; scalp showing through a shadow "
        "of hair"
    ),
    "receding": phrases(
        "a hairline like low tide; a hairline running for the hills; hair on the run from the brow; a forehead turning "
        "into a fivehead; bays of bare skin at both temples; a Norwood two hairline; a Norwood three; hair like Prince "
        "William in his twenties; hair like Jack Nicholson; hair like Jason Statham's before the razor; a peninsula of "
        "hair between two bays; temples where the hair has packed up; a hairline with two notches in it; hair beating "
        "a retreat from the brow; a brow that gains an inch each year; hair that begins halfway up the skull; Count "
        "Orlok's high temples; front hair that is wearing out; wisps where the fringe used to be; hair ebbing away "
        "from the forehead"
    ),
    "balding": phrases(
        "a Friar Tuck hairdo; hair like Homer Simpson; hair like Mr. Burns; hair like Phil Collins; hair like Dr. "
        "Phil; hair like Red Forman; a landing strip on top and hedges on the sides; a desert on top with scrub round "
        "the edge; a skullcap of bare skin; a Norwood six; a Norwood seven; a power doughnut of hair; a hula hoop of "
        "hair round a bare pate; a clearing in the woods on top; a solar panel on the crown; hair that stayed at the "
        "sides and left the top; side hair like Bozo; Krusty's tufts left and right; a bare crown with a low hedge "
        "around it; Shakespeare's bare crown with hair round it; a thin collar of hair at ear height; a coot's bare "
        "crown"
    ),
    "afro": phrases(
        "a 'fro as wide as the shoulders; Foxy Brown's hair; hair like Questlove; hair like Pam Grier; hair like "
        "Michael Jackson as a boy; hair like Jules in Pulp Fiction; a Blaxploitation hero's hair; a Black Panther's "
        "natural; a picked-out natural; hair combed out with an afro pick; hair like a puffball; hair like a truffula "
        "tree; a planet of hair; a topiary ball of hair; Soul Train hair; teased-out kinky curls in a sphere; a "
        "teeny-weeny afro; a Motown singer's round hair; a broccoli crown of coils; type 4C hair worn out; a "
        "basketball-sized hairdo; a crown of coils standing out all round; Huey Freeman's hair; an Afro-Caribbean "
        "natural worn full"
    ),
    "bob": phrases(
        "a Dutch boy cut; hair like Edna Mode; hair like Amelie; hair like Mia Wallace; hair like Lord Farquaad; hair "
        "like Coco Chanel; hair like Clara Bow; a Vidal Sassoon cut; a graduated bob; an inverted bob; a stacked bob; "
        "a shingle bob; a China doll cut; a page's cut; a squire's cut from a medieval tapestry; hair like Joan of Arc "
        "in the paintings; a silent film star's short dark helmet; a hime cut at the jaw; a swingy chin-length cut; "
        "hair like Playmobil; hair like Moe of the Three Stooges; an art director's severe chin-length cut; a coconut "
        "cut; hair like Javier Bardem in No Country; hair that swings at jaw level; hair cut round a basin"
    ),
    "braid": phrases(
        "a cornsilk plait; hair like Daenerys, braided; a Dothraki's braid; a Manchu queue; a shieldmaiden's plait; a "
        "bell-rope of hair; a bullwhip of a plait; a rat-tail plait; a four-strand plait; a rope twist down the back; "
        "a boxer braid; a mermaid braid; a pull-through braid; an Apache warrior's plait; a Padawan's braid; hair like "
        "Aloy; hair like a challah; a dressage pony's plaiting; a Greta Thunberg plait; hair crossed over and under "
        "into a tail; one heavy plait as thick as a wrist; hair plaited tight for riding"
    ),
    "bun": phrases(
        "a cinnamon roll of hair; a psyche knot; a Gibson girl updo; a Victorian lady's pinned hair; a beehive; a "
        "banana roll at the back; hair held up with a pencil; hair skewered with chopsticks; hair in a snood; hair in "
        "a hairnet at the nape; hair like Professor McGonagall; hair like Mary Poppins; hair like Audrey Hepburn at "
        "Tiffany's; hair like Evita; hair like Frida Kahlo, pinned up; hair like Mrs. Doubtfire; a Spanish dancer's "
        "knot; a flamenco chignon; a head matron's knot; an ice skater's slick knot; a bobby-pinned coil; a brioche of "
        "hair at the nape; a Regency heroine's updo; hair screwed up behind "
        "with pins; a bridal updo"
    ),
    "curly": phrases(
        "hair like Shirley Temple; hair like Little Orphan Annie; hair like Harry Styles as a teenager; hair like "
        "Frodo; hair like a hobbit; hair like Timothee Chalamet; hair like Gene Wilder; hair like Art Garfunkel; hair "
        "like Lord Byron; hair like Caracalla on a coin; a footballer's eighties perm; a Jheri curl; a bubble perm; a "
        "poodle cut; hair like wood shavings; hair like fusilli; hair like a plate of ramen; hair like phone cords; a "
        "Hellenistic statue's locks; a labradoodle's coat for hair; hair coiled like pigs' tails; kiss curls; barrel "
        "curls; pin curls; hair that winds round a finger by itself; hair that corkscrews in the rain; a Roman bust's "
        "snail-shell locks; an astrakhan of hair"
    ),
    "long": phrases(
        "hair one could sit on; Legolas's hair; hair like Gwyneth Paltrow in the nineties; hair like Galadriel; hair "
        "like Lucius Malfoy; hair like Violet Parr; hair like Sadako from the well; hair like Crystal Gayle; hair like "
        "Kate Moss; hair like Mulan before she cuts it; a folk singer's curtains of hair; a roadie's hair; a Woodstock "
        "girl's hair; a flower child's hair; a shampoo advert's hair; hair that hangs like a veil; hair down past the "
        "bra strap; hair as straight as spaghetti; hair to the small of the back; knee-length hair; bum-length hair; "
        "elbow-length hair; flat-ironed tresses; a Japanese court lady's hair; hair that hides the ears and drapes the "
        "back; a Lakota warrior's loose hair; hair like Joey Ramone; hair like Severus Snape; hair unshorn since "
        "childhood"
    ),
    "mohawk": phrases(
        "a liberty spike crest; a Trojan helmet of hair; hair like Wez in The Road Warrior; hair like Wattie of The "
        "Exploited; hair like David Beckham in 2001; hair like a stegosaurus; hair like a warthog; hair like a hoopoe; "
        "a dragoon's helmet crest of hair; hair like a Pawnee scout; a paratrooper's strip from D-Day; hair clipped to "
        "the skin at either side of a tall ridge; a stiff fan of hair front to back; a sailfin of hair; a King's Road "
        "punk's fan of hair; a dinosaur ridge of hair; a scrubbing brush down the centre of the skull; a rooster's "
        "hairdo; Storm's crest in the eighties; an oi punk's crest; a kingfisher crest of hair; a tall fan of soaped "
        "hair"
    ),
    "pigtails": phrases(
        "hair like Cindy Brady; hair like Wendy of the burger shop; hair like Vanellope; hair like Punky Brewster; "
        "hair like Laura on the prairie; hair like Anne of Green Gables; hair like Darla; hair like Jinx from Arcane; "
        "hair like Asuka; hair like Usagi Tsukino; handlebars of hair left and right; spaniel ears of hair; a "
        "cowgirl's two plaits; an Oktoberfest waitress's plaits; a Dirndl girl's two braids; a plait over each "
        "shoulder; a bobble on each side; two hair ties, one over each ear; twin fountains of hair; a rag doll's "
        "bunches; a kindergarten girl's two fountains; hair split down the back and tied twice; a cosplay girl's twin "
        "tails"
    ),
    "ponytail": phrases(
        "hair like Samus Aran; hair like a colonial gentleman tied with a ribbon; hair like George Washington; hair "
        "like Mozart's tied with a bow; a pirate's tail of hair tied with a cord; a Croydon facelift; hair yanked back "
        "in an elastic; hair threaded through the back of a baseball cap; hair like Sandra Dee; hair like Buffy on "
        "patrol; hair like Serena Williams on court; hair like Roberto Baggio; a volleyball player's tail; a fifties "
        "bobby-soxer's tail; a genie's tail of hair; a fencing girl's tail; a waitress's hair tied out of the soup; a "
        "nurse's tied-back hair; a tail swishing between the shoulder blades; a wraparound ponytail; a bubble "
        "ponytail; a scraped-back tail"
    ),
    "short": phrases(
        "an unremarkable haircut; a regular barbershop cut; a taper cut; a low taper; a scissor cut; an Ivy crop; a "
        "mod crop; a French crop; a garcon cut; a Jean Seberg cut; an Audrey Hepburn pixie; hair like Mia Farrow; hair "
        "like Halle Berry; hair like Twiggy; hair like Steve McQueen; hair like Julius Caesar; hair like Daniel Craig; "
        "hair like Mark Zuckerberg; hair like Matt Damon; a postman's haircut; a PE teacher's cut; a passport photo "
        "haircut; a golfer's trim; a number four and scissors on top; hair off the collar and off the ears; a nice "
        "trim; hair of a couple of inches; a no-nonsense cut; a haircut nobody would remember; a back-to-school trim; "
        "a scissored crop with a soft top; hair like Peter Parker; an elfin crop"
    ),
    "sidepart": phrases(
        "a Princeton cut; a Harvard clip; a Mad Men haircut; a bank manager's parting; a bishop's tidy parting; a "
        "Savile Row parting; hair like Ronald Reagan; hair like Gregory Peck; hair like Mr. Rogers; hair like Ward "
        "Cleaver; hair like Ken the doll; hair like Superman off duty; hair like James Bond in the sixties; hair like "
        "Mitt Romney; hair like Leonardo DiCaprio as Gatsby; a comb line ruled above one eyebrow; a razor line at one "
        "side of the top; hair folded over from one side; a Mormon missionary's hair; a school photo parting; a game "
        "show host's hair; a televangelist's hair; a BBC announcer's parting; a curate's parting; an old-school "
        "barber's part; a side sweep; a furrow combed along the left of the crown; hair raked across from a parting; "
        "hair divided low on one side"
    ),
    "slicked": phrases(
        "a D.A. with grease; a duck's arse; a greaser's hair; a rockabilly slickback; a teddy boy's hair; hair like "
        "Danny Zuko; hair like the Fonz; hair like Pat Riley; hair like Bela Lugosi; hair like Eddie Munster; hair "
        "like Loki; hair like Gomez Addams; hair like Clark Gable; hair like Christopher Walken; a maitre d's hair; a "
        "head waiter's hair; a used-car salesman's hair; a croupier's hair; a matador's lacquered hair; hair lacquered "
        "like a piano lid; patent leather hair; an otter's wet pelt for hair; hair like a seal out of water; a bucket "
        "of Dax in the hair; Murray's pomade in every strand; hair raked back off the brow with grease; a speakeasy "
        "barman's hair; a yakuza's hair; a hitman's greased hair; hair fresh from the pool and raked back; comb tracks "
        "running straight back"
    ),
    "spiky": phrases(
        "hair like Sasuke; hair like Yugi; hair like Vegeta; hair like Gon Freecss; hair like Guile; hair like Shadow "
        "the Hedgehog; hair like Calvin of Calvin and Hobbes; hair like Rod Stewart in 1971; hair like Robert Smith; "
        "hair like Johnny Rotten; hair like Beaker; hair like Dennis the Menace; hair like Sora from Kingdom Hearts; "
        "hair like Guy Fieri; hair like Edward Scissorhands; a troll doll's hair; frosted tips; a boy band's gelled "
        "tips; a Jedward hairdo; hair like a fistful of nails; hair like a teasel; hair like a thistle; hair like a "
        "startled cat; hair like a chestnut husk; hair like the Statue of Liberty's crown; a bed of nails for hair; "
        "hair that put its finger in the socket; a super saiyan's hair; hair glued up with soap and sugar water; "
        "quills of hair; an echidna's hairdo; a conifer forest of hair; a hairdo to burst balloons"
    ),
    "topknot": phrases(
        "a palm tree of hair on the head; a yogi's bun on the head; a barista's bun; hair like Zuko; hair like Sokka's "
        "warrior's tail; hair like Hanzo; hair like the Last Samurai; hair like Gareth Bale, tied up; hair like "
        "Zlatan; hair like E. Honda; hair like Tinker Bell; hair like the Moomins' Little My; a Sikh boy's joora on "
        "the crown; a Shiva's knot of hair; a Buddha's ushnisha of hair; a shogun's hair; an oicho; a bantam knot on "
        "the crown; a cherry on top made of hair; a pom-pom of hair on the crown; hair like the stalk of a radish; "
        "hair like a turnip top; a Kyoto nobleman's knot; a sadhu's piled hair; a pineapple updo; a Shoreditch man's "
        "bun; a teapot lid of hair"
    ),
    "wavy": phrases(
        "hair like Rita Hayworth; hair like Jessica Rabbit; hair like Gisele; hair like Cindy Crawford; hair like "
        "Aragorn; hair like Kurt Russell; hair like Fabio; hair like Jon Snow; hair like Ariel under water; hair like "
        "Blake Lively; hair like Michael Hutchence; hair like Samson; hair like Poseidon; a romance cover hero's hair; "
        "a soap opera heroine's blow-dry; a pre-Raphaelite model's hair; hair like Charles II; a cavalier's locks; a "
        "King Charles spaniel's locks; a Victoria's Secret blow-out; hair unbraided in the morning; hair that ripples "
        "like a flag; hair that swells and dips; hair like sand dunes; a Malibu lifeguard's locks; bohemian loose "
        "locks; a bouncy blow-dry; a Marcel wave; hair like a river with a current; hair like windblown barley; lazy "
        "bends in shoulder-length locks; hair crimped by plaits slept in"
    ),
}  # fmt: skip
#: Beard -> as the phrases follow "with"; "none" is clean-shaven.
BEARD_FURTHER: dict[str, tuple[str, ...]] = {
    "none": phrases(
        "not so much as a bristle; a jaw as bare as a baby's bottom; a wet shave; a hot-towel shave; a barber's close "
        "shave; a babyface without a whisker; a face that met the razor this morning; cheeks still smelling of "
        "aftershave; a Gillette advert's jaw; a naked chin; a naked upper lip; a bare upper lip; cheeks smooth to the "
        "touch; smooth jowls; a recruit's shaven cheeks; a jaw scraped clean; a chin shaved to the skin; razor-clean "
        "cheeks; a choirboy's smooth cheeks; a boy's hairless cheeks; an altar boy's unbearded face; a lip and chin "
        "without a hair; a face that never grew a beard; a beard shaved off; the beard gone; a newly removed beard; a "
        "chin without fuzz; zero facial hair; no fuzz on the face; no sideburns, beard or moustache; a eunuch's "
        "beardless cheeks; a Roman senator's shaven jaw; a smoothly shaven jaw like Cary Grant; a banker's spotless "
        "shave; an office-ready shave; a waxed chin; a jaw polished by the razor"
    ),
    "stubble": phrases(
        "a Don Johnson shadow; a Miami Vice jaw; a beard like Indiana Jones; stubble like Hugh Laurie as House; a "
        "stubbled jaw like Clint Eastwood in the spaghetti westerns; stubble like Jason Statham; a stubbled jaw like "
        "Nathan Drake; stubble like Han Solo after a week; a stubbled jaw like Homer Simpson's muzzle; Fred "
        "Flintstone's chin; stubble like David Beckham on holiday; scruff; a bit of scruff; light scruff along the "
        "jaw; a weekend's growth; a Sunday chin; a hangover chin; a hobo's dark muzzle; a detective's unshaven jowls; "
        "a jaw two days from the razor; five days of growth; a fortnight away from a razor, hardly showing; a beard "
        "one millimetre long; three millimetres of whiskers; beard at a number one; a peppering of whiskers; "
        "salt-and-pepper bristles; iron filings on the jaw; a chin like a doormat; a chin like Velcro; a chin that "
        "strikes matches; a jaw that rasps under the hand; cheeks that would burn a kiss; grizzle along the jaw; a "
        "razor-dodger's jaw; a ten o'clock shadow; a midnight shadow on the jaw; a sprouting chin; a grainy jaw; a "
        "bum's unshaven mug; a roughness along the cheeks; a face that skipped the razor; pinprick bristles; a "
        "teenager's first bristles"
    ),
    "moustache": phrases(
        "a mo; a muzzy; a 'stache; a Movember effort; a pyramid moustache; a painter's brush moustache; a Fu Manchu; a "
        "biker's horseshoe moustache; an RAF moustache; a wing commander's handlebars; a lampshade moustache; a lip "
        "caterpillar; a hairy caterpillar over the mouth; a broom under the nose; a toothbrush under the nose; a lip "
        "warmer; a lip rug; a crumb catcher; a lady tickler; whiskers waxed to points; a waxed upper lip; twirled ends "
        "over the mouth; the villain's whiskers to twirl; a strongman's waxed whiskers; a circus ringmaster's "
        "whiskers; a moustache like Burt Reynolds; a tache like Errol Flynn; an upper lip like Clark Gable; a "
        "moustache like John Waters; a tache like Lemmy; an upper lip like Magnum; a tache like Ron Swanson; an upper "
        "lip like Yosemite Sam; a moustache like Hulk Hogan; a tache like Kaiser Wilhelm; an upper lip like Kitchener "
        "on the poster; a moustache like Stalin; a tache like Zapata; an upper lip like Einstein; a moustache like "
        "Mark Twain; a tache like Gomez Addams; an upper lip like Inspector Clouseau; Wyatt Earp's lip whiskers; bare "
        "chin and hairy lip; hair between nose and mouth only; only the upper lip unshaven; a bartender's twirled lip "
        "hair"
    ),
    "goatee": phrases(
        "a Vandyke; a Balbo; an anchor beard; an anchor-shaped tuft on the chin; a Hollywoodian; a Zappa; a flavour "
        "saver; a petite goatee; a Klingon's chin tuft; a beatnik's beard; a jazz man's chin whiskers; a nineties "
        "grunge beard; a Sigmund Freud chin; a goatee like Spock's evil twin; a chin beard like Robin Hood; a goatee "
        "like Guy Fawkes; a chin beard like Jafar; a goatee like Ming the Merciless; a chin beard like Captain Hook's "
        "rival with a tuft; a goatee like Cardinal Richelieu; a chin beard like Charles I; a goatee like Napoleon III; "
        "a chin beard like Mephistopheles; a goatee like Pan the satyr; a chin beard like King Tut's false beard; a "
        "goatee like Robert Downey Jr.; a chin beard like Johnny Depp; a goatee like Maynard G. Krebs; a chin beard "
        "like Kurt Cobain in Seattle; a goatee like Doctor Strange; a chin beard like Green Arrow; a goatee like "
        "Colonel Mustard; a chin beard like Ho Chi Minh; a fencing master's chin; an arrowhead of beard; a wedge of "
        "beard under the lip; a tassel on the chin; a paintbrush on the chin; a muzzle of beard round the lips; shaved "
        "cheeks and a bearded chin; nothing on the cheeks but a tuft below; a spade of beard below the lip; a "
        "psychoanalyst's chin beard; whiskers at the chin tip; hair just below the lower lip"
    ),
    "full": phrases(
        "a Garibaldi; a ducktail beard; a Verdi; a Bandholz; a corporate beard; a Viking raider's beard; a full beard "
        "like Grizzly Adams; whiskers like Ulysses S. Grant; a beard like Robert E. Lee; a full beard like Ernest "
        "Shackleton; whiskers like Brahms; a beard like George V; a full beard like Chewbacca; whiskers like Hagrid; a "
        "beard like Kratos; a full beard like Geralt; whiskers like Ragnar; a beard like Zeus; a full beard like "
        "Robert Baratheon; whiskers like Bluto; a beard like Henry VIII; a full beard like Che Guevara; whiskers like "
        "Jim Morrison in Paris; a beard like Luciano Pavarotti; a full beard like Nick Offerman; whiskers like Jack "
        "Black; a beard like James Harden; a full beard like Conor McGregor; whiskers like Chris Hemsworth; a beard "
        "like Bob Ross; a full beard like Obi-Wan Kenobi; face fuzz from sideburn to sideburn; a face pelt; a face "
        "rug; a chin blanket; a winter coat on the face; a hedge round the jaw; a face behind a hedge; moustache, "
        "cheeks and chin grown together; a beard thick enough to hide a bird's nest; a beard of two inches; a month's "
        "growth; three months without a razor; a castaway's whiskers; a trapper's whiskers; a polar explorer's "
        "whiskers; a trawlerman's whiskers; a craft brewer's beard; a submariner's beard; a tsar's beard; a Greek "
        "god's beard; a beard you can lose a pencil in; sideburns that meet under the chin"
    ),
    "long": phrases(
        "a yard of beard; a foot-long beard; a beard that gets caught in doors; a beard tucked into the belt; a beard "
        "to trip over; a beard brushing the breastbone; a beard past the collarbones; a beard down to the buttons; a "
        "beard covering the tie; a beard that lies on the table; a beard in one's soup; a beard unshorn since youth; "
        "whiskers to the waistcoat; whiskers trailing to the lap; a long beard like Gandalf; whiskers like Billy "
        "Gibbons; a beard like Tolstoy; a long beard like Darwin in old age; whiskers like Walt Whitman; a beard like "
        "Rabindranath Tagore; a long beard like Methuselah; whiskers like Thorin Oakenshield; a beard like Treebeard; "
        "a long beard like Panoramix; whiskers like King Triton; a beard like Neptune; a long beard like Barbarossa "
        "under the mountain; whiskers like Rip Van Winkle; a beard like Blackbeard; a long beard like Alan Moore; "
        "whiskers like Phil Robertson; a beard like Rick Rubin; a long beard like Saint Nicholas; whiskers like Odin; "
        "a beard like Master Roshi; a long beard like Confucius; whiskers like the God of the Sistine ceiling; a beard "
        "like Jerry Garcia's grandfather's; an Amish grandfather's beard; a Sikh elder's beard; a sadhu's beard; a "
        "starets's beard; an ayatollah's beard; a department store Santa's whiskers; an Old Testament beard; a "
        "mountain dwarf's beard; a beard like a bib; a beard like a scarf; a beard like a horse's tail; a beard like a "
        "hanging vine; a beard like Spanish moss; a Duck Dynasty beard; a yeard; a beard fit to be braided"
    ),
}  # fmt: skip
