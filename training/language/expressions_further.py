"""Still more of what people say for the 23 named expressions: verbs, idioms, causes and what the face does.

The phrases come behind those of the table of words_expressions, and all of them are said in training.
"""

from __future__ import annotations

from clip_head.training.language.people_phrases import phrases

#: Expression -> more words for it, in the order of words_expressions.
FURTHER: dict[str, tuple[str, ...]] = {
    "neutral": phrases(
        "with a flat affect; whose face gives nothing away; who gives nothing away; who neither smiles nor frowns; "
        "unruffled; unperturbed; inscrutable; with an unreadable face; phlegmatic; even-tempered; dispassionate; "
        "detached; businesslike; like a shop-window dummy; like a marble bust in a museum; like a palace guard on "
        "duty; calm as a millpond; cool as a cucumber; gazing ahead without a thought; staring into space; waiting "
        "for the bus; riding the lift in silence; wearing a mask of calm; with slack quiet features; with a default "
        "face; in a default pose; with a smooth brow and a quiet mouth; sitting still for a portrait painter; reading "
        "the news without comment; on autopilot; with nothing going on in the face; before any emotion is added; "
        "holding a neutral countenance; tranquil; serene and still; not moving a muscle"
    ),
    "happy": phrases(
        "whose face lights up; whose eyes sparkle with joy; who could not be happier; who is having the time of her "
        "life; who cannot stop smiling; who has just got engaged; who has just bought a puppy; bubbling with "
        "happiness; bursting with joy; glowing with happiness; basking in good fortune; jumping for joy; dancing with "
        "delight; counting his blessings; greeting the neighbours merrily; smiling sweetly; smiling brightly; "
        "sporting a cheery smile; breaking into a smile; dimpling with pleasure; pleased as punch; happy as Larry; on "
        "top of the world; full of the joys of spring; like a kid in a candy store; like a dog with two tails; sunny; "
        "rapturous; buoyant; bubbly; in raptures; rosy with contentment; all smiles; as if the sun had come out; with "
        "a heart full of gladness; with eyes crinkled by a warm smile; savouring a perfect day; waving from the "
        "winners' podium"
    ),
    "laughing": phrases(
        "sniggering; snickering; hee-hawing; who is laughing fit to burst; who laughs like a donkey; who "
        "has collapsed in laughter; who nearly wets himself laughing; whose sides ache from laughing; whose shoulders "
        "shake with laughter; whose laughter fills the room; laughing with tears in his eyes; laughing from the "
        "belly; laughing merrily; laughing helplessly; laughing raucously; laughing like Santa Claus; laughing in the "
        "middle of a joke; letting out a guffaw; giving a loud laugh; breaking up at the punchline; crumpling with "
        "laughter; creased up; falling about laughing; falling off the chair laughing; gasping for air between "
        "laughs; convulsing at a sitcom; hollering with mirth; ho ho ho; rofl; lmao; overcome with hilarity; seized "
        "by a laughing fit; with jaws open in loud laughter; with head tipped back and laughing; crowing with "
        "laughter; as if somebody were tickling the feet; watching bloopers and howling with mirth; laughing away at "
        "a stand-up show"
    ),
    "sad": phrases(
        "who has the blues; who misses his mother; who has been left at the altar; who has seen too much sorrow; "
        "whose team was relegated; whose world has fallen apart; whose best friend has moved away; whose smile has "
        "died; looking down with sorrow; hanging the head in sorrow; nursing a broken heart; drowning his sorrows; "
        "pining away; brooding over a lost love; reading a farewell letter; wallowing in self-pity; remembering the "
        "dead; gazing sadly out of the window at the rain; watching the train carry a sweetheart "
        "away; cut up about it; sick at heart; heavy-hearted; lovelorn; joyless; cheerless; sombre "
        "and bereft; crushed by sorrow; lugubrious; like Eeyore; as if the last hope were gone; as if winter would "
        "never end; with a downturned mouth and sloping brows; with lips drooping at the ends; with sad puppy eyes; "
        "with a hangdog look; with grief written all over the face; steeped in melancholy"
    ),
    "crying": phrases(
        "who is crying a river; who has cried all night; who has dissolved into sobs; who weeps; whose mascara runs "
        "with tears; whose cheeks are streaked with tears; whose eyes brim over; crying her heart out; crying himself "
        "to sleep; crying on a friend's shoulder; crying over a scraped knee; crying for mummy; crying buckets; "
        "sobbing her heart out; sobbing into the pillow; weeping over a letter; weeping like a widow; weeping openly; "
        "tearing up; turning on the waterworks; bawling his eyes out; keening; caterwauling; squalling like a "
        "newborn; gulping between sobs; hiccuping with sobs; lachrymose; tearful; tear-stained; in a puddle of tears; "
        "racked with sobs; blinking back tears; fighting back tears; with a lump in the throat and tears falling; "
        "with crumpled features and streaming eyes; with a trembling lip and brimming eyes; with a tear trickling "
        "down the cheek; as if no tissue in the world would be "
        "enough"
    ),
    "angry": phrases(
        "who is in no mood for jokes; who has had enough; who bears a grudge; who has got out of bed on the wrong "
        "side; who is losing patience; whose brows are knotted; whose blood is starting to boil; whose eyes flash "
        "with anger; glaring under lowered brows; glaring at the noisy neighbours; scowling at the queue-jumper; "
        "bristling; simmering with resentment; smouldering with anger; setting the jaw in anger; lowering the brows "
        "in displeasure; beetling the brows; giving an evil look; looking like thunder; holding back his temper; "
        "telling off a child; needled; nettled; cheesed off; brassed off; vengeful; vindictive; belligerent; "
        "bellicose; up in arms; with hackles raised; with a vertical crease between the "
        "brows and a hard mouth; as if somebody had keyed the car"
    ),
    "furious": phrases(
        "who has flown into a rage; who has blown a gasket; who has gone nuclear; who screams blue murder; who is "
        "shouting the house down; whose rage knows no bounds; whose neck veins bulge from shouting; losing his rag; "
        "going off the deep end; going bananas with rage; going postal; flipping out in rage; hitting the ceiling; "
        "raising the roof with anger; raging at the heavens; erupting like a volcano; snarling like a wolf; roaring "
        "like a bear; shouting himself hoarse; shouting in a road-rage fit; spitting venom; breathing fire; tearing "
        "strips off the troops; smashing plates in a rage; charging into battle with a roar; frothing with rage; "
        "rabid with fury; maddened; frenzied with anger; in a white-hot rage; in a frenzy of fury; like a Viking in "
        "battle; like a raging bull; like a coach screaming from the touchline; with nostrils flared and mouth "
        "roaring; with teeth bared like an attacking wolf; as if steam came out of the ears"
    ),
    "surprised": phrases(
        "flummoxed by sudden news; wowed; startled out of a daydream; gawping; gaping; gaping in "
        "wonder; gawking in amazement; doing a double take; blinking in astonishment; catching the breath in "
        "amazement; exclaiming in wonder; saying no way; seeing a UFO; seeing snow for the first time; seeing a "
        "rabbit come out of the hat; stumbling on buried gold; walking into a room full of hidden friends; meeting a "
        "long-lost twin; finding out she is having triplets; who did not see that coming; who cannot believe her "
        "eyes; who cannot believe his ears; who could be knocked down with a feather; who has just heard the plot "
        "twist; whose mouth falls open; whose eyebrows fly up; whose eyes are out on stalks; as if a rabbit had "
        "spoken; as if pigs were flying; with a mouth forming a big astonished O; with eyebrows up to the hairline; "
        "struck dumb with amazement; surprised beyond words"
    ),
    "fearful": phrases(
        "who is scared witless; who has seen a ghost; who is being stalked; who dares not look; whose blood runs "
        "cold; whose knees knock with fear; whose heart is in his mouth; quailing; trembling like a leaf; recoiling "
        "in terror; shrinking back in fear; backing away from a growling dog; backing away from a man with a knife; "
        "hearing a scream in the night; hearing the floorboards creak upstairs; watching the shadow on the wall; "
        "walking through a graveyard at midnight; clinging to the ledge in terror; falling out of a plane; begging "
        "for mercy; pleading for his life; rooted to the spot with fear; rigid with terror; jumping "
        "at shadows; timorous; scaredy-cat; terrorised; affrighted; like a cornered mouse; like Shaggy and Scooby "
        "seeing a ghost; like the victim in a slasher film; as if a tarantula sat on the shoulder; as if the killer "
        "were in the house; with dread in the eyes; with the whites of the eyes showing in fear; with eyebrows up and "
        "pinched and mouth stretched in fear; with a silent scream of terror"
    ),
    "disgusted": phrases(
        "who has just swallowed a fly; who cannot stomach it; who is going to be sick; who found mould on the bread; "
        "who has opened the bin in summer; whose stomach turns; whose nose is crinkled in revulsion; whose gorge "
        "rises; dry heaving; recoiling from the smell; shuddering with disgust; spitting out a mouthful of bad milk; "
        "smelling old socks; smelling a skunk; peering into a filthy fridge; picking hair out of the plughole; "
        "scooping up dog poo; touching something slimy; treading on a slug barefoot; tasting cod liver oil; screwing "
        "up the nose at the smell; bleurgh; icky; green around the gills; ready to puke; repulsed by the sight; put "
        "off his lunch; like a child made to eat sprouts; like a cat smelling vinegar; as if the milk had gone off; "
        "as if something had died under the floor; with a raised upper lip and creased nose; with distaste; with "
        "repugnance"
    ),
    "contemptuous": phrases(
        "who considers himself above it all; who scorns the common people; who would not stoop so low; who thinks "
        "everyone is an idiot; who would not give you the time of day; whose nose is turned up at the poor; looking "
        "down from a high horse; looking at you like dirt; looking through lesser mortals; turning up her nose at the "
        "servants; giving a haughty sniff; giving a withering look; sneering at the poor; scoffing at the amateur; "
        "deriding the loser; pooh-poohing the idea; holding the rabble in disdain; raising one corner of the mouth in "
        "scorn; pulling back one corner of the mouth with contempt; snubbing a rival; high and mighty; too good for "
        "this world; on a high horse; toffee-nosed; snotty; uppity; overbearing; withering; holier-than-thou; like a "
        "queen addressing a beggar; like Draco Malfoy; like Professor Snape with a bad pupil; like a critic at a "
        "school play; like a sommelier offered boxed wine; as if you were something stuck to the shoe; with lordly "
        "disdain; with a scoff; with aristocratic hauteur"
    ),
    "pouting": phrases(
        "pouting like a spoilt princess; pouting over a broken toy; sulking in the corner; "
        "sulking over a lost game; sulking in her bedroom; grumping about; having the hump; having a face on; "
        "thrusting out the lower lip; puckering the chin in a sulk; huffing and sulking; giving the silent treatment; "
        "begging for one more story with a pout; refusing to say sorry; refusing to share the toys; who has had the "
        "tablet taken away; who lost at Monopoly and sulks; who has been left off the team and sulks; who is not "
        "allowed to stay up; whose bottom lip could hold a teacup; whose toys have been confiscated; like a brat "
        "refused sweets; like Grumpy the dwarf; like a moody teenager; as if the "
        "party had been cancelled; with a lip you could trip over; with a petted lip; with both lips pushed out in "
        "protest; crotchety; in a pet; in a mope"
    ),
    "kissing": phrases(
        "who wants a kiss; who is kissing under the stars; who kisses the trophy; whose lips "
        "are ready to be kissed; kissing the pope's ring; kissing a newborn's forehead; kissing both cheeks in "
        "greeting; kissing tenderly; kissing Grandma; kissing a dog on the nose; kissing "
        "the Blarney Stone; pashing; locking lips; smacking the lips for a kiss; playing spin the bottle and leaning "
        "in; pecking Grandpa on the cheek; blowing a kiss goodbye from the train; giving a smacker; closing in for "
        "the first kiss; pressing the lips to a hand; protruding the lips for a kiss; posing with duck lips; like "
        "Marilyn blowing a kiss; like a prince waking Snow White; like lovers at the station; as if blowing a kiss to "
        "the fans; with a big wet kiss; lips puckered up for the camera; muah"
    ),
    "smirking": phrases(
        "who has an ace up his sleeve; who has something up her sleeve; who thinks he is so clever; who has just won "
        "the bet and gloats; who knows exactly what he did; who is scheming; whose mouth tugs up at one side; whose "
        "mouth curls at one corner; smirking at a rival; smirking like a fox; gloating; grinning "
        "crookedly; smiling crookedly; smiling wryly; suppressing a one-sided smile; quirking the lips; flashing a "
        "roguish half smile; hatching a plot; teasing with half a grin; wily; puckish; waggish; smarmy; like a card "
        "shark; like a schoolboy who hid the chalk; as if the trap had just shut; with one cheek bunched in a smirk; "
        "with an arch smile; with a quirk of the lips; with a know-it-all smile; with a Cheshire half grin"
    ),
    "winking": phrases(
        "who winks; who winks at the camera; who lets one eyelid fall; who closes one eye for a second; whose left "
        "eye is shut; whose other eye stays open; winking at the camera; winking at a pretty girl; winking at the "
        "barmaid; winking mischievously; winking saucily; winking at a fellow conspirator; winking over the shoulder; "
        "winking like a salesman; slipping a wink; flicking one eyelid shut; lowering one eyelid as a signal; "
        "scrunching one eye shut; sighting down a rifle; sighting down a pool cue; peeping through a spyhole; looking "
        "through the viewfinder with one eye; like a cheeky uncle giving the nod; as if to say it's our secret; as if "
        "in on the secret; with a quick wink; nudge nudge wink wink; one eye squinched"
    ),
    "sleeping": phrases(
        "who has dropped off; who is off in dreamland; whose eyelids have fallen shut; whose lids are sealed in "
        "slumber; sleeping like a log; sleeping peacefully; sleeping on the sofa; sleeping in a hammock; sleeping "
        "through the alarm; dozing in an armchair; napping on the couch; slumbering in a cradle; snoozing in a deck "
        "chair; tucked in for the night; resting the eyes; resting in peace; hitting the hay; catching some z's; zzz; "
        "sawing logs; lying in a coffin; sedated; sunk in slumber; curled up asleep; like a dormouse; "
        "like Rip Van Winkle; like a bear asleep in its den; as if put to sleep by a lullaby; with lashes resting on "
        "the cheeks; with closed lids and a slack mouth"
    ),
    "squinting": phrases(
        "who squints; who has the sun in her eyes; who cannot make out the number; who needs glasses; who was caught "
        "by the flash; whose eyes are two slits; whose eyes are creased against the light; squinting at the "
        "blackboard; squinting at the phone; squinting in the snow glare; squinting through smoke; squinting like a "
        "gunslinger; narrowing his eyes; creasing up the eyes in bright light; tightening the lids against the glare; "
        "pinching the eyes almost shut; peering myopically; peering at the eye chart; peering over the steering "
        "wheel; peering with doubt; driving into the low sun; looking into the spotlight; scanning the horizon; "
        "skiing without goggles; stepping out of a dark cinema into daylight; blinded by a camera flash; like a "
        "sniper; like a mole in daylight; as if the letters were blurred; with half-shut suspicious eyes"
    ),
    "yawning": phrases(
        "mid-yawn; running on no sleep; who is dying for a lie-down; who yawns; who is ready to drop; who needs a "
        "nap; who has been up all night; who could sleep for a week; who is bored out of his mind; whose jaw cracks "
        "with a yawn; whose yawn is contagious; yawning in class; yawning at the opera; yawning over homework; "
        "yawning cavernously; yawning before breakfast; yawning at the end of the shift; yawning through a "
        "documentary; stretching after a nap; gaping with sleepiness; needing a lie-down; all in and ready for bed; "
        "all tuckered out; like a bored student at a lecture; as if woken at dawn; with "
        "a cavernous yawn; with mouth stretched open and eyes squeezed in a yawn; on the graveyard shift; in the "
        "small hours"
    ),
    "whistling": phrases(
        "who whistles; who whistles while he works; who is cooling soup with a breath; whose lips are shaped to "
        "whistle; whose lips form a ring; whistling softly; whistling on the way home; whistling along to the radio; "
        "whistling a sea shanty; whistling the national anthem; whistling like a blackbird; whistling like a steam "
        "train; blowing a low whistle; blowing on the fingers to warm them; blowing on a scraped knee; blowing a "
        "feather into the air; blowing across the bottle top; breathing out through an o-shaped mouth; sipping "
        "through a straw; slurping spaghetti; drinking a milkshake through a straw; warbling through rounded lips; "
        "trilling like a canary; saying the vowel u; like a whistling boy with hands in pockets; like the seven "
        "dwarfs at work; with a low whistle; with a cheerful whistle on the lips; with the lips funnelled"
    ),
    "sticking the tongue out": phrases(
        "who pokes out the tongue at the teacher; who pulls a tongue at his sister; who lets his tongue dangle; whose "
        "tongue sticks out; whose tongue lolls out; poking his tongue out; pulling tongues; flicking the tongue like "
        "a snake; waggling the tongue; showing a pierced tongue; showing a blue tongue "
        "from candy; having the tonsils looked at; licking the spoon; licking the plate clean; licking frosting off "
        "the nose; slobbering like a dog with the tongue hanging; tasting a snowflake; trying to touch the nose with "
        "the tongue; doing a lion pose in yoga; cocking a snook with the "
        "tongue; bleah; tongue on show; like Kali; like a gargoyle with its tongue out; like a rock star with a long "
        "tongue; like Michael Jordan dunking with the tongue out; as if waiting for the doctor's spatula; with his "
        "tongue hanging out; with the tongue down to the chin; with an outstretched tongue"
    ),
    "puffing the cheeks": phrases(
        "who looks as if a whole bun were in each cheek; with a gulp of air held behind closed lips; who puffs up "
        "like a toad; who has gone under water; who has stuffed the mouth with cake; whose cheeks bulge with food; "
        "whose cheeks swell like balloons; whose mouth is full of mouthwash; puffing out his cheeks; puffing like a "
        "steam engine; swelling out the cheeks; rounding out the cheeks with air; blowing up a beach ball; blowing a "
        "conch; filling the mouth with air; distending the cheeks; trapping air in the cheeks; keeping a mouthful of "
        "water; holding the breath to cure hiccups; holding the breath at the bottom of the pool; swishing mouthwash; "
        "storing nuts in the cheeks; cramming the mouth with cake; like a cherub blowing the wind; like the north "
        "wind on an old map; like Dizzy Gillespie; like a balloon about to pop; with "
        "cheeks bursting with air"
    ),
    "worried": phrases(
        "who frets; who dreads the phone call; who has not heard from her son; who cannot sleep for worry; who is on "
        "pins and needles; who fears for his job; who awaits the test results; whose cat has not come home; whose "
        "passport has gone missing; whose brow is wrinkled with worry; whose stomach is in knots; worrying about "
        "money; worrying himself sick; fretting over the bills; agonising over a decision; pacing the floor; chewing "
        "the fingernails; gnawing the lower lip; puckering the brow with worry; pulling the inner brows together and "
        "up; waiting by the phone; waiting outside the headmaster's office; watching the clock nervously; checking "
        "the bank balance; listening to the doctor with concern; beset by doubts; racked with anxiety; rattled; "
        "jumpy; angst-ridden; sweating over the deadline; like a cat on a hot tin roof; like a mother waiting up; "
        "like an expectant father; as if the bills were piling up; with brows slanted up in "
        "concern"
    ),
    "grimacing": phrases(
        "who has banged the funny bone; who has shut a finger in the door; who has twisted an ankle; who has bitten "
        "the tongue by accident; who is passing a gallstone; whose face is screwed up in pain; whose back has gone; "
        "whose lips are drawn back over clenched teeth; wincing at a needle; wincing as the wound is cleaned; wincing "
        "in sympathy; gritting her teeth against the pain; pulling back the lips from clenched teeth; stretching the "
        "mouth sideways over the teeth; screwing up the face in pain; cringing at a bad note; sucking air through the "
        "teeth; hissing through clenched teeth; biting on a bullet; biting down on a leather strap; pulling out an "
        "arrow; walking over hot coals barefoot; straining at the barbell; heaving a boulder; in excruciating pain; "
        "doubled over in pain; smarting; anguished with pain; yowch; oof; like the grimacing emoji; like a wounded "
        "soldier; as if the shoe pinched badly; with teeth on edge; with a rictus of pain; with a stretched mouth and "
        "clenched teeth"
    ),
}  # fmt: skip
