"""What inverters last sent, by the OpenAPI V1 (SPEC C.3, C.4): powers in W, energies in kWh, times of the plant.

Sources: a recording of a MOD 12KTL3-HU for the MIN; for the rest the vendor's samples.  A row without a unit is a
number whose unit is not told, ``json`` one that no sample has a value for.  ``lost`` is true also of inverters that
work (SPEC C.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliobus.growatt.models.account import Reading
from heliobus.growatt.models.rows import integer, java_time, number, text
from heliobus.growatt.models.tlx import TlxDetail
from heliobus.growatt.models.v4.base import V4Record
from heliobus.growatt.models.v4.blocks import MixOrSpa, WithEightStrings, WithStrings

_MIN = """
W    epsPac epsPac{1-3} opFullwatt pac{1-3} pacr pex1 pex2 pself psystem
kWh  bdc1ChargeTotal bdc1DischargeTotal bdc2ChargeTotal bdc2DischargeTotal eex1Today eex1Total eex2Today
     eex2Total epv{1-4}Today eselfToday eselfTotal esystemToday esystemTotal
V    bdc1Vbus1 bdc1Vbus2 bdc2Vbat bdc2Vbus1 bdc2Vbus2 bdcVbus2Neg bmsCvVolt bmsMaxCellVolt bmsVdelta dcVoltage
     epsVac{1-3} nBusVoltage pBusVoltage vacr vacRs vacrs vacSt vacTr
A    bdc1Ibat bdc1Ibb bdc1Illc bdc2Ibat bdc2Ibb bdc2Illc bmsIbat bmsMaxCurr epsIac{1-3} iac2 iac3 iacr
Hz   epsFac
%    bdc2Soc loadPercent realOPPercent
°C   bdc1Temp1 bdc1Temp2 bdc2Temp1 bdc2Temp2 temp{2-4}
num  bmsIcycle bmsWarnCode dciR dciS dciT epsPf gfci invDelayTime iso pf totalWorkingTime
int  address batteryNo bdc1FaultType bdc1Mode bdc1Status bdc1WarnCode bdc2FaultType bdc2Mode bdc2Status
     bdc2WarnCode bdcBusRef bdcDerateReason bdcFaultSubCode bdcStatus bdcWarnSubCode bgridType
     bmsCommunicationType bmsError{2-4} bmsFaultType bmsGaugeRM bmsInfo bmsIosStatus bmsPackInfo bmsStatus
     bmsUsingCap bmsWarn2 bsystemWorkMode createTime deratingMode dryContactStatus faultType faultType1
     newWarnCode newWarnSubCode operatingMode sysFaultWord sysFaultWord{1-7} warnCode warnCode1
flag again isAgain withTime
text batterySN bmsFwVersion bmsMcuVersion debug1 debug2 errorText warnText
json alias batSn bMerterConnectFlag dataLogSn day mtncMode mtncRqst soc1 soc2 tlxBean tMtncStrt tWinEnd
     tWinStart winMode winOffGridSOC winOnGridSOC winRequest
text dataloggerSn deviceSn tlxSn
"""
_MIX = """
W    acChargePower pac{1-3} pacToGridR pacToUserR plocalLoadR upsPac{1-3}
kWh  acChargeEnergyToday acChargeEnergyTotal eacToday eacTotal echarge1Today edischarge1Today elocalLoadToday
     epv1Today epv2Today etoGridToday etoUserToday
V    bmsBatteryVolt bmsCell{1-16}Volt bmsConstantVolt epsVac2 epsVac3 upsVac1 vBatDsp vBus1 vBus2
A    bmsBatteryCurr bmsMaxCurr bmsMaxDischgCurr
Hz   upsFac
%    upsLoadpercent
°C   batteryTemperature temp2 temp3
num  bmsDeltaVolt bmsGaugeFCC bmsGaugeRM priorityChoose timeTotal upsPF
int  address batteryType bmsError bmsErrorOld bmsFW bmsInfo bmsMCUVersion bmsPackInfo bmsStatus bmsStatusOld
     bmsUsingCap bmsWarnInfo bmsWarnInfoOld errorCode faultBitCode faultCode sysFaultWord sysFaultWord{1-7}
     warnCode
flag again lost withTime
text errorText ppvText serialNum socText warnText
json alias dataLogSn day dayMap mixBean sysEn
text dataloggerSn deviceSn mixSn
"""
_SPA = """
W    acChargePower pac1 pacToGridR pacToUserR plocalLoadR upsPac1
kWh  acChargeEnergyToday acChargeEnergyTotal eacToday eacTotal echarge1Today edischarge1Today elocalLoadToday
     epvInverterToday etoGridToday etoUserToday
