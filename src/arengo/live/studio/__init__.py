"""The studio: the running process that takes the hall in and gives it to the town.

Ingest (RTMP, browser camera, SRT and RTSP), recording, low-latency HLS, hearing's
supervision and the push of captions. It imports no Django and needs no database:
what it knows of a sitting is the sitting's folder.
"""
