"""What a device is and how it is set, as ``queryDeviceInfo`` tells it.

The kinds share most of their fields, so one table reads them all.  Keys and kinds are those of the samples (captures
openapi_samples/*.details_v4 and min.details).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.growatt.models.rows import flag, integer, number, text
from heliobus.growatt.models.v4.base import V4Record, millis
from heliobus.growatt.models.v4.noah import NoahInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

_INFO = """
text atsVersion backflowSetting batSerialNum bcuVersion bdc1Model bdc1Sn bdc1Version bmsSoftwareVersion
     pv_pf_cmd_memory_state chargeTime{1-3} communicationVersion comName comVersion createDate dataloggerSn
     dischargeTime{1-3}
     energyMonthText equipmentType forcedChargeTimeStart{1-6} forcedChargeTimeStop{1-6} forcedDischargeTimeStart{1-6}
     forcedDischargeTimeStop{1-6} forcedTimeStart{1-6} forcedTimeStop{1-6} hwVersion imgPath innerVersion
     inverterInfoStatusCss lastUpdateTimeText loadFirstStartTime{1-3} loadFirstStopTime{1-3} loadText location
     manufacturer mcVersion mixAcDischargeFrequency mixAcDischargeVoltage mixOffGridEnable monitorVersion parentID
     parentId pfSysYear plantName plantname portName powerMaxText powerMaxTime pvGridVoltageHigh pvGridVoltageLow
     pvOnOff pvPowerFactor safety safetyNum spaAcDischargeFrequency spaAcDischargeVoltage spaOffGridEnable sysTime
     sysTimeText tcpServerIp treeID treeName userName version
flag acChargeEnable pvPfCmdMemoryState antiBackflowFlag bigDevice bms{1-3}Enable buckUpsFunEn drmsEnable epsFunEn
     forcedChargeStopSwitch{1-6} forcedDischargeStopSwitch{1-6} forcedStopSwitch{1-6} gridFirstSwitch{1-3}
     gridMeterEnable hlVoltageEnable lineNdisconnectEnable loadFirstSwitch{1-3} oilEnable onOff parallelEnable
     paramProtectEnable powerImbalanceControlEnable powerUDForcedEnable pvPfCmdMemoryStateSph sgipEn statusLed{1-6}
     updateExist updating uwACChargeEnable uwBatEnable{1-3} uwDemandMangeEnable uwOffGridEnable vBakSocEnable
     wideVoltageEnable
int  addr address backUpEn bagingTestStep batConnectionType batConnectionType{2-3} batFirstSwitch{1-3} batPackNum
     batParallelNum batSeriesNum batSleepWakeUp{1-3} batteryType bctAdjust bctMode bdcAuthversion bdcMode bLightEn
     bmsCommunicationType buzzerEN chargeConfig comAddress countrySelected deviceType drmsMode epsFreqSet epsVoltSet
     exportLimit failsafe freqChangeEnable gridReconnectionTime groupID groupId id invVersion lcdLanguage level
     liBatteryFwVersion liBatteryManufacturers liBatteryProtocolType loadFirstControl modbusVersion model module{1-4}
     newSwVersionFlag oldErrorFlag outputFreqType outputVoltType overTempRestart pfCMDmemoryState pfModel plant_Id
     plantId powSavingEn priorityChoose puEnable pvModel pvNum reactiveOutputPriority region
     restartTime safetyCorrespondNum safetyVersion saftyFunc sciLossChkEn singleExport startTime strNum svgFunction
     sysOpticalStorageMode time{1-6}Mode timeStart trakerModel underExcited userID uspFreqSet uwACoupleEnable
     uwAntiBackflow uwBattType{1-3} uwBatType2 uwConnectPhaseMode uwDisConnectPhaseMode uwFeedEn uwGenPortDevType
     uwLoadPvInverter uwOnOffChangeManualMode uwOnOffChangeMode uwOnOffGridSet uwPcsType wselectBaudrate
W    pCharge pDischarge pmax pmaxLevel{1-8} power powerMax rateWatt
kWh  batSysRateEnergy energyDay energyMonth eToday eTotal
V    batLowToUtiVolt batteryUndervoltageCutoffPoint buckUPSVoltSet bulkChargeVolt cvVoltage floatChargeVolt lvVoltage
     uw{2-3}thBatEndOfVol uw{2-3}thBatMaxChgVol uwBattEODVol uwBattMaxChargeVol uwNominalGridVolt vacHigh vacHigh{2-3}
     vacLow vacLow{2-3} vbatStartforCharge vbatStartForDischarge vbatStopForCharge vbatStopForDischarge vbatWarnClr
     vbatWarning voltageHighLimit voltageLowLimit vpvStart
