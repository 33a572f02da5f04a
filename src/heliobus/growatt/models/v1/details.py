"""What inverters are, and are set to, by the OpenAPI V1 (SPEC C.3, C.5).

Sources: a recording of a MOD 12KTL3-HU, the vendor's samples.  Settings have no units here: control has them, by the
families' tables.
"""

from __future__ import annotations

from heliobus.growatt.models.rows import flag, integer, java_time, record, text
from heliobus.growatt.models.v4.base import V4Record

_MIN_DETAIL = """
num  bctMode energyMonth energyMonthText eToday eTotal mppt pCharge pDischarge power vnormal wselectBaudrate
int  addr bagingTestStep batParallelNum batSeriesNum batSysEnergy batTempLowerLimitC batTempLowerLimitD
     batTempUpperLimitC batTempUpperLimitD batteryRatedPower batteryType bctAdjust bdcAuthversion bdcMode
     bmsCommunicationType comAddress countrySelected deviceType dtc groupId id level modbusVersion model
     opFullwatt plant_Id pmax priorityChoose pvNum restartTime startTime strNum timezone trakerModel
     vbatStartForDischarge vbatStopForCharge vbatStopForDischarge vbatWarnClr vbatWarning vppVersion
flag updating
text bcuVersion bdc1Model bdc1Sn bdc1Version bmsSoftwareVersion communicationVersion imgPath innerVersion
     liBatteryFwVersion liBatteryManufacturers manufacturer monitorVersion parentID portName tcpServerIp treeID
     treeName
json children energyDayMap hwVersion location optimezerList plantname powerMax powerMaxText powerMaxTime record
     safetyVersion sysTime tlxSetbean userName vppOpen
text dataloggerSn deviceSn
"""
_MIN_SET = """
num  activeRate afciThresholdD afciThresholdH afciThresholdL backflowDefaultPower bsystemWorkMode
     chargePowerCommand disChargePowerCommand dryContactFuncEn dryContactOffRate dryContactOnRate
     dryContactPower epsFreqSet epsFunEn epsVoltSet exportLimit exportLimitPowerRate floatChargeCurrentLimit
     frequencyHighLimit frequencyLowLimit gridHVReduceLoadHigh gridHVReduceLoadLow limitDevice loadingRate
     overFreDropPoint overFreLoRedDelayTime overFreLoRedSlope overFreq3 pf pflinep{1-4}Lp pflinep{1-4}Pf pfModel
     qPercentMax qvH1 qvH2 qvInLVPowerPer qvL1 qvL2 qvOutHVPowerPer reactiveRate restartLoadingRate underFreq3
     underVolt3 uwHFRT2EE uwHFRTEE uwHVRT2EE uwHVRTEE uwLFRT2EE uwLFRTEE uwLVRT2EE uwLVRTEE vbatStartforCharge
     vbatStartForDischarge vbatStopForCharge vbatStopForDischarge vbatWarnClr voltageHighLimit voltageLowLimit
     wdisChargeSOCLowLimit
int  afciEnabled afciReset afciSelfCheck antiIslandEnable backFlowSingleCtrl bdcMode bgridType compatibleFlag
     delayTime demandManageEnable enableNLine exterCommOffGridEn fftThresholdCount forcedStopSwitch{1-9}
     genChargeEnable genCtrl genRatedPower gridCode lcdLanguage maintainModeRequest mtncMode mtncRqst
     onGridDischargeStopSOC onGridMode onGridStatus onOff operatingMode overFreqTime{1-3} overVolt3
     overVoltTime{1-3} peakShavingEnable powerDownEnable prePto priorityChoose protEnable puEnable
     pvPfCmdMemoryState reactiveOutputEnable region restartTime rrcrEnable safetyCorrespondNum showPeakShaving
     sleepOffGridEnable soc1 soc2 synEnable time{1-9}Mode ubAcChargingStopSOC ubPeakShavingBackupSOC
     underFreqTime{1-3} underVoltTime{1-3} uwAcChargingMaxPowerLimit uwDemandMgtDownStrmPowerLimit
     uwDemandMgtRevsePowerLimit uwSysWorkMode vActiveCutoffPowerPer vbatWarning versionFlag wchargeSOCLowLimit
     winMode winModeFlag winModeOffGridDischargeStopSOC winModeOnGridDischargeStopSOC winOffGridSOC winOnGridSOC
     winRequest
flag acChargeEnable activePowerEnable
text forcedTimeStart{1-9} forcedTimeStop{1-9} lastUpdateTimeText maintainModeStartTime safetyNum
     season{1-4}MonthTime season1Time{1-9} season2Time{1-9} season3Time{1-9} season4Time{1-9} serialNum
     special1MonthTime special1Time{1-9} special2MonthTime special2Time{1-9} sysTime sysTimeText winModeEndTime
     winModeStartTime yearMonthTime yearTime{1-9}
json acCharge chargePower chargeStopSoc dischargePower dischargeStopSoc exportLimitPowerRateStr failSafeCurr
     maxAllowCurr pfSysYear pvGridFrequencyHigh pvGridFrequencyLow pvGridVoltageHigh pvGridVoltageLow
     tlxAcDischargeFrequency tlxAcDischargeVoltage tlxBackflowDefaultPower tlxCcCurrent tlxCvVoltage
     tlxDryContactEnable tlxDryContactOffPower tlxDryContactPower tlxExterCommOffGriden tlxLcd_Language
     tlxLimitDevice tlxOffGridEnable tlxOnOff tlxPf tlxPflinep{1-4}Lp tlxPflinep{1-4}Pf tMtncStrt tWinEnd
     tWinStart usBatteryType utcTime
text dataloggerSn deviceSn
"""
_MIX_DETAIL = """
num  batTempLowerLimitC batTempLowerLimitD batTempUpperLimitC batTempUpperLimitD buckUPSVoltSet ccCurrent
     energyDay energyMonth powerFactor vbatStartforCharge vbatStartForDischarge vbatStopForCharge
     vbatStopForDischarge vbatWarnClr vbatWarning vnormal voltageHighLimit voltageLowLimit
int  activeRate addr bagingTestStep batFirstSwitch{1-3} batParallelNum batSeriesNum batteryType bctAdjust
     bctMode chargePowerCommand comAddress countrySelected cvVoltage deviceType disChargePowerCommand dtc
     epsFreqSet epsVoltSet exportLimit exportLimitPowerRate failsafe floatChargeCurrentLimit groupId id
     lcdLanguage level lvVoltage modbusVersion model pCharge pDischarge plantId pmax priorityChoose reactiveRate
     underExcited uspFreqSet wchargeSocLowLimit1 wchargeSocLowLimit2 wdisChargeSocLowLimit1
     wdisChargeSocLowLimit2 wselectBaudrate
flag acChargeEnable buckUpsFunEn epsFunEn forcedChargeStopSwitch{1-3} forcedDischargeStopSwitch{1-3}
     gridFirstSwitch{1-3} onOff pvPfCmdMemoryState pvPfCmdMemoryStateMix updating
text energyMonthText forcedChargeTimeStart{1-3} forcedChargeTimeStop{1-3} forcedDischargeTimeStart{1-3}
     forcedDischargeTimeStop{1-3} imgPath innerVersion location manufacturer parentID portName sysTime
     tcpServerIp treeID treeName
json backflowSetting chargeTime{1-3} children communicationVersion dischargeTime{1-3} energyDayMap
     mixAcDischargeFrequency mixAcDischargeVoltage mixOffGridEnable pfSysYear plantname powerMax powerMaxText
     powerMaxTime pvActivePRate pvGridVoltageHigh pvGridVoltageLow pvOnOff pvPowerFactor pvReactivePRate
     pvReactivePRateTwo record userName
text dataloggerSn deviceSn
"""
_SPA_DETAIL = """
num  batTempLowerLimitC batTempLowerLimitD batTempUpperLimitC batTempUpperLimitD buckUPSVoltSet energyDay
     energyMonth powerFactor vacHigh vacLow vbatStartforCharge vbatStartForDischarge vbatStopForCharge
     vbatStopForDischarge vbatWarnClr vbatWarning
int  activePRate addr bagingTestStep batFirstSwitch{1-3} batteryType bctAdjust bctMode chargePowerCommand
     comAddress countrySelected disChargePowerCommand dtc epsFreqSet epsVoltSet floatChargeCurrentLimit groupId
     id lcdLanguage level modbusVersion model pCharge pDischarge plantId pmax priorityChoose reactivePRate
     wchargeSocLowLimit1 wchargeSocLowLimit2 wdisChargeSocLowLimit1 wdisChargeSocLowLimit2 wselectBaudrate
flag buckUpsFunEn epsFunEn gridFirstSwitch{1-3} loadFirstSwitch{1-3} onOff updating
text energyMonthText forcedChargeTimeStart{1-3} forcedChargeTimeStop{1-3} forcedDischargeTimeStart{1-3}
     forcedDischargeTimeStop{1-3} imgPath innerVersion loadFirstStartTime{1-3} loadFirstStopTime{1-3} location
     manufacturer parentID portName sysTime tcpServerIp treeID treeName
json backflowSetting chargeTime{1-3} children communicationVersion dischargeTime{1-3} energyDayMap equipmentType
     pfCmdMemoryState pfSysYear plantname powerMax powerMaxText powerMaxTime pvActivePRate pvGridVoltageHigh
     pvGridVoltageLow pvOnOff pvPfCmdMemoryState pvPowerFactor pvReactivePRate pvReactivePRateTwo record
     spaAcDischargeFrequency spaAcDischargeVoltage spaOffGridEnable userName uspFreqSet
text dataloggerSn deviceSn
"""
_MAX_DETAIL = """
num  energyMonth eToday eTotal power
int  addr groupId id level model plantId
flag bigDevice updating
text communicationVersion imgPath innerVersion parentID portName tcpServerIp treeID treeName
json children location plantname record userName
text dataloggerSn deviceSn
"""
_STORAGE_DETAIL = """
num  acInModel batLowToUtiVolt bulkChargeVolt floatChargeVolt manualStartEn maxChargeCurr outputConfig
     outputFreqType outputVoltType overLoadRestart overTempRestart pCharge pDischarge powSavingEn pvModel rateVA
     rateWatt sciLossChkEn utiChargeEnd utiChargeStart utiOutEnd utiOutStart
int  addr batteryType bLightEn buzzerEN chargeConfig deviceType groupId level model plantId uwBatType2
flag statusLed{1-6} updating
text imgPath innerVersion parentID tcpServerIp treeID treeName
json children communicationVersion location plantname portName record sysTime userName
text dataloggerSn deviceSn
"""
_INVERTER_DETAIL = """
num  energyDay energyMonth eToday eTotal ipmTemperature power temperature
int  address groupID id level model nominalPower plantId userID
flag bigDevice updateExist updating
text energyMonthText imgPath innerVersion inverterInfoStatusCss loadText parentID tcpServerIp treeID treeName
json children createDate energyDayMap location plantname powerMax powerMaxText powerMaxTime record rfStick
     userName
text dataloggerSn deviceSn
"""
_PCS_DETAIL = """
num  disChargeMonth dischargeMonth eChargeToday eDischargeToday eDischargeTotal energyMonth peakClipping
     peakClippingTotal
int  addr chargeMonth groupId level model normalPower plantId
flag updating
text chargeMonthText dischargeMonthText energyMonthText imgPath innerVersion parentID portName tcpServerIp
     treeID treeName
json chargeDayMap children disChargeDayMap energyDay energyDayMap location plantname record userName
text dataloggerSn deviceSn
"""
_HPS_DETAIL = """
num  disChargeMonth eChargeToday eDischargeToday eDischargeTotal energyMonth pvToday
int  addr chargeMonth deviceType groupId id level model normalPower plantId timezone
flag updating
text energyMonthText imgPath innerVersion parentID portName tcpServerIp treeID treeName
json chargeDayMap children disChargeDayMap energyDayMap hpsSetBean location plantname powerMax powerMaxText
     powerMaxTime record userName
text dataloggerSn deviceSn
"""
_PBD_DETAIL = """
num  biout bvout disChargeMonth dischargeMonth eChargeToday eDischargeToday eDischargeTotal gridDetectionTime
     icharge iOutMax iOutMin ipv ipv1 ipv2 iPvLMax iPvMax outPowerMax peakClipping peakClippingTotal powerStart
     restore risoEnable risomin rsAddr safety socMax socMin vMpptMax vMpptMin vOutMax vOutMin vpv vpv1 vpv2
     vPvMax vStart
int  addr chargeMonth groupId level model normalPower plantId timezone type
flag bmsEnable onOff updating
text dischargeMonthText imgPath innerVersion parentID portName statusLang tcpServerIp treeID treeName
json chargeDayMap children disChargeDayMap location record
text dataloggerSn deviceSn
"""
_BOOST_DETAIL = """
num  irradiantion prMonth
int  addr deviceTypeInt level meterCT plantId timezone
flag raillog
text deviceName deviceSn deviceType imgPath key parentID tcpServerIp treeID treeName
json ammeterData boostData boxData children envData jdameterData location parentSN pidData spctData
text dataloggerSn device_sn
"""


