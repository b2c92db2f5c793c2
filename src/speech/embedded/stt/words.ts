// The general vocabulary of the recogniser: data, written for this package. All words are in the dictionary of soundswallower.

const list = (text: string) => text.trim().split(/\s+/);

/** Frequent words of spoken English, the most frequent first. */
export const common = list(`
the i you to and a that it of in is was for on my have me with this be we are so do what not but at just
like know can your no yes there about get if one all would they or when he out up how because think then good now
want go right well from don't it's i'm that's okay really see going had some him time here could will make she
her his them been need who which did got as an by more say come back thing where other than too very tell their
take has were us our way look people any let these two something first mean those much look why give little said
day off only should over also down through even before after work thank thanks please sorry hello hi hey bye goodbye
i'd i'll i've you're we're they're can't didn't doesn't isn't wasn't won't what's there's he's she's let's couldn't
wouldn't haven't you've you'll we'll we've aren't where's how's who's it'll that'll
call phone number name address help today tomorrow yesterday tonight morning afternoon evening night noon midnight
week weekend month year hour minute second early earlier late later soon next last again still already always never
ever maybe perhaps sure great fine nice bad better best new old big small long short high low hot cold
home house office room door place street road city town country state school car bus train plane taxi
book booking booked appointment appointments cancel cancelled change move reschedule open opening close closed closing hours available
free busy slot slots check confirm schedule visit meeting meet doctor doctors nurse dentist clinic hospital patient medicine health
pain hurt sick cold fever cough headache tooth teeth back test tests result results blood insurance card
order orders ordered pizza coffee tea water food lunch dinner breakfast table menu eat drink restaurant hotel ticket tickets flight
money pay paid payment price cost bill account bank credit dollar dollars cent cents cheap expensive buy sell sold store shop
email mail message send sent text write read spell letter word question answer problem issue wrong correct true false
talk talking speak speaking listen hear heard repeat understand understood wait hold moment stop start begin finish finished done end
ask asked asking tell told telling show find found lost look looking try trying use using used put keep leave left
turn bring run walk sit stand wear live lived play watch watching learn love hate hope wish believe feel feeling remember forget forgot
man woman boy girl child children kid kids baby family mother father mom dad brother sister son daughter wife husband friend friends
person everybody everyone somebody someone nobody anyone anybody everything nothing anything sir madam mister miss
red blue green black white yellow brown color size large medium half quarter double whole part piece side left right top bottom
front inside outside near far away around under above between behind across along into onto without within against during until since while
both each every few many most least less enough lot lots bit another same different such own else instead together alone only almost
almost quite pretty exactly actually probably definitely absolutely certainly usually sometimes often once twice three times ago
computer internet website online app password user service support customer company business job manager team group plan project report
music movie song game news weather rain sunny snow wind warm light dark sun dog cat bird fish animal tree garden park
world life death war law government president police fire emergency accident safe danger
able anyway anymore apply arrive arrived ate bed become behind bought break broke broken build called came care carry case catch cause
certain chance choose class clean clear clothes company complete consider continue control copy corner couple course cover cut date dates
deal decide depend describe difficult direct directions drive driving drop during easy either especially example excuse expect explain eye eyes face
fact fall fast favorite feet felt field figure fill final finally five floor follow following foot form forward full fun funny further future
gave general getting given glad goes gone guess hair hand hands happen happened happens happy hard head heart heavy held herself himself
history hit however hundred idea imagine important include information interested interesting keep key kind kinds knew knows known land language
line list listening local lose low lucky main making march matter may meant might mind missed mistake mostly mouth moved moving
must myself needs neither none normal note notice offer ones opinion opposite outside page paper parents past pass perfect pick picture
plus point possible power prefer prepare pretty private promise public pull push quick quickly quiet quite reach ready real reason receive
record regular remind remove rent replace rest return ride ring river round safe sale save saw saying says science sea seat seem seems seen
sense serious set several share she'd ship shoes should shouldn't shows shut similar simple simply since single situation sleep slow slowly
smile someone sort sound sounds space special spend spent spot stay step stuff such suggest suppose supposed surprise switch system
taken takes talked teach term thinking third those though thought till tired total touch toward town trip trouble truck type
understand unless update upon urgent usual vacation view voice wants watch wear wedding welcome went weren't whatever whenever
wherever whether whose wide window wonderful wondering wood words working works worked worry worse worst worth written yeah yep yet
you'd young yourself uh um oh ah huh mhm hmm wow oops alright ok nope
`);

