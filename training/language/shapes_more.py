"""More of what people say of the shapes of a face: everyday comparisons, nicknames, adjectives and clauses.

The phrases come after those of words_shapes in its table, and all of them are said in training.
"""

from __future__ import annotations

#: (shape, +1 or -1) -> plain phrases, figures, adjectives and clauses, as in words_shapes.
MORE: dict[tuple[str, int], tuple[str, str, str, str]] = {
    ("head_width", 1): (
        "a hefty wide head; a beamy head",
        "a head like a watermelon; a head like a cinder block; a head like a hippopotamus; a head like a kettle "
        "drum; a head that needs an extra-large helmet; a head like an old television set; a noggin as wide as a "
        "doorway; a head like a manhole cover seen from the front; a head like a truck grille; a head like a beer "
        "keg; a head spread out sideways; a loaf of a head; a head like a washtub; a head too wide for any pair of "
        "glasses; a face stretched sideways",
        "wide-skulled; fat-headed; barrel-headed; block-wide",
        "head is broad from side to side; head stretches the arms of every pair of glasses; head gets stuck in "
        "turtlenecks; skull spreads out above the ears; head is built like a wardrobe",
    ),
    ("head_width", -1): (
        "a lean narrow head; a skinny head",
        "a head like a hatchet; a hatchet face; a head like a book standing on its edge; a head like a fence post; "
        "a head like a candle; a head like an envelope; a head pressed between two doors; a head like a sardine; a "
        "head that went through a mangle; a head like a borzoi; a head like a collie; a head like a popsicle stick; "
        "a face squeezed by an elevator door; a head no wider than a hand",
        "slim-skulled; hatchet-faced; thin-headed; slab-sided",
        "head is thin as a rail; head is as slim as a book spine; face is squeezed in from left and right; glasses "
        "are always too wide; head is all front and no sides",
    ),
    ("head_height", 1): (
        "a drawn-out face; an oblong face; a rectangular long face",
        "a face like a llama; a face like a moose; a face like a camel; a face like a coffin; a face like a cello; "
        "a face as long as a wet week; a face like a greyhound; a face like a baguette; a face like a tall candle; "
        "a face like a totem pole; a face you could measure in yards; a face pulled like toffee; a face like a "
        "surfboard; a face with a long way from hairline to chin; a face like a giraffe",
        "oblong-faced; mule-faced; camel-faced; coffin-faced",
        "face stretches down and down; face is drawn out like chewing gum; face is twice as tall as it is wide; "
        "face looks pulled by the chin; head is as tall as a top hat",
    ),
    ("head_height", -1): (
        "a stumpy face; a stocky head; a flattened low face",
        "a face like a bulldog puppy; a face like a squashed can; a face like a hamburger; a head like a tortoise; "
        "a face like a boxer dog seen from the front; a face like a cheese wheel on its side; a head like a "
        "footstool; a face someone sat on; a face folded up like an accordion; a head driven down by a hammer; a "
        "face like an exotic shorthair; a head like a muffin; a face like a tree stump; hardly any distance from "
        "hairline to chin",
        "squat-faced; stumpy-faced; pug-faced; compact-faced",
        "face is squeezed together like an accordion; head looks sat upon; face is wider than it is tall; face is "
        "over before it begins; head is low and stubby",
    ),
    ("head_depth", 1): (
        "a far-reaching head; a lengthy skull from front to back",
        "a head like a football seen from the side; a head like a rugby ball lying down; a head like a zeppelin; a "
        "head like a bicycle helmet; a bulging back of the head; a head like a locomotive in profile; a head like a "
        "teardrop laid flat; an overhanging back of the skull; a bun of a skull behind; a head like a loaf of bread "
        "from the side; a protruding occiput; a head that needs a deep pillow; a hammer of a head; a skull like a "
        "sperm whale",
        "long-profiled; hammer-headed",
        "head stretches a long way behind the ears; back of the head bulges out; occiput sticks out; head is longer "
        "than it is wide; skull goes back and back; head has a big overhang behind",
    ),
    ("head_depth", -1): (
        "a thin head in profile; a compressed skull",
        "a head like a coin from the side; a head like a shovel blade; a flattened occiput; a head like a playing "
        "card in profile; the back of the head sliced off; a head like a frying pan from the side; a back of the "
        "head like an ironing board; a head that slept too long on its back; a head like a dinner plate in profile; "
        "a skull leaning against an invisible wall; a back of the skull straight as a door; a head like half a "
        "melon; hardly any head behind the ears; a head like a flat-screen television",
        "shallow-profiled; thin-profiled",
        "head ends right behind the ears; back of the head drops straight down; occiput is flat; head is as thin as "
        "a plate from the side; head seems cut off behind; head is flattened like a coin",
    ),
    ("head_fat", 1): (
        "a tubby face; a stout face; a heavy face; a porky face; a swollen face",
        "a face like a steamed bun; a face like a pork pie; a face like a sumo champion; a face like a hamster "
        "after dinner; a face like a bowl of pudding; a butterball face; a face like a suckling pig; a face like a "
        "marshmallow; a face upholstered in fat; a face like a walrus; a face like a well-fed baby; a face like a "
        "Buddha statue; a face swimming in lard; a face that has never missed a meal; a roly-poly face; a face of "
        "wobbling jelly; a face like rising bread; a face padded like a sofa",
        "podgy-faced; puffy-faced; porky; roly-poly; tubby-faced",
        "face wobbles like jelly; face is padded with fat; face is swollen like dough; face bulges on all sides; "
        "face is heavy and soft; face has rolls of fat; face shows too many doughnuts",
    ),
    ("head_fat", -1): (
        "a hollow face; a wasted face; a pinched face; a spare face; a scrawny face",
        "a face like a hungry wolf; a face like a death mask; a face of sharp bones; a face like a scarecrow; a "
        "face like a mummy; a face like a bag of bones; a face pared down to the bone; a face like a famished "
        "greyhound; a face like a coat hanger; a face carved from driftwood; a face like a plucked chicken; a face "
        "after a long fast; skin stretched tight over the skull; a face like a jockey before the race; a "
        "half-starved look about the face; a face like a fence rail; the face of a desert hermit",
        "hollow-faced; raw-boned; skin-and-bone; underfed; bony-featured; cadaverous",
        "face is hollowed out; face shows every bone; face is as lean as a whippet; face has no flesh on it; skin "
        "clings to the bones of the face; face looks half-starved; face is wasted away",
    ),
    ("skull", 1): (
        "an oversized cranium; a towering skull; an overgrown skull",
        "a skull like a watermelon standing on end; a head like a hot-air balloon; a head like a bishop's mitre; a "
        "dome of a skull like a cathedral; a head like an upside-down eggplant; a cranium like a squid; a head like "
        "a beehive; a skull like a gherkin; a brainiac's cranium; a Martian's cranium; a head like a mushroom cap; "
        "a head like a pineapple; a skull like an octopus; a head bound since birth like an ancient noble; a skull "
        "like a rocket nose; a head drawn out to a cone; a crown of the head that keeps on going",
        "long-craniumed; big-brained; balloon-skulled; dome-skulled; mitre-headed",
        "skull towers above the face; skull rises like a beehive; cranium is enormous; skull is pulled out like "
        "taffy; skull is far too long for the face; head goes up like a sugarloaf; braincase is swollen",
    ),
    ("oval", 1): (
        "a gently rounded long face; an ovoid face; a smooth oval face",
        "a face like an almond; a face like an olive; a face like a locket; a face like an Easter egg; a face like "
        "a hand mirror; a face like a medallion; a face like a pebble from the river; a face like a lemon without "
        "its tips; an egg of a face; a face in a soft balanced oval; a face like a painted miniature; a face like a "
        "grape; a face like a running track; a face like a teaspoon; a face without corners, longer than wide",
        "almond-faced; olive-faced; ovoid-headed; cameo-faced",
        "face is a perfect oval; face has the outline of an almond; face is smooth and egg-like; face tapers softly "
        "at both ends; face is elliptical; face would fit a locket",
    ),
    ("round", 1): (
        "a globular face; a spherical face; a balloon-like face; a disc-shaped face",
        "a face like a pie; a face like a cookie; a face like a beach ball; a face like a harvest moon; a face like "
        "a cantaloupe; a face like a pumpkin pie; a face like a doughnut; a head like a cannonball; a face like a "
        "clock; a face drawn with a compass; a face like a smiley; a head like a globe; a face like a snowman; a "
        "face like a tennis ball; a face like a pudding basin; a face like a sunflower; a head like a gumball; a "
        "face like a wheel of cheese; a head like a cabbage",
        "pie-faced; balloon-headed; cannonball-headed; pumpkin-faced; globe-headed",
        "face is a perfect circle; face is as round as a dinner plate; head is a sphere; face has no corners at "
        "all; head would roll away; face is as round as the moon; face is drawn with a compass",
    ),
    ("square", 1): (
        "a cubic head; a hard-edged face; a foursquare face; a squarish face",
        "a head like a shoebox; a head like a toaster; a face like a sugar cube; a head like a refrigerator; a face "
        "like a paving stone; a head like a filing cabinet; a face like a picture frame; a face hewn with an axe; a "
        "head like a Minecraft figure; a head like a robot; a face like a chocolate bar; a head like a crate; a "
        "face like a slice of toast; a face of right angles; a head like a safe; a head like a microwave oven",
        "cube-headed; box-headed; square-cut; hard-cornered",
        "face is a block; face is as square as a window; head is hewn from a block; face is all right angles; face "
        "has straight sides and hard corners; head is like a cube; face could have been cut with a saw",
    ),
    ("triangular", 1): (
        "a bottom-wide face; a bell-like face; a flaring lower face",
        "a face like an avocado; a face like a gumdrop; a face like a butternut squash; a face like a bowling pin; "
        "a face like an aubergine; a face like a tent; a face like a volcano; a face like a cowbell; a face like a "
        "bean bag; a face like a Christmas tree; a face that slumped to the bottom; a face like a sack of flour; a "
        "face like a lampshade; a face that grows heavier towards the jaw; a small top on a big bottom of a face",
        "bell-faced; bottom-wide; avocado-faced",
        "face spreads out towards the bottom; face is like a bell; face is widest at the jaw; face is narrow on top "
        "and wide below; weight of the face sits at the bottom; face flares out like a lampshade",
    ),
    ("triangular", -1): (
        "a wedge-shaped face; a funnel-shaped face; a tapering face",
        "a face like an ice cream cone; a face like a carrot; a face like a slice of pizza; a face like a guitar "
        "pick; a face like a spade on a playing card; a face like a praying mantis; a face like a radish; a face "
        "like an arrowhead; a face like a spinning top; a face like a fox; a face like a wedge of cheese; a face "
        "like a beetroot; a face like a shield; a face like a tulip; a face like a barn owl; a face pointed like a "
        "trowel",
        "funnel-faced; fox-faced; carrot-faced; cone-faced",
        "face ends in a point; face is wide on top and pointed below; face runs down to a tip; face is like a "
        "funnel; face is shaped like a wedge; face shrinks towards the chin; face has the outline of a shield",
    ),
    ("diamond", 1): (
        "an angular pointed face; a rhomboid face",
        "a face like a playing-card diamond; a face like a cut gem; a face like a road sign; a face like a "
        "harlequin's pattern; a face like a spinning dreidel; a face like an argyle sock; a face like a stingray; a "
        "face like a Christmas star with four points; a face like a baseball field; a face broad across the middle "
        "and tapering both ways; a face like a paper kite; a face pointed at both ends; a face like a turbot; a "
        "face like a faceted jewel",
        "rhombus-faced; gem-faced; pointed-at-both-ends",
        "face tapers above and below the cheekbones; face is widest between the ears and pointed at both ends; face "
        "has the outline of a kite; face is cut like a gem; face narrows towards the brow and the chin; face is a "
        "rhombus",
    ),
    ("forehead_height", 1): (
        "a soaring forehead; a lofty forehead; a broad tall forehead; a sky-high forehead",
        "a forehead like a landing strip; a forehead you could project a film on; a sixhead; a forehead like a "
        "tombstone; a forehead like a skyscraper; a forehead like a garage door; a lot of forehead; acres of "
        "forehead; a forehead like a whiteboard; a forehead like a cathedral wall; an Elizabethan queen's forehead; "
        "an intellectual's brow; a forehead to rent as advertising space; eyebrows a long way below the hairline; a "
        "forehead like a helipad; a philosopher's forehead; a forehead like a cinema screen; a face that is half "
        "forehead",
        "tall-foreheaded; lofty-browed; egg-browed; fiveheaded",
        "forehead never ends; forehead stretches up and up; forehead could host a billboard; forehead is half of "
        "the face; forehead towers over the eyes; forehead goes up to the sky; hairline is far away from the brows",
    ),
    ("forehead_height", -1): (
        "a shallow forehead; a scant forehead; a squat forehead; a skimpy forehead",
        "a forehead like a strip of tape; a forehead as low as a letterbox; a twohead; a forehead no taller than a "
        "matchbox; a brow like a bulldog clip; hair that begins just above the eyebrows; a forehead like a gibbon; "
        "a forehead squeezed between hair and brows; next to no forehead; a forehead like a headband; a hair's "
        "breadth of forehead; a forehead like a low ceiling; a forehead like a baboon; a forehead one could cover "
        "with a thumb; a sliver of forehead",
        "short-foreheaded; tiny-foreheaded; ape-browed",
        "hairline sits right over the eyebrows; forehead is a narrow strip; forehead is squeezed to nothing; "
        "forehead is no more than a sliver; forehead ends as soon as it starts; hair nearly meets the brows",
    ),
    ("forehead_bulge", 1): (
        "a swollen forehead; a ballooning forehead; a curved forehead; an arched-out forehead",
        "a forehead like a crash helmet; a forehead like half a melon; a forehead like a pillow; a forehead like "
        "the back of a spoon; a forehead like a watermelon; a forehead like a beach ball; a forehead like a "
        "cauldron; a forehead like a snow globe; a forehead like a whale; a forehead like an infant; a forehead "
        "like a light bulb; a forehead like a planetarium; a forehead puffed out like a loaf; a forehead round as a "
        "hill; a forehead like a flowerhorn fish",
        "bulgy-browed; round-browed; bulb-browed; balloon-browed",
        "forehead swells out like a loaf; forehead balloons over the eyes; forehead is as round as a ball; forehead "
        "is curved like a helmet; forehead pushes forward; forehead is puffed up",
    ),
    ("forehead_bulge", -1): (
        "an even forehead; a smooth flat forehead; a planar forehead",
        "a forehead like a cutting board; a forehead like a slate; a forehead like an ironing board; a forehead "
        "like a blackboard; a forehead like a tile; a forehead like a paving slab; a forehead like a tray; a "
        "forehead like a pane of glass; a forehead run over by a steamroller; a forehead like a tabletop; a "
        "forehead like a shutter; a forehead you could lay bricks on; a forehead like a shovel; a forehead like a "
        "cookie sheet",
        "flat-fronted; board-browed; slab-browed",
        "forehead is as flat as a tile; forehead has no roundness; forehead could be a tabletop; forehead looks "
        "steamrolled; forehead is flat as a board; forehead has been planed smooth",
    ),
    ("forehead_slope", 1): (
        "a sheer forehead; a perpendicular forehead; a straight upright forehead",
        "a forehead like a door; a forehead like the front of a house; a forehead that stands to attention; a "
        "forehead like a tombstone standing up; a forehead like a dam; a forehead like a lighthouse; a forehead "
        "like a chimney; a forehead like a tower wall; a forehead set at a right angle; a forehead like a fridge "
        "door; a forehead like a bus front; a forehead rising like a curtain; a forehead with no slant to it",
        "cliff-browed; upright-browed; wall-browed",
        "forehead stands straight; forehead goes up like a wall; forehead drops like a cliff; forehead is as "
        "upright as a door; forehead is plumb; forehead does not lean back; forehead is perpendicular",
    ),
    ("forehead_slope", -1): (
        "a backswept forehead; a tilted forehead; a low sloping forehead; a raked forehead",
        "a forehead like a ramp; a forehead like the bonnet of a sports car; a forehead like a windshield; a "
        "forehead like a wedge; a forehead like a lean-to roof; a forehead swept back like a shark; a forehead like "
        "a slide; a forehead like a gorilla in profile; a forehead like a lizard; a forehead that lies down; a "
        "forehead like a bull terrier; a forehead like a bird; a forehead falling away from the brows; a forehead "
        "like a hillside; a streamlined forehead",
        "backswept-browed; ramp-browed; sloping-headed",
        "forehead falls away; forehead lies back; forehead is a ramp; forehead is raked like a windshield; forehead "
        "goes straight back from the brows; forehead tips backwards; forehead is swept back",
    ),
    ("temples", 1): (
        "puffed-out temples; swollen temples; padded temples; rounded temples",
        "temples like a hammer; temples like doorknobs; temples that bulge like walnuts; temples like a bull's "
        "where the horns begin; temples puffed out like cheeks; temples like cushions; a head like a light bulb at "
        "the temples; temples that spread the arms of glasses; temples like boiled eggs; temples of a chewing "
        "muscleman; a wide band across the temples; temples like a pit viper; temples where horns could grow",
        "full-templed; bulging-templed; thick-templed",
        "temples swell outwards; temples are full; temples are padded; temples push the hair aside; head is widest "
        "at the temples; temples are rounded like walnuts",
    ),
    ("temples", -1): (
        "dented temples; scooped temples; concave temples; hollowed temples",
        "temples like thumbprints in clay; temples like a squeezed bottle; temples like dents in a can; temples "
        "like two spoons; temples like empty saucers; temples like an old horse; a head nipped in at the temples; a "
        "forehead squeezed by a clamp; temples like potholes; a head like an hourglass at the temples; temples "
        "sucked in; dips on both sides of the forehead; temples like the waist of a violin; a wasted look at the "
        "temples",
        "dented-templed; narrow-templed; pinched-templed",
        "temples are dented; temples dip inwards; temples have sunk in; temples are scooped out; head is nipped in "
        "at the temples; temples form two hollows",
    ),
    ("brow_height", 1): (
        "arched-up brows; elevated eyebrows; far-up eyebrows; uplifted brows",
        "eyebrows up in the hairline; eyebrows that have climbed the forehead; eyebrows like two kites in the sky; "
        "eyebrows of a silent film star; brows like the top of an arch; eyebrows hoisted like flags; eyebrows like "
        "a marionette; eyebrows on the second floor; brows that float over the eyes; brows drawn far above the "
        "lids; eyebrows that take the lift; eyebrows like a drag queen; a wide stretch of skin between lid and brow",
        "lofty-eyebrowed; raised-browed",
        "brows float high above the lids; eyebrows live near the hairline; eyebrows have climbed up; brows are "
        "lifted; eyebrows are a long way from the eyes; eyebrows hover over the eyes",
    ),
    ("brow_height", -1): (
        "sunken brows; down-set eyebrows; near-eye brows; lowslung brows",
        "eyebrows like a low roof; eyebrows sitting on the lids; eyebrows like a cap pulled down; brows like a "
        "thatched roof over the eyes; eyebrows like awnings; eyebrows that lean on the lashes; brows like storm "
        "clouds over the eyes; brows like a visor; eyebrows pressed onto the eyes; eyebrows hanging like a heavy "
        "curtain; brows like a hawk; eyebrows one finger from the pupil; eyebrows slumped over the eyes; no space "
        "for eye shadow",
        "brooding-browed; visor-browed",
        "brows press down on the lids; eyebrows rest on the eyes; eyebrows sit low; brows crowd the eyes; eyebrows "
        "hang over the eyes like a cap; brows are close to the lashes",
    ),
    ("brow_angle", -1): (
        "uptilted brows; winged eyebrows; rising eyebrows; oblique brows",
        "eyebrows like check marks; eyebrows like a hawk's wings; eyebrows like Mephisto; eyebrows like an angry "
        "bird; eyebrows like ramps; eyebrows like a horned owl; eyebrows like the blades of scissors; eyebrows like "
        "a Kabuki mask; eyebrows like lightning bolts; eyebrows flying up at the ends; eyebrows like two arrows "
        "pointing inwards; eyebrows like a demon mask; brows like a bird taking off; eyebrows like slashes; "
        "eyebrows like a lynx; eyebrows like a sorcerer",
        "wing-browed; upswept-browed; owl-browed; demon-browed",
        "eyebrows fly up at the ends; eyebrows form a v; brows climb towards the temples; eyebrows point down to "
        "the nose; outer ends of the brows go up; eyebrows spread like wings; brows are tilted upwards",
    ),
    ("brow_angle", 1): (
        "falling brows; slumping eyebrows; tented eyebrows; declining brows",
        "eyebrows like a gable; eyebrows like a pitched roof; eyebrows like a tent; eyebrows like a weeping willow; "
        "eyebrows like a beagle; eyebrows like a mime; eyebrows like Pierrot; eyebrows like a wilted plant; "
        "eyebrows like a circumflex; eyebrows like a walrus moustache; eyebrows like a puppy left alone; eyebrows "
        "like a hound; eyebrows like an open book face down; eyebrows sliding off the face; eyebrows like "
        "parentheses lying down",
        "roof-browed; sad-browed; sagging-browed; tent-browed",
        "eyebrows slide down at the sides; eyebrows form a roof; brows sink at the outer ends; brows are higher in "
        "the middle of the face; eyebrows lean outwards and down; eyebrows are tilted like a gable",
    ),
    ("brow_ridge", 1): (
        "a bulky brow; a bony brow; a rugged brow; a craggy brow; a beetling brow",
        "a brow like a visor; a brow like a shelf; a brow like a balcony; a brow like the bumper of a truck; a brow "
        "like a ledge of rock; a brow like a porch roof; a brow like a Viking helmet; a brow like a cave bear; a "
        "brow like a troll; a brow like a baseball cap; a brow like a Stone Age hunter; a brow like a silverback; "
        "an awning of bone; a brow that keeps the rain off the eyes; a brow like an orangutan; brow bones like a "
        "Klingon; a brow like a windowsill; a Cro-Magnon look above the eyes; a brow like a battering ram",
        "beetling; craggy-browed; ape-like; shelf-browed; troll-browed; bony-browed; ridge-browed",
        "brow hangs over the eyes like a ledge; brow is a wall of bone; brow shades the eyes; brow protrudes like a "
        "visor; brow is rugged and bony; brow sticks out like a balcony; brow is that of a cave dweller",
    ),
    ("brow_ridge", -1): (
        "a gentle brow; an even brow; a rounded-off brow; a light brow bone",
        "a brow like a baby; a brow like an eggshell; a brow like a mannequin; a brow sanded smooth; a brow like a "
        "ping-pong ball; a brow like a porcelain cup; a brow like a pebble; a brow without a ridge; a brow like a "
        "schoolgirl; a brow like marble; a brow as smooth as silk; a brow that melts into the nose; no ledge above "
        "the eyes; a brow like soap; a brow polished flat",
        "ridgeless; silk-browed; even-browed; fine-browed",
        "brow flows smoothly into the forehead; brow has no ridge; brow is sanded down; brow is gentle; brow bones "
        "are delicate; brow is polished like a pebble",
    ),
    ("eye_size", 1): (
        "enormous eyes; vast eyes; outsized eyes; wide large eyes; generous eyes",
        "eyes like soup plates; eyes like ping-pong balls; eyes like a Pixar character; eyes like a Disney "
        "princess; eyes like a calf; eyes like a loris; eyes like a giraffe; eyes like tea cups; eyes like lakes; "
        "eyes like a kewpie doll; eyes like a squid; eyes like a gazelle; eyes you could drown in; eyes like "
        "hubcaps; eyes like pools; eyes like a fawn; eyes like the windows of a cathedral; eyes like portholes; a "
        "spaniel's big eyes; eyes like billiard balls; eyes like a gremlin; eyes that dominate the face",
        "calf-eyed; gazelle-eyed; huge-eyed; moon-eyed; ox-eyed",
        "eyes fill the face; eyes are enormous; eyes are like two lakes; eyes dominate everything; eyes are far too "
        "big for the face; eyes are as big as tea cups; eyes look drawn by a manga artist",
    ),
    ("eye_size", -1): (
        "minute eyes; undersized eyes; teensy eyes; petite eyes; shrunken eyes",
        "eyes like poppy seeds; eyes like a shrew; eyes like a hippo; eyes like a rhino; eyes like a whale; eyes "
        "like caraway seeds; eyes like blueberries in dough; eyes like pencil dots; eyes like a hamster; eyes like "
        "a vole; eyes like apple pips; eyes like nail heads; eyes like peppercorns; eyes lost in the face; two "
        "specks for eyes; eyes like a snowman's coals; eyes like sesame seeds; eyes like black beads; eyes like "
        "full stops; eyes like ladybirds",
        "bead-eyed; mole-eyed; pinhead-eyed; button-eyed; little-eyed",
        "eyes are mere dots; eyes are little specks; eyes are like peppercorns; eyes get lost in the face; eyes are "
        "hardly bigger than peas; eyes are beady; eyes are much too small",
    ),
    ("eye_height", 1): (
        "rounded eyes; gaping eyes; open round eyes; moon-shaped eyes",
        "eyes like an owlet; eyes like hoops; eyes like round windows; eyes like a lemur's circles; eyes like "
        "bottle caps; eyes like a stuffed toy; eyes like coins; eyes like rings; eyes like a spooked cat; eyes like "
        "cherries; eyes like a night monkey; eyes like bull's-eyes; eyes like the letter O; eyes like a round-eyed "
        "doll; eyes like polka dots; eyes like camera lenses",
        "circle-eyed; coin-eyed; wide-open-eyed; ring-eyed",
        "eyes are as tall as they are wide; eyes are perfect circles; eyes are open wide like windows; eyes are "
        "like camera lenses; eyes show white all around; eyes are round as buttons",
    ),
    ("eye_height", -1): (
        "slitted eyes; squinty eyes; half-closed eyes; thread-thin eyes; flat eyes",
        "eyes like knife cuts; eyes like dashes; eyes like buttonholes; eyes like a sleepy cat; eyes like paper "
        "cuts; eyes like a gunslinger; eyes like willow leaves; eyes like mail slots; eyes like a crocodile at "
        "noon; eyes like cracks in a wall; eyes like a sailor facing the sun; eyes like blinds almost shut; eyes "
        "like a ninja; eyes like a needle's eye; eyes like hyphens; eyes squeezed to a line; eyes like rice grains",
        "squinty-eyed; slitty-eyed; line-eyed; snake-eyed; narrow-lidded",
        "eyes are just slits; eyes are as thin as threads; eyes are half shut; eyes look through a crack; eyes are "
        "like two dashes; eyes are narrow as buttonholes; eyes squint out of slits",
    ),
    ("eye_distance", 1): (
        "distant eyes; far-flung eyes; broadly spaced eyes; spread-out eyes",
        "eyes like a goat; eyes like a sheep; eyes like a rabbit on both sides; eyes like a horse, one on each "
        "side; a parking space between the eyes; eyes in different postcodes; eyes like a sole; eyes like the "
        "headlights of a truck; eyes that could look around corners; eyes drifting apart; a whole hand between the "
        "eyes; eyes like a dragonfly; eyes like a manatee; a broad bridge between the eyes; eyes like a pigeon; "
        "room for a third eye in between; eyes like a whale's, far from each other",
        "wide-spaced-eyed; goat-eyed; sheep-eyed; fish-eyed",
        "eyes have drifted apart; eyes keep their distance; eyes live at opposite ends of the face; eyes leave room "
        "for a third; eyes are a mile apart; eyes look to both sides; eyes have a wide gap between them",
    ),
    ("eye_distance", -1): (
        "near-set eyes; tightly spaced eyes; crowded eyes; near-together eyes; converging eyes",
        "eyes like binoculars; eyes like a figure eight; eyes like a pair of cherries; eyes like a baboon; eyes "
        "like a double-barrelled gun; eyes like a lemur huddled together; eyes like a colon on its side; eyes like "
        "two peas in a pod; eyes like a ferret; eyes cuddling up to each other; eyes that share one socket; eyes "
        "like a capuchin; eyes like a pair of scissor handles; eyes with no room between them; eyes almost on the "
        "nose; eyes like a rat",
        "ferret-eyed; weasel-eyed; near-eyed; close-spaced-eyed",
        "eyes huddle together; eyes crowd the bridge of the nose; eyes nearly share a socket; eyes have no gap "
        "between them; eyes are squeezed together; eyes hug the nose; eyes stand shoulder to shoulder",
    ),
    ("eye_depth", 1): (
        "inset eyes; buried eyes; far-back eyes; deep-lying eyes",
        "eyes like tunnels; eyes like a mine shaft; eyes like two wells; eyes like a ghost; eyes like keyholes; "
        "eyes peering from a cave; eyes like the windows of a bunker; eyes like potholes; eyes like a zombie; eyes "
        "like holes in the snow; eyes like burrows; eyes like a badger in its den; eyes retreating into the head; "
        "eyes like a Rembrandt portrait; eyes like coals in a pit; eyes under the eaves; eyes like empty sockets; "
        "dark hollows for eyes; eyes in shadowy pits",
        "cave-eyed; deep-socketed; hollow-socketed; buried-eyed",
        "eyes peer out of caves; eyes have withdrawn into the skull; eyes are buried in their sockets; eyes sit in "
        "deep pits; eyes lie in shadow; eyes are set far back; eyes have sunk in; sockets are deep",
    ),
    ("eye_depth", -1): (
        "bulbous eyes; jutting eyes; staring bulgy eyes; outstanding eyes; swollen-out eyes",
        "eyes that pop out; eyes like a crab; eyes like a lobster; eyes like a chameleon; eyes like a snail; eyes "
        "like a Boston terrier; eyes like a telescope fish; eyes like a fly; eyes like boiled eggs; eyes like a "
        "squeezed rubber toy; eyes about to fall out; eyes like golf balls on a face; eyes like doorknobs; eyes "
        "like a tree frog; eyes pushed out from behind; eyes like a mudskipper; eyes jumping out of their sockets; "
        "eyes of a thyroid patient; eyes like grapes about to burst; eyes like a bullfrog",
        "bulging-eyed; lobster-eyed; egg-eyed; bulge-eyed; crab-eyed",
        "eyes jump out of their sockets; eyes look ready to fall out; eyes bulge like a pug's; eyes start from the "
        "head; eyes stand out like marbles; eyes are pushed out of the skull; eyes stick out like a snail's",
    ),
    ("eye_slant", 1): (
        "oblique eyes; lifted eyes; uptilted eyes; wing-shaped eyes",
        "eyes like a leopard; eyes like a panther; eyes like a lynx; eyes like a tigress; eyes like a wolf; eyes "
        "like a sphinx cat; eyes like a winged eyeliner; eyes like a dragon; eyes like a genie; eyes like a "
        "kitsune; eyes like a faun; eyes swept up at the ends; eyes like a Burmese kitten; eyes like leaves "
        "pointing up; eyes like cat-eye glasses; eyes pulled up by a tight ponytail; eyes like two rising arrows; "
        "eyes like an Egyptian goddess",
        "lynx-eyed; tiger-eyed; tilt-eyed; feline-eyed",
        "eyes are swept up at the ends; eyes are tilted like a cat's; outer corners of the eyes lie high; eyes lift "
        "at the sides; eyes run up to the temples; eyes are feline; eyes are set at a slant",
    ),
    ("eye_slant", -1): (
        "down-sloping eyes; sinking eyes; doggy eyes; slumped eyes",
        "eyes like a beagle; eyes like a cocker spaniel; eyes like a sad puppy; eyes like a sloth; eyes like a "
        "panda; eyes like wilting leaves; eyes like a mournful hound; eyes that melt down the face; eyes like a "
        "donkey; eyes like sad teardrops; eyes running downhill; eyes like an old mastiff; eyes like a weeping "
        "clown; eyes like a turned-down smile; eyes like commas; eyes like a seal pup sliding down",
        "puppy-eyed; spaniel-eyed; sad-eyed; beagle-eyed; dog-eyed",
        "eyes slide downhill; eyes melt towards the cheeks; outer corners of the eyes lie low; eyes hang like a "
        "hound's; eyes fall away at the sides; eyes run down at the ends; eyes look like a beagle's",
    ),
    ("eye_bags", 1): (
        "saggy under-eyes; pouchy eyes; bulging under-eyes; droopy lower lids",
        "bags like tea bags; luggage under the eyes; cushions beneath the eyes; bags like hammocks; bags like a new "
        "parent; bags like half moons under the eyes; sausages under the eyes; eyes like an insomniac; eyes after a "
        "night on the town; puffs beneath the lower lashes; water pillows under the eyes; purses under the eyes; "
        "bags like a bloodhound; eyes of a weary barkeeper; swollen crescents under the eyes; eyes in need of "
        "cucumber slices; jet lag in the face; eyes of a student before exams; saddlebags under the eyes; ravioli "
        "under the eyes",
        "bag-eyed; bleary-bagged; sleep-deprived",
        "eyes have luggage; eyes sit on cushions; lower lids hang like hammocks; skin under the eyes is swollen; "
        "eyes are puffed up from below; lower lids bulge; eyes show years of lost sleep",
    ),
    ("eyelid_fold", 1): (
        "sleepy-lidded eyes; lowered heavy lids; shuttered eyes; thick-lidded eyes; droopy lids",
        "eyelids like garage doors half shut; lids like window blinds; eyelids like awnings; eyes like a bored "
        "camel; eyes like a tortoise; lids like theatre curtains; eyelids like hoods of a cloak; eyelids like a "
        "crocodile; lids like the lids of treasure chests; eyelids like a bullfrog; eyelids like tent flaps; lids "
        "like rolling shutters; a fold of skin over the lashes; eyes that can hardly lift their lids; lids full of "
        "lead; a cobra's hood above the eyes; lids like an iguana; lids like a llama; lids resting on the lashes",
        "shutter-eyed; thick-lidded; sleepy-lidded; lazy-lidded; droopy-lidded",
        "eyelids weigh a ton; lids are half-mast; lids come down like shutters; eyes hide under a fold of skin; "
        "upper lids sag over the lashes; eyes peek out from under thick lids; lids are full of lead",
    ),
    ("nose_size", 1): (
        "a hefty nose; a mighty nose; a sizeable nose; a monstrous nose; a whopping nose",
        "a hooter; a schnozzola; a sniffer like a vacuum cleaner; a nose like a tapir's trunk; a nose like an "
        "elephant seal; a nose like a moose; a nose like a bagpipe; a nose with its own postcode; a nose like a "
        "boat; a nose like a ham; a nose like a fire hydrant; a nose that casts a shadow; a mountain of a nose; a "
        "nose like a doorstop; a nose like a trombone; a nose like a fist; a nose that blocks the view; a nose "
        "built for two; a nose like a boot; a nose one sees before the person; a nose like an eggplant; quite a "
        "conk",
        "trunk-nosed; huge-nosed; mighty-nosed; conk-faced; elephant-nosed",
        "nose arrives before the rest; nose casts a shadow over the mouth; nose takes up half the face; nose is "
        "enormous; nose deserves a postcode of its own; nose is the size of a fist; nose overshadows everything; "
        "nose is a monument",
    ),
    ("nose_size", -1): (
        "a dinky nose; a mini nose; a compact nose; a diminutive nose; a wee nose",
        "a nose like a chickpea; a nose like a raisin; a nose like a lentil; a nose like a thimble; a nose like a "
        "pearl; a nose like a cherry stone; a nose like a snap fastener; a nose like a dormouse; a nose like a "
        "hamster; a nose like a puppy's little one; a dot of a nose; a nose like a bead; a nose like a chick; a "
        "nose like a manga girl; a nose like a hazelnut; a snub of nothing in the middle of the face; a nose like "
        "an acorn; a speck of a nose; a nose like a drawing pin; a nose too small to hold glasses",
        "petite-nosed; mini-nosed; dainty-nosed; bead-nosed",
        "nose is a mere dot; nose is as small as a pea; nose can barely hold glasses; nose is a speck; nose is lost "
        "between the cheeks; nose is no bigger than a thimble; nose is dainty",
    ),
    ("nose_length", 1): (
        "an extended nose; a drawn-out nose; a longish nose; a trailing nose",
        "a nose like a broomstick; a nose like a swordfish; a nose like a woodpecker; a nose like a hummingbird; a "
        "nose like a snowman's carrot; a nose like an elephant's trunk reaching down; a nose like a yardstick; a "
        "nose like a kiwi bird; a nose like a snipe; a nose like a garden hose; a nose like a banana; a nose like "
        "an aardvark; a nose like a parsnip; a nose as long as a finger; a nose like a drainpipe; a nose like a "
        "crane; a nose like an exclamation mark; a wooden puppet's nose; a nose like an icicle reaching for the lip",
        "carrot-nosed; stork-nosed; lengthy-nosed; swordfish-nosed",
        "nose goes down and down; nose grows with every lie; nose dips into the soup; nose almost touches the lip; "
        "nose is as long as a finger; nose stretches from brow to mouth; nose has no end",
    ),
    ("nose_length", -1): (
        "an abbreviated nose; a stumpy nose; a squat nose; a clipped nose",
        "a nose like a cut-off cork; a nose like a cigarette stub; a nose like a bulldog clip; a nose like a boxer "
        "dog; a nose like a koala's stub; a nose like an owl; a nose cut off halfway; a nose like a British "
        "shorthair; a nose like a seal; a nose like a cashew; a nose like a shih tzu; a nose that ran out of "
        "material; a wide gap between nose and lip; a nose like a thumb stump; a nose like a Lego stud; a nose that "
        "gives up halfway",
        "stumpy-nosed; clipped-nosed; stubby-nosed; cork-nosed",
        "nose gives up halfway; nose is cut off early; nose is a little stub; nose is over in no time; nose leaves "
        "a long way to the mouth; nose ran out of length",
    ),
    ("nose_depth", 1): (
        "an outstanding nose; a bold nose; a salient nose; a far-projecting nose",
        "a nose like a coat hook; a nose like a door handle; a nose like a figurehead; a nose like a sail; a nose "
        "like a bay window; a nose like a ski jump tower; a nose like a plough; a nose like a gangplank; a nose "
        "like a keel; a nose like a diving board; a nose like a faucet; a nose like a rhinoceros horn; a nose like "
        "a crow; a nose like a cliff in profile; a nose like a wedge of cake; a nose that arrives early in profile; "
        "a nose like a pyramid; a nose you can hang your hat on",
        "bold-nosed; jut-nosed; keel-nosed",
        "nose stands far off the face; nose projects like a shelf; nose leads the way; nose pokes out like a diving "
        "board; nose cuts the air in profile; nose rises high from the face; nose sticks out a mile",
    ),
    ("nose_depth", -1): (
        "a sunken nose; a compressed nose; a shallow nose; a bridge-less nose; a smooshed nose",
        "a nose like a monkey; a nose like a snake; a nose like a hippo in profile; a nose ironed flat; a nose like "
        "a stamp; a nose like a Persian kitten; a nose that met a frying pan; a nose like a street fighter; a nose "
        "like a skull; a nose with no bridge; a nose like a sticker; a nose run over by a truck; a nose like a "
        "flounder; a nose after ten rounds in the ring; a nose like a pug in profile; a prizefighter's squashed "
        "nose; a nose that no glasses would stay on; a nose level with the cheeks",
        "pancake-nosed; flattened-nosed; squashed-nosed; boxer-nosed",
        "nose is level with the cheeks; nose is as flat as a stamp; nose has no bridge; nose was punched in; nose "
        "barely lifts off the face; nose is ironed flat; nose looks sat upon; glasses slide off the nose",
    ),
    ("nose_width", 1): (
        "an expansive nose; a squat wide nose; a spreading nose; a stout nose",
        "a nose like a bell pepper; a nose like a gorilla's wide one; a nose like a saddle bag; a nose like a toad; "
        "a nose like a cow; a nose like a spatula; a nose like a tent; a nose like a hog's wide snout; a nose like "
        "a fig; a nose like a mushroom; a nose like a pancake spread out; a nose like an open fan; a nose like a "
        "buffalo; a nose like a manta ray; a nose like a shoe sole; a nose from cheek to cheek; a nose like a bear; "
        "a nose like a garlic bulb",
        "spread-nosed; cow-nosed; bull-nosed; fan-nosed",
        "nose spreads like butter; nose goes from cheek to cheek; nose is wider than the mouth; nose is as wide as "
        "it is long; wings of the nose spread wide; nose is a wide triangle",
    ),
    ("nose_width", -1): (
        "a lean nose; a skinny nose; a tight nose; a bladelike nose",
        "a nose like a letter opener; a nose like a paper fold; a nose like a shark's dorsal fin; a nose like a peg "
        "was on it; a nose like a credit card; a nose like a whippet; a nose like an axe; a nose like a chisel; a "
        "nose like a coin on its edge; a nose like a heron; a nose like a candle wick; a nose pressed together by "
        "two fingers; a nose like a fish bone; a nose like a scalpel; a nose like a ridge of a roof; a nose like an "
        "aristocrat from a portrait; a nose like a sliver of almond",
        "blade-nosed; knife-nosed; skinny-nosed; lean-nosed",
        "nose is thin as a blade; nose looks squeezed by a clothes peg; nose is a sharp ridge; nose is skinny; nose "
        "is as thin as a sheet of paper",
    ),
    ("nose_hump", 1): (
        "an arched nose; a bumpy nose; a knobbly-bridged nose; a high-bridged humped nose; a bowed nose",
        "a nose like a sickle; a nose like a condor; a nose like a can opener; a nose like a macaw; a nose like a "
        "camel's back; a nose like a boomerang; a nose like a scimitar; a nose like a billhook; a nose like a Roman "
        "emperor; a nose with a speed bump; a nose like a tomahawk; a nose that broke once and set wrong; a nose "
        "like a banana turned down; a nose like a senator's bust; a nose like a cockatoo; a nose with a knuckle in "
        "it; a nose like a hill; a nose like a bald eagle; a nose like a kestrel; a nose like an old sea captain's, "
        "broken twice; a ram's nose",
        "parrot-nosed; hump-nosed; arch-nosed; ram-nosed",
        "nose arches like a bridge; nose bends in the middle; nose is curved like a sickle; nose looks broken; nose "
        "bulges on the bridge; nose has a knob halfway down; nose is a beak",
    ),
    ("nose_curve", 1): (
        "a dipped nose; a curved-in nose; a scoop-shaped nose; a sagging-bridged nose; a swaybacked nose",
        "a nose like a ladle; a nose like a skateboard ramp; a nose like a gravy boat; a nose like a half-pipe; a "
        "nose like a toboggan run; a nose like a hammock; a nose like a shoehorn; a nose like a Turkish slipper; a "
        "nose like a swing; a nose like a soup spoon in profile; a nose like a cartoon pixie; a nose like a quarter "
        "moon; a nose like a waterslide; a nose bent inward like a bow; a nose like a gnome girl; a nose with a "
        "valley in it; a nose that swoops; a nose like a jug's spout",
        "scooped-nosed; concave-nosed; spoon-nosed; slide-nosed",
        "nose swoops down and out; nose bends inwards; bridge of the nose is hollow; bridge of the nose dips; nose "
        "is curved like a spoon; nose sags in the middle; nose has a valley",
    ),
    ("nose_point", 1): (
        "a tilted-up nose; a cocked-up nose; a lifted nose tip; an uptilted nose; a saucy nose",
        "a nose like a pug puppy; a nose like a garden gnome; a nose like a ski ramp; a nose like a light switch "
        "turned on; a nose like a hog; a nose that catches the rain; a nose like a boar; a nose like the toe of a "
        "slipper; a nose like a bat's turned-up one; a nose like a shrew sniffing the air; a nose that looks up at "
        "the ceiling; a nose like a bottle opener; a snooty nose; an impish nose",
        "tilt-nosed; perky-nosed; turned-up-nosed; uppity-nosed; piggy-nosed",
        "nose catches the rain; nose looks at the ceiling; tip of the nose is raised; nose tilts up; nostrils face "
        "forward; nose tip is cocked up; nose is perky; nose is like a piglet's",
    ),
    ("nose_point", -1): (
        "a dangling nose; a dipping nose; a falling nose; a lowered nose tip; a down-pointing nose",
        "a nose like a vulture over the lip; a nose like a dripping candle; a nose like a drooping banana; a nose "
        "like an elephant seal hanging; a nose like a ripe pear on a branch; a nose like a water drop; a nose like "
        "a wilted flower; a nose like a turkey's snood; a nose like a fishing hook; a nose like a down arrow; a "
        "nose like a weeping willow; a nose like a Halloween hag; a nose like a sock with a stone in it; a nose "
        "dipping into the moustache; a nose that looks at its shoes; a nose drawn down by its own weight; a nose "
        "like an old crone's",
        "sag-nosed; drip-nosed; down-nosed; tapir-nosed",
        "nose looks at its shoes; tip of the nose dips towards the lip; nose is dragged down by its own weight; "
        "nose drips like wax; nose dangles over the mouth; nose tip is lowered; nose points at the chin",
    ),
    ("nose_bulb", 1): (
        "a blobby nose; a rounded nose tip; a bulby nose; a swollen nose tip; a globular nose",
        "a nose like a doorknob; a nose like a radish; a nose like a golf ball; a nose like a meatball; a nose like "
        "a cherry tomato; a nose like a walnut; a nose like an onion; a nose like a ping-pong ball; a nose like a "
        "Brussels sprout; a nose like a plum on a stick; a nose like a gnome; a nose like a dwarf; a nose like a "
        "dumpling; a nose like an old sailor's; a nose like a beet; a nose like a pestle; a nose like a bath plug; "
        "a nose like a cotton ball; a nose like a cork; a nose like a wine lover; a blob of a nose; a mushroom of a "
        "nose",
        "ball-nosed; onion-nosed; blob-nosed; clown-nosed; turnip-nosed; round-nosed",
        "nose ends in a knob; nose is like a doorknob; nose tip is as round as a cherry; nose is a blob; nose is "
        "swollen at the tip; nose ends like an onion; nose tip is a ball",
    ),
    ("nose_bulb", -1): (
        "a spiked nose; a tapered nose; a fine-tipped nose; a keen nose; a sharp-tipped nose",
        "a nose like a dart; a nose like a pin; a nose like a sewing needle; a nose like a sparrow; a nose like a "
        "mosquito; a nose like a bodkin; a nose like a stiletto heel; a nose like a pen nib; a nose like a "
        "thumbtack; a nose like an awl; a nose like an arrow; a nose like a weasel; a nose like a rat; a nose like "
        "a corkscrew's tip; a nose like a paper plane; a nose like a toothpick; a nose that pops balloons; a nose "
        "like a woodcock",
        "spike-nosed; dart-nosed; fox-nosed; peak-nosed",
        "nose could pop balloons; nose ends like a needle; nose tapers to a fine tip; tip of the nose is as sharp "
        "as a pin; nose could write a letter",
    ),
    ("nostrils", 1): (
        "broad nostrils; enlarged nostrils; dilated nostrils; roomy nostrils; distended nostrils",
        "nostrils like a bison; nostrils like a hippo; nostrils like railway tunnels; nostrils like a "
        "double-barrelled shotgun; nostrils like a gorilla; nostrils like manholes; nostrils like a camel in the "
        "wind; nostrils like trumpets; nostrils like wine glasses; nostrils like a racehorse at the finish; "
        "nostrils to fit a thumb; nostrils like a power socket; nostrils like mouse holes; nostrils like a pig; "
        "nostrils like a bowling ball; nostrils like coin slots blown open; nostrils wide as barn doors; nostrils "
        "like the vents of a sports car; winged flaring nose wings; nostrils big enough for a walnut",
        "big-nostrilled; bull-nostrilled; cave-nostrilled; open-nostrilled",
        "nostrils are like tunnels; nostrils are blown open; nostrils could hold a thumb; nostrils open wide; "
        "nostrils are dilated; nostrils are as wide as barn doors; nostrils spread at every breath",
    ),
    ("mouth_width", 1): (
        "an ample mouth; a generous mouth; an extended mouth; a stretched mouth; a capacious mouth",
        "a mouth like a bullfrog; a mouth like a whale; a mouth like a clown; a mouth like a banana; a mouth like a "
        "drawer pulled open; a mouth like a pelican; a mouth like a ventriloquist's dummy; a mouth like a catfish; "
        "a mouth like a cave entrance; a mouth like a zip; a mouth like a garage; a mouth like a piano keyboard; a "
        "mouth that swallows a burger whole; a mouth like a hand puppet; a mouth like a suitcase; a mouth like a "
        "basking shark; a mouth like a slice of watermelon; a mouth that meets the ears; a gob like a bucket; a "
        "cakehole as wide as a barn door",
        "large-mouthed; clown-mouthed; letterbox-mouthed; whale-mouthed",
        "mouth reaches from ear to ear; mouth could swallow a melon; mouth takes the whole width of the face; mouth "
        "is a letterbox; mouth almost meets the ears; mouth is large; mouth is stretched wide",
    ),
    ("mouth_width", -1): (
        "a pinched mouth; a compact mouth; a minute mouth; a mini mouth; a tight little mouth",
        "a mouth like a thimble; a mouth like a pinhole; a mouth like a raspberry; a mouth like a button hole; a "
        "mouth like a seahorse; a mouth like a bird; a mouth like a porcelain doll; a mouth like a keyring; a mouth "
        "like a pufferfish; a mouth that could only sip; a mouth like a bottleneck; a mouth like a whistle; a mouth "
        "no bigger than a coin; a mouth like a strawberry; a mouth like a cupid; a mouth like a pea pod; a bud of a "
        "mouth; a mouth like a full stop; a mouth like a hamster; a mouth for drinking through a straw",
        "mini-mouthed; narrow-mouthed; cherry-mouthed; bud-mouthed",
        "mouth is no bigger than a coin; mouth is a dot; mouth can hardly fit a spoon; mouth is a little bud; mouth "
        "is pinched; mouth is dainty; mouth would suit a doll",
    ),
    ("lips", 1): (
        "ample lips; juicy lips; meaty lips; pillowy lips; bulging lips; lush lips",
        "lips like a hippo; lips like inner tubes; lips like a sofa; lips like slices of mango; lips like bananas; "
        "lips like hot dogs; lips like wax candy; lips like a blowfish; lips like marshmallows; lips like bicycle "
        "tyres; lips like a camel; lips like plums; lips like a catfish; lips like a lip gloss advert; lips like "
        "beef steaks; lips like jelly rolls; lips like a beauty influencer; lips stung by a swarm; lips like a pair "
        "of pillows; lips like orange segments; lips like gummy bears; a filler enthusiast's lips",
        "pillow-lipped; juicy-lipped; pouty-lipped; sausage-lipped; fat-lipped; heavy-lipped",
        "lips are pumped up; lips bulge; lips are like pillows; lips are juicy; lips are swollen like tyres; lips "
        "look stung by bees; lips are meaty; lips pout on their own",
    ),
    ("lips", -1): (
        "paper-thin lips; slight lips; scant lips; sparse lips; shrivelled lips; stringy lips",
        "lips like threads; lips like a snake; lips like a turtle; lips like a lipless frog; lips like two strings; "
        "lips like a zipper; lips like an envelope; lips like a fine pen line; lips like a fold in paper; lips like "
        "a bookkeeper; lips sucked into the mouth; lips like a scar; lips like a knife slit; lips like a hyphen; "
        "lips like a tortoise; lips like a governess; lips like a gecko; lips swallowed up; lips like dental floss; "
        "next to no lips; lips like wire",
        "slit-lipped; string-lipped; paper-lipped; lizard-lipped; narrow-lipped",
        "lips are mere threads; lips are swallowed up; lips form a thin line; lips are as thin as wire; lips have "
        "vanished; lips are like a slit; lips are fine as hair; lips are hard to find",
    ),
    ("mouth_corners", 1): (
        "uplifted mouth corners; a curled-up mouth; an up-curving mouth; perked-up mouth corners",
        "a mouth like a gondola; a mouth like a banana smile; a mouth like a hammock; a mouth like a cat that got "
        "the cream; a mouth like a beluga; a mouth like a horseshoe for luck; a mouth like a rocking chair; a mouth "
        "like a boat; a mouth like a Cheshire cat at rest; a mouth like a melon slice; a mouth like the letter u; a "
        "mouth like a new moon lying down; a mouth like an emoji; corners curled like old paper; a mouth like an "
        "axolotl; a mouth like a sickle pointing up; a mouth with its ends in the air; a mouth like a salamander; a "
        "mouth like a viking ship",
        "upturned-mouthed; curl-mouthed; crescent-mouthed",
        "mouth curls up at the ends; corners of the mouth are lifted; mouth has the shape of a boat; mouth corners "
        "perk up; mouth is built like a smile; mouth bends up at both sides; ends of the mouth rise",
    ),
    ("mouth_corners", -1): (
        "a slumping mouth; lowered mouth corners; a drooped mouth; sinking mouth corners; a down-curving mouth",
        "a mouth like a toad; a mouth like a bridge; a mouth like a tunnel arch; a mouth like a boxer dog; a mouth "
        "like a bass; a mouth like an umbrella; a mouth like a halibut; a mouth like a tragedy mask; a mouth like a "
        "crescent upside down; a mouth like a cod; a mouth like a basset; a mouth like a mastiff; a mouth like a "
        "wilted petal; a mouth like a camel; a mouth like a monkfish; a mouth like a sad emoji; a mouth with "
        "corners full of lead; a mouth like a bent coat hanger; a mouth like an omega",
        "cod-mouthed; sag-mouthed; downturned-mouthed; bulldog-mouthed",
        "corners of the mouth sink; mouth corners are full of lead; mouth is an upside-down crescent; mouth arches "
        "like a bridge; mouth sags at both sides; ends of the mouth fall; mouth droops at the corners",
    ),
    ("mouth_level", 1): (
        "a brief upper lip; a raised mouth; a high-set mouth; an abridged philtrum",
        "a mouth tucked under the nose; a mouth that has moved up; a mouth like a bunny, right under the nose; a "
        "nose that nearly rests on the lip; a mouth crowding the nostrils; a squirrel's short upper lip; a mouth "
        "like a hamster close to the nose; a philtrum no longer than a grain of rice; a mouth hitched up to the "
        "nose; no place for a milk moustache; a lip hitched up under the nostrils; a mouth like a kitten right "
        "below the nose; a mouth near the nose with a lot of chin below; barely a finger between nose and mouth",
        "high-lipped; short-philtrumed",
        "mouth is tucked under the nose; mouth almost touches the nostrils; nose and mouth are neighbours; mouth "
        "has moved up; upper lip is hardly there between nose and mouth; mouth lies close below the nose; philtrum "
        "is tiny",
    ),
    ("mouth_level", -1): (
        "a lengthy upper lip; a tall philtrum; a lowered mouth; a stretched philtrum; a low-set mouth",
        "an upper lip like a bonobo; an upper lip like a llama; a mouth that has slipped down; an upper lip like a "
        "wall; a long way from nose to mouth; an upper lip with room for a big moustache; an upper lip like a "
        "leprechaun; an upper lip like a moose; an upper lip like a horse; a mouth living next to the chin; an "
        "upper lip like a billboard; a mouth like a cartoon monkey; an upper lip like a gibbon; an upper lip as "
        "tall as the nose; a mouth sunk to the bottom; an upper lip like a tapir; a broad field between nose and "
        "lip; an upper lip like a circus chimp",
        "long-philtrumed; monkey-lipped; ape-lipped; tall-lipped",
        "mouth has slipped down towards the chin; upper lip is as tall as a wall; nose and mouth are far apart; "
        "mouth lives near the chin; upper lip has room for a big moustache; philtrum goes on and on; space above "
        "the lip is huge",
    ),
    ("chin_prominence", 1): (
        "a bold chin; a projecting chin; a forceful chin; an outthrust chin",
        "a chin like a bumper; a chin like a plough; a chin like a ski boot; a chin like a doorstep; a chin like a "
        "snowplough; a chin like a comic-book hero; a chin like a balcony; a chin that arrives first; a chin like a "
        "boot; a chin like a battering ram; a chin like a ladle; a chin like a drawbridge; a chin you could rest a "
        "cup on; a chin to lean a ladder on; a chin like a hag's, reaching for the nose",
        "bold-chinned; jutting-chinned; shovel-chinned; forward-chinned",
        "chin enters the room first; chin pokes out like a shelf; chin is thrust forward; chin stands out in "
        "profile; chin is bold; chin points ahead",
    ),
    ("chin_prominence", -1): (
        "a vanishing chin; a meek chin; an absent chin; a shrinking chin; an undeveloped chin",
        "a chin like a guinea pig; a chin like a lizard; a chin like a chicken; a chin like a tadpole; a chin like "
        "an eel; a profile without a chin; a neck that starts at the lip; a chin that never grew; a chin like a "
        "mole; a chin like a duckling; a chin like a melted candle; a chin swallowed by the neck; a chin in "
        "retreat; next to no chin",
        "meek-chinned; retreating-chinned; no-chinned",
        "chin never grew; chin is swallowed by the neck; chin retreats; chin hides behind the lip; chin is nowhere "
        "to be seen; lip goes straight down into the neck",
    ),
    ("chin_width", 1): (
        "a blocky chin; a stout chin; a chunky chin; a hefty chin",
        "a chin like a spade; a chin like a toolbox; a chin like a shoebox; a chin like a toaster; a chin like a "
        "paving stone; a chin like a mallet; a chin like a bread box; a chin like a bulldozer blade; a chin like a "
        "suitcase; a chin like a blacksmith; a chin like the heel of a boot; a chin with two corners; a chin wide "
        "enough for a billboard",
        "blunt-chinned; block-chinned; thick-chinned",
        "chin has two corners; chin is a block; chin is cut straight across; chin spreads wide; chin is like the "
        "end of a box; chin is blunt",
    ),
    ("chin_width", -1): (
        "a spiky little chin; a fine chin; a peaked chin; a wedge of a chin",
        "a chin like a thorn; a chin like a pencil tip; a chin like an ice cream cone; a chin like a fox; a chin "
        "like an arrowhead; a chin like a strawberry tip; a chin like a dagger; a chin like a fairy; a chin like a "
        "dart; a chin like a radish; a chin like a guitar pick; a chin like a teardrop upside down; a chin like a "
        "beak; a chin like a witch's hat turned over",
        "peak-chinned; spike-chinned; fox-chinned; thin-chinned",
        "chin runs to a point; chin is as sharp as a thorn; chin is a spike; chin could pop a balloon; chin narrows "
        "like a cone; chin is like an arrowhead",
    ),
    ("chin_height", 1): (
        "a deep chin; a drawn-out chin; a stretched chin; a never-ending chin",
        "a chin like a spatula; a chin like a moose; a chin like a shoehorn; a chin like a banana; a chin like a "
        "surfboard; a chin like a goat; a chin like a long boot; a chin like an icicle; a chin like a trowel; a "
        "chin hanging over the collar; a lot of chin below the mouth; a chin as tall as the nose; a chin that "
        "touches the tie",
        "deep-chinned; horse-chinned; stretched-chinned",
        "chin goes on and on; chin touches the collar; chin is as tall as the nose; chin is drawn out; chin drops a "
        "long way below the lip; chin adds an inch to the face",
    ),
    ("chin_height", -1): (
        "a stumpy chin; a brief chin; a squat chin; a shallow chin",
        "a chin like a kitten; a chin like a walnut; a chin like a thimble; a chin like a stub; a chin like a frog; "
        "a chin like a teddy; a chin like an owl; a chin like a puppy; a sliver of a chin; no space below the lower "
        "lip; a chin like a bottle cap; a lower lip that is almost the end of the face; a chin like a chick; a chin "
        "cut off under the lip",
        "stubby-chinned; tiny-chinned; stumpy-chinned; squat-chinned",
        "chin stops right under the lip; chin is a sliver; chin is stubby; mouth sits at the very bottom of the "
        "face; chin is over at once; chin is as short as a thumb tip",
    ),
    ("bite", 1): (
        "a pushed-out lower jaw; a thrusting lower jaw; a bulldoggish jaw; an outthrust underjaw",
        "a jaw like a bulldozer; a jaw like a drawer left open; a jaw like a moray eel; a jaw like a troll; a jaw "
        "like a boar; a jaw like a barracuda; a jaw like an excavator; a jaw like a shih tzu; lower teeth that lead "
        "the way; a jaw like a warthog; a lower lip that catches the rain; a jaw like a cash register; a jaw like a "
        "Spanish king in an old portrait; a jaw like a nutcracker pulled forward",
        "underjawed; jut-jawed; drawer-jawed; orc-jawed",
        "lower jaw stands out like a drawer; lower lip catches the rain; lower teeth bite in front of the upper; "
        "jaw is thrust out; underjaw sticks out; lower jaw overtakes the upper",
    ),
    ("bite", -1): (
        "a pulled-back lower jaw; protruding upper teeth; a retreating lower jaw; prominent front teeth; toothy "
        "overbite",
        "teeth like a rabbit; teeth like a squirrel; teeth like a marmot; a jaw like a hare; teeth that could open "
        "a can; front teeth resting on the lower lip; a lower jaw hiding behind the upper; a mouth like a horse "
        "with big front teeth; a jaw like a gopher; a mouth like a chipmunk gnawing; teeth to eat an apple through "
        "a fence; a jaw like a woodchuck; a lower lip tucked under the teeth; a jaw like a shrew",
        "beaver-toothed; goofy-toothed; horse-toothed; bunny-toothed",
        "front teeth rest on the lower lip; lower jaw hides behind the upper; lower lip disappears under the teeth; "
        "teeth stick out in front; lower jaw is too far back; upper teeth come first",
    ),
    ("chin_cleft", 1): (
        "a notched chin; a grooved chin; a dented chin; a parted chin; a creased chin",
        "a chin like an apricot; a chin like a plum; a chin like a coffee bean; a chin like a bottom; a chin like a "
        "movie star of old; a thumbprint in the chin; a chin like a heart turned over; a valley in the chin; a chin "
        "like a buttock; a chin like a bread roll with a slit; a line down the chin; a chin like a horse's hoof; a "
        "chin struck by a chisel; a pit in the chin; a chin like a nectarine",
        "split-chinned; notch-chinned; dented-chinned; groove-chinned",
        "chin has a groove; chin has a cleft; chin is parted like a peach; chin has a thumbprint; chin is notched; "
        "chin has a crease down the middle; chin looks like a little bottom",
    ),
    ("jaw", 1): (
        "a hefty jaw; a stout jaw; a rugged jaw; a blocky jaw; a brawny jaw; bulky jawbones",
        "a jaw like a bulldog; a jaw like a steam shovel; a jaw like a crocodile; a jaw like a hippo; a jaw like a "
        "boxer; a jaw like a mastiff; a jaw like a brick wall; a jaw like a car bumper; a jaw like a gorilla; a jaw "
        "like a drill sergeant; a jaw like a sledgehammer; a jaw like a blacksmith; a jaw like a hyena; a jaw to "
        "chew nails with; a jaw like a quarterback; a jaw like a comic-book crimefighter; jaws like a stone "
        "crusher; a jaw like a shovel; a jawline like a cliff",
        "iron-jawed; big-jawed; rugged-jawed; hefty-jawed; granite-jawed",
        "jaw could crush stones; jaw is like a brick; jaw is built like a bumper; jaw is hewn from rock; jaw juts "
        "at the corners; jaw is a match for any punch; jawline is hard and wide",
    ),
    ("jaw", -1): (
        "a lean jaw; a petite jaw; a skinny jaw; a dainty jaw",
        "a jaw like a sparrow; a jaw like a fox; a jaw like a cat; a jaw like a doll; a jaw like a deer; a jaw like "
        "a wishbone; a jaw like a wedge; a jaw like a porcelain figurine; a jaw like a lizard; a jaw like a teacup "
        "handle; a jaw like a child's; a jaw like a whippet; a jaw that hardly shows; a jaw like a ballet dancer; a "
        "jaw like a greyhound; a jawline like a tulip",
        "small-jawed; slender-jawed; delicate-jawed; petite-jawed; bird-jawed",
        "jaw narrows at once; jaw is as fine as a bird's; jaw could be held between two fingers; jaw is hardly "
        "there; jawline is fine; jaw is fragile; jaw is as slim as a wedge",
    ),
    ("cheekbones", 1): (
        "jutting cheekbones; sculpted cheekbones; defined cheekbones; raised cheekbones; bold cheekbones; lofty "
        "cheekbones",
        "cheekbones like razors; cheekbones like shelves; cheekbones like an Egyptian queen; cheekbones like "
        "mountain ridges; cheekbones like ice skates; cheekbones like a sculptor's dream; cheekbones like door "
        "handles; cheekbones you could hang a towel on; cheekbones like ledges; cheekbones like a fashion drawing; "
        "cheekbones like a panther; cheekbones like a vampire count; cheekbones like rocks under snow; cheekbones "
        "like a Lakota chief; cheekbones to sharpen a pencil on",
        "jutting-cheekboned; sculpted-cheeked; razor-cheekboned; bold-cheekboned",
        "cheekbones could slice bread; cheekbones jut out; cheekbones catch the light; cheekbones are like ledges; "
        "cheekbones are sculpted; cheekbones push through the skin; cheekbones sit high in the face",
    ),
    ("cheekbones", -1): (
        "subdued cheekbones; shallow cheekbones; sunk cheekbones; invisible cheekbones; blurred cheekbones",
        "cheekbones like a dough ball; cheekbones like an unbaked cookie; cheekbones under a layer of padding; "
        "cheekbones that nobody has found; cheekbones like a flounder; a middle face like a plate; cheekbones "
        "rubbed out; cheekbones ironed away; a face like a plain without hills; cheekbones as even as a floor; "
        "cheekbones in hiding; cheekbones like a snowfield; cheekbones like a pancake; a face with nothing below "
        "the eyes to catch the light",
        "soft-cheekboned; shallow-cheekboned; no-cheekboned",
        "cheekbones are hidden; cheekbones are nowhere to be found; cheekbones have been ironed away; cheekbones "
        "barely rise; cheekbones are rubbed out; cheekbones make no shadow",
    ),
    ("cheeks", 1): (
        "bulging cheeks; pudgy cheeks; podgy cheeks; stuffed cheeks; swollen cheeks; rounded cheeks",
        "cheeks like peaches; cheeks like tennis balls; cheeks like a gopher; cheeks like a pufferfish; cheeks like "
        "balloons; cheeks like doughnuts; cheeks like a tuba player; cheeks like bread rolls; cheeks like "
        "marshmallows; cheeks like snowballs; cheeks like plums; cheeks like a garden gnome; cheeks full of "
        "marbles; cheeks an aunt would pinch; cheeks like a glassblower; cheeks like tomatoes; cheeks like water "
        "bombs; cheeks packed for winter; cheeks like a kewpie doll",
        "pudgy-cheeked; full-cheeked; balloon-cheeked; cherub-cheeked; puffy-cheeked",
        "cheeks are stuffed; cheeks bulge; cheeks are like two apples; cheeks are blown up like balloons; cheeks "
        "hide the ears; cheeks ask to be pinched; cheeks are as round as peaches",
    ),
    ("cheeks", -1): (
        "drawn cheeks; dented cheeks; scooped-out cheeks; shrunken cheeks; concave cheeks; wasted cheeks",
        "cheeks like empty bowls; cheeks like a fasting monk; cheeks like a drained juice box; cheeks like empty "
        "sacks; cheeks like valleys; cheeks like a ghoul; cheeks like a runway model; cheeks like a deflated ball; "
        "cheeks like spoons; cheeks like a vampire; cheeks sucking on a straw; cheeks like dry riverbeds; cheeks "
        "without padding; cheeks like a castaway; cheeks that touch on the inside; cheeks like an undertaker",
        "drawn-cheeked; caved-cheeked; scoop-cheeked; gaunt-cheeked",
        "cheeks are like empty bowls; cheeks dip below the bones; cheeks almost touch on the inside; cheeks are "
        "drawn in; cheeks have lost their flesh; cheeks are dented; cheeks throw shadows",
    ),
    ("ear_size", 1): (
        "jumbo ears; mighty ears; vast ears; hefty ears; whopping ears",
        "lugs like dinner plates; ears like a mule; ears like a basset hound; ears like frying pans; ears like a "
        "jackrabbit; ears like radar dishes; ears like umbrellas; ears like rhubarb leaves; ears like oven gloves; "
        "ears like shovels; ears like a bloodhound; ears like pancakes; ears like a kangaroo; ears like a gremlin; "
        "ears like bedsheets; ears like table tennis bats; ears a size too large; ears like a jerboa; ears like "
        "lily pads; ears fit for flying",
        "huge-eared; rabbit-eared; long-eared; jumbo-eared; mule-eared",
        "ears could fan the room; ears are like shovels; ears are huge; ears are a size too big; ears belong to an "
        "elephant; ears pick up every whisper; ears reach from brow to chin",
    ),
    ("ear_size", -1): (
        "diminutive ears; minuscule ears; undersized ears; wee ears; compact ears",
        "ears like a mole; ears like dried apples; ears like thimbles; ears like a lizard; ears like a walrus; ears "
        "like peanuts; ears like a polar bear; ears like walnuts; ears like pasta shells; ears like a guinea pig; "
        "ears like commas; ears like cashews; ears a size too small; ears like tortellini; ears like rose petals; "
        "ears like a vole",
        "petite-eared; mini-eared; shell-eared; seal-eared",
        "ears are mere shells; ears hide behind a coin; ears are a size too small; ears are dainty; ears are like "
        "peanuts; ears would get lost under one curl",
    ),
    ("ear_wing", 1): (
        "jutting ears; outspread ears; flyaway ears; stick-out ears; sideways ears",
        "ears like a sugar bowl; ears like the handles of a pot; ears like a moth; ears like barn doors; ears like "
        "a propeller; ears like a butterfly; ears like road signs; ears like an African elephant at charge; ears "
        "like side mirrors; ears like shutters; ears like a weathervane; ears like windsurfing sails; ears like "
        "flags; ears like open cupboards; ears ready for take-off; ears set for gliding",
        "sail-eared; stick-out-eared; flyaway-eared; door-eared",
        "ears stand out like handles; ears are ready for take-off; ears catch every breeze; ears stand off like "
        "side mirrors; ears are spread like sails; ears point sideways; ears fan out",
    ),
    ("ear_wing", -1): (
        "flush ears; snug ears; laid-back ears; close-lying ears; streamlined flat ears",
        "ears like stickers; ears like a seal's, tight to the head; ears like a swimmer; ears folded against the "
        "head; ears like a greyhound at full speed; ears painted on; ears like closed shutters; ears nailed to the "
        "skull; ears like closed doors; ears like a frightened horse; ears ironed to the head; ears hidden from the "
        "front; ears that cling to the skull; ears under a tight bandage",
        "tucked-eared; snug-eared; tight-eared",
        "ears cling to the skull; ears cannot be seen from the front; ears are glued on flat; ears lie snug; ears "
        "are folded back; ears are flush with the head",
    ),
    ("ear_lobe", 1): (
        "droopy earlobes; fat earlobes; sagging earlobes; lengthy earlobes; stretched-out earlobes",
        "earlobes like teardrops; earlobes like chewing gum; earlobes like bell clappers; earlobes like a sage; "
        "earlobes like figs; earlobes like pendulums; earlobes like grapes; earlobes like a temple statue; earlobes "
        "like pears; earlobes that brush the shoulders; earlobes like tassels; earlobes like raindrops; earlobes "
        "like a bodhisattva; earlobes weighed down for years; earlobes like turkey wattles",
        "droopy-lobed; fat-lobed; hanging-lobed; heavy-lobed",
        "earlobes swing at every step; earlobes brush the collar; earlobes droop; earlobes are like pears; earlobes "
        "are stretched; earlobes are heavy; earlobes are fleshy",
    ),
    ("ear_lobe", -1): (
        "minimal earlobes; scant earlobes; fused earlobes; stubby earlobes",
        "earlobes like peppercorns; earlobes like grains of rice; earlobes that melt into the cheek; earlobes glued "
        "to the jaw; earlobes nobody could pierce; ears that run straight into the face; ears without anything to "
        "hang a ring on; earlobes like a pinch of nothing; earlobes like pinheads; earlobes like crumbs; barely a "
        "trace of earlobes; ears cut straight at the bottom; next to no earlobes",
        "tiny-lobed; stub-lobed; no-lobed",
        "earlobes melt into the jaw; earlobes are fused to the face; earlobes are hardly there; earlobes have no "
        "room for a ring; earlobes are mere crumbs; ears have no lobes",
    ),
    ("ear_pointed", 1): (
        "spiky ears; peaky ears; spired ears; tipped ears",
        "ears like a fox; ears like a goblin; ears like a wolf; ears like a devil; ears like arrowheads; ears like "
        "an imp; ears like a leprechaun; ears like thorns; ears like a dark elf; ears like a German shepherd; ears "
        "like Christmas elves; ears like a gnome; ears like spearheads; ears like a wood sprite; ears like a "
        "hobgoblin; ears like a caracal; ears like holly leaves",
        "spiky-eared; imp-eared; fox-eared; goblin-eared; point-eared",
        "ears come to a point; ears belong to an elf; ears have tips like arrows; ears are as pointed as thorns; "
        "ears rise to a peak; ears are drawn out to tips; ears are those of a goblin",
    ),
    ("ear_pointed", -1): (
        "disc-shaped ears; curvy ears; bowl-shaped ears; circle-shaped ears",
        "ears like saucers; ears like cookies; ears like bottle caps; ears like buttons sewn on; ears like pennies; "
        "ears like a hippo; ears like a lemur; ears like wheels; ears like a red panda; ears like doughnuts; ears "
        "like a plush toy; ears like clam shells; ears like petals without a tip",
        "circle-eared; koala-eared; disc-eared",
        "ears have no tips; ears are like saucers; ears form a circle; ears are drawn with a compass; ears are "
        "curved all round; ears are like a teddy's",
    ),
    ("neck_width", 1): (
        "a hefty neck; a sturdy neck; a stout neck; a brawny neck; a bulky neck; a burly neck",
        "a neck like a barrel; a neck like a rhinoceros; a neck like a buffalo; a neck like a fire hydrant; a neck "
        "like an oak; a neck like a steam pipe; a neck like a linebacker; a neck like a walrus; a neck like a keg; "
        "a neck like a boar; a neck like a shot putter; a neck like a dockworker; a neck like a column; a neck like "
        "a butcher; a neck that bursts every collar; a neck like a sumo champion; a neck like a drainpipe; a neck "
        "like a bison; a neck that merges into the shoulders",
        "ox-necked; burly-necked; sturdy-necked; fat-necked; no-necked; hefty-necked",
        "neck bursts every collar; neck is as stout as an oak; neck merges into the shoulders; neck is like a "
        "barrel; neck is all muscle; neck is broader than the jaw; neck needs the largest collar",
    ),
    ("neck_width", -1): (
        "a lean neck; a spindly neck; a fine neck; a reedy neck; a willowy neck; a fragile neck",
        "a neck like a flamingo; a neck like a reed; a neck like a straw; a neck like an ostrich; a neck like a "
        "wine bottle; a neck like a tulip stem; a neck like a candle; a neck like a crane; a neck like a lollipop "
        "stick; a neck like a vase; a neck like a gazelle; a neck like a broom handle; a neck like a goose; a neck "
        "lost in its collar; a neck like a bulrush; a neck one hand can span; a neck like a matchstick; a neck like "
        "a vulture",
        "skinny-necked; scrawny-necked; reed-necked; spindly-necked",
        "neck is lost in the collar; neck is as thin as a reed; neck fits in one hand; neck is like a stalk; neck "
        "is spindly; neck could snap; neck is no thicker than a bottle",
    ),
    ("double_chin", 1): (
        "a flabby throat; a drooping throat; an extra chin; a wobbly chin; a jelly-like throat; a padded throat",
        "a chin with company; a neck like a toad; chins like a staircase; a spare tyre under the chin; a roll of "
        "fat under the jaw; a throat like an iguana; a chin like a pile of pancakes; a collar of fat; a waterfall "
        "of chins; jelly below the jaw; a throat like a rooster; a cushion under the chin; more chins than a phone "
        "book; a throat like a walrus; a throat like a hamster pouch; a lap of fat on the collar; a hammock of skin "
        "below the chin; chins stacked like tyres",
        "triple-chinned; flabby-throated; flabby-chinned; fleshy-throated",
        "chin has a twin; chin folds over itself; throat wobbles like jelly; throat spills over the collar; chin "
        "rests on a cushion of fat; skin hangs below the jaw; chins come in layers",
    ),
}