V    bmsBatteryVolt bmsCell{1-16}Volt bmsConstantVolt upsVac1 vBatDsp vBus1 vBus2
A    bmsBatteryCurr bmsMaxCurr bmsMaxDischgCurr
Hz   upsFac
%    upsLoadpercent
°C   batteryTemperature temp2
num  bmsDeltaVolt bmsGaugeFCC bmsGaugeRM priorityChoose timeTotal upsPF
int  address batteryType bmsError bmsErrorOld bmsFW bmsInfo bmsMCUVersion bmsPackInfo bmsStatus bmsStatusOld
     bmsUsingCap bmsWarnInfo bmsWarnInfoOld errorCode faultBitCode faultCode sysEn sysFaultWord
     sysFaultWord{1-7} warnCode
flag again lost withTime
text errorText serialNum socText warnText
json alias dataLogSn day dayMap spaBean
text dataloggerSn deviceSn spaSn
"""
_MAX = """
W    opFullwatt pacr pacs pact
kWh  eacToday eacTotal epv{1-8}Today eRacToday eRacTotal
V    nBusVoltage pBusVoltage vacRs vacSt vacTr vPidPvape vPidPvbpe vPidPvcpe vPidPvdpe vPidPvepe vPidPvfpe
     vPidPvgpe vPidPvhpe vString{1-16}
A    ctir currentString{1-16} iacr iacs iact iPidPvape iPidPvbpe iPidPvcpe iPidPvdpe iPidPvepe iPidPvfpe
     iPidPvgpe iPidPvhpe
%    realOPPercent
°C   ipmTemperature temperature{2-5}
num  apfStatus gfci pf pvIso rac rDci sDci tDci timeTotal
int  address compharir compharis compharit compqr compqs compqt ctharir ctharis ctharit ctis ctit ctqr ctqs ctqt
     deratingMode dwStringWarningValue1 faultCode1 faultCode2 faultType faultValue id pidBus pidFaultCode
     pidStatus str_Break str_Fault strBreak strFault strUnblance strUnmatch warnBit warnCode warningValue{1-3}
     wPIDFaultValue wStringStatusValue
flag again lost withTime
text apfStatusText debug1 debug2 pidStatusText serialNum
json alias dataLogSn day maxBean operatingMode warnCode1
text dataloggerSn deviceSn maxSn
"""
_STORAGE = """
W    normalPower pAcCharge pacToGrid pacToUser pBat rateWatt sysOut
kWh  chargeMonth disChargeMonth eacChargeToday eacChargeTotal eacDisChargeToday eacDisChargeTotal
     eBatDisChargeToday eChargeToday eChargeToday2 eDischargeToday eDischargeToday2 eopDischrToday
     eopDischrTotal epvToday epvToday2 etoday eToGridToday eToGridTotal etotal eToUserToday eToUserTotal
V    bmsCellVoltage{1-16} bmsConstantVolt cell2Voltage{1-16} cellVoltage{1-16} constantVolt constantVolt2 vBuck
     vBuck2 vBus
A    bmsCurrent bmsCurrent2 chgCurr dischargeCurr gaugeICCurrent iAcCharge iacToGrid iacToUser iCharge
     iChargePV1 iChargePV2 iDischarge ipv maxChargeOrDischargeCurrent maxChargeOrDischargeCurrent2 outPutCurrent
%    bmsSoh loadPercent soh soh2
°C   batTemp bmsTemperature bmsTemperature2 ipmTemperature
num  bLightEn bmsDeltaVolt deltaVolt deltaVolt2 gauge2RM1 gauge2RM2 gaugeRM1 gaugeRM2 manualStartEn powSavingEn
     rateVA remoteCntlEn sciLossChkEn uwBatType2
int  address bmsError bmsError2 bmsStatus bmsStatus2 bmsWarnInfo chargeToStandbyReason chargeWay cycleCount
     cycleCount2 deviceType dischargeToStandbyReason errorCode faultCode gaugeBattteryStatus
     gaugeOperationStatus gaugePackStatus remoteCntlFailReason warnCode warnInfo warnInfo2
flag again lost withTime
text capacityText chargeToStandbyReasonText dischargeToStandbyReasonText eChargeTodayText eChargeTotalText
     eDischargeTodayText eDischargeTotalText errorText iacToGridText iacToUserText iChargeText iDischargeText
     innerCWCode ipvText pacToGridText pChargeText pDischargeText ppvText serialNum vacText vBatText vBuckText
     vpvText warnText
json alias dataLogSn day dayMap pacTouserText storageBean
text dataloggerSn deviceSn storageSn
"""
_INVERTER = """
W    opFullwatt pacr pacs pact
kWh  epv{1-8}Today eRacToday eRacTotal
V    nBusVoltage pBusVoltage vacRs vacSt vacTr vPidPvape vPidPvbpe vPidPvcpe vPidPvdpe vPidPvepe vPidPvfpe
     vPidPvgpe vPidPvhpe vString{1-16}
