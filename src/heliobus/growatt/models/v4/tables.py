"""What the kinds of device say beyond what has a name in ``data``, in the form that ``base`` describes.

Keys and kinds are those of the samples (captures openapi_samples/*.energy_v4); units of what no document describes
follow from the names.
"""

from __future__ import annotations

SPH = """
text alias dsgipStartDateTime errorText ppvText socText warnText
flag again withTime
int  accChargePackSn accDischargePackSn address backupWarning batErrorUnion batteryType battHistoryFaultCode{1-8}
     bModuleNum bmsCycleCnt bmsError bmsError{2-3} bmsErrorExpansion bmsErrorOld bmsFW bmsHardwareVersion
     bmsHardwareVersion2 bmsHighestSoftVersion bmsInfo bmsMCUVersion bmsPackInfo bmsProtection bmsRequestType
     bmsStatus bmsStatusOld bmsUsingCap bmsWarnInfo bmsWarnInfo2 bmsWarnInfoOld bTotalCellNum chargeForbiddenMark
     dischargeForbiddenMark errorCode faultBitCode faultCode firstBattFaultSn fourthBattFaultSn maxSingleCellTemNo
     maxSingleCellVoltNo minSingleCellTemNo minSingleCellVoltNo moduleQty moduleSeriesQty numberOfBattCodes
     priorityChoose protectPackId secondBattFaultSn sgipCyclCnt sgipStartCyclCnt softwareDevelopMajorVersion
     softwareDevelopMinorVersion softwareMajorVersion softwareMinorVersion sysEn sysFaultWord sysFaultWord{1-7}
     thirdBattFaultSn uwBatCycleCntPr uwDspDcDcDebugData uwDspDcDcDebugData{1-4} uwDspInvDebugData
     uwDspInvDebugData{1-4} uwMaxTemprCellNo uwMaxVoltCellNo uwMinTemprCellNo uwMinVoltCellNo warnCode
W    accChargePower accdischargePower acChargePower pac{1-3} pacR pacS pacT pacToGridR pacToUserR pex plocalLoadR
     plocalLoadR2 plocalLoadS plocalLoadT pmR pmS pmT pself psystem upsPac{1-3}
kWh  acChargeEnergyToday acChargeEnergyTotal eacToday eacTotal echarge1Today edischarge1Today eexToday eexTotal
     elocalLoadToday epv{1-2}Today epvtoday eselfToday eselfTotal esystemToday esystemTotal etoGridToday etoUserToday
V    bmsBatteryVolt bmsCell{1-16}Volt bmsConstantVolt bmsDeltaVolt chargeCutoffVolt dischargeCutoffVolt epsVac{2-3}
     maxSingleCellVolt minSingleCellVolt upsVac1 uwMaxCellVol uwMinCellVol vBatDsp vBus{1-2}
A    bmsBatteryCurr bmsMaxCurr bmsMaxDischgCurr iac{1-3}
Hz   upsFac
%    maxSOC minSOC upsLoadpercent
°C   batteryTemperature maxSingleCellTem minSingleCellTem temp{2-3} uwMaxTemprCell uwMinTemprCell
num  bmsGaugeFCC bmsGaugeRM capacityADD timeTotal upsPF
json day dayMap mixBean
"""

