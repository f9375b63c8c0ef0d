"""The account of the kernel's stages follows the kernel: it ends with an error where the two decide differently."""

from abm.bench.stages import STAGES, stage_times


def test_the_stages_are_the_kernels_and_take_some_time():
    times = stage_times(3_000, rounds=1)
    assert list(times) == list(STAGES) and sum(times.values()) > 0
