"""Every English sentence of the page, in one place."""

TITLE = "Open or closed?"
SUBTITLE = "Which AI do firms and governments choose, and what would change it"
PRESETS = "Scenario"
LEVERS = "Levers"
LEVERS_HINT = "Drag, or use the arrow keys. Levers act on top of the scenario."
REGION = "Region that acts and is shown"
START = "Levers act from"
QUARTER = "Show the numbers of"
FIRMS = "Sampled firms"
TARGET = "Aimed at"
RESET = "Reset the levers"
WEIGHT = "Open models' share of the"
POPULATION_NAME = "firms with 10 or more workers"
ADOPTION = "Firms that use AI"
ADOPTION_NOTE = "Share of firms with 10 or more workers, {region} and world. Diamonds are official figures."
OPEN_SHARE = "Open models among AI users"
OPEN_SHARE_NOTE = "Share of the {weight} of AI users, {region} and world."
MAP = "Where: sector and region"
MAP_NOTE = "Share of firms with 10 or more workers that use AI, {quarter}, %."
MAP_CHANGE_NOTE = "Change of that share against the baseline, {quarter}, percentage points."
MAP_CHANGE = "Show the change against the baseline"
VENDORS = "Whose models"
VENDORS_NOTE = "Share of the {weight} of AI users in {region}, {quarter}. Green is open, violet proprietary."
IN_WORDS = "In words"
BASELINE = "baseline"
WHAT_IF = "what-if"
WORLD = "world"
UNCHANGED = "This is the baseline. Choose a scenario or move a lever."
CHANGED = (
    "What changed: {difference}. In {region} in {quarter}, {variant} of firms with 10 or more workers use AI "
    "instead of {base}."
)
ONE_RUN = (
    "One pair of runs with the same luck (seed {seed}, {firms:,} sampled firms); sampling noise is not shown. "
    "Parameters are provisional."
)
RUNNING = "Running ..."
AGAINST = "{change} against the baseline"
SAME = "as in the baseline"
TILE_ADOPTION = "Firms using AI, {region}"
TILE_OPEN = "Open share of {weight}, {region}"
TILE_HHI = "Concentration of AI spending (HHI), world"
TILE_SURPLUS = "Users' surplus a quarter, {region}"
TILE_OUTLAY = "Public outlay a quarter, {region}"
URL_IGNORED = "The address asked for {what}, which cannot be used; {used} is shown instead."
TARGET_NAMES = {
    "all": "all AI",
    "license:open": "open models",
    "license:proprietary": "proprietary models",
    "origin:china": "models from China",
    "origin:united_states": "models from the United States",
    "origin:home": "models of the own region",
}
ACTORS = {"government": "Governments", "lab": "Labs", "world": "World events"}
