"""Every English sentence of the page, in one place."""

TITLE = "Open or closed?"
SUBTITLE = "Which AI will firms use: free open models or paid proprietary ones, and what would change it?"
PRESETS = "Scenarios"
THEME = "Light or dark"

LEVERS = "Levers"
LEVERS_HINT = "Drag, or use the arrow keys. They act on top of the scenario; moved levers are marked."
REGION = "Government that acts, region shown"
START = "In force from"
FIRMS = "Sampled firms"
FIRMS_OPTION = {2_000: "2,000, quick"}
TARGET = "Aimed at"
RESET = "Reset the levers"
MOVED = "moved"
ACTORS = {"government": "What the government does", "lab": "What labs do", "world": "What may happen"}
TARGET_NAMES = {
    "all": "all AI",
    "license:open": "open models",
    "license:proprietary": "proprietary models",
    "origin:china": "models from China",
    "origin:united_states": "models from the United States",
}

QUARTER = "Numbers of"
WEIGHT = "Open share of"
WEIGHTS = {"firms": "firms", "employment": "employment", "tokens": "tokens", "spend": "spend"}
WEIGHT_OF = {
    "firms": "of the firms that use AI",
    "employment": "of the workers in firms that use AI",
    "tokens": "of the tokens used",
    "spend": "of what is paid for use",
}
WORLD = "World"
BASELINE = "baseline"
WHAT_IF = "what-if"
RUNNING = "Running the model ..."
DRAWING = "Drawing what is not known ..."
FAILED = "This cannot be run: {reason}"
URL_IGNORED = "The address asks for {what}, which cannot be used; {used} is shown instead."

TILE_ADOPTION = "Firms using AI, {region}"
TILE_ADOPTION_NOTE = "of firms with 10 or more workers"
TILE_OPEN = "Open share, {region}"
TILE_HHI = "Concentration of AI spending, world"
TILE_HHI_NOTE = "HHI, from 0 (many) to 1 (one seller)"
TILE_SURPLUS = "Users' surplus, {region}"
TILE_OUTLAY = "Public outlay, {region}"
PER_QUARTER = "USD a quarter"
AGAINST = "{change} against baseline"
SAME = "as in the baseline"
POINTS = "{size:.1f} points"
BILLION = "{value:,.1f} bn"
MILLION = "{value:,.0f} m"

UNCHANGED_HEAD = "Nothing has been changed yet."
UNCHANGED = "This is the baseline, business as usual. Choose a scenario or move a lever to see what changes."
WITHOUT_EFFECT = (
    "The what-if differs from the baseline but moved nothing; try a higher level, an earlier date or another target."
)
CHANGED_HEAD = "What changed and why."
CHANGED = (
    "In {region} in {quarter}, {adoption} of firms with 10 or more workers use AI instead of {adoption_base}; "
    "open models have {open} {weight} instead of {open_base}. Users' surplus is {surplus} and public outlay {outlay} "
    "USD a quarter ({surplus_change} and {outlay_change} against the baseline)."
)
ONE_RUN = (
    "Lines and numbers: one pair of runs with the same luck (seed {seed}, {firms:,} sampled firms) at the default "
    "parameters, one draw of many. "
)
NO_BANDS = "What the model does not know is not shown yet."
BANDS = (
    "Bands and ranges hold nine tenths of {draws} (of {of}) draws of the parameters that the published figures leave "
    "possible, each with incidents and breakthroughs of its own ({firms:,} sampled firms)."
)
INTERVAL = "90%: {low} to {high}"

ADOPTION = "Firms that use AI"
ADOPTION_NOTE = "Share of firms with 10 or more workers, {where}."
LINES_KEY = "Solid: what-if. Dashed: baseline."
HAS_SURVEY = "Diamonds: official survey."
NO_SURVEY = "No official survey of this population in {region}."
HAS_TARGET = "Triangles: government's target."
SURVEY = "official survey"
OFFICIAL_TARGET = "government's target"
ALL_REGIONS = "All regions"
DATA_END = "data end"
OPEN_SHARE = "Open models among AI users"
OPEN_SHARE_NOTE = "Share {weight}, {region} and world."
MAP = "Where: sector by region"
MAP_MEASURES = {"penetration": "Adoption", "open_share": "Open share"}
MAP_KINDS = {"level": "Level", "change": "Change"}
MAP_NOTE = {
    "penetration": "Firms with 10 or more workers that use AI, {quarter}, %.",
    "open_share": "Open models' share {weight}, {quarter}, %.",
}
MAP_CHANGE_NOTE = "What-if less baseline, percentage points:"
MAP_ENDS = {
    "penetration": ("0%", "100%"),
    "open_share": ("all proprietary", "all open"),
    "change": ("less", "more"),
}
VENDORS = "Whose models"
VENDORS_NOTE = "Share {weight} in {where}, {quarter}. Filled: what-if. Outlined: baseline."
OPEN_KEY = "open"
PROPRIETARY_KEY = "proprietary"
OFFER = "{label} ({licence})"
NUMBERS = "Numbers as a table"
QUARTER_HEAD = "Quarter"
OFFER_HEAD = "Offer"
SECTOR_HEAD = "Sector"
