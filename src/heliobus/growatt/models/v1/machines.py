"""What machines of trade, meters and sensors last sent, by the OpenAPI V1 (SPEC C.3).

Sources: the vendor's samples, of which many are counted up for show; so no unit is told, and nothing is mapped.
"""

from __future__ import annotations

from heliobus.growatt.models.rows import java_time, text
from heliobus.growatt.models.v4.base import V4Record

_PCS = """
num  bActivePower bApparentPower bipv bipvu bipvv bipvw bReactivePower bvbus bvbusNega bvbusPosi bvpv bvpvuv
     bvpvvw bvpvwu bypassFreq capacity dgGridPower eChargeTimeToday eChargeTimeTotal eChargeToday eChargeTotal
     eDischargeTimeToday eDischargeTimeTotal eDischargeToday eDischargeTotal gfdi1 gfdi2 gridFreq gridTimeToday
     gridTimeTotal gridToday gridTotal i1A i1B i1C loadActivePower loadApparentPower loadIa loadIb loadIc loadPf
     loadReactivePower loadTimeToday loadTimeTotal loadToday loadTotal maxChargeCurr maxDischargeCurr
     maxMinTempCell maxminVoltCell maxTemp maxTempNum maxVolt maxVoltCell maxVoltNum minTemp minTempGroup
     minTempNum minVolt minVoltCell minVoltGroup minVoltNum mvpv outApparentPower outReactivePower pacToBattery
     pacToGrid pcsActivePower pf powerGird ppv pvEnergy risoBatn risoBatp selfTime temp{1-6} toGridTimeToday
     toGridTimeTotal toGridToday toGridTotal toPowerGird vacFrequency vacu vacuv vacv vacvw vacw vacwu vpvuv
     vpvvw vpvwu
int  address alarmCode1 alarmCode2 atsBypass bmsProtection bmsStatus bmsVoltStatus dgGridSelect electricState
     pfSymbol status sysFaultWord{1-8} typeFlag
flag again lost withTime
text serialNum statusLang statusText
json alias dataLogSn day pcsBean
text dataloggerSn deviceSn pcsSn
"""
_HPS = """
num  bActivePower batcdct batldt batnir batpir bmstc bmstv bvbus bvbusNega bvbusPosi bypassFreq capacity cfdllc1
     cfdllc2 dgGridPower eBatChargeTimeTotal eBatChargeTotal eBatDischargeTimeTotal eBatDischargeTotal
     eChargeTimeToday eChargeToday eDischargeTimeToday eDischargeToday effectiveness eGridTimeToday
     eGridTimeTotal eGridToday eGridTotal eLoadTimeToday eLoadTimeTotal eLoadToday eLoadTotal epvTimeToday
     epvTimeTotal epvToday epvTotal eToGridTimeToday eToGridTimeTotal eToGridToday eToGridTotal fac gridFreq
     gvpvuv gvpvvw gvpvwu ibat iboard iBuck{1-5} inductorCurr insulDetecNega insulDetecPosi invuv invvw invwu
     ipv ipv2 ipva ipvb ipvc ipvu ipvv ipvw loadActivePower loadIa loadIb loadIc loadPf loadReactivePower
     maxChargeCurr maxDischargeCurr maxMinTempCell maxminVoltCell maxTemp maxTempNum maxVolt maxVoltCell
     maxVoltNum minTemp minTempGroup minTempNum minVolt minVoltCell minVoltGroup minVoltNum mvpv pac pac1 pac2
     pf ppv ppv1 ppv2 pvnir1 pvpir1 rac scrtemp selfTime temp{1-6} vbat vpv vpv2 vpvun vpvuv vpvvn vpvvw vpvwn
     vpvwu
int  address alarmCode1 alarmCode2 atsBypass bmsProtection bmsShowStatus bmsStatus bmsVoltStatus dgGridSelect id
     pfSymbol runModel runStatus status sysFaultWord{1-9} typeFlag
flag again lost withTime
text serialNum statusLang statusText
json alias dataLogSn day hpsBean
text dataloggerSn deviceSn hpsSn
"""
_PBD = """
num  biout biOutBuck1 biOutBuck2 bipvBuck{1-5} bvbus bvout capacity eChargeTimeToday eChargeTimeTotal
     eChargeToday eChargeTotal eDischargeTimeToday eDischargeTimeTotal eDischargeToday eDischargeTotal eOutToday
     eOutTotal epvTimeToday epvTimeTotal epvToday epvTotal ipv ipv{1-5} maxChargeCurr maxDischargeCurr
     maxMinTempCell maxminVoltCell maxTemp maxTempNum maxVolt maxVoltCell maxVoltNum minTemp minTempGroup
     minTempNum minVolt minVoltCell minVoltGroup minVoltNum mvpv pbdBatPower ppv ppv{1-5} risoBatn risoBatp
     risoBusn risoBusp risoPVn risoPVp selfTime temp tempoutBuckL tempoutBuckModule temppvBuckL temppvBuckModule
     vpv vpv{1-5}
int  address alarmCode1 alarmCode2 bmsProtection bmsStatus bmsVoltStatus electricState id status
     sysFaultWord{1-6} typeFlag
flag again lost withTime
text serialNum statusLang statusText
json alias dataLogSn day pbdBean pbdOutPowe vbat
text dataloggerSn deviceSn pbdSn
"""
_BOOST = """
num  afreq aipv aloadNormalPower amaxTemp aminTemp appv asetPower astartPower atemp atotalEnergy avpv bfreq bipv
     bloadNormalPower bmaxTemp bminTemp bppv bstartPower btemp btotalEnergy bvpv cfreq cipv cloadNormalPower
     cmaxTemp cminTemp cppv cstartPower ctemp ctotalEnergy current cvpv dpower dtotalEnergy maxTemp minTime
     power powerFactor rfPair targetPower temp tempEnable temperature totalEneny voltage waterHeaterPower
int  addr ajobsModel dryContactStatus jobsModel loadDeviceType loadPriority resetFactory restart rs485Addr
     rs485BaudRate status totalNumber tuningState v9420Status waterState
flag aonOff bonOff conOff dryContactOnOff withTime
text deviceType fwVersion rfCommand serialNum sysTime version
json atime btime ctime dataloggerSn dryContactTime
text dataloggerSn deviceSn boostSn
"""
_METER = """
num  aActivePower activeEnergy activePower activePowerL{1-3} activePowerMaxNeed activePowerMaxNeedOne
     activePowerNeed activePowerNeedOne aCurrent aPowerFactor apparentEnergy apparentEnergyMaxNeed
     apparentEnergyNeed apparentPower apparentPowerL{1-3} aReactivePower aVoltage bActivePower bPowerFactor
     bReactivePower cActivePower cPowerFactor cReactivePower current currentHarmonicAvg currentIa currentIb
     currentIc currentL{1-3} currentL{1-3}MaxNeed currentL{1-3}Need currentMaxNeed currentNeed feiLvBoZEnergy
     feiLvFengZEnergy feiLvGuZEnergy feiLvPingZEnergy forwardActiveMaxNeed forwardActiveNeed frequency
     gridEnergy gridFrequency instantaneousTotalApparentPower instantlyTotalActivePower
     instantlyTotalReactivePower l{1-3}CurrentHarmonic l1Voltage2 l{1-3}VoltageHarmonic l1VoltageHarmonic2
     l2Voltage3 l2VoltageHarmonic3 l3Voltage1 l3VoltageHarmonic1 lineVoltageHarmonicAvg posiActivePower
     posiReactivePower positiveActiveTotalEnergy powerFactor powerFactorL{1-3} reactiveEnergy reactivePower
     reactivePowerL{1-3} reverActivePower reverReactivePower reverseActiveMaxNeed reverseActiveNeed
     reverseActiveTotalEnergy totalActiveEnergyL{1-3} totalEnergy totalReactiveEnergyL{1-3} userEnergy voltage
     voltageHarmonicAvg voltageL{1-3} voltageUa voltageUab voltageUb voltageUbc voltageUc voltageUca
     zeroLineMaxNeed zeroLineNeed
int  addr
text dataLogSn
json activeNetTotalEnergy again alarmCode alias comAddress combinedReactivePower1 combinedReactivePower2
     commStatus currentActiveDemand currentReactiveDemand deviceSn exPowerFactor genericMeter historyNumber lost
     meterDh meterMs meterYm modeStatus monthEnergy netTotalEnergy posiActiveNetTotalEnergy
     posiReactiveNetTotalEnergy positiveActiveTodayEnergy reactiveNetTotalEnergy reverActiveNetTotalEnergy
     reverApparentEnergy reverReactiveNetTotalEnergy reverseActiveEnergy reverseActiveTodayEnergy
     reverseInstantlyTotalActivePower runStatus softCode softVersion statusLastUpdateTime thdi{1-3} thdv{1-3}
     todayEnergy withTime
text dataloggerSn
"""
_ENV = """
num  envTemp panelTemp radiant windAngle windSpeed
int  addr
text dataLogSn
json airPressure alarmCode commStatus dailyAvgSoilLvlPct deviceStatus efficiency envHumidity etodayRadiation
     etotalRadiation gasConcentration internalPressure internalRelativeHumidity internalTempC internalTempF
     lastFourMeasurementsAvg rainfallIntensity runStatus sensorSingnalGen snowDepth statusLastUpdateTime
     totalRainfall
text dataloggerSn
"""


class _Machine(V4Record):
    """What all of these tell."""

    time = text("time")
    """In plant time; a meter and a sensor tell it in ``time_text``."""
    time_text = text("timeText")
    calendar = java_time("calendar")


class PcsLast(_Machine, table=_PCS):
    """A power conversion system."""


class HpsLast(_Machine, table=_HPS):
    """A hybrid power system."""


class PbdLast(_Machine, table=_PBD):
    """A battery's DC converter."""


class BoostLast(_Machine, table=_BOOST):
    """A GroBoost: a heater that takes the surplus."""


class MeterLast(_Machine, table=_METER):
    """A meter of a datalogger."""


class EnvLast(_Machine, table=_ENV):
    """A sensor of the weather."""
