"""What people say for the 23 named expressions, and the sentences of the paper's template around it."""

from __future__ import annotations

import numpy as np

from clip_head.training.words_who import phrases

#: Expression -> the words for it, as they follow a comma ("an old man, laughing").
PHRASES: dict[str, tuple[str, ...]] = {
    "neutral": phrases(
        "neutral expression; expressionless; with a blank face; calm; relaxed face; with a straight face; deadpan; "
        "poker face; no expression; at rest; with a neutral look; serious; composed; showing no emotion; unmoved; "
        "impassive; stone-faced; stoic; with a blank stare; looking straight ahead; like a passport photo; "
        "emotionless; indifferent; with an empty look; at ease; waiting quietly; with a still face; unfazed; "
        "matter-of-fact; with a resting face; not showing any feelings; mouth closed and calm; placid; like a "
        "mannequin"
    ),
    "happy": phrases(
        "smiling; happy; with a smile; cheerful; grinning; with a big smile; joyful; smiling happily; beaming; with "
        "a friendly smile; pleased; delighted; with a wide grin; glad; smiling warmly; in a good mood; who smiles; "
        "with a happy face; smile; merry; radiant with joy; content; grinning broadly; full of joy; in high "
        "spirits; thrilled; over the moon; who just got good news; who won the lottery; on cloud nine; smiling for "
        "the camera; overjoyed; jolly; with a sunny smile; seeing an old friend again; proud and happy; elated; on "
        "a birthday morning; blissful; with a grin on the face; smiling like a child at Christmas; enjoying life; "
        "satisfied; with a toothy smile; charmed; with dimples of joy; saying cheese"
    ),
    "laughing": phrases(
        "laughing; laughing out loud; with a hearty laugh; cracking up; laughing hard; giggling; chuckling; roaring "
        "with laughter; bursting with laughter; laughing with an open mouth; who laughs; laugh; hysterical with "
        "laughter; in stitches; rolling on the floor laughing; splitting his sides; splitting her sides; who finds "
        "it hilarious; howling with laughter; laughing at a funny joke; who was told a funny joke; "
        "doubled up with laughter; hooting; cackling; laughing like a hyena; in fits of laughter; LOL; watching a "
        "comedy; tickled; being tickled; hahaha; belly laughing; who cannot stop laughing; in hysterics; killing "
        "himself laughing; snorting with laughter; laughing uncontrollably; amused to tears; busting a gut; "
        "watching a clown fall over; shaking with mirth"
    ),
    "sad": phrases(
        "sad; unhappy; looking sad; sorrowful; gloomy; depressed; downcast; melancholic; mournful; with a sad face; "
        "heartbroken; frowning sadly; miserable; dejected; sadness; feeling blue; with a long "
        "face of grief; grieving; at a funeral; who lost a friend; disappointed; crestfallen; "
        "lonely and sad; despondent; glum; wistful; with a heavy heart; mourning a loss; whose dog died; "
        "low-spirited; hurt; bereaved; dispirited; forlorn; in despair; with the corners of the mouth drooping in "
        "sadness; missing someone; homesick; sad-looking; woeful; rueful"
    ),
    "crying": phrases(
        "crying; weeping; sobbing; in tears; bawling; crying hard; bursting into tears; wailing; with a tearful "
        "face; who cries; crying out loud; with tears running down; shedding tears; tears streaming down the face; "
        "blubbering; crying like a baby; breaking down in tears; weeping bitterly; crying his "
        "eyes out; cry; in floods of tears; sniffling and sobbing; teary-eyed; whimpering; whining; weepy; howling "
        "with grief; dissolved in tears; with wet cheeks from crying; chopping onions in tears; crying at a sad "
        "film; sobbing into a handkerchief; choking back sobs; overcome by tears; lamenting; like a baby that wants "
        "its bottle"
    ),
    "angry": phrases(
        "angry; mad; frowning angrily; with an angry look; scowling; glaring; annoyed; irritated; cross; with "
        "furrowed brows; grim and angry; with an angry frown; anger; with knitted brows; displeased; ill-tempered; "
        "frowning; resentful; indignant; with a dirty look; stern; with a black look; "
        "glowering; hostile; miffed; aggravated; bad-tempered; with a menacing stare; outraged but silent; "
        "seething; ticked off; peeved; lips pressed in anger; fuming quietly; vexed; hot under the collar; "
        "exasperated; fed up; with a grim scowl; threatening; offended; who was insulted"
    ),
    "furious": phrases(
        "furious; enraged; shouting with rage; screaming in anger; raging; yelling angrily; livid; snarling; in a "
        "rage; screaming; shouting; roaring with anger; yelling; exploding with anger; in a blind rage; seeing red; "
        "beside himself with fury; beside herself with fury; hitting the roof; blowing his top; like a drill "
        "sergeant yelling; bellowing; going berserk; fury; wild with rage; foaming at the mouth; barking orders "
        "angrily; hopping mad; throwing a tantrum; in a towering rage; roaring like a lion; screaming at somebody; "
        "cursing loudly; like a berserker; ranting; flying off the handle; incensed; raving mad; like the Hulk; "
        "shouting at the referee; infuriated; boiling over"
    ),
    "surprised": phrases(
        "surprised; astonished; amazed; with mouth wide open; shocked; stunned; in awe; gasping; with wide eyes and "
        "open mouth; startled; mouth agape; open-mouthed; jaw dropped; surprise; astounded; "
        "dumbfounded; speechless with surprise; taken aback; who did not expect that; at a surprise party; saying "
        "wow; wow; thunderstruck; eyebrows raised in surprise; unable to believe it; gobsmacked; caught off guard; "
        "bewildered and amazed; staring in disbelief; awestruck; oh my god; who was surprised by guests; bowled "
        "over; staggered; marvelling; blown away; seeing a magic trick; incredulous; with a jaw hanging open; eyes "
        "popping with surprise"
    ),
    "fearful": phrases(
        "fearful; afraid; scared; terrified; frightened; horrified; in fear; panicking; in terror; with a "
        "frightened look; petrified with fear; scared to death; who saw a monster; watching a horror movie; "
        "panic-stricken; trembling with fear; fear; alarmed; aghast; spooked; in panic; "
        "like someone facing a shark; in a haunted house; quaking in his boots; scared stiff; shaking with "
        "fright; dreading the worst; terror-stricken; white with fear; cowering; who hears a burglar; in mortal "
        "fear; shivering with fear; fright; whose hair stands on end with fear; staring at a spider; chased by "
        "wolves; running for his life"
    ),
    "disgusted": phrases(
        "disgusted; with a look of disgust; revolted; grossed out; repulsed; wrinkling the nose in disgust; "
        "sickened; nauseated; disgust; with a disgusted face; who bit into a lemon; "
        "tasting sour milk; about to vomit; yuck; eww; who found a hair in the soup; holding the nose at a stench; "
        "turning up the nose; appalled by the smell; queasy; repelled; finding a cockroach; feeling sick; gagging; "
        "who ate something awful; loathing; with a nose wrinkled at the stink; smelling garbage; turned off; making "
        "a face at bad food; nauseous; about to throw up; stepping in dog dirt; retching; squeamish; with revulsion"
    ),
    "contemptuous": phrases(
        "contemptuous; scornful; sneering; with contempt; disdainful; looking down with contempt; condescending; "
        "with a sneer; full of scorn; looking down on others; haughty; arrogant; snobbish; despising; contempt; "
        "with one lip raised in scorn; derisive; supercilious; with a disdainful look; mocking; with a scornful "
        "lip; snooty; belittling; dismissive; sneer; thinking he is better than everyone; patronising; with a "
        "curled lip of contempt; sniffy; full of disdain; superior; treating others like dirt; scoffing; "
        "unimpressed and scornful; with a disparaging look; cold and contemptuous"
    ),
    "pouting": phrases(
        "pouting; sulking; with a pout; sulky; pouting lips; with the lower lip pushed out; sullen; grumpy; moody "
        "and sulking; pouty; in a huff; with a pouty lower lip; like a sulky child; grumpy like a bear; pout; "
        "petulant; in a sulk; huffy; with a protruding sulky lip; with a grumpy face; defiant and pouting; refusing "
        "to eat; like a child denied ice cream; with a stubborn pout; cranky; sticking the lower lip out; a spoiled "
        "brat's face; offended and pouting; mopey; crabby; surly; jutting the lower lip; morose; having the sulks; "
        "grouchy"
    ),
    "kissing": phrases(
        "kissing; puckering the lips; blowing a kiss; giving a kiss; with puckered lips; kiss face; with lips "
        "pursed for a kiss; about to kiss; duck face; kiss; smooching; kissy face; making kissy lips; "
        "with a kiss mouth; puckering up; lips ready for a kiss; giving a smooch; pecking a cheek; with "
        "duck lips; lips pushed forward for a kiss; kissing the bride; under the mistletoe; smacking a kiss; "
        "planting a kiss; leaning in for a kiss; a kissing mouth; making a duck face; giving a peck on the cheek; "
        "lips puckered; pouting for a kiss; with a kissing selfie face; snogging"
    ),
    "smirking": phrases(
        "smirking; with a smirk; with a lopsided smile; with a sly smile; with a crooked smile; smug; half smiling; "
        "with a cheeky half smile; smirk; with a mischievous grin; with one corner of the mouth up; with a knowing "
        "smile; grinning slyly; with a one-sided smile; roguish; with a wry smile; with a cocky grin; "
        "self-satisfied; with a crafty smile; looking smug; with a cunning smile; impish; a sly grin; with a "
        "devious smile; with a half grin; up to no good; like a cat that got the cream; with a wolfish half smile; "
        "sly; like a villain with a plan; with a rakish smile; with a lopsided grin; amused and smug; with an "
        "ironic smile; who knows a secret"
    ),
    "winking": phrases(
        "winking; with a wink; giving a wink; winking with one eye; one eye closed; winking playfully; wink; "
        "closing one eye; with one eye shut; winks; blinking with one eye; winking at "
        "someone; a wink of the eye; flirting with a wink; with a flirty wink; tipping a wink; with one eye "
        "squeezed shut; dropping a wink; winking knowingly; signalling with one eye; shutting one eye; with a "
        "conspiratorial wink; one eye open and one eye closed; who winks at you; giving the eye; wink wink; winking "
        "cheekily; only one eye open; aiming with one eye closed"
    ),
    "sleeping": phrases(
        "sleeping; asleep; with closed eyes; eyes closed; eyes shut; napping; dozing; fast asleep; slumbering; with "
        "both eyes closed; resting with shut eyes; in deep sleep; snoozing; dreaming; "
        "sleeping like a baby; dead to the world; meditating with closed eyes; dozing off; in a slumber; having a "
        "siesta; sleep; out like a light; eyelids closed; unconscious; in the land of dreams; lost in dreams; with "
        "lids shut; catching forty winks; in a coma; eyes peacefully closed; nodding off; drowsing; under "
        "anaesthesia; sleeping soundly; having nodded off; like sleeping beauty; praying with closed eyes"
    ),
    "squinting": phrases(
        "squinting; narrowing the eyes; with narrowed eyes; squinting into the sun; with squinted eyes; peering; "
        "with screwed up eyes; squint; blinded by the sun; eyes pinched against the light; dazzled; blinking into "
        "bright light; trying to read small print; peering into the distance; with pinched eyes; squinting against "
        "the glare; looking into bright light; eyes narrowed to slits against the sun; who forgot the glasses; "
        "straining to see; with eyes half shut against the wind; suspicious with narrowed eyes; scrunching up the "
        "eyes; squinting suspiciously; eyes screwed up; looking at the sun; trying to make out something far away; "
        "narrowed gaze; peering through slits; with a hard squint; shortsighted and peering; in glaring light"
    ),
    "yawning": phrases(
        "yawning; with a big yawn; sleepily yawning; tired and yawning; yawn; yawning widely; in the middle of a "
        "yawn; bored and yawning; with a yawn; so tired; sleepy; yawning from boredom; ready for bed; exhausted and "
        "yawning; yawning like a lion; who has not slept; yawns; drowsy; up too late; weary with a gaping yawn; "
        "dead tired; just out of bed; bored to death; in need of coffee; dog-tired; stifling no yawn; fatigued; "
        "mouth open in a yawn; with a jaw-cracking yawn; after a long night; bushed; worn out; in a boring lecture; "
        "needing sleep; letting out a yawn"
    ),
    "whistling": phrases(
        "whistling; whistling a tune; lips rounded to whistle; with whistling lips; saying ooh; whistle; pursing "
        "the lips to whistle; whistling a song; whistling cheerfully; whistles; blowing "
        "through rounded lips; whistling a melody; whistling at someone; lips in a small o; "
        "blowing a whistle tone; calling a dog with a whistle; blowing out a candle; blowing on hot soup; saying "
        "oh; wolf-whistling; whistling while working; mouth like a whistler; tootling; making an o with the lips; "
        "with rounded lips; whistling innocently; cooing; blowing air; piping a tune; forming an o with the mouth; "
        "blowing smoke rings"
    ),
    "sticking the tongue out": phrases(
        "sticking the tongue out; sticking out his tongue; sticking out her tongue; with tongue out; tongue "
        "sticking out; showing the tongue; tongue out; poking out the tongue; with the tongue hanging out; like "
        "Einstein with his tongue out; bleh; licking the lips; panting like a dog; sticks out the tongue; saying "
        "aah at the doctor; lolling tongue; stretching out the tongue; putting the tongue out; like Gene Simmons; "
        "like Miley Cyrus with her tongue; licking an ice cream; tongue stuck out cheekily; making a rude face with "
        "the tongue; pulling a face with the tongue out; wagging the tongue; tongue poking out; blowing a "
        "raspberry; with a protruding tongue; like the Rolling Stones logo; sticking a tongue out at someone; "
        "licking; thrusting the tongue out"
    ),
    "puffing the cheeks": phrases(
        "puffing the cheeks; with puffed cheeks; blowing up the cheeks; with inflated cheeks; cheeks puffed out; "
        "holding breath with full cheeks; puffed up cheeks; like a blowfish; like a pufferfish; "
        "with puffing out the cheeks; holding the breath; inflating a balloon; blowing a trumpet; puffs his cheeks; "
        "puffs her cheeks; with a mouth full of air; cheeks blown up; ballooning cheeks; with bulging air-filled "
        "cheeks; filling the cheeks with air; about to dive; diving under water; with swollen cheeks of air; "
        "blowing the tuba; mouth full of water; cheeks full like a hamster with food; with food in both cheeks; "
        "puffing; blowing hard; cheeks like balloons; stuffing the cheeks"
    ),
    "worried": phrases(
        "worried; anxious; concerned; nervous; looking worried; with a worried look; troubled; uneasy; "
        "apprehensive; stressed; with a concerned face; fretting; on edge; waiting for exam results; tense; biting "
        "the lip nervously; worrying; fearing bad news; ill at ease; in doubt; insecure; "
        "doubtful; restless; who lost the keys; careworn; with worry lines; unsure; waiting at the hospital; "
        "agitated; with a troubled brow; on tenterhooks; jittery; distressed; perturbed; fretful; before an exam; "
        "awaiting a diagnosis; preoccupied with worries; pensive and uneasy; worried sick; filled with anxiety"
    ),
    "grimacing": phrases(
        "grimacing; baring the teeth; with clenched teeth; making a grimace; in pain; wincing; gritting the teeth; "
        "with a pained grimace; teeth clenched; showing teeth; in agony; with gritted teeth; clenching the jaw in "
        "pain; grimace; who stubbed a toe; lifting a heavy weight; hurting; with a tortured face; at the dentist; "
        "straining hard; face twisted in pain; writhing in pain; with a toothache; showing clenched teeth; teeth "
        "bared; suffering; yikes; awkward with bared teeth; cringing; biting the teeth together; doing the last "
        "push-up; getting a painful injection; contorted with pain; gnashing the teeth; hit by a hammer on the "
        "thumb; tormented; giving birth"
    ),
}  # fmt: skip