class _Detail(V4Record):
    """What all details share."""

    serial = text("serialNum")
    alias = text("alias")
    model = text("modelText")
    firmware = text("fwVersion")
    datalogger = text("dataLogSn")
    status = integer("status")
    status_text = text("statusText")
    lost = flag("lost")
    updated = text("lastUpdateTimeText")
    """In plant time."""
    updated_at = java_time("lastUpdateTime")


class MinSettings(V4Record, table=_MIN_SET):
    """What a MIN is set to; a value may be the text "null"."""

    updated_at = java_time("lastUpdateTime")


class MinDetail(_Detail, table=_MIN_DETAIL):
    """A MIN with its settings in ``settings``."""

    settings = record("tlxSetbean", MinSettings)


class MixDetail(_Detail, table=_MIX_DETAIL):
    """An SPH with its settings; a switch is 0, 1 or a truth (erratum G13)."""


class SpaDetail(_Detail, table=_SPA_DETAIL):
    """A SPA with its settings."""


class MaxDetail(_Detail, table=_MAX_DETAIL):
    """A MAX."""


class StorageDetail(_Detail, table=_STORAGE_DETAIL):
    """A storage machine with its settings."""


class InverterDetail(_Detail, table=_INVERTER_DETAIL):
    """A plain inverter."""


class PcsDetail(_Detail, table=_PCS_DETAIL):
    """A PCS."""


class HpsDetail(_Detail, table=_HPS_DETAIL):
    """An HPS."""


class PbdDetail(_Detail, table=_PBD_DETAIL):
    """A PBD."""


class BoostDetail(_Detail, table=_BOOST_DETAIL):
    """A GroBoost."""
