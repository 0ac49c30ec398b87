"""What people say for the 23 named expressions, and the sentences of the paper's template around it."""

from __future__ import annotations

import numpy as np

from clip_head.training.language.expressions_features import FEATURES
from clip_head.training.language.expressions_further import FURTHER
from clip_head.training.language.people_phrases import phrases

#: Expression -> the words for it, as they follow a comma ("an old man, laughing"); one in six is kept from training.
_FIRST: dict[str, tuple[str, ...]] = {
    "neutral": phrases(
        "neutral expression; expressionless; with a blank face; calm; relaxed face; with a straight face; deadpan; "
        "poker face; no expression; at rest; with a neutral look; serious; composed; showing no emotion; unmoved; "
        "impassive; stone-faced; stoic; with a blank stare; looking straight ahead; like a passport photo; "
        "emotionless; indifferent; with an empty look; at ease; waiting quietly; with a still face; unfazed; "
        "matter-of-fact; with a resting face; not showing any feelings; mouth closed and calm; placid; like a "
        "mannequin; with a face at rest; lips closed and brows level; without any emotion; with features that betray "
        "nothing; as if nothing had happened; as if sitting for an identity card; posing for a mugshot; with no "
        "particular mood; neither happy nor sad; just standing there; with a vacant look; listening without reaction; "
        "plain-faced; unemotional; with a level gaze; with every muscle relaxed; who feels nothing in particular; "
        "like a wax figure; like a statue; cool and collected; with an ordinary everyday face; self-possessed; who "
        "has nothing to say; as if thinking of nothing; unexpressive; keeping a straight face; robot-like"
    ),
    "happy": phrases(
        "smiling; happy; with a smile; cheerful; grinning; with a big smile; joyful; smiling happily; beaming; with a "
        "friendly smile; pleased; delighted; with a wide grin; glad; smiling warmly; in a good mood; who smiles; with "
        "a happy face; smile; merry; radiant with joy; content; grinning broadly; full of joy; in high spirits; "
        "thrilled; over the moon; who just got good news; who won the lottery; on cloud nine; smiling for the camera; "
        "overjoyed; jolly; with a sunny smile; seeing an old friend again; proud and happy; elated; on a birthday "
        "morning; blissful; with a grin on the face; smiling like a child at Christmas; enjoying life; satisfied; "
        "with a toothy smile; charmed; with dimples of joy; saying cheese; as if having won a prize; as if it were "
        "Christmas; who has just fallen in love; who has just been promoted; with the corners of the mouth turned up; "
        "with shining eyes and a smile; wearing a smile; cheeks lifted by a smile; lips curved upwards; flashing a "
        "smile; smiling from ear to ear; beaming with pride; who has just passed the exam; receiving a present; "
        "hugging a loved one; whose team has won; on the first day of holiday; in love; enjoying the sunshine; full "
        "of good cheer; lighthearted; gleeful; jubilant; exultant; ecstatic; upbeat; feeling great; having a "
        "wonderful day; who has just become a parent; welcoming guests; tickled pink; happy as a clam; happy as a "
        "child; showing white teeth in a smile; lit up with delight; grateful; in seventh heaven; walking on air; "
        "bright-faced and smiling; euphoric; chirpy; with a contented smile; flattered by a compliment"
    ),
    "laughing": phrases(
        "laughing; laughing out loud; with a hearty laugh; cracking up; laughing hard; giggling; chuckling; roaring "
        "with laughter; bursting with laughter; laughing with an open mouth; who laughs; laugh; hysterical with "
        "laughter; in stitches; rolling on the floor laughing; splitting his sides; splitting her sides; who finds it "
        "hilarious; howling with laughter; laughing at a funny joke; who was told a funny joke; doubled up with "
        "laughter; hooting; cackling; laughing like a hyena; in fits of laughter; LOL; watching a comedy; tickled; "
        "being tickled; hahaha; belly laughing; who cannot stop laughing; in hysterics; killing himself laughing; "
        "snorting with laughter; laughing uncontrollably; amused to tears; busting a gut; watching a clown fall over; "
        "shaking with mirth; as if having heard the best joke ever; who has just heard a good joke; throwing the head "
        "back in laughter; laughing so hard that it hurts; tittering; chortling; with a belly laugh; in a fit of "
        "giggles; bent over with laughter; laughing till the tears come; laughing heartily; laughing his head off; "
        "laughing her head off; slapping the thigh with laughter; shrieking with laughter; mouth open in a laugh; "
        "unable to keep from laughing; dying of laughter; laughing with friends; laughing at a comedian; who has got "
        "the giggles; convulsed with laughter; rocking with laughter; bursting out laughing; holding the stomach from "
        "laughing; haha; hilarious; laughing like a drain; laughing aloud; cracked up by a joke; erupting into "
        "laughter; having a good laugh; in peals of laughter; wheezing with laughter; laughing like a madman"
    ),
    "sad": phrases(
        "sad; unhappy; looking sad; sorrowful; gloomy; depressed; downcast; melancholic; mournful; with a sad face; "
        "heartbroken; frowning sadly; miserable; dejected; sadness; feeling blue; with a long face of grief; "
        "grieving; at a funeral; who lost a friend; disappointed; crestfallen; lonely and sad; despondent; glum; "
        "wistful; with a heavy heart; mourning a loss; whose dog died; low-spirited; hurt; bereaved; dispirited; "
        "forlorn; in despair; with the corners of the mouth drooping in sadness; missing someone; homesick; "
        "sad-looking; woeful; rueful; as if having lost everything; who has just been dumped; who has just lost the "
        "job; with the mouth corners pulled down; with drooping eyes of sorrow; with inner brows raised in sorrow; "
        "who has lost hope; feeling low; grief-stricken; broken-hearted; as if all joy had gone; left alone on a "
        "birthday; whose cat has died; saying goodbye forever; standing at a grave; tired of life; moping; sighing "
        "with sorrow; with a look of sorrow; doleful; mirthless; woebegone; down in the mouth; in low spirits; in "
        "mourning; hopeless; discouraged; let down by a friend; whose heart is broken; failed the exam and sad; "
        "longing for home; full of regret; pitiful; with sorrowful eyes; desolate; downhearted; with a sad little "
        "frown; inconsolable"
    ),
    "crying": phrases(
        "crying; weeping; sobbing; in tears; bawling; crying hard; bursting into tears; wailing; with a tearful face; "
        "who cries; crying out loud; with tears running down; shedding tears; tears streaming down the face; "
        "blubbering; crying like a baby; breaking down in tears; weeping bitterly; crying his eyes out; cry; in "
        "floods of tears; sniffling and sobbing; teary-eyed; whimpering; whining; weepy; howling with grief; "
        "dissolved in tears; with wet cheeks from crying; chopping onions in tears; crying at a sad film; sobbing "
        "into a handkerchief; choking back sobs; overcome by tears; lamenting; like a baby that wants its bottle; as "
        "if weeping over a broken heart; who has just burst into tears; with tears on the cheeks; with eyes full of "
        "tears; crying like a child; crying uncontrollably; in a flood of tears; tears rolling down; whose tears "
        "flow; crying over spilt milk; with a face wet with tears; wiping away tears; letting the tears flow; moved "
        "to tears; snivelling; boohoo; mewling; welling up; crying with red eyes; howling like a baby; crying out of "
        "pain and grief; who cannot hold back the tears; weeping at a grave; crying at a wedding; reduced to tears; "
        "sobbing uncontrollably; sobbing like a child; with a quivering chin and tears; bathed in tears; weeping "
        "silently; crying rivers; screwing up the face to cry; scrunched up in tears; her eyes red from weeping; a "
        "infant's wailing face"
    ),
    "angry": phrases(
        "angry; mad; frowning angrily; with an angry look; scowling; glaring; annoyed; irritated; cross; with "
        "furrowed brows; grim and angry; with an angry frown; anger; with knitted brows; displeased; ill-tempered; "
        "frowning; resentful; indignant; with a dirty look; stern; with a black look; glowering; hostile; miffed; "
        "aggravated; bad-tempered; with a menacing stare; outraged but silent; seething; ticked off; peeved; lips "
        "pressed in anger; fuming quietly; vexed; hot under the collar; exasperated; fed up; with a grim scowl; "
        "threatening; offended; who was insulted; as if about to hit somebody; as if somebody had stolen the parking "
        "space; who has just been cheated; who has been lied to; with brows drawn together; with brows pulled down "
        "and lips tight; with a furrowed forehead of anger; staring daggers; giving a death stare; with a clenched "
        "jaw and a glare; wrathful; irate; disgruntled; grumbling; full of anger; in a foul mood; in a bad mood; "
        "looking for a fight; with a stern frown; brows lowered and tense; irked; riled; with narrowed angry eyes; "
        "with a threatening look; scolding; reprimanding a pupil; with a hard angry stare; whose patience is at an "
        "end; having an argument; provoked; embittered; rankled; with pursed angry lips; antagonistic; biting back "
        "anger; spoiling for a fight; tight-lipped with anger; as if ready to explode"
    ),
    "furious": phrases(
        "furious; enraged; shouting with rage; screaming in anger; raging; yelling angrily; livid; snarling; in a "
        "rage; screaming; shouting; roaring with anger; yelling; exploding with anger; in a blind rage; seeing red; "
        "beside himself with fury; beside herself with fury; hitting the roof; blowing his top; like a drill sergeant "
        "yelling; bellowing; going berserk; fury; wild with rage; foaming at the mouth; barking orders angrily; "
        "hopping mad; throwing a tantrum; in a towering rage; roaring like a lion; screaming at somebody; cursing "
        "loudly; like a berserker; ranting; flying off the handle; incensed; raving mad; like the Hulk; shouting at "
        "the referee; infuriated; boiling over; as if about to tear somebody apart; who has just exploded; mouth wide "
        "open in rage; shouting at the top of the lungs; yelling at the top of the voice; with bared teeth of rage; "
        "screaming with fury; baring teeth in rage; going ballistic; losing the temper; having an outburst; out of "
        "control with anger; mad with rage; steaming with rage; who has lost it; roaring; thundering; bawling out a "
        "recruit; howling with rage; swearing at the top of the lungs; fuming and yelling; going through the roof; "
        "blowing a fuse; having a meltdown; red with rage; bursting with anger; like an angry gorilla; a warrior's "
        "battle cry; shouting a battle cry; barking like a mad dog; hollering; screeching with anger; spitting with "
        "rage; shrieking in anger; with a shout of rage; rampaging; apoplectic; enraged like a bull; tearing into "
        "somebody; on the warpath and yelling"
    ),
    "surprised": phrases(
        "surprised; astonished; amazed; with mouth wide open; shocked; stunned; in awe; gasping; with wide eyes and "
        "open mouth; startled; mouth agape; open-mouthed; jaw dropped; surprise; astounded; dumbfounded; speechless "
        "with surprise; taken aback; who did not expect that; at a surprise party; saying wow; wow; thunderstruck; "
        "eyebrows raised in surprise; unable to believe it; gobsmacked; caught off guard; bewildered and amazed; "
        "staring in disbelief; awestruck; oh my god; who was surprised by guests; bowled over; staggered; marvelling; "
        "blown away; seeing a magic trick; incredulous; with a jaw hanging open; eyes popping with surprise; as if "
        "struck by lightning; who has just been told the news; with eyebrows shot up; with brows raised high and "
        "mouth open; eyes wide and mouth round; with a dropped jaw; with the jaw on the floor; whose jaw drops; mouth "
        "wide open in amazement; eyes like saucers; wide-eyed; dumbstruck; stupefied; agog; in amazement; in "
        "astonishment; in wonder; taken by surprise; who cannot believe it; unable to believe the luck; opening a "
        "gift; finding a treasure; discovering something incredible; jolted; with a look of surprise; with a gasp; at "
        "a loss for words; omg; seeing a magician; who has won unexpectedly; wonderstruck; saying oh my; nonplussed; "
        "floored; rendered speechless; startled by a loud bang; hearing incredible news; with a look of wonder; "
        "open-mouthed with wonder; like a child at the circus; popeyed with astonishment"
    ),
    "fearful": phrases(
        "fearful; afraid; scared; terrified; frightened; horrified; in fear; panicking; in terror; with a frightened "
        "look; petrified with fear; scared to death; who saw a monster; watching a horror movie; panic-stricken; "
        "trembling with fear; fear; alarmed; aghast; spooked; in panic; like someone facing a shark; in a haunted "
        "house; quaking in his boots; scared stiff; shaking with fright; dreading the worst; terror-stricken; white "
        "with fear; cowering; who hears a burglar; in mortal fear; shivering with fear; fright; whose hair stands on "
        "end with fear; staring at a spider; chased by wolves; running for his life; as if a monster stood behind the "
        "camera; as if death were near; who has just seen a murderer; who has just had a nightmare; with wide "
        "frightened eyes; with eyes wide and lips drawn back in fear; with raised and drawn brows of fear; paralysed "
        "by fear; screaming in terror; wide-eyed with fear; hiding from a killer; fleeing from a bear; facing a lion; "
        "looking into the abyss; afraid of the dark; alone in a dark forest; hearing footsteps at night; fearing for "
        "his life; in dread; startled and scared; with terror in the eyes; in the face of danger; freaked out; scared "
        "out of his wits; having a panic attack; panicky; intimidated; fainthearted; spine-chilled; about to fall off "
        "a cliff; on a sinking ship; who is being hunted; like a rabbit before a snake; like a deer in the "
        "headlights; with a look of horror; horror-struck; seeing a snake; with teeth chattering from fear; "
        "nightmare-stricken; afraid to move"
    ),
    "disgusted": phrases(
        "disgusted; with a look of disgust; revolted; grossed out; repulsed; wrinkling the nose in disgust; sickened; "
        "nauseated; disgust; with a disgusted face; who bit into a lemon; tasting sour milk; about to vomit; yuck; "
        "eww; who found a hair in the soup; holding the nose at a stench; turning up the nose; appalled by the smell; "
        "queasy; repelled; finding a cockroach; feeling sick; gagging; who ate something awful; loathing; with a nose "
        "wrinkled at the stink; smelling garbage; turned off; making a face at bad food; nauseous; about to throw up; "
        "stepping in dog dirt; retching; squeamish; with revulsion; as if tasting something rotten; as if there were "
        "a bad smell; who has just stepped into something; who has just smelled something foul; with a wrinkled nose; "
        "with nose scrunched and upper lip raised; with an upper lip pulled up in disgust; curling the lip in "
        "disgust; nose wrinkled; full of disgust; put off; with a face of disgust; ew; ugh; phew; pulling a face at "
        "the taste; smelling rotten eggs; smelling a fart; eating a worm; swallowing bitter medicine; seeing "
        "something gross; finding a maggot in the apple; looking at vomit; sick to the stomach; abhorring it; finding "
        "it revolting; that stinks; with a sour face; biting into something sour; opening an old lunch box; changing "
        "a diaper; cleaning a filthy toilet; feeling nausea; seasick; who cannot stand the smell; disgusted by the "
        "food; with a grossed-out face; scrunching up the nose; detesting the taste"
    ),
    "contemptuous": phrases(
        "contemptuous; scornful; sneering; with contempt; disdainful; looking down with contempt; condescending; with "
        "a sneer; full of scorn; looking down on others; haughty; arrogant; snobbish; despising; contempt; with one "
        "lip raised in scorn; derisive; supercilious; with a disdainful look; mocking; with a scornful lip; snooty; "
        "belittling; dismissive; sneer; thinking he is better than everyone; patronising; with a curled lip of "
        "contempt; sniffy; full of disdain; superior; treating others like dirt; scoffing; unimpressed and scornful; "
        "with a disparaging look; cold and contemptuous; as if everyone else were beneath him; as if looking at an "
        "insect; who thinks little of others; with one corner of the mouth pulled up in contempt; with a raised lip "
        "on one side; looking down the nose; with the nose in the air; with a haughty look; full of contempt; snide; "
        "sneeringly; pompous; stuck-up; conceited; scorning the others; ridiculing; jeering; with cold disdain; "
        "imperious; hoity-toity; condescendingly; disrespectful; holding others in contempt; like an arrogant "
        "aristocrat; a snob's expression; thinking she is better than everyone; with an air of superiority; "
        "disparaging; curling one side of the lip; contemptuously looking on; highhanded; with a mocking sneer; "
        "despising everyone; disdain; turning away with scorn; lofty and scornful; a villain's sneer; as if to say "
        "how pathetic; cynical; lording it over others"
    ),
    "pouting": phrases(
        "pouting; sulking; with a pout; sulky; pouting lips; with the lower lip pushed out; sullen; grumpy; moody and "
        "sulking; pouty; in a huff; with a pouty lower lip; like a sulky child; grumpy like a bear; pout; petulant; "
        "in a sulk; huffy; with a protruding sulky lip; with a grumpy face; defiant and pouting; refusing to eat; "
        "like a child denied ice cream; with a stubborn pout; cranky; sticking the lower lip out; a spoiled brat's "
        "face; offended and pouting; mopey; crabby; surly; jutting the lower lip; morose; having the sulks; grouchy; "
        "as if denied a toy; as if nobody had asked to dance; who has just been told no; who has been sent to bed; "
        "with lips pushed out; pushing out the lips; with the bottom lip stuck out; lower lip out; with a jutting "
        "lip; with a sulky mouth; in the sulks; throwing a sulk; sulking like a teenager; with a sullen pout; with a "
        "childish pout; begging with a pout; refusing the vegetables; put out and pouting; glum and pouty; as if "
        "insulted by dinner; not getting his way; not getting her way; who wanted the bigger piece; peevish; with a "
        "moue; making a moue; pouting sulkily; lips thrust forward in a sulk; grumpy and silent; ill-humoured; with a "
        "turned-out lower lip; fretful like a child; who does not want to go to school; like a grounded kid; having a "
        "strop; stroppy; giving a pout; miffed and pouting; a diva in a huff; mardy; sullen-faced; like a scolded "
        "child"
    ),
    "kissing": phrases(
        "kissing; puckering the lips; blowing a kiss; giving a kiss; with puckered lips; kiss face; with lips pursed "
        "for a kiss; about to kiss; duck face; kiss; smooching; kissy face; making kissy lips; with a kiss mouth; "
        "puckering up; lips ready for a kiss; giving a smooch; pecking a cheek; with duck lips; lips pushed forward "
        "for a kiss; kissing the bride; under the mistletoe; smacking a kiss; planting a kiss; leaning in for a kiss; "
        "a kissing mouth; making a duck face; giving a peck on the cheek; lips puckered; pouting for a kiss; with a "
        "kissing selfie face; snogging; as if kissing somebody; who is about to be kissed; lips pushed out to kiss; "
        "sending a kiss; throwing a kiss; with lips puckered up; with the mouth shaped for a kiss; giving a big kiss; "
        "kissing someone on the cheek; kissing a baby; kissing a frog; kissing a lover; giving a kiss goodbye; giving "
        "a goodnight kiss; mwah; xoxo; with pursed kissing lips; with an air kiss; making a kissing face; french "
        "kissing; canoodling; with kissing lips; with pouty kiss lips; pecking on the lips; with pouted kissing lips; "
        "kissing the mirror; kissing a picture; about to smooch; offering the lips; mouth puckered; lips forward like "
        "a fish; fish lips; with a fish mouth; lips as if to kiss; asking for a kiss; stealing a kiss; kissing on New "
        "Year's Eve; who kisses; a tender kiss; necking; a lover's kiss"
    ),
    "smirking": phrases(
        "smirking; with a smirk; with a lopsided smile; with a sly smile; with a crooked smile; smug; half smiling; "
        "with a cheeky half smile; smirk; with a mischievous grin; with one corner of the mouth up; with a knowing "
        "smile; grinning slyly; with a one-sided smile; roguish; with a wry smile; with a cocky grin; self-satisfied; "
        "with a crafty smile; looking smug; with a cunning smile; impish; a sly grin; with a devious smile; with a "
        "half grin; up to no good; like a cat that got the cream; with a wolfish half smile; sly; like a villain with "
        "a plan; with a rakish smile; with a lopsided grin; amused and smug; with an ironic smile; who knows a "
        "secret; as if having got away with it; as if knowing something you don't; who has just played a prank; who "
        "has just outwitted somebody; with one side of the mouth raised; one mouth corner lifted; lifting one corner "
        "of the mouth; smiling on one side; smiling with one side of the mouth; with an asymmetric smile; with a "
        "slanted smile; with a teasing smile; with a naughty smile; with a mischievous smile; mischievous; cheeky; "
        "cocky; cunning; foxy; looking pleased with himself; looking pleased with herself; with a self-satisfied "
        "smile; with a triumphant half smile; with a confident half smile; with a scheming smile; like a fox; like "
        "James Bond; like Han Solo; like a poker player with four aces; full of himself; hiding a laugh on one side; "
        "with a hint of a one-sided smile; with a bad boy smile; with a playful half smile; with a sardonic smile; "
        "with a suggestive smile; flirting with a crooked smile; with a skewed grin; the smile of a rascal; grinning "
        "on one side; like the cat that ate the canary"
    ),
    "winking": phrases(
        "winking; with a wink; giving a wink; winking with one eye; one eye closed; winking playfully; wink; closing "
        "one eye; with one eye shut; winks; blinking with one eye; winking at someone; a wink of the eye; flirting "
        "with a wink; with a flirty wink; tipping a wink; with one eye squeezed shut; dropping a wink; winking "
        "knowingly; signalling with one eye; shutting one eye; with a conspiratorial wink; one eye open and one eye "
        "closed; who winks at you; giving the eye; wink wink; winking cheekily; only one eye open; aiming with one "
        "eye closed; as if sharing a secret; who has just made a pass; with the left eye closed; with the right eye "
        "closed; with a single eye closed; one eyelid down; with just one eye open; closing the left eye; closing the "
        "right eye; squeezing one eye shut; with a cheeky wink; giving a friendly wink; giving a knowing wink; with a "
        "saucy wink; giving a sly wink; flirting with one closed eye; batting one eye; batting an eyelid; looking "
        "through a keyhole with one eye; looking through a telescope with one eye; looking through a microscope with "
        "one eye; taking aim; like a pirate with one eye shut; a winking emoji; winky face; with one lid lowered; "
        "keeping one eye shut; blinking one eye; winking to a friend; winking to the crowd; signalling with a wink; "
        "with a wink in one eye; making a wink; just kidding with a wink; who gives a wink; a playful wink; in on the "
        "joke and winking; winking at the bartender; one eye pinched; half-blinking"
    ),
    "sleeping": phrases(
        "sleeping; asleep; with closed eyes; eyes closed; eyes shut; napping; dozing; fast asleep; slumbering; with "
        "both eyes closed; resting with shut eyes; in deep sleep; snoozing; dreaming; sleeping like a baby; dead to "
        "the world; meditating with closed eyes; dozing off; in a slumber; having a siesta; sleep; out like a light; "
        "eyelids closed; unconscious; in the land of dreams; lost in dreams; with lids shut; catching forty winks; in "
        "a coma; eyes peacefully closed; nodding off; drowsing; under anaesthesia; sleeping soundly; having nodded "
        "off; like sleeping beauty; praying with closed eyes; as if dead; as if under a spell; who has just fallen "
        "asleep; who has fallen asleep on the train; with eyelids shut; lids lowered over both eyes; with the eyes "
        "shut; both eyes shut; shutting the eyes; with her eyes closed; with his eyes closed; having closed the eyes; "
        "eyes closed in peace; in a deep slumber; at rest with closed eyes; having a nap; in bed at night; snoring; "
        "under hypnosis; deep in meditation; in prayer with lowered lids; counting sheep; lost to the world; passed "
        "out; knocked out; fainted; having a dream; dreaming sweetly; drifted off; drifting off to sleep; fallen "
        "asleep; comatose; on a deathbed; lying in state; in repose; hibernating; getting some shut-eye; catching "
        "some sleep; in the arms of Morpheus; listening to music with closed eyes; lulled to sleep; kipping; with "
        "lowered lashes; sleepyhead with closed eyes"
    ),
    "squinting": phrases(
        "squinting; narrowing the eyes; with narrowed eyes; squinting into the sun; with squinted eyes; peering; with "
        "screwed up eyes; squint; blinded by the sun; eyes pinched against the light; dazzled; blinking into bright "
        "light; trying to read small print; peering into the distance; with pinched eyes; squinting against the "
        "glare; looking into bright light; eyes narrowed to slits against the sun; who forgot the glasses; straining "
        "to see; with eyes half shut against the wind; suspicious with narrowed eyes; scrunching up the eyes; "
        "squinting suspiciously; eyes screwed up; looking at the sun; trying to make out something far away; narrowed "
        "gaze; peering through slits; with a hard squint; shortsighted and peering; in glaring light; as if looking "
        "at the sun; as if the print were too small; who has lost the glasses; who has just come out of the dark; "
        "with eyes narrowed; with eyes half closed against the light; eyes reduced to slits; eyes nearly closed "
        "against the sun; narrowing both eyes; with tight eyes; with eyes like slits; with a narrow-eyed look; "
        "looking through narrowed eyes; with crinkled eyes; with scrunched-up eyes; peering at something far away; "
        "peering at small print; peering through fog; peering into the dark; threading a needle; reading without "
        "glasses; trying to see; trying to recognise somebody; trying to read a sign; facing the sun; in bright "
        "sunlight; in the glaring sun; in a sandstorm; in driving snow; against a headlight; blinded by headlights; "
        "like Clint Eastwood; like a cowboy in the sun; at high noon; with a suspicious squint; focusing hard; "
        "shielding the eyes from the sun; looking hard; straining the eyes; nearsighted without glasses; suspiciously "
        "eyeing somebody; screwing up both eyes; into the wind; with lids tightened"
    ),
    "yawning": phrases(
        "yawning; with a big yawn; sleepily yawning; tired and yawning; yawn; yawning widely; in the middle of a "
        "yawn; bored and yawning; with a yawn; so tired; sleepy; yawning from boredom; ready for bed; exhausted and "
        "yawning; yawning like a lion; who has not slept; yawns; drowsy; up too late; weary with a gaping yawn; dead "
        "tired; just out of bed; bored to death; in need of coffee; dog-tired; stifling no yawn; fatigued; mouth open "
        "in a yawn; with a jaw-cracking yawn; after a long night; bushed; worn out; in a boring lecture; needing "
        "sleep; letting out a yawn; as if not having slept for days; as if bored to tears; who has just woken up; who "
        "has just got out of bed; who has worked all night; with the mouth stretched wide in a yawn; mouth wide open "
        "and eyes closing; mouth gaping with tiredness; giving a yawn; giving a huge yawn; with a wide yawn; opening "
        "the mouth in a yawn; letting out a big yawn; sleepy and yawning; half asleep and yawning; tired out; tired; "
        "weary; very tired; dozy; knackered; exhausted; zonked; run-down; overtired; sleep-deprived; ready to fall "
        "asleep; longing for bed; at four in the morning; early in the morning; jet-lagged; after a sleepless night; "
        "after a night shift; during a dull speech; at a tedious meeting; during the sermon; bored; bored stiff; "
        "about to nod off with an open mouth; yawning like a cat; yawning like a hippo; stretching and yawning; "
        "bedtime; past bedtime; wanting to sleep; struggling to stay awake; heavy-lidded and yawning"
    ),
    "whistling": phrases(
        "whistling; whistling a tune; lips rounded to whistle; with whistling lips; saying ooh; whistle; pursing the "
        "lips to whistle; whistling a song; whistling cheerfully; whistles; blowing through rounded lips; whistling a "
        "melody; whistling at someone; lips in a small o; blowing a whistle tone; calling a dog with a whistle; "
        "blowing out a candle; blowing on hot soup; saying oh; wolf-whistling; whistling while working; mouth like a "
        "whistler; tootling; making an o with the lips; with rounded lips; whistling innocently; cooing; blowing air; "
        "piping a tune; forming an o with the mouth; blowing smoke rings; as if calling a dog; as if blowing out a "
        "match; who has just started to whistle; lips forming a small circle; with lips in a circle; with a tiny "
        "round mouth; with a round little mouth; with lips pursed round; lips pursed into an o; mouth in an o shape; "
        "mouth like an o; with the mouth in a small o; with lips rounded; rounding the lips; blowing through the "
        "lips; blowing gently; blowing through pursed lips; exhaling through pursed lips; blowing on a dandelion; "
        "blowing on coffee; blowing on tea; blowing out the candles; blowing dust away; blowing a bubble; blowing "
        "soap bubbles; sucking through a straw; drinking through a straw; slurping a noodle; playing the flute; "
        "saying oo; singing ooh; hooting like an owl; whistling for a taxi; whistling like a bird; whistling in the "
        "dark; whistling to himself; whistling to herself; whistling like a kettle; whistling with admiration; "
        "producing a whistle; chirping like a bird; humming with rounded lips; like a carefree wanderer with a song "
        "on the lips; with pursed lips and a tune"
    ),
    "sticking the tongue out": phrases(
        "sticking the tongue out; sticking out his tongue; sticking out her tongue; with tongue out; tongue sticking "
        "out; showing the tongue; tongue out; poking out the tongue; with the tongue hanging out; like Einstein with "
        "his tongue out; bleh; licking the lips; panting like a dog; sticks out the tongue; saying aah at the doctor; "
        "lolling tongue; stretching out the tongue; putting the tongue out; like Gene Simmons; like Miley Cyrus with "
        "her tongue; licking an ice cream; tongue stuck out cheekily; making a rude face with the tongue; pulling a "
        "face with the tongue out; wagging the tongue; tongue poking out; blowing a raspberry; with a protruding "
        "tongue; like the Rolling Stones logo; sticking a tongue out at someone; licking; thrusting the tongue out; "
        "as if licking a stamp; as if catching snowflakes; who has just tasted something and put out the tongue; with "
        "the tongue out; with a tongue out; with his tongue out; with her tongue out; with the tongue stuck out; "
        "showing his tongue; showing her tongue; showing off the tongue; tongue shown; with the tongue visible; with "
        "the tongue hanging from the mouth; with the tongue lolling out; tongue lolling; tongue dangling; tongue "
        "extended; extending the tongue; presenting the tongue to the doctor; at the throat doctor; opening wide and "
        "saying ah; catching snowflakes with the tongue; catching raindrops on the tongue; licking a lollipop; "
        "licking an envelope; lapping milk like a cat; panting; panting like a thirsty dog; like a dog in summer; "
        "like a cheeky child with the tongue out; teasing with the tongue; mocking with the tongue; with the tongue "
        "between the lips; nyah nyah; neener neener; doing a haka tongue; like a Maori warrior; like a chameleon "
        "catching a fly; like a lizard; tongue pointing out; tongue over the lower lip; touching the chin with the "
        "tongue; out goes the tongue; with the tip of the tongue out; tasting the air"
    ),
    "puffing the cheeks": phrases(
        "puffing the cheeks; with puffed cheeks; blowing up the cheeks; with inflated cheeks; cheeks puffed out; "
        "holding breath with full cheeks; puffed up cheeks; like a blowfish; like a pufferfish; with puffing out the "
        "cheeks; holding the breath; inflating a balloon; blowing a trumpet; puffs his cheeks; puffs her cheeks; with "
        "a mouth full of air; cheeks blown up; ballooning cheeks; with bulging air-filled cheeks; filling the cheeks "
        "with air; about to dive; diving under water; with swollen cheeks of air; blowing the tuba; mouth full of "
        "water; cheeks full like a hamster with food; with food in both cheeks; puffing; blowing hard; cheeks like "
        "balloons; stuffing the cheeks; as if holding the breath under water; as if blowing up a balloon; who has "
        "just taken a mouthful of air; with air in the cheeks; with air-filled cheeks; with blown-out cheeks; with "
        "blown-up cheeks; with bloated cheeks of air; with bulging cheeks; bulging out the cheeks; pumping up the "
        "cheeks; inflating the cheeks; expanding the cheeks; filling both cheeks; ballooning out the cheeks; holding "
        "air in the mouth; holding the air; holding the breath with puffed cheeks; not breathing; about to jump into "
        "the water; blowing up an air mattress; blowing into a bagpipe; blowing a horn; blowing a bugle; playing the "
        "trumpet; playing the trombone; playing the tuba; like Louis Armstrong; like a trumpet player; like a "
        "puffed-up frog; like a croaking frog; like a bullfrog; with a full mouth; with a mouthful of food; with a "
        "mouth full of water; mouth stuffed with marshmallows; rinsing the mouth; gargling with closed lips; chubby "
        "bunny; about to burst with air; cheeks swollen with breath; huffing and puffing"
    ),
    "worried": phrases(
        "worried; anxious; concerned; nervous; looking worried; with a worried look; troubled; uneasy; apprehensive; "
        "stressed; with a concerned face; fretting; on edge; waiting for exam results; tense; biting the lip "
        "nervously; worrying; fearing bad news; ill at ease; in doubt; insecure; doubtful; restless; who lost the "
        "keys; careworn; with worry lines; unsure; waiting at the hospital; agitated; with a troubled brow; on "
        "tenterhooks; jittery; distressed; perturbed; fretful; before an exam; awaiting a diagnosis; preoccupied with "
        "worries; pensive and uneasy; worried sick; filled with anxiety; as if waiting for bad news; as if something "
        "terrible might happen; who has just missed the train; who has just lost the wallet; who cannot pay the rent; "
        "with brows raised in the middle; with inner eyebrows pulled up; with a creased forehead of worry; with a "
        "furrowed brow of concern; with an anxious look; with an uneasy look; full of concern; full of anxiety; "
        "fraught; disquieted; disturbed; uncertain; hesitant; self-doubting; fearing the outcome; waiting for the "
        "doctor; waiting for the verdict; in the dentist's waiting room; before an operation; before a job interview; "
        "before the first date; whose child is late; whose child is ill; who cannot find the child; who forgot the "
        "stove; lying awake with cares; burdened with cares; nervously waiting; nervous as a cat; a bundle of nerves; "
        "having butterflies in the stomach; under stress; overwrought; twitchy; edgy; wringing the hands; biting the "
        "nails; thinking of debts; concerned about the future; troubled by doubts; uptight; with knots in the "
        "stomach; feeling uneasy; vexed with worry"
    ),
    "grimacing": phrases(
        "grimacing; baring the teeth; with clenched teeth; making a grimace; in pain; wincing; gritting the teeth; "
        "with a pained grimace; teeth clenched; showing teeth; in agony; with gritted teeth; clenching the jaw in "
        "pain; grimace; who stubbed a toe; lifting a heavy weight; hurting; with a tortured face; at the dentist; "
        "straining hard; face twisted in pain; writhing in pain; with a toothache; showing clenched teeth; teeth "
        "bared; suffering; yikes; awkward with bared teeth; cringing; biting the teeth together; doing the last "
        "push-up; getting a painful injection; contorted with pain; gnashing the teeth; hit by a hammer on the thumb; "
        "tormented; giving birth; as if bitten by a dog; as if having a tooth pulled; who has just hit his thumb; who "
        "has just burned her hand; with lips pulled back from the teeth; lips stretched and teeth together; showing "
        "both rows of teeth; with both rows of teeth showing; with teeth on display; with set teeth; with a strained "
        "face; with a face distorted by pain; with a contorted face; with a twisted mouth; pulling a face; making a "
        "face of pain; pulling a grimace; with a pained expression; with a painful expression; with a look of pain; "
        "racked with pain; aching; hurt and wincing; in terrible pain; in great pain; in torment; feeling a cramp; "
        "having a cramp; with a stomach ache; with a migraine; with a broken leg; with a backache; who stepped on a "
        "nail; who stepped on a Lego brick; who got hit; getting a tattoo; having the leg waxed; ripping off a "
        "plaster; pulling a splinter; lifting a barbell; pushing a car; at the last metre of the race; arm-wrestling; "
        "eek; ouch; straining every muscle; clenching the teeth; grinding the teeth; flinching; like a chimp baring "
        "its teeth; showing teeth like a skull; showing the dentist the teeth"
    ),
}  # fmt: skip