#: Phrases that no training sees: one wording in six, spread over all expressions.
HELD_OUT = frozenset(
    phrase for name, phrases in PHRASES.items() if name != "neutral" for phrase in phrases[5::6]
)  # the first of each are the plainest words, always trained on

AGES = ("young", "middle-age", "middle-aged", "old", "elderly", "")
ETHNICITIES = ("african", "asian", "caucasian", "black", "white", "east asian", "european", "indian", "latino", "")
NOUNS = ("man", "woman", "person", "boy", "girl", "guy", "lady", "child", "gentleman", "grandmother", "grandfather")
COLOURS = ("black", "brown", "blond", "red", "grey", "white", "dark", "blue", "pink", "green")
#: Things a prompt says of a head that are no expression, the tempting ones included.
ASIDES = (
    "with joker makeup", "with clown makeup", "with a big nose", "with a beard", "with a moustache", "with red lips",
    "with lipstick", "with freckles", "with blue eyes", "with green eyes", "with big ears", "with a wide jaw",
    "with wrinkles", "with pale skin", "with dark skin", "bald", "with full lips", "with bushy eyebrows",
    "with long hair", "with stubble", "with smoky eye makeup", "with a wide mouth", "with small eyes", "chubby",
    "with a thin face", "with vampire makeup", "with zombie makeup", "with heavy makeup", "with a small mouth",
    "with hooded eyes", "with droopy eyes", "with big eyes", "with chubby cheeks", "with narrow eyes", "with war paint",
)  # fmt: skip


