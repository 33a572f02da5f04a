"""What a simulated appliance holds that does not come from the house: installation data, switches, absent parts.

Types and list lengths are those of recorded answers (captures 01 to 14, 37, 39, 40, 43, 48) where a variable was
recorded, else the likeliest ones (SPEC 4).  Values are our own.  Rows say: type, value, names; a list is a list on the
wire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.senec.protocol import Absent, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heliobus.senec.protocol import Json
    from heliobus.senec.simulator.house import Rows


def _names(text: str) -> list[str]:
    return text.split()


SECTIONS = _names(
    "BAT1 BAT1OBJ1 BMS BMS_PARA CASC DEBUG DISPLAY ENERGY FACTORY FEATURES FILE GRIDCONFIG LOG PM1 PM1OBJ1 PM1OBJ2 PV1 "
    "PWR_UNIT RTC SELFTEST_RESULTS SOCKETS STATISTIC STECA SYS_UPDATE TEMPMEASURE TEST UPDATE WALLBOX WIZARD"
)
"""What DEBUG.SECTIONS lists; the appliance has more sections than these (SPEC 2.5)."""

WRITABLE = {
    "SOCKETS": _names(
        "ENABLE FORCE_ON LOWER_LIMIT POWER_ON_TIME SWITCH_ON_HOUR SWITCH_ON_MINUTE TIME_LIMIT UPPER_LIMIT USE_TIME"
    ),
    "WALLBOX": _names(
        "ALLOW_INTERCHARGE MIN_CHARGING_CURRENT PROHIBIT_USAGE SET_ICMAX SET_IDEFAULT SMART_CHARGE_ACTIVE"
    ),
}
"""Settings that are stored as written and read back (SPEC 5.4, 5.6)."""

INSTALLER: Mapping[tuple[str, str], Json] = {
    ("ENERGY", "GRID_POWER_OFFSET"): ["fl_00000000"] * 3,
    ("ENERGY", "GUI_CAP_TEST_START"): "u8_00",
    ("ENERGY", "GUI_CAP_TEST_STOP"): "u8_00",
    ("ENERGY", "TEST_CHARGE_ENABLE"): "u8_00",
}
"""What is FORBIDDEN to others (SPEC 5.5); their types are inferred."""

_FORBIDDEN = Absent(Reason.FORBIDDEN, "FORBIDDEN")
NOT_FOUND = Absent(Reason.NOT_FOUND, "VARIABLE_NOT_FOUND")
_VERSION_LV, _VERSION_HV = "HMI: 3.16.20 PU: 4.3.10 BDC: 5.4.6", "HMI: 3.16.20 PU: 4.3.10"

CONSTANTS: Mapping[str, Rows] = {
    "BAT1": (
        ("u1", 0, "CEI_LIMIT"),
        ("u1", 6, "NSP2_FW"),
        ("u1", 10, "NSP_FW"),
        ("u8", 0, "DRM0_ASSERT ISLAND_ENABLE RESET TRIG_ITALY_SELF"),
        ("u8", 4, "TYPE"),
        ("u8", 5, "SELFTEST_OVERALL_STATE"),
        ("fl", [0] * 8, "SELFTEST_ACT SELFTEST_LIMIT SELFTEST_OFF"),
        ("u8", [0] * 8, "SELFTEST_STATE"),
        ("st", [""] * 8, "SELFTEST_STEP"),
        ("u1", [0] * 8, "SELFTEST_TIME"),
    ),
    "BAT1OBJ1": (
        ("u8", 0, "COMM"),
        ("i1", 0, "P Q S"),
        ("u3", 0x03100014, "SW_VERSION"),
        ("u3", 0x0403000A, "SW_VERSION2"),
        ("u3", 0x05040006, "SW_VERSION3"),
        ("u1", 0, "TEMP3 TEMP4 TEMP5"),
    ),
    "BMS": (
        ("u8", 1, "BMS_READY_FLAG BMS_STATUS WIZARD_ABORT"),
        ("u3", 0, "BMS_STATUS_TIMESTAMP ERROR"),
        ("u1", 0, "COMMERRCOUNT FAULTLINECOUNT PROTOCOL WIZARD_DCCONNECT"),
        ("u8", 0, "DERATING RECOVERLOCKED TF_ERROR WIZARD_CONFIRM WIZARD_START WIZARD_STATE"),
        ("u8", 2, "MANUFACTURER"),
    ),
    "BMS_PARA": (
        ("u8", 0, "FORCE_BMS_ERROR FORCE_OP_MODE USE_ROA_PARAMETER"),
        ("u1", 4069, "FULL_CELL_VOLTAGE_MV"),
        ("u1", 45, "MAX_BATTERY_TEMP_LIMIT_DEG"),
        ("i1", 12, "MAX_MODULE_CHARGE_CURRENT_LIMIT_A"),
        ("i1", -24, "MAX_MODULE_DISCHARGE_CURRENT_LIMIT_A"),
        ("u8", 2, "OPERATIONAL_MODE"),
    ),
    "BMZ_CURRENT_LIMITS": (("i1", 12, "MAX_CURRENT_LIMIT_A"), ("i1", -24, "MIN_CURRENT_LIMIT_A")),
    "CASC": (
        ("fl", [0] * 6, "POWER PVGEN SOC TARGET"),
        ("fl", 0, "PVMASTER"),
        ("u8", [0] * 6, "STATE"),
    ),
    "CELL_DEVIATION_ROC": (("u8", 0, "SKIP_WAITING"),),
    "CURRENT_IMBALANCE_CONTROL": (("u1", 8000, "THRESHOLD_mA"),),
    "DEBUG": (
        ("fl", 0, "CHARGE_TARGET DC_TARGET EG_POT_BOOST_CAP EG_POT_BOOST_POW EG_POT_CHARGE_CAP FEED_TARGET"),
        ("fl", 0.02, "DC_TARGET_PID_KD"),
        ("fl", 0.01, "DC_TARGET_PID_KI"),
        ("fl", 0.2, "DC_TARGET_PID_KP"),
        ("u8", 0, "PU_AVAIL"),
        ("st", SECTIONS, "SECTIONS"),
    ),
    "ENERGY": (
        ("fl", [0] * 4, "CAPTESTMODULE"),
        ("u8", 1, "GUI_BAT_DATA_COLLECTED"),
        ("u8", 0, "GUI_CAP_TEST_STATE GUI_INIT_CHARGE_START GUI_INIT_CHARGE_STOP GUI_TEST_CHARGE_STAT"),
        ("u8", 0, "GUI_TEST_DISCHARGE_STAT INIT_CHARGE_ACK INIT_CHARGE_RERUN INIT_CHARGE_RUNNING INIT_CHARGE_STATE"),
        ("u8", 0, "OFFPEAK_RUNNING STAT_LIMITED_NET_SKEW ZERO_EXPORT"),
        ("fl", 0, "INIT_CHARGE_DIFF_VOLTAGE INIT_CHARGE_MAX_CURRENT INIT_CHARGE_MAX_VOLTAGE INIT_CHARGE_MIN_VOLTAGE"),
        ("fl", 0, "INIT_DISCHARGE_MAX_CURRENT OFFPEAK_POWER"),
        ("u6", 0, "INIT_CHARGE_TIMER"),
        ("u1", 0, "OFFPEAK_DURATION"),
        ("u8", 100, "OFFPEAK_TARGET"),
    ),
    "DISPLAY": (),
    "FACTORY": (
        ("u8", 4, "BAT_TYPE"),
        ("u8", 2, "CELL_TYPE"),
        ("u8", 0, "COUNTRY EPA_GRID_FILTER"),
        ("u8", 1, "FAC_SANITY PM_TYPE"),
        ("u8", 18, "SYS_TYPE"),
    ),
    "FAN_SPEED": (("u8", 0, "INV_HV INV_LV"),),
    "FAN_TEST": (("u8", 0, "INV_HV INV_LV"),),
    "FEATURES": (
        ("u8", 0, "CAR HEAT ISLAND ISLAND_PRO SHKW"),
        ("u8", 1, "CLOUDREADY ECOGRIDREADY PEAKSHAVING SGREADY SOCKETS"),
    ),
    "FILE": (),
    "GRIDCONFIG": (
        ("fl", 16.66, "AU_P_RAMP_DI"),
        ("u1", 15, "AU_RESP_MODE"),
        ("u8", 1, "AU_SOFT_RAMP_EN"),
        ("u1", 0, "AU_TARGET_TY CEI_COS_PHI_ENABLE VDETARGETTY"),
        ("u1", [207, 230, 255, 265], "AU_VRR_MAX"),
        ("u1", [207, 216, 235, 244], "AU_VRR_MIN"),
        ("i8", [30, 0, 0, -30], "AU_VVAR_PERCENTAGE"),
        ("i8", [60, 0, 0, 0], "AU_VVAR_P_MAX"),
        ("i8", [0, 0, 0, -60], "AU_VVAR_P_MIN"),
        ("u1", [207, 220, 250, 265], "AU_VVAR_VOLTAGE"),
        ("fl", 1, "CEI_COS_PHI PWRCFG_COS_POINT1 VDEFIXEDFAC"),
        ("u1", 50100, "CEI_FREQ_MAX"),
        ("u1", 49900, "CEI_FREQ_MIN"),
        ("u1", 110, "CEI_STAB_VOL_TH"),
        ("fl", 0.9, "PWRCFG_COS_POINT3"),
        ("fl", 0.95, "PWRCFG_COS_POINT_2A"),
        ("fl", 50, "PWRCFG_COS_POINT_2B"),
        ("u8", 0, "PWRCFG_USE_COS_PHI_CURVE PWRCFG_USE_MAX_PWR_SKEW VDELVFRTDISABLE VDEPT1RESPONSETIME"),
        ("u1", 10, "VDECOSPHITIME VDERECOVERTIME"),
        ("u1", 5, "VDEOVERFREQDROOP"),
        ("u1", 2, "VDEUNDERFREQDROOP"),
        ("fl", 50.2, "VDEOVERFREQLIMIT"),
        ("fl", 49.8, "VDE_UNDERFREQLIMIT"),
        ("fl", 47.5, "VDE_FREQDROPPROT"),
        ("fl", 51.5, "VDE_FREQRISEPROT"),
        ("fl", 0.1, "VDE_FREQDROPPROTDELAY VDE_FREQRISEPROTDELAY VDE_VOLTRISEPROTAVGDELAY VDE_VOLTRISEPROTDELAY"),
        ("fl", 0.3, "VDE_VOLTDROPPROTDELAY"),
        ("u1", 45, "VDE_VOLTDROPPROT"),
        ("u1", 80, "VDE_VOLTDROPPROTAVG"),
        ("u1", 3, "VDE_VOLTDROPPROTAVGDELAY"),
        ("u1", 125, "VDE_VOLTRISEPROT"),
        ("u1", 110, "VDE_VOLTRISEPROTAVG"),
    ),
    "IPU": (("u8", 2, "VERSION"),),
    "LOG": (("u8", 0, "LOG_IN_BUTT LOG_OUT_BUTT"), ("st", "", "PASSWORD USERNAME")),
    "PM1": (("u8", 0, "MB_SL2MA_CONN MB_SLAVES_COUNT PWR_METERS_MISSING"), ("u8", 1, "TYPE")),
    "PM1OBJ1": (("u8", 1, "ADR ENABLED"),),
    "PM1OBJ2": (
        ("u8", 2, "ADR"),
        ("u8", 0, "ENABLED"),
        ("fl", 0, "FREQ P_TOTAL"),
        ("fl", [0] * 3, "I_AC P_AC U_AC"),
    ),
    "PV1": (
        ("u3", [0] * 2, "ERROR_STATE_INT"),
        ("st", [""] * 2, "INTERNAL_INV_ERROR_TEXT"),
        ("u8", [1] * 2, "INTERNAL_INV_ERR_STATE_VALID INTERNAL_MD_AVAIL"),
        ("st", ["Senec", "Senec"], "INTERNAL_MD_MANUFACTURER"),
        ("st", ["V3 LV", "V3 HV"], "INTERNAL_MD_MODEL"),
        ("st", [_VERSION_LV, _VERSION_HV], "INTERNAL_MD_VERSION"),
        ("u8", 2, "INTERNAL_PV_AVAIL"),
        ("st", ["", "", "END_OF_ARRAY"], "INV_MODEL INV_SERIAL"),
        ("st", [_VERSION_HV, _VERSION_HV, "END_OF_ARRAY"], "INV_VERSIONS"),
        ("u8", 3, "MPP_AVAIL"),
        ("u8", 0, "PV_MISSING"),
        ("u8", 160, "TYPE"),
    ),
    "PWR_UNIT": (
        ("u8", [0] * 6, "ADRESS ENFLURI STATUS TEMP_COUNT TYPE"),
        ("fl", [0] * 6, "CONNPWR CONNPWR_1 CONNPWR_2 CONNPWR_3 CURRENTTEMP_MAX CURRENTTEMP_MAX_HW CURRENTTEMP_MIN"),
        ("fl", [0] * 6, "CURRENTTEMP_MIN_HW POWER POWER_L1 POWER_L2 POWER_L3 REQ_POWER TEMPMAX TEMPMIN TEMPTARGET"),
        ("u1", [0] * 6, "FW_VER HW_REV WATERVOL"),
        ("st", [""] * 6, "SERIAL"),
        ("u8", 0, "PU_MISSING"),
        ("fl", 0, "TEMP_LIMIT_LOWER"),
        ("fl", 100, "TEMP_LIMIT_UPPER"),
    ),
    "SELFTEST_RESULTS": (
        ("st", "Test passed", "DC_COIL INIT_BATTERY_MODULES INSULATION"),
        ("st", "No Interrupt", "INTERRUPT"),
        ("st", "Test not initialized", "IPU"),
    ),
    "SENEC_IO_INPUT": (
        ("u8", 0, "DC_HK_STATUS_IPU_V5 FAULTLINE FAULTLINE_DELAYED"),
        ("u8", 0, "HID0 HID3_IPU_V5 RCD_DC_IPU_V3 STATUS_AC_SWITCH_IPU_V3"),
        ("u8", 1, "AC_ERROR_IPU_V3 DRY_CONTACT_IN_IPU_V5 HID1"),
        ("u8", 1, "HID2_IPU_V5 ISOGUARD_STATUS POWER_STATUS RCD_ERROR_IPU_V3"),
        ("u8", 1, "RCD_RMS_IPU_V3 STATUS_DC_SWITCH_IPU_V5"),
    ),
    "SENEC_IO_OUTPUT": (
        ("u8", 0, "AC_SWITCH_IPU_V3 BAT_MODULE_ENABLE_SAMSUNG_IPU_V5 ISOGUARD_ENABLE"),
        ("u8", 0, "KILLSWITCH RCD_RESET_IPU_V3 Relay_1"),
        ("u8", 0, "Relay_2 Relay_3 Relay_4"),
        ("u8", 1, "BAT_MODULE_ENABLE_BMZ DC_SWITCH DRY_CONTACT_OUT_IPU_V5 RCD_TEST_IPU_V3"),
    ),
    "SOCKETS": (
        ("u8", [0] * 2, "ALREADY_SWITCHED ENABLE FORCE_ON POWER_ON PRIORITY SWITCH_ON_HOUR SWITCH_ON_MINUTE USE_TIME"),
        ("u1", [0] * 2, "LOWER_LIMIT POWER_ON_TIME TIME_LIMIT TIME_REM UPPER_LIMIT"),
        ("u8", 2, "NUMBER_OF_SOCKETS"),
        ("u8", 0, "RESET_SWITCHED"),
    ),
    "STECA": (
        ("u8", 0, "AU2020_VERSION_MISMATCH"),
        ("u8", 1, "BAT ISLAND PV"),
        ("u3", [262144, 0, 1073741824], "BDC_STATE"),
        ("u3", 0, "ERROR"),
        ("st", "", "ERRORTEXT"),
        ("u8", 10, "NUM_PV_CONFIG_POSSIBLE"),
        ("u8", 4, "PVSS"),
        ("u8", [1, 1, 1, 2, 16, 1, 1, 16, 16, 16], "PV_CONFIG_POSSIBLE"),
        ("u8", 2, "PV_INPUTS"),
        ("u8", 15, "RELAYS"),
        ("u3", 272, "STARTUP"),
        ("u3", 0xFFFFFFFF, "STARTUP_ADD"),
    ),
    "SYS_UPDATE": (
        ("u8", 1, "BOOT_REPORT_SUCCESS FSM_STATE"),
        ("u8", 0, "FEATURE_OVERWRITE TRIGGER_BL_UPDATE UPDATE_AVAILABLE USER_REQ_INV_UPDATE"),
        ("u8", 0, "USER_REQ_NA_UPDATE USER_REQ_UPDATE"),
        ("u8", [0] * 6, "MISC"),
    ),
    "TEMPMEASURE": (("fl", -156.07, "MCU_TEMP"), ("u8", 1, "TEMP_DATA_COLLECTED")),  # no sensor (capture 50)
    "TEST": (),
    "UPDATE": (),
    "WALLBOX": (
        ("u8", [0] * 4, "ADDITIONAL_ERROR CS_ENABLED EV_CONNECTED HW_TYPE"),
        ("u8", [0] * 4, "L1_USED L2_USED L3_USED LOAD_IMBALANCE_DETECTED"),
        ("u8", [0] * 4, "LOAD_IMBALANCE_ENABLED MAJOR_REV METER_ENABLED"),
        ("u8", [0] * 4, "METHOD_EN1 MINOR_REV PHASES_USED PROHIBIT_USAGE"),
        ("u8", [0] * 4, "SMART_CHARGE_ACTIVE SOCKET_ENABLED STATE"),
        ("u8", 0, "ALLOW_INTERCHARGE DETECTION_MODE"),
        ("fl", [0] * 4, "APPARENT_CHARGING_POWER L1_CHARGING_CURRENT L2_CHARGING_CURRENT L3_CHARGING_CURRENT"),
        ("fl", [0] * 4, "MAX_CHARGING_CURRENT_DEFAULT MAX_CHARGING_CURRENT_IC MAX_CHARGING_CURRENT_ICMAX"),
        ("fl", [0] * 4, "MAX_CHARGING_CURRENT_RATED MIN_CHARGING_CURRENT SET_ICMAX SET_IDEFAULT"),
        ("fl", 0, "MAX_PHASE_CURRENT_BY_GRID MAX_TOTAL_CURRENT_BY_GRID"),
        ("u8", [1, 2, 3, 4], "BUS_ADR"),
        ("st", [""] * 4, "SAP_NUMBER SERIAL_NUMBER SERIAL_NUMBER_INTERNAL"),
        ("u6", [0] * 4, "UID"),
        ("u1", [0] * 4, "UTMP"),
    ),
    "WIZARD": (
        ("st", "0" * 40, "APPLICATION_HASH"),
        ("u8", 0, "CHARGE_PRIO CONFIG_MODIFIED_BY_USER CONFIG_WRITE"),
        ("u8", 0, "DEVICE_PM_HOUSE_ENABLED FEATURECODE_ENTERED GUI_LANG"),
        ("u8", 0, "MASTER_SLAVE_MODE PS_ENABLE PS_HOUR"),
        ("u8", 0, "PS_MINUTE PS_RESERVOIR SETUP_NUMBER_WALLBOXES SETUP_USE_ABS_POWER"),
        ("u8", 0, "SETUP_USE_DRM0 SETUP_USE_RCR SG_READY_ENABLED"),
        ("u8", 0, "SG_READY_ENABLE_OVERWRITE SG_READY_EN_MODE1 TEST_EG_METER"),
        ("u8", 0, "TEST_GENERATION_METER TEST_HEATPUMP_METER TEST_SENEC_METER ZEROMODULE"),
        ("u8", 1, "BOOT CONFIG_LOADED DEVICE_PM_GRID_ENABLED DEVICE_PM_TYPE SETUP_HV_PHASE SETUP_PM_GRID_ADR"),
        ("u8", 1, "SETUP_USED_PHASE SG_READY_CURR_MODE"),
        ("u8", 2, "GRID_CONNECTION_TYPE HEAT_CONN_TYPE SETUP_PM_HOUSE_ADR"),
        ("u8", 4, "DEVICE_BATTERY_TYPE"),
        ("u8", 160, "DEVICE_INVERTER_TYPE"),
        ("u8", [1, 0, 0, 0, 0, 0], "DEVICE_INV_ENABLED"),
        ("u8", [4] * 6, "DEVICE_INV_PHASES_ARR"),
        ("u8", [3, 4, 5, 6, 7, 8], "DEVICE_INV_SLAVE_ADRESS"),
        ("u8", [0] * 6, "MAC_ADDRESS_BYTES MASTER_SLAVE_ADDRESSES"),
        ("u8", [1, 1], "PV_CONFIG"),
        ("u8", [0, 0], "SG_READY_OVERWRITE_RELAY"),
        ("u1", 0x5E1E, "CONFIG_CHECKSUM"),
        ("u1", 0xFFFF, "SG_READY_POWER_COMM SG_READY_POWER_PROP"),
        ("u1", 720, "SG_READY_TIME"),
        ("u1", [0, 30, 60, 100], "SETUP_RCR_STEPS"),
        ("u3", 1000, "INSULATION_RESISTANCE"),
        ("u3", 0, "GENERATION_METER_SN HEATPUMP_METER_SN POWER_METER_SERIAL"),
        ("u3", 0, "SENEC_METER_SN SETUP_ABS_POWER SETUP_PV_INV_IP0"),
        ("u3", 0, "SETUP_PV_INV_IP1 SETUP_PV_INV_IP2 SETUP_PV_INV_IP3 SETUP_PV_INV_IP4 SETUP_PV_INV_IP5"),
        ("st", "", "SETUP_WALLBOX_SERIAL0 SETUP_WALLBOX_SERIAL1 SETUP_WALLBOX_SERIAL2 SETUP_WALLBOX_SERIAL3"),
    ),
}
"""What every firmware has."""

CONSTANTS_0811: Mapping[str, Rows] = {
    "STATISTIC": (
        ("fl", [0] * 6, "LIVE_PU_ENERGY"),
        ("fl", 0, "LIVE_PV_GEN_MASTER"),
        ("u6", [0] * 4, "LIVE_WB_ENERGY"),
        ("u6", [0] * 6, "STAT_SUM_E_PU"),
    ),
    "SYS_UPDATE": (("u1", 2011, "NPU_IMAGE_VERSION"), ("u1", 8, "NPU_VER")),
    "WIZARD": (
        ("st", "0811", "APPLICATION_VERSION"),
        ("st", "954", "FIRMWARE_VERSION"),
        ("st", "0957", "INTERFACE_VERSION"),
        ("u8", 0, "SETUP_AGBS_ACCEPTED"),
        ("u8", [1, 2, 3, 4], "SETUP_WALLBOX_IDS"),
    ),
}

CONSTANTS_0826: Mapping[str, Rows] = {
    "ENERGY": (
        ("", _FORBIDDEN, "GRID_POWER_OFFSET GUI_CAP_TEST_START GUI_CAP_TEST_STOP TEST_CHARGE_ENABLE"),  # installer's
        ("u8", 0, "VPP_ACTIVATE_EXPORT_LIMIT VPP_ACTIVATE_TARGET_POWER VPP_ENDTIME_HOUR VPP_ENDTIME_MINUTE"),
        ("u8", 0, "VPP_IGNORE_COUNTRY_TYPE VPP_IS_ACTIVE VPP_STARTTIME_HOUR VPP_STARTTIME_MINUTE"),
        ("u8", 1, "VPP_DAILY_PARAMETER_RESET"),
        ("u1", 0, "VPP_EXPORT_LIMIT"),
        ("u3", 0, "VPP_LAST_CHANGE_UTC"),
        ("fl", 0, "VPP_TARGET_POWER"),
    ),
    "STATISTIC": (),
    "SYS_UPDATE": (("u1", 2310, "NPU_IMAGE_VERSION"), ("u1", 10, "NPU_VER")),
    "WIZARD": (
        ("st", "0826", "APPLICATION_VERSION"),
        ("st", "954", "FIRMWARE_VERSION"),
        ("st", "0966", "INTERFACE_VERSION"),
        ("u8", 0, "BATT_IPU_MISMATCH DEVICE_WB_TYPE LOGGER_SEVERITY"),
        ("u1", 0, "SG_READY_POWER_NORMAL"),
    ),
}

CONSTANTS_2411: Mapping[str, Rows] = {
    "ENERGY": (
        ("", NOT_FOUND, "GRID_POWER_OFFSET GUI_CAP_TEST_DIS_COUNT GUI_CAP_TEST_START GUI_CAP_TEST_STOP"),
        ("", NOT_FOUND, "GUI_FACTORY_TEST_FAN"),
    ),
    "SYS_UPDATE": (("u1", 2411, "NPU_IMAGE_VERSION"), ("u1", 10, "NPU_VER")),
    "WIZARD": (("st", "0833", "APPLICATION_VERSION"), ("st", "0970", "INTERFACE_VERSION")),
}
"""What is otherwise than in 0826 (capture 50)."""

CONSTANTS_LFP: Mapping[str, Rows] = {
    "BMS": (("u8", 4, "MANUFACTURER"),),
    "BMZ_CURRENT_LIMITS": (("", NOT_FOUND, "MAX_CURRENT_LIMIT_A MIN_CURRENT_LIMIT_A"),),
    "FACTORY": (("u8", 21, "SYS_TYPE"),),
    "SENEC_IO_OUTPUT": (("u8", 0, "BAT_MODULE_ENABLE_BMZ"), ("u8", 1, "BAT_MODULE_ENABLE_AMPACE")),
}
"""What is otherwise than in 2411 with an LFP battery (capture 50, marq24 #135).  Nobody has published an answer of its
section AMPACE, so there is none."""

CONSTANTS_V21: Mapping[str, Rows] = {
    "BAT1": (
        ("u1", 0xEE, "NSP2_FW NSP_FW"),
        ("u8", 3, "TYPE"),
    ),
    "FACTORY": (("u8", 3, "BAT_TYPE"), ("u8", 15, "SYS_TYPE")),
    "FEATURES": (("u8", 1, "CAR HEAT"),),
    "PV1": (
        ("", NOT_FOUND, "ERROR_STATE_INT INTERNAL_INV_ERROR_TEXT INTERNAL_INV_ERR_STATE_VALID INTERNAL_INV_STATE"),
        ("", NOT_FOUND, "INTERNAL_MD_AVAIL INTERNAL_MD_MANUFACTURER INTERNAL_MD_MODEL INTERNAL_MD_SERIAL"),
        ("", NOT_FOUND, "INTERNAL_MD_VERSION INTERNAL_PV_AVAIL MPP_AVAIL MPP_CUR MPP_POWER MPP_VOL P_TOTAL STATE_INT"),
    ),
    "STECA": (
        ("", NOT_FOUND, "AU2020_VERSION_MISMATCH BAT BDC_STATE ERROR ERRORTEXT ISLAND NUM_PV_CONFIG_POSSIBLE PV PVSS"),
        ("", NOT_FOUND, "PV_CONFIG_POSSIBLE PV_INPUTS RELAYS STARTUP STARTUP_ADD"),
    ),
    "SYS_UPDATE": (("u1", 2309, "NPU_IMAGE_VERSION"),),
    "WALLBOX": (
        ("u8", [0xB2, 0, 0, 0], "STATE"),
        ("u8", [1, 0, 0, 0], "EV_CONNECTED L1_USED L2_USED L3_USED"),
        ("u8", [3, 0, 0, 0], "PHASES_USED SMART_CHARGE_ACTIVE"),
        ("fl", [16, 0, 0, 0], "MAX_CHARGING_CURRENT_ICMAX MAX_CHARGING_CURRENT_RATED SET_ICMAX"),
        ("fl", [6, 0, 0, 0], "MIN_CHARGING_CURRENT"),
        ("u1", [2021, 0, 0, 0], "UTMP"),
    ),
    "WIZARD": (
        ("st", "0825", "APPLICATION_VERSION"),
        ("u8", 3, "DEVICE_BATTERY_TYPE"),
        ("u8", 0x42, "DEVICE_INVERTER_TYPE"),
        ("u8", 0, "SETUP_HV_PHASE"),
        ("u8", 1, "SETUP_NUMBER_WALLBOXES"),
    ),
}
"""What is otherwise than in 0826 on a V2.1 with a wallbox at which a car waits (captures 37, 40, 43).  It has no
inverter for PV inside; what it says of a foreign one is not recorded."""