A    ctir currentString{1-16} iacr iacs iact iPidPvape iPidPvbpe iPidPvcpe iPidPvdpe iPidPvepe iPidPvfpe
     iPidPvgpe iPidPvhpe
%    realOPPercent
°C   ipmTemperature temperature{2-5}
num  compharir compharis compharit compqr compqs compqt ctharir ctharis ctharit ctis ctit ctqr ctqs ctqt pf
     pidBus pvIso rac rDci sDci strBreak strFault strUnblance strUnmatch tDci timeTotal
int  apfStatus deratingMode dwStringWarningValue1 faultCode1 faultCode2 faultType faultValue gfci id
     pidFaultCode pidStatus warnBit warnCode warningValue{1-3} wPIDFaultValue wStringStatusValue
flag again bigDevice
text debug1 debug2 inverterId timeTotalText
text dataloggerSn deviceSn
"""


class MinLast(TlxDetail, V4Record, table=_MIN):
    """A MIN, MOD, MID or TLX: the app's detail has the same words."""


class _Last(V4Record):
    """What all but a MIN share."""

    status = integer("status")
    status_text = text("statusText")
    time = text("time")
    calendar = java_time("calendar")


class MixLast(WithStrings, MixOrSpa, _Last, table=_MIX):
    """An SPH or MIX hybrid.  Of each pair of powers one is 0: import and export, charge and discharge.

    ``ppv3`` and ``vpv3`` are of larger models; no sample has them.
    """

    bms_cycles = number("bmsCycleCnt")
    vac2 = number("vac2", "V")
    vac3 = number("vac3", "V")


class SpaLast(MixOrSpa, _Last, table=_SPA):
    """A SPA: a battery's inverter beside one of the modules, which its meter sees."""

    pv_power = number("ppvInverter", "W")
    """Of the inverter on the other side of the meter: a SPA has no modules of its own."""
    bms_cycles = number("bmsCycleCnt")
    pv_total = number("epvInverterTotal", "kWh")


class StringInverter(WithEightStrings, _Last):
    """What MAX and plain inverters share."""

    vacr = number("vacr", "V")
    vacs = number("vacs", "V")
    vact = number("vact", "V")
    temperature = number("temperature", "°C")
    produced_today = number("powerToday", "kWh")
    produced_total = number("powerTotal", "kWh")


class MaxLast(StringInverter, table=_MAX):
    """A MAX or MAC."""


class InverterLast(StringInverter, table=_INVERTER):
    """A plain string inverter."""

    calendar_time = java_time("timeCalendar")


class StorageLast(_Last, table=_STORAGE):
    """A storage machine: the older SP, whose ``output`` stays 0, or an SPF, whose output is the house."""

    ppv1 = number("ppv", "W")
    ppv2 = number("ppv2", "W")
    ppv3 = number("ppv3", "W")
    """Of larger models, as ``vpv3``; no sample has it."""
    vpv1 = number("vpv", "V")
    vpv2 = number("vpv2", "V")
    vpv3 = number("vpv3", "V")
    pv1_total = number("epvTotal", "kWh")
    pv2_total = number("epvTotal2", "kWh")
    charge_total1 = number("eChargeTotal", "kWh")
    charge_total2 = number("eChargeTotal2", "kWh")
    discharge_total1 = number("eDischargeTotal", "kWh")
    discharge_total2 = number("eDischargeTotal2", "kWh")
    battery_discharge_total = number("eBatDisChargeTotal", "kWh")
    charge_power1 = number("pCharge", "W")
    charge_power2 = number("pCharge2", "W")
    discharge_power1 = number("pDischarge", "W")
    discharge_power2 = number("pDischarge2", "W")
    soc = number("capacity", "%")
    vbat = number("vBat", "V")
    output_power = number("outPutPower", "W")
    output_voltage = number("outPutVolt", "V")
    output_frequency = number("freqOutPut", "Hz")
    input_power = number("pAcInPut", "W")
    vgrid = number("vGrid", "V")
    grid_frequency = number("freqGrid", "Hz")
    vac = number("vac", "V")
    temperature = number("temperature", "°C")


@dataclass(frozen=True, slots=True, kw_only=True)
class MinReading(Reading):
    family: ClassVar[str] = "tlx"
    last: MinLast


@dataclass(frozen=True, slots=True, kw_only=True)
class SphReading(Reading):
    family: ClassVar[str] = "mix"
    last: MixLast


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaReading(Reading):
    family: ClassVar[str] = "spa"
    last: SpaLast


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxReading(Reading):
    family: ClassVar[str] = "max"
    last: MaxLast


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageReading(Reading):
    family: ClassVar[str] = "storage"
    last: StorageLast


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterReading(Reading):
    family: ClassVar[str] = "inverter"
    last: InverterLast
