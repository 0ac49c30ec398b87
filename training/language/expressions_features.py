"""What people say of a face's parts when they mean an expression: "with eyes screwed shut", "with a face as long as a
fiddle". Said the way shapes are said ("with narrow eyes", "with a face like a hatchet"), they teach what is the one and
what the other.

The phrases come behind those of words_expressions_further, and all of them are said in training.
"""

from __future__ import annotations

from clip_head.training.language.people_phrases import phrases

#: Expression -> more words for it.
FEATURES: dict[str, tuple[str, ...]] = {
    "neutral": phrases(
        "with a face like a closed book; with a face that tells no story; with eyes resting on nothing; with eyes "
        "open and quiet; with lips together and cheeks at rest; with the forehead smooth and untroubled; with brows "
        "neither raised nor lowered; with a mouth that neither rises nor falls; with a face as blank as paper; with a "
        "face as still as a pond; with the jaw relaxed; with an expression of nothing at all; with a gaze that gives "
        "no clue"
    ),
    "happy": phrases(
        "with a face like sunshine; with a face like a child at the fair; with a face as bright as a button; with "
        "eyes dancing with delight; with eyes that smile; with laughter lines round happy eyes; with lips parted in a "
        "broad smile; with a mouth curled up in pleasure; with cheeks bunched by a smile; with a grin a mile wide; "
        "with a beam of welcome; with a look of pure happiness; with a glow of contentment; with teeth flashing in a "
        "smile; with the mouth spread in a grin"
    ),
    "laughing": phrases(
        "with a face red from laughing; with a face creased by laughter; with eyes squeezed up in laughter; with eyes "
        "watering from mirth; with the mouth thrown open in laughter; with the teeth bared in a roaring laugh; with "
        "cheeks aching from laughter; with shoulders heaving with laughter; with the head flung back laughing; with a "
        "laugh from ear to ear; with a guffaw of delight; with a snort of laughter; with lips pulled wide by a laugh; "
        "with a peal of merry laughter"
    ),
    "sad": phrases(
        "with a face as long as a fiddle; with a face like a wet weekend; with a face like a funeral; with a face "
        "full of woe; with eyes dulled by grief; with eyes lowered in sorrow; with eyes that have lost their light; "
        "with lips turned down in misery; with a mouth that droops with sadness; with brows drawn up in grief; with "
        "the look of a beaten dog; with the look of someone left behind; with heavy-hearted features; with a face "
        "that has seen too much sorrow"
    ),
    "crying": phrases(
        "with a face crumpled in tears; with a face like a weeping willow; with eyes red from weeping; with eyes "
        "brimming over; with eyes swimming in tears; with cheeks streaked by tears; with lips quivering through sobs; "
        "with a mouth twisted by weeping; with the chin trembling before the tears; with a nose runny from weeping; "
        "with a tear on each cheek; with a wail of misery; with sobs shaking the shoulders"
    ),
    "angry": phrases(
        "with a face as black as a storm cloud; with a face like a bulldog chewing a wasp; with a face like a "
        "clenched fist; with a face dark with anger; with a stormy face; with a face set hard in anger; with eyes "
        "flashing with anger; with eyes that could kill; with eyes narrowed in anger; with brows knitted in anger; "
        "with brows drawn down over hard eyes; with lips pressed white with anger; with a mouth set in a hard angry "
        "line; with nostrils flared in anger; with the jaw set in anger; with a scowl to curdle milk; with a look "
        "that could kill; with a glare of warning"
    ),
    "furious": phrases(
        "with a face purple with rage; with a face like an erupting volcano; with a face distorted by fury; with a "
        "face like a beetroot from shouting; with eyes blazing with fury; with eyes bulging with rage; with a mouth "
        "roaring with fury; with a mouth torn open by rage; with teeth bared in rage; with lips drawn back in a "
        "furious snarl; with veins standing out in rage; with nostrils flaring like a bull; with a howl of rage; with "
        "foam at the mouth"
    ),
    "surprised": phrases(
        "with a face like a startled owl; with a face full of wonder; with a face that cannot believe it; with eyes "
        "as round as saucers; with eyes popping out of the head; with eyes wide in amazement; with eyes big with "
        "surprise; with eyebrows up in the hairline; with brows lifted in wonder; with a mouth fallen open in "
        "surprise; with a mouth rounded into an oh; with the chin on the floor; with lips parted in astonishment; "
        "with a gasp of surprise; with a look of disbelief"
    ),
    "fearful": phrases(
        "with a face white with fear; with a face frozen in terror; with a face like a hunted hare; with a face as if "
        "the end had come; with eyes wide with terror; with eyes starting with fear; with eyes darting in panic; with "
        "brows raised in fright; with lips trembling with fear; with lips stretched in terror; with a mouth pulled "
        "wide in fear; with teeth chattering from fright; with the hair standing on end; with a gulp of fear"
    ),
    "disgusted": phrases(
        "with a face like one who swallowed a fly; with a face green with nausea; with a face screwed up in disgust; "
        "with a face like chewing a lemon; with eyes half closed in disgust; with a nose turned up at the smell; with "
        "a nose crinkled by a stink; with nostrils pinched against a stench; with lips curled in disgust; with the "
        "upper lip raised in revulsion; with a mouth pulled down in distaste; with a tongue recoiling from the taste; "
        "with a grimace of disgust; with a yuck on the lips"
    ),
    "contemptuous": phrases(
        "with a face full of scorn; with a face too good for this company; with eyes cold with contempt; with eyes "
        "lowered at inferiors; with one brow raised in contempt; with an eyebrow lifted at the riffraff; with a lip "
        "curled in contempt; with a mouth tightened at one corner in scorn; with a nose in the air; with the chin "
        "raised in disdain; with a look that says you are nothing; with a sniff of disdain; with a withering look; "
        "with a sneer playing on the lips"
    ),
    "pouting": phrases(
        "with a face like a sulky child; with a face like a slapped bottom; with eyes lowered in a sulk; with brows "
        "drawn together in a sulk; with the bottom lip out; with lips pushed out in a sulk; with a lip you could hang "
        "a bucket on; with a mouth like a trout in a mood; with the mouth turned down and stuck out; with a lower lip "
        "jutting in protest; with cheeks and lips in a sulk; with a moue of displeasure; with a huffy mouth"
    ),
    "kissing": phrases(
        "with a face ready for a kiss; with a mouth ready to kiss; with a mouth shaped into a kiss; with lips offered "
        "for a kiss; with lips pushed forward to kiss; with lips rounded for a peck; with lips pressed to a cheek; "
        "with lips puckered under the mistletoe; with the lips of a lover about to meet; with a kiss on the lips; "
        "with a kiss for the baby; with a peck for grandma; with a smacker for everyone"
    ),
    "smirking": phrases(
        "with a face like the cat that got the cream; with a face pleased with itself; with a face hiding a joke; "
        "with eyes sly and one corner smiling; with a lip curled in amusement; with lips twisted in a half smile; "
        "with a mouth hitched up on one side; with one cheek dimpled by a smirk; with a mouth that knows better; with "
        "a knowing curl of the lip; with a grin on half the face; with a smug little smile; with the smile of a "
        "gambler who cannot lose"
    ),
    "winking": phrases(
        "with a face full of mischief and one eye shut; with an eye closed at a friend; with an eyelid dropped in "
        "jest; with the left eye shut for fun; with one eye closed in complicity; with one eye open and one closed; "
        "with one lid lowered in a wink; with half the face in a wink; with a quick shut of one eye; with a wink for "
        "the ladies; with a wink and a grin; with a wink to the camera"
    ),
    "sleeping": phrases(
        "with a face lost in sleep; with a face soft with sleep; with a face on the pillow; with eyes closed in "
        "sleep; with eyes shut for the night; with eyes shut under the blanket; with eyelids fallen shut; with lids "
        "too heavy to lift, closed; with lips slack in sleep; with a head nodding off; with the peace of sleep on the "
        "face; with the sandman in the eyes"
    ),
    "squinting": phrases(
        "with a face screwed up against the glare; with a face crinkled against the sun; with eyes screwed up against "
        "the wind; with eyes half closed against smoke; with eyes narrowed to read a sign; with eyes narrowed to make "
        "out the far bank; with eyes squeezed small by the light; with eyes tightened to spot the target; with eyes "
        "reduced to slits by the sun; with lids drawn together to see better; with lids tightened in strong light; "
        "with brows lowered against the sun; with a squint at the horizon; with a short-sighted squint; with a "
        "marksman's squint; with eyes crunched up in a snowstorm; with eyes strained to see in the distance"
    ),
    "yawning": phrases(
        "with a face split by a yawn; with a face stretched in a yawn; with eyes closing over a yawn; with eyes "
        "watering from a yawn; with a mouth like a hippo yawning; with a mouth wide open from tiredness; with a mouth "
        "gaping from boredom; with jaws stretched by a yawn; with jaws cracking in a yawn; with lips wide around a "
        "yawn; with a yawn like a lion; with a yawn that will not end; with a hand before a yawning mouth"
    ),
    "whistling": phrases(
        "with a face busy whistling; with a mouth rounded to whistle; with a mouth shaped for a tune; with a mouth "
        "like a flute player; with lips pursed around a tune; with lips in a ring to whistle; with lips blowing a "
        "melody; with lips shaped to call the dog by a whistle; with a whistle on the lips; with a song whistled "
        "through the lips; with a tune between the lips; with cheeks drawn in to whistle"
    ),
    "sticking the tongue out": phrases(
        "with a face of cheek and tongue; with a mouth open and tongue out; with a mouth wide for the doctor's "
        "spatula; with lips parted by the tongue; with a tongue stretched out to catch snow; with a tongue out for "
        "ice cream; with a tongue lolling like a dog; with a tongue on the chin; with a tongue poking between the "
        "lips; with a tongue stuck out in cheek; with the tip of the tongue showing; with tongue out and eyes "
        "laughing; with a rude tongue on show"
    ),
    "puffing the cheeks": phrases(
        "with a face like a blowfish; with a face like a squirrel with nuts; with a face blown up like a football; "
        "with cheeks blown out; with cheeks full of wind; with cheeks full to bursting with air; with cheeks puffed "
        "like a trumpeter; with cheeks round with air; with cheeks swollen like a hamster's; with both cheeks filled "
        "with air; with lips sealed and cheeks inflated; with breath held in the cheeks"
    ),
    "worried": phrases(
        "with a face clouded with care; with a face full of doubt; with a face like before the dentist; with eyes "
        "heavy with care; with eyes troubled by bad news; with brows pinched in worry; with brows raised in the middle "
        "with concern; with a forehead furrowed by care; with a forehead lined by sudden worry; with lips bitten in "
        "worry; with a mouth tight with worry; with the look of a mother waiting up; with a knot between the brows "
        "from worry; with a face that fears the worst"
    ),
    "grimacing": phrases(
        "with a face twisted in pain; with a face contorted by cramp; with a face drawn by agony; with eyes screwed "
        "up in pain; with brows drawn down in pain; with lips peeled back in pain; with lips stretched over clenched "
        "teeth; with a mouth pulled square by pain; with a mouth full of gritted teeth; with teeth set against the "
        "pain; with teeth gritted in effort; with jaws locked in agony; with a grimace of effort; with a wince of "
        "pain"
    ),
}  # fmt: skip
