from platformio.public import PlatformBase


class Eonc_qemuPlatform(PlatformBase):
    pass