SPA = """
text alias errorText socText warnText
flag again withTime
int  accChargePackSn accDischargePackSn address batteryType battHistoryFaultCode{1-8} bModuleNum bmsCycleCnt bmsError
     bmsError{2-3} bmsErrorOld bmsFW bmsHardwareVersion bmsHardwareVersion2 bmsHighestSoftVersion bmsInfo
     bmsMCUVersion bmsPackInfo bmsRequestType bmsStatus bmsStatusOld bmsUsingCap bmsWarnInfo bmsWarnInfoOld
     bTotalCellNum errorCode faultBitCode faultCode firstBattFaultSn fourthBattFaultSn moduleSeriesQty monitor
     numberOfBattCodes priorityChoose protectPackId secondBattFaultSn sysEn sysFaultWord sysFaultWord{1-7}
     thirdBattFaultSn uwDspDcDcDebugData uwDspDcDcDebugData{1-4} uwDspInvDebugData uwDspInvDebugData{1-4}
     uwMaxTemprCellNo uwMaxVoltCellNo uwMinTemprCellNo uwMinVoltCellNo warnCode
W    accChargePower accdischargePower acChargePower pac1 pacR pacS pacT pacToGridR pacToUserR plocalLoadR plocalLoadR2
     plocalLoadS plocalLoadT pmR pmS pmT pself psystem upsPac{1-3}
kWh  acChargeEnergyToday acChargeEnergyTotal eacToday eacTotal echarge1Today edischarge1Today elocalLoadToday
     epvInverterToday eselfToday eselfTotal esystemToday esystemTotal etoGridToday etoUserToday
V    bmsBatteryVolt bmsCell{1-16}Volt bmsConstantVolt bmsDeltaVolt upsVac{1-3} uwMaxCellVol uwMinCellVol vBatDsp
     vBus{1-2}
A    bmsBatteryCurr bmsMaxCurr bmsMaxDischgCurr iac{1-3} upsIac{1-3}
Hz   upsFac
%    maxSOC minSOC upsLoadpercent
°C   batteryTemperature temp{2-3} uwMaxTemprCell uwMinTemprCell
num  bmsGaugeFCC bmsGaugeRM timeTotal upsPF
json day dayMap spaBean
"""

SPHS = """
text errorText hmiVersion m{1-2}Version ppvText socText warnText
flag again withTime
int  bmsUsingCap chipType deviceType faultBitCode faultCode gridStatus priorityChoose spStatus sysFaultWord
     sysFaultWord{1-7} sysStatus systemFault systemWarn warnCode warnCode1
W    batPower genPower loadPower{1-2} pac{1-2} pacToGridR pacToGridS pacToUserR pex plocalLoadR plocalLoadS pself
     psystem upsPac{1-2}
kWh  eacToday eacTotal echarge1Today edischarge1Today elocalLoadHour elocalLoadMonth elocalLoadToday elocalLoadYear
     epv{1-3}Today epvHour epvMonth epvToday epvYear eselfHour eselfMonth eselftoday eselftotal eselfYear esystemHour
     esystemMonth esystemtoday esystemtotal esystemYear eToGridHour eToGridMonth etoGridToday eToGridYear eToUserHour
     eToUserMonth etoUserToday eToUserYear genEnergy genEnergyToday rLocalEnergy sLocalEnergy
V    bmsBatteryVolt bmsConstantVolt epsVac2 genVol rLoadVol sLoadVol upsVac1 vbat1
A    bmsBatteryCurr epsIac{1-2} genCurr iac{1-2} ibat
Hz   genFreq upsFac
°C   dcTemp
num  pf timeTotal
json dayMap sphBean
"""

