"""The values parts are drawn from."""

from requests_app.components.parts import FileEntry, Pause, Progress, track


def test_a_track_runs_to_the_stage_that_is_now() -> None:
    drawn = track(["a", "b", "c", "d", "e"], 2)
    assert [stage.progress for stage in drawn.stages] == [
        Progress.DONE,
        Progress.DONE,
        Progress.NOW,
        Progress.NEXT,
        Progress.NEXT,
    ]
    assert drawn.run == "50.0%"


def test_a_finished_track_is_filled_to_its_end() -> None:
    drawn = track(["a", "b", "c"], 3)
    assert {stage.progress for stage in drawn.stages} == {Progress.DONE}
    assert drawn.run == drawn.stages[-1].place


def test_a_checksum_is_grouped_for_comparing() -> None:
    entry = FileEntry("t", "x", "1 kB", "never", "9f2c41d8" * 8)
    assert entry.checksum.split()[:2] == ["9f2c", "41d8"]
    assert entry.checksum.replace(" ", "") == entry.sha256


def test_a_pause_is_as_wide_as_it_lasted() -> None:
    assert Pause(2.6, 12.9).width == 10.3