#: Phrases that no training sees: one wording in six of the first table, spread over all expressions.
HELD_OUT = frozenset(
    phrase for name, phrases in _FIRST.items() if name != "neutral" for phrase in phrases[5::6]
)  # the first of each are the plainest words, always trained on

#: Expression -> all words for it; those of the further tables, put behind the first, are all said in training.
PHRASES: dict[str, tuple[str, ...]] = {
    name: said + FURTHER.get(name, ()) + FEATURES.get(name, ()) for name, said in _FIRST.items()
}

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


def draw_expression(rng: np.random.Generator, held_out: bool | None = False) -> tuple[str, str]:
    """An expression's name and a phrase for it; three in ten say nothing, which means neutral.

    held_out: whether the phrase is one of those that are kept from training; None: any.
    """
    if not held_out and rng.random() < 0.3:
        return "neutral", ""
    name = str(rng.choice(list(PHRASES)))
    phrases = [phrase for phrase in PHRASES[name] if held_out is None or (phrase in HELD_OUT) == held_out]
    if not phrases:
        return draw_expression(rng, held_out)
    return name, str(rng.choice(phrases))


def reworded(phrase: str, rng: np.random.Generator) -> str:
    """The phrase, or what says the same: of somebody who looks like this, or like one to whom this happens."""
    first = phrase.split(" ")[0]
    frames: tuple[str, ...]
    if first in ("who", "whose"):
        frames = ("like somebody {}", "with the face of someone {}", "like a person {}", "with the look of somebody {}")
    elif first == "as":
        frames = ("looking {}", "with a face {}", "who looks {}")
    elif first.endswith("ing"):
        frames = ("who is {}", "like somebody {}", "as if {}", "while {}", "caught {}", "who has started {}")
    elif " " not in phrase:
        frames = ("looking {}", "who looks {}", "who feels {}", "who is {}", "with a {} face", "with a {} look")
    else:
        return phrase
    return str(rng.choice(frames)).format(phrase)