WIT = """
text errorText warnText
flag again flashEraseAgingOkFlag udfaultBitHigh udfaultBitLow usbagingTestOkFlag uwBatEnable{1-3} withTime
int  bAfciStatus bAlarmSubCode batteryType bBmsSta bClusterCnt bFaultSubCode bFlagChgDis bPacksCnt bSigModeCellCnt
     bSigPackModeCnt bStatusFirst bStatusSec deratingMode errorCode faultBitCode faultCode faultValue offgridStatus
     onOffGridState onOffGridStateFirst onOffGridStateSec pidFaultCode pidStatus priorityChoose strBreak strBreak2
     stringPrompt strUnblance strUnblance2 strUnmatch strUnmatch2 strWaringvalue{1-2} uwAlarmCode uwFaultCode
     uwGenPortDevType uwInvWarnValue uwLoadPerFirst uwLoadPerSec uwMainCodeFirst uwMainCodeSec uwMainWarnFirst
     uwMainWarnSec uwSubCodeFirst uwSubCodeSec uwSubWarnFirst uwSubWarnSec vppWorkStatus warnCode warnCode1
     warningValue{1-3}
W    batPower{2-3} genPower opFullwatt pac{1-3} pex pmDerate pself psystem uAcPower uBatChgP uBatDsgP udOpRSTWattFirst
     udOpRSTWattSec udOpRWattFirst udOpRWattSec udOpSWattFirst udOpSWattSec udOpTWattFirst udOpTWattSec
kWh  acChargeEnergyToday acChargeEnergyTotal eacToday eacTotal echarge{1-3}Today echarge{2-3}Total
     edischarge{1-3}Today edischarge{2-3}Total eexToday eexTotal elocalLoadToday epv{1-10}Today epvToday eselftoday
     eselftotal esystemtoday esystemtotal etoGridToday etoUserToday
V    batVoltFirst batVoltSec bmsBatteryVolt bmsBatVol{2-3} bmsSellMaxVol{2-3} bmsSellMinVol{2-3} genPort{1-3}Volt
     hcpcLowVoltNum hcpcMaxVoltNum hcpcSingleLowVoltNum hcpcSingleMaxVoltNum invRVoltFirst invRVoltSec invSVoltFirst
     invSVoltSec invTVoltFirst invTVoltSec uwChargeMaxVol uwModeAvgVolValue uwModeMinVolValue uwModeRatedVol
     uwModMaxVolValue uwNBusVoltFirst uwNBusVoltSec uwOpPhaseRVoltFirst uwOpPhaseRVoltSec uwOpPhaseSVoltFirst
     uwOpPhaseSVoltSec uwOpPhaseTVoltFirst uwOpPhaseTVoltSec uwPBusVoltFirst uwPBusVoltSec uwSysLoadVolValue
     uwSysTotaVolValue vac vacRs vacRs1 vacs vacSt vacSt1 vact vacTr vacTr1 vbat{2-3} vBatDsp vBusN vBusP
     vString{1-20}
A    batCurrFirst batCurrSec currentString{1-20} gfci iac{1-3} iacLoad iacsLoad iactLoad rDci reverseCurr{1-3} sDci
     tDci uwOpPhaseRCurrFirst uwOpPhaseRCurrSec uwOpPhaseSCurrFirst uwOpPhaseSCurrSec uwOpPhaseTCurrFirst
     uwOpPhaseTCurrSec uwRDCICurrFirst uwRDCICurrSec uwSDCICurrFirst uwSDCICurrSec uwTDCICurrFirst uwTDCICurrSec
Hz   uwFreqFirst uwFreqSec
%    bSoc bSoh bSysAvgSoc bSysMaxSoc bSysMinSoc realOPPercent soc{2-3} soh{2-3} uwFullChargeCapacity
     uwRatedBatteryCapacity
°C   bmsMaxTemp{2-3} bmsMinTemp{2-3} hcpcTempNum1 temp{2-3} uwModMaxBlaTempValue uwModMinBlaTempValue
num  batType bBatBusTarget bSysMaxSocPackNum bSysMinSocPackNum busCapUsing cbat cbat{2-3} delayTime fanFaultBit
     hcpcSingleLowTempNum hcpcSingleMaxTempNum hcpcTempNum pf pidBus pvIso reactivePowerRealValueFirst
     reactivePowerRealValueSec reactPower reactPowerMax reactPowerTotal realPower runTime sac sysOnPackCnt timeTotal
     udAccChgSoe udAccDisSoe udCalibApparentPowerFirst udCalibApparentPowerSec uwAmbientFirst uwAmbientSec
     uwCellMaxVChg uwCellMinVDis uwCellTavgValue uwCellTmaxValue uwCellTminValue uwCellUavgValue uwCellUmaxValue
     uwCellUminValue uwInvFirst uwInvSec uwModeRatedCap uwOpLineRSFirst uwOpLineRSSec uwOpLineSTFirst uwOpLineSTSec
     uwOpLineTRFirst uwOpLineTRSec uwOutputFirst uwOutputSec uwRatedBatteryPowerEnergy uwSysMaxAllowIchg
     uwSysMaxAllowIdis uwSysMaxVtotalchg uwSysMinVtotaldis uwSysTotalIValue uwUpackRated
json dayMap witBean
"""