export const digits = list('zero oh one two three four five six seven eight nine');
export const teens = list('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen');
export const tens = list('twenty thirty forty fifty sixty seventy eighty ninety');
export const scales = list('hundred thousand million');
export const ordinals =
  list(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
  fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth`);
export const weekdays = list('monday tuesday wednesday thursday friday saturday sunday');
export const months = list(
  'january february march april may june july august september october november december',
);
export const letters = [...'abcdefghijklmnopqrstuvwxyz'];

/** Frequent given names and family names of the United States and Britain. */
export const names = list(`
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven
paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan
stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron
adam henry peter nathan oliver harry simon martin alan philip ian luke
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly
emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley
anna brenda pamela emma nicole helen samantha katherine christine rachel carolyn janet maria catherine heather diane
olivia julie joyce victoria kelly christina joan evelyn judith megan alice jane sophie charlotte grace lucy anne kate ruth
smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson taylor moore
jackson lee perez thompson harris sanchez clark ramirez lewis robinson walker young allen king wright torres nguyen
hill flores green adams nelson baker hall rivera campbell mitchell carter roberts phillips evans turner parker collins edwards
stewart morris murphy cook rogers morgan cooper peterson reed bailey bell kelly howard ward watson brooks bennett gray hughes price
`);

/** How people open, agree, refuse, ask and correct themselves; gives the general vocabulary a little word order. */
export const phrases = `
yes|yes please|yes that's right|yes that works|yes that would be great|yeah|yeah that's fine|sure|sure that's fine|okay|okay thank you|okay great
no|no thanks|no thank you|no that's all|no that's wrong|no that's not right|not really|nothing else|that's all|that's all thank you
that's it|that's it thanks|hello|hello there|hello can you|hello i would like|hello what is|hi|hi there|hi can i|hi i would like|hi i'd like|hey|good morning|good afternoon|good evening|bye|goodbye|thank you|thank you very much
thanks a lot|thank you so much|you're welcome|excuse me|sorry|i'm sorry|sorry what did you say|could you repeat that please|can you say that again
say that again please|what was that|i don't understand|i don't know|i'm not sure|let me think|one moment please|wait a minute|hold on
hold on a second|never mind|stop|stop talking|please stop|can you help me|i need help|i have a question|i have a problem|i'd like to know
i would like to|i want to|i need to|i'd like|can i|can i have|could i|could you|can you tell me|could you tell me|do you have|is there|are there
what is|what's|what time|what time is it|what time do you open|what time do you close|what day is it|when is|when can i come in|where is|where are you
how much is it|how much does it cost|how many|how long|how long does it take|how are you|how do i get there|who is this|why not|which one
my name is|my phone number is|my number is|my address is|my email is|this is|i am|i'm calling about|i'm looking for|i was wondering if
can i speak to someone|can i talk to a person|i want to talk to someone|tell me about|tell me more|what do you mean|what can you do
is that okay|is that right|it is|that is|they are|we are|i cannot|i can't|i am sorry|how long is it|how long do i|then on|then at|then i|and then|so then|are you there|are you open|are you open on|are you open today|are you open tomorrow|today|tomorrow|tomorrow morning|tomorrow afternoon
this morning|this afternoon|this week|next week|next month|in the morning|in the afternoon|in the evening|at noon|as soon as possible|any time|the first one|the second one
the last one|either one|neither|both|i changed my mind|actually|actually no|actually can i|no i mean|i meant|i said|that's not what i said
`
  .trim()
  .split(/[|\n]/);
