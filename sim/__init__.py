"""Does a city keep its promised approval times?"""