def expression_sentence(phrase: str, rng: np.random.Generator) -> str:
    """A sentence that says the phrase (or nothing of expression, for ""), of somebody at random.

    Most follow the paper: "A face of a {age} {ethnicity} {person} with {colour} hair, {expression}".
    """
    age, ethnicity = rng.choice(AGES), rng.choice(ETHNICITIES)
    who = " ".join(word for word in (age, ethnicity, str(rng.choice(NOUNS))) if word)
    who = f"{'an' if who[0] in 'aeiou' else 'a'} {who}"
    hair = f"with {rng.choice(COLOURS)} hair" if rng.random() < 0.5 else ""
    asides = [str(aside) for aside in rng.choice(ASIDES, rng.choice(3, p=[0.4, 0.4, 0.2]), replace=False)]
    kind = rng.random()
    if phrase and kind < 0.08:
        return phrase
    opening = str(rng.choice(["A face of ", "face of ", "a portrait of ", "the head of ", "", "", ""]))
    if kind < 0.55:
        parts = [opening + " ".join([who, *([hair] if hair else []), *asides]), *([phrase] if phrase else [])]
        return ", ".join(parts)
    if kind < 0.8:  # the expression before the rest: "a man smiling with joker makeup"
        return " ".join(part for part in (opening + who, phrase, hair, *asides) if part)
    return ", ".join(part for part in (opening + who, hair, *asides[:1], phrase, *asides[1:]) if part)


def draw_expression(rng: np.random.Generator, held_out: bool = False) -> tuple[str, str]:
    """An expression's name and a phrase for it; three in ten say nothing, which means neutral."""
    if not held_out and rng.random() < 0.3:
        return "neutral", ""
    name = str(rng.choice(list(PHRASES)))
    phrases = [phrase for phrase in PHRASES[name] if (phrase in HELD_OUT) == held_out]
    if not phrases:
        return draw_expression(rng, held_out)
    return name, str(rng.choice(phrases))