A    acmaxChargeCurr ccCurrent maxChargeCurr uw{2-3}thBatMaxChgCurr uw{2-3}thBatMaxDisChgCurr uwBatMaxChargeCurrent
     uwBatMaxDisChargeCurrent
Hz   facHigh facHigh{2-3} facLow facLow{2-3} freqHighLimit freqLowLimit frequencyHighLimit frequencyLowLimit
     underfreqLoadPoint
%    acStopChargingSoc activePRate activeRate antiBackflowFailurePowerPercent bBakBat{2-3}Soc bBakSoc
     chargePowerCommand chargeSocLimit disChargePowerCommand dischargeSocLimit exportLimitPowerRate
     loadFirstStopSocSet offGridDischargeSOC pvActivePRate pvReactivePRate pvReactivePRateTwo reactivePRate
     reactiveRate uwACoupleEndSOC uwACoupleStartSOC uwBatChargeStopSoc uwBatChargeStopSoc{2-3} uwBatDisChargeStopSoc
     uwBatDisChargeStopSoc{2-3} uwDgStartSoc uwDgStopSoc uwOffGridSoc{1-3} wchargeSocLowLimit{1-2}
     wchargeSOCLowLimit{1-2} wdisChargeSocLowLimit{1-2} wdisChargeSOCLowLimit{1-2} wloadSOCLowLimit{1-2}
°C   batTempLowerLimitC batTempLowerLimitD batTempUpperLimitC batTempUpperLimitD ipmTemperature temperature
num  acInModel antiBackflowFailureTime backflowDefaultPower batSerialNum{1-5} batSysEnergy baudrate
     floatChargeCurrentLimit heatUpTime inPower loadRedRate mainsToBatteryOperatPoint manualStartEn
     maxSpontaneousSelfuse mppt normalPower oilChargePowerLimit oilRatedPower outPower outputConfig overFreDropPoint
     overFreLoRedDelayTime overFreLoRedResTime overFreLoRedSlope overLoadRestart pf pfLevel{1-8} pflinep{1-4}Lp
     pflinep{1-4}Pf powerFactor proPto rateVA reactiveDelay reactivePowerLimit reactiveValue rfStick rrcrEnable
     sphSetBean time{1-6}Power treeId underfreqLoadDelayTime underfreqLoadEnable underfreqLoadResTime
     underfreqLoadSlope upsFreqSet utiChargeEnd utiChargeStart utiOutEnd utiOutStart uw{1-3}thBatChgLimit
     uw{1-3}thBatDisChgLimit uw{2-3}thBatCap uwACChargePowerRate uwBatCap uwBatCnnWay uwDemandMangeChgPowerLimit
     uwDemandMangeDisChgPowerLimit uwFeedRange uwGenPower uwGridWattDelay uwHFRT2EE uwHFRTEE uwHFRTTime2EE
     uwHFRTTimeEE uwHVRT2EE uwHVRTEE uwHVRTTime2EE uwHVRTTimeEE uwLFRT2EE uwLFRTEE uwLFRTTime2EE uwLFRTTimeEE
     uwLoadFirst uwLVRT{2-3}EE uwLVRTEE uwLVRTTime{2-3}EE uwLVRTTimeEE uwOffGridFreq uwOffGridVol
     uwReconnectStartSlope v{1-4} vnormal vppOpen wAntiBackflowMeterPowerLimit wPowerRestartSlopeEE wPowerStartSlope
json children energyDayMap invSetBean maxSetBean optimezerList record
"""


class Info(V4Record, table=_INFO):
    """A device other than a NOAH."""

    serial = text("serialNum")
    name = text("alias")
    datalogger = text("dataLogSn")
    dtc = integer("dtc")
    model_text = text("modelText")
    firmware = text("fwVersion")
    zone_hours = number("timezone")
    updated = millis("lastUpdateTime")
    status = integer("status")
    status_text = text("statusText")
    lost = flag("lost")
    nominal_power = number("nominalPower", "W")


_KINDS = ("inv", "storage", "max", "sph", "spa", "min", "wit", "sph-s")
INFO: Mapping[str, type[Info | NoahInfo]] = MappingProxyType({**dict.fromkeys(_KINDS, Info), "noah": NoahInfo})
"""The records by the kinds of device."""
