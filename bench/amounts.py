"""How much of everything, the same for the product and the floor. Money in millicents."""

KEYS = 64
PROMPTS_A_KEY = 100
MONEY_MC = 10**12
TUNE = 1504944
TEXT = "a woman in a yellow coat on a wet street at night, neon signs, shallow depth of field"
VIDEO_MODEL = "wan22_fast_480p"
VIDEO_PROMPT = "slow dolly in, light rain, reflections in the puddles"
