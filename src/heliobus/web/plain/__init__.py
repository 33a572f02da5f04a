"""The page without JavaScript: rendered here, refreshed by the browser, the same look as the full front end.

``page`` puts it together from the panels (``now``, ``energies``, ``days``, ``systems``); ``bus`` and ``svg`` draw;
``sentence``, ``texts`` and ``figures`` hold the words and the numbers; ``html`` escapes.
"""