STORAGE = """
text alias batSerialNumber capacityText chargeMonthText chargeToStandbyReasonText dischargeMonthText
     dischargeToStandbyReasonText eChargeTodayText eChargeTotalText eDischargeTodayText eDischargeTotalText errorText
     iacToGridText iacToUserText iChargeText iDischargeText innerCWCode ipvText pacToGridText pacToUserText
     pChargeText pDischargeText ppvText spf5000StatusText vacText vBatText vBuckText vpvText warnText
flag again withTime
int  address batDepowerReason batProtect{1-3} batSerialNumId batWarnInfo{1-2} bmsError bmsError2 bmsInfo bmsPackInfo
     bmsStatus bmsStatus2 bmsUsingCap bmsWarnInfo chargeToStandbyReason chargeWay chgBatNum cycleCount cycleCount2
     deviceType dischargeToStandbyReason doStatus dsgBatNum errorCode faultCode gaugeBattteryStatus
     gaugeOperationStatus gaugePackStatus hardwareVersion manufacture maxminCellTempSerialNum maxminCellVoltNum
     moduleId moduleId2 moduleStatus normalPower packNum parallelHightSoftwarVer protectPackID remoteCntlFailReason
     requestBatteryType totalCellNum updateStatus warnCode warnCode{2-3} warnInfo warnInfo2
W    eGenDischrPower eGenDischrPower{1-2} outPutPower{1-2} pAcCharge pAcInPut{1-2} pAcOutPut pBat rateWatt sysOut
kWh  chargeMonth chgEnergy dischargeMonth disChargeMonth dsgEnergy eacChargeToday eacChargeTotal eacDisChargeToday
     eacDisChargeTotal eBatChgToday eBatDisChargeToday eChargeToday eChargeToday2 eChargeTotal eChargeTotal2
     eDischargeToday eDischargeToday2 eDischargeTotal eDischargeTotal2 eGenDischrToday eGenDischrTotal eopDischrToday
     eopDischrTotal epvToday epvToday2 etoday eToGridToday etotal eToUserToday
V    bmsBatteryVolt bmsCellVolt{1-16} bmsCellVoltage{1-16} bmsConstantVolt bmsCvolt bmsDeltaVolt cell2Voltage{1-16}
     cellVoltage{1-16} constantVolt constantVolt2 deltaVolt deltaVolt2 floatChargeVolt genVolt genVolt2 maxCellVolt
     minCellVolt module2MaxVolt module2MinVolt moduleTotalVolt outPutVolt outPutVolt2 vac vBuck vBuck2 vBus vGrid2
A    bmsBatteryCurr bmsCurrent bmsCurrent2 bmsMaxCurrChg chgCurr dischgCurr gaugeICCurrent genCurrent genCurrent{1-2}
     iAcCharge iAcCharge{1-2} iacToGrid iacToUser iCharge iChargePV{1-2} iDischarge ipv maxChargeOrDischargeCurrent
     maxChargeOrDischargeCurrent2 moduleTotalCurr outPutCurrent outPutCurrent2
Hz   freqOutPut
%    bmsSoc loadPercent loadPercent{1-2} maxminSoc moduleSoc soh soh2
°C   batTemp bmsBatteryTemp bmsTemperature bmsTemperature2 buck{1-2}_NTCTemperature dcDcTemperature envTemperature
     ipmTemperature llctemperature maxCellTemp minCellTemp module2MaxTemp module2MinTemp temperature
num  bLightEn gauge2RM{1-2} gaugeFCC gaugeRM gaugeRM{1-2} manualStartEn powSavingEn qBat rateVA remoteCntlEn
     sciLossChkEn softwareVersion{1-3} uwBatType2
json chargeDayMap chargeMap day dayMap dischargeMap dischargeMapMap storageBean
"""

