from platformio.public import PlatformBase


class Eonc_hostPlatform(PlatformBase):
    pass
