"""Settings out of the answers that carry them."""

from __future__ import annotations

from heliobus.growatt.control import bean, noah_settings


def test_a_bean_by_any_name() -> None:
    assert bean({"mixBean": {"onOff": 1}}) == {"onOff": 1}
    assert bean({"tlxSetBean": {"onOff": 1}, "dtc": 1}) == {"onOff": 1}
    assert bean({"storageDetailBean": {"vBat": 1}, "storageBean": {"buzzerEN": 1}}) == {"buzzerEN": 1}
    assert bean({"onOff": 1}) == {"onOff": 1}
    assert bean({"mixBean": None}) == {"mixBean": None}
    assert bean(None) == {}


def test_segments_in_both_forms() -> None:
    listed = noah_settings({"time_segment": [{"time_segment1": "0_0:0_8:0_300_0"}, {"time_segment2": "1_8:0_9:0_1"}]})
    named = noah_settings({"time_segment": {"time_segment1": "0_0:0_8:0_300_0", "time_segment2": "1_8:0_9:0_1"}})
    assert listed == named
    assert listed["time_segment1_enable"] == "0"
    assert listed["time_segment2_enable"] == "1"
    assert noah_settings({"time_segment": [{"time_segment1": "odd"}, None, 7]}) == {}
    assert noah_settings(None) == {}
