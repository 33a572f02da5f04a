"""The sections of lala.cgi as tables of rows: the vendor's names (in lower case), units and signs; one file per theme.

Source: the library and request that this project started from, SPEC section 4, and the recordings.  Signs and scales
stay as the appliance has them; ``mapping`` translates.  Types may change with the firmware (POWER_RATIO was u3 and is
fl), so a row says what is read, not how it is written on the wire.
"""