INV = """
text timeTotalText
flag again bigDevice
int  dwStringWarningValue1 faultType id pidStatus warnCode warningValue{1-2} wPIDFaultValue wStringStatusValue
W    opFullwatt pacr pacs pact
kWh  epv{1-2}Today eRacToday eRacTotal
V    nBusVoltage pBusVoltage vPidPvape vPidPvbpe vString{1-8}
A    currentString{1-8} iacr iacs iact
%    realOPPercent
°C   ipmTemperature
num  iPidPvape iPidPvbpe pf rac strFault timeTotal
"""

MAX = """
text alias apfStatusText debug{1-3} pidStatusText
flag again withTime
int  address afciPv{1-2} afciStatus deratingMode dwStringWarningValue1 faultCode{1-2} faultType faultValue id
     pidFaultCode pidStatus strBreak strFault strUnblance strUnmatch warnBit warnCode warningValue{1-3} wPIDFaultValue
     wStringStatusValue
W    opFullwatt pacr pacs pact
kWh  epv{1-16}Today eRacToday eRacTotal powerToday powerTotal
V    nBusVoltage pBusVoltage vacRs vacSt vacTr vPidPvape vPidPvbpe vPidPvcpe vPidPvdpe vPidPvepe vPidPvfpe vPidPvgpe
     vPidPvhpe vPidPvpe{9-16} vString{1-32}
A    ctir ctis ctit currentString{1-19} currentString{21-32} gfci iacr iacs iact rDci sDci tDci
%    realOPPercent
°C   ipmTemperature temperature{2-5}
num  apfStatus compharir compharis compharit compqr compqs compqt ctharir ctharis ctharit ctqr ctqs ctqt iPidPvape
     iPidPvbpe iPidPvcpe iPidPvdpe iPidPvepe iPidPvfpe iPidPvgpe iPidPvhpe iPidPvpe{9-16} pf pidBus pvIso rac
     reactPower reactPowerMax reactPowerTotal timeTotal
json day maxBean
"""

MIN = """
text alias batSn batterySN bmsFwVersion bmsMcuVersion debug{1-2} errorText tMtncStrt tWinEnd tWinStart warnText
flag again bMerterConnectFlag isAgain withTime
int  address batteryNo bdc{1-2}FaultType bdc{1-2}Mode bdc{1-2}Status bdc{1-2}WarnCode bdcBusRef bdcDerateReason
     bdcFaultSubCode bdcStatus bdcWarnSubCode bgridType bmsCommunicationType bmsError{2-4} bmsFaultType bmsIosStatus
     bmsStatus bmsUsingCap bmsWarn2 bsystemWorkMode deratingMode dryContactStatus faultType faultType1 mtncMode
     newWarnCode newWarnSubCode operatingMode sysFaultWord sysFaultWord{1-7} warnCode warnCode1 winMode winRequest
W    epsPac epsPac{1-3} opFullwatt pac{1-3} pacr pex{1-2} pself psystem
kWh  bdc{1-2}ChargeTotal bdc{1-2}DischargeTotal eex{1-2}Today eex{1-2}Total epv{1-4}Today eselfToday eselfTotal
     esystemToday esystemTotal
V    bdc1Vbus{1-2} bdc2Vbat bdc2Vbus{1-2} bdcVbus2Neg bmsCvVolt dcVoltage epsVac{1-3} nBusVoltage pBusVoltage vacr
     vacrs vacRs vacSt vacTr
A    bdc{1-2}Ibat bdc{1-2}Ibb bdc{1-2}Illc bmsIbat bmsIcycle bmsMaxCurr dciR dciS dciT epsIac{1-3} gfci iac{2-3} iacr
Hz   epsFac
%    bdc2Soc loadPercent realOPPercent soc{1-2} winOffGridSOC winOnGridSOC
°C   bdc1Temp{1-2} bdc2Temp{1-2} temp{2-4}
num  bmsInfo bmsPackInfo bmsVdelta bmsWarnCode epsPf invDelayTime iso mtncRqst pf totalWorkingTime
json day tlxBean
"""
