"""SENEC.Home storage systems: V2, V2.1, V3 and their relatives, read through the appliance's own ``lala.cgi``."""
