"""Every language says everything, with the same blanks to fill in."""

import string

import pytest

import abm
from abm.explanation import Reason
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.tables import NAMED
from abm.ui import strings
from abm.ui.naming import act_in_words, differences, label_of, lever_label, title_of
from abm.ui.strings import languages, words_of

OTHERS = [name for name in languages() if name != strings.ENGLISH]


def flat(words, path=()):
    """Every sentence by its path, without the names of the tables."""
    for key, value in words.items():
        if key == "NAMES":
            continue
        if isinstance(value, dict):
            yield from flat(value, (*path, key))
        else:
            yield (*path, key), value


def blanks(text):
    return sorted((name, form) for _, name, form, _ in string.Formatter().parse(text) if name)


def test_there_is_a_second_language():
    assert next(iter(languages())) == strings.ENGLISH and OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_sentence_with_the_same_blanks(language):
    english, other = dict(flat(words_of("en"))), dict(flat(words_of(language)))
    assert other.keys() == english.keys()
    for key, text in english.items():
        if isinstance(text, str):
            assert blanks(other[key]) == blanks(text), key
        else:
            assert len(other[key]) == len(text), key


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_names_everything_that_the_page_names(language):
    named, tables = words_of(language)["NAMES"], load_tables()
    for table, many in NAMED.items():
        assert set(named[table]) == set(tables.frames[many][table]), table
    assert set(named["kind_label"]) == set(named["kind_mechanism"]) == set(KINDS)
    assert set(named["scenario_title"]) == set(named["scenario_story"]) == set(abm.library())
    assert set(named["parameter"]) == set(DECLARATIONS)
    assert set(named["reason"]) == {str(reason) for reason in Reason}
    firm = abm.explain(abm.Scenario.load("baseline"), "china.finance.large.0.0", "2023Q2", 1_000)
    assert set(named["fact"]) == set(firm.facts)
    units = {kind.level.unit for kind in KINDS.values()} | {one.unit for one in DECLARATIONS.values()}
    assert units <= set(named["unit"])


@pytest.mark.parametrize("language", OTHERS)
def test_most_of_a_language_is_not_english(language):
    english, other = dict(flat(words_of("en"))), dict(flat(words_of(language)))
    same = [key for key, text in english.items() if other[key] == text and any(c.isalpha() for c in str(text))]
    assert len(same) < 0.05 * len(english), same


def test_names_follow_the_language():
    try:
        strings.LANGUAGE.value = "zh"
        assert (label_of("region", "india"), lever_label("ban"), title_of(abm.Scenario.load("baseline"))) == (
            "印度", "禁令", "照常发展",
        )  # fmt: skip
        assert words_of("zh")["TITLE"] == strings.TITLE
    finally:
        strings.LANGUAGE.value = "en"
    assert label_of("region", "india") == "India" and not hasattr(strings, "NO_SUCH_WORDS")


def test_acts_are_said_for_readers_and_nothing_is_left_out():
    act = abm.Intervention("subsidy", 0.3, "2027Q1", "2029Q4", region="china", target="license:open")
    assert act_in_words(act) == "Adoption subsidy 30% on open models in China from 2027Q1 to 2029Q4"
    leak = abm.Intervention("leak", 0.6, "2027Q1", target="license:proprietary")
    assert act_in_words(leak) == "Leak 60% on proprietary models in all regions in 2027Q1"
    for name in abm.library():
        base, other = abm.Scenario.load("baseline"), abm.Scenario.load(name)
        assert len(differences(base, other)) == len(abm.difference(base, other)), name
        assert len(differences(other, base)) == len(abm.difference(other, base)), name
