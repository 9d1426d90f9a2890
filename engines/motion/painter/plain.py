# ruff: noqa: SIM905  a list of words
"""Words of a prompt that name nothing to be seen: grammar, colours, judgements, techniques, moods; and weather, light
and camera words, which have tables of their own.
"""

PLAIN = frozenset(
    """
    4k 8k a about above absolutely across after against all along amazing among an and any are around artistic
    artstation as at atmosphere atmospheric autumn award away awe back background be beautiful beautifully been
    before behind beige being below beneath beside best between big black blue both bright brilliant brown by
    calm camera can candid cinematic clean clear clip close close-up closeup colorful colourful composition
    confident cool cosy could cozy crimson dark dawn day daylight deep depth detail detailed details digital
    distance distant do does doing done down dramatic dreamlike dslr dusk each eight elegant empty endless
    enormous epic ethereal evening every exquisite extremely fantastic far fast field-of-view film fine five
    focus fog footage for foreground forward four from front full gentle gently get gets getting giant gigantic
    golden good gorgeous graceful gray great green grey had half hand-held happy has have having hd hdr he her
    here hidden high highly his hq huge hyperrealistic i image in incredible inside into intricate is it it's
    its just large late left lens lifelike light lighting like lit little lone lonely long looking lovely low
    lush made magical magnificent majestic make makes making many masterpiece medium middle mighty mint mist mm
    modern mood moody more morning most motion moving much my mysterious natural naturally nature near new next
    nice night nine no not octane of off old old-fashioned on one only onto or orange our out outdoor outdoors
    outside over own pan peaceful perfect perspective photo photograph photographic photography photorealistic
    picture pink pretty professional purple quality quiet quietly rain real realism realistic really red relaxed
    render rendering resolution rich right romantic sad same scene scenic sense serene seven several sharp she
    shining shoot shooting short shot should silent silver simple single six slight slightly slow slowly small
    smooth smoothly snow so soft softly solitary some someone something spectacular splendid spring standing
    static still storm stunning style subject subtle such summer sunlight sunlit sunny sunrise sunset super
    surreal tall teal ten texture textured than that the their then there there's they this thoughtful three
    through tilt tiny to together tones toward towards towering tranquil trending turquoise two uhd ultra under
    unreal up upon vast velvety very vibrant video view violet vivid volumetric warm was we where which while
    white who whose wide wild will wind winter with within without wonderful world would yellow you young your
    zoom
    """.split()
)
