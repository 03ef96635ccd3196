"""Schedulers whose leader is killed again and again; every due time accounted for."""
