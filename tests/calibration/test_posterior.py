"""Runs are kept, the emulator learns, and the posterior is the one that theory says where theory knows it."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest, norm

from abm.calibration import design, kept, posterior
from abm.calibration.check import inside, predictions
from abm.calibration.coverage import Coverage, cover
from abm.calibration.design import Store, changes_of, free, prior_points
from abm.calibration.emulator import Emulator, train
from abm.calibration.posterior import Draws, Sampler
from abm.calibration.targets import SHIFTS, families, targets
from abm.quantities import InputError

MANY, HOW_MANY = len(free()), len(targets())


def counted(monkeypatch):
    """Replace the model by one that counts how often it is run."""
    seen = []

    def moments(changes, seed):
        seen.append((seed, changes))
        return np.full(HOW_MANY, changes["diffusion.innovation"])

    monkeypatch.setattr(design, "moments", moments)
    return seen


def test_runs_are_kept_and_not_made_twice(tmp_path, monkeypatch):
    seen, told = counted(monkeypatch), []
    store, points = Store(tmp_path), prior_points(100)
    store.fill("prior", points[:64], 1, lambda *what: told.append(what))
    assert len(seen) == 64 and told[-1] == (64, 64)
    store.fill("prior", points, 1, lambda *what: told.append(what))
    assert len(seen) == 100 and told[-1] == (100, 100) and (64, 100) in told
    got, found = Store(tmp_path).read("prior")
    np.testing.assert_array_equal(got, points)
    np.testing.assert_allclose(found[:, 0], [changes_of(point)["diffusion.innovation"] for point in points])
    assert len({seed for seed, _ in seen}) == 100 and not list(tmp_path.rglob("*.part"))


def test_a_run_that_is_cut_off_leaves_nothing_half_written(tmp_path, monkeypatch):
    def fail(changes, seed):
        raise KeyboardInterrupt

    monkeypatch.setattr(design, "moments", fail)
    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path).fill("prior", prior_points(10), 1, lambda *_: None)
    assert len(Store(tmp_path).read("prior")[0]) == 0 and not list(tmp_path.rglob("*.npz"))


def test_the_prior_is_filled_evenly():
    points = prior_points(512)
    assert points.shape == (512, MANY)
    for column in points.T:
        assert kstest(column, "uniform").pvalue > 1e-3


def test_an_emulator_explains_a_smooth_model_and_knows_its_noise():
    rng = np.random.default_rng(1)
    points = rng.random((1500, 5))
    truth = np.column_stack([np.sin(3 * points[:, 0]) + points[:, 1] ** 2, np.exp(points[:, 2] - points[:, 3])])
    found = truth + rng.normal(0, [0.1, 0.2], truth.shape)
    made = train(points, found)
    assert np.sqrt(made.noise) == pytest.approx([0.1, 0.2], rel=0.25)
    fresh = rng.random((500, 5))
    exact = np.column_stack([np.sin(3 * fresh[:, 0]) + fresh[:, 1] ** 2, np.exp(fresh[:, 2] - fresh[:, 3])])
    assert np.sqrt(((made.predict(fresh) - exact) ** 2).mean(axis=0)) == pytest.approx([0, 0], abs=0.08)


def linear(slope):
    """An emulator whose j-th moment is a line in the j-th parameter, exactly: a network without a hidden layer."""
    weight = np.zeros((MANY, HOW_MANY))
    for j in range(min(MANY, HOW_MANY)):
        weight[j, j] = slope
    return Emulator([(weight, np.zeros(HOW_MANY))], np.zeros(HOW_MANY), np.ones(HOW_MANY), np.full(HOW_MANY, 1e-8))


def test_the_posterior_of_a_line_is_that_of_quadrature(measured):
    """Uniform prior, normal likelihood and half-normal misfit of one survey figure: mean and spread by integration."""
    slope, first = 0.5, targets()[0]
    published, used = np.zeros(HOW_MANY), np.zeros(HOW_MANY, bool)
    published[0], used[0] = 0.2, True
    got = Sampler(linear(slope), used, draws=3000, warm_up=500, chains=2).draw(published, seed=3)
    assert got.rhat < 1.02 and got.effective > 400

    def density(u):
        def given(misfit):
            spread = np.hypot(first.error, posterior.MISFIT * misfit)
            return norm.pdf(0.2, slope * (2 * u - 1), spread) * 2 * norm.pdf(misfit)

        return quad(given, 0, 8)[0]

    whole = quad(density, 0, 1)[0]
    mean = quad(lambda u: u * density(u), 0, 1)[0] / whole
    spread = np.sqrt(quad(lambda u: (u - mean) ** 2 * density(u), 0, 1)[0] / whole)
    measured(got.points[:, 0].mean(), mean, atol=4 * spread / np.sqrt(got.effective), claim="posterior mean")
    measured(got.points[:, 0].std(), spread, rtol=0.1, claim="posterior standard deviation")
    # What no figure speaks about keeps its prior: the misfit of other families, and other parameters.
    survey, points = families().index("people"), families().index("capability")
    half_normal = np.sqrt(2 / np.pi)
    assert got.misfit[:, survey].mean() == pytest.approx(posterior.MISFIT * half_normal, rel=0.1)
    assert got.misfit[:, points].mean() == pytest.approx(posterior.MISFIT_POINTS * half_normal, rel=0.1)
    assert got.points[:, 5].mean() == pytest.approx(0.5, abs=0.05)
    assert got.points[:, 5].std() == pytest.approx(np.sqrt(1 / 12), abs=0.03)


def test_draws_go_through_a_file(tmp_path):
    rng = np.random.default_rng(1)
    made = Draws(
        rng.random((40, MANY)), rng.normal(size=(40, len(SHIFTS))), rng.random((40, len(families()))), 1.0, 40.0
    )
    some = kept.some_of(made, 10)
    kept.write(tmp_path / "posterior_fit.csv", some)
    got = kept.read("fit", tmp_path)
    assert len(got.changes) == 10 and got.shifts.shape == (10, len(SHIFTS))
    np.testing.assert_allclose(got.shifts, some.shifts, rtol=1e-4)
    assert got.changes[3] == pytest.approx(some.changes[3], rel=1e-4) and list(got.changes[0]) == list(free())
    spread = [changes_of(made.points[row]) for row in np.linspace(0, 39, 10).round().astype(int)]
    assert all(one in spread for one in some.changes) and some.changes != spread
    assert got.first(4).changes == got.changes[:4] and len(got.first(4).misfit) == 4
    with pytest.raises(InputError, match="abm calibrate"):
        kept.read("all", tmp_path)


def test_intervals_hold_what_they_should():
    """Draws from a normal law around figures that are themselves such draws: nine of ten lie inside (three sigma)."""
    rng = np.random.default_rng(5)
    at = np.array([float(one.scaled(one.value)) for one in targets()])
    shares = []
    for _ in range(40):
        centre = at + rng.standard_normal(HOW_MANY)
        found = predictions(centre + rng.standard_normal((2000, HOW_MANY)))
        shares.append(inside(found, "fit"))
        assert all(one.low <= one.median <= one.high for one in found)
    count = 40 * sum(one.split == "fit" for one in targets())
    assert np.mean(shares) == pytest.approx(0.9, abs=3 * np.sqrt(0.09 / count) + 0.005)


def test_known_parameters_are_covered_as_often_as_they_should():
    """Worlds of a known law: nine of ten parameters lie inside (four sigma), fewer if the stand-in has another law."""
    exact, used, sets = linear(2.0), np.ones(HOW_MANY, bool), 8
    points = np.random.default_rng(7).random((2 * sets, MANY))
    found = exact.predict(points)
    found[sets:] = linear(1.0).predict(points[sets:])
    ranks = cover(exact, points, found, used, draws=150, warm_up=150).ranks
    honest, deceived = Coverage(ranks[:sets]), Coverage(ranks[sets:])
    assert honest.inside().mean() == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / (sets * MANY)) + 0.01)
    assert min(honest.uniformity().values()) > 1e-3 / MANY
    assert deceived.inside().mean() < honest.inside().mean() - 0.1
    assert ranks.min() >= 0 and ranks.max() <= 63
