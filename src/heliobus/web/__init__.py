"""The HTTP side: JSON API, event stream and the page without JavaScript.

Nothing here is imported by the library or by a verb that serves no page: FastAPI and uvicorn come with the extra
``heliobus[app]`` and take a third of a second to load.
"""
