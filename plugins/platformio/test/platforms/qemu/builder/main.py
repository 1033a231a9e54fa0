import os

from SCons.Script import Default, DefaultEnvironment

env = DefaultEnvironment()
board = env.BoardConfig()
# start-up code and linker script of the repository's example for this board
firmware = env.GetProjectOption("custom_board_folder")
cpu = ["-mthumb", "-mcpu=" + board.get("build.cpu")] + env.Split(board.get("build.extra_flags", ""))
tools = "arm-none-eabi-"
env.Replace(
    AR=tools + "gcc-ar",
    AS=tools + "as",
    CC=tools + "gcc",
    CXX=tools + "g++",
    LINK=tools + "g++",
    RANLIB=tools + "gcc-ranlib",
    SIZETOOL=tools + "size",
    PROGNAME="firmware",
    PROGSUFFIX=".elf",
    SIZEPROGREGEXP=r"^(?:\.text|\.data|\.ARM\.exidx)\s+(\d+).*",
    SIZEDATAREGEXP=r"^(?:\.data|\.bss)\s+(\d+).*",
    SIZECHECKCMD="$SIZETOOL -A -d $SOURCES",
)
env.Append(
    CCFLAGS=cpu + ["-Os", "-ffunction-sections", "-fdata-sections"],
    CXXFLAGS=["-fno-exceptions", "-fno-rtti"],
    LINKFLAGS=cpu
    + ["--specs=nano.specs", "--specs=rdimon.specs", "-nostartfiles", "-Wl,--gc-sections"]
    + ["-T" + os.path.join(firmware, "link.ld")],
)
env.BuildSources("$BUILD_DIR/board", firmware, src_filter="+<startup.c>")
program = env.BuildProgram()
run = "qemu-system-arm -M mps2-an386 -display none -monitor none -serial none -semihosting-config enable=on,target=native -kernel $SOURCE"
env.AddPlatformTarget("upload", program, env.VerboseAction(run, "Running $SOURCE in QEMU"), "Upload", "Run in QEMU")
Default(program)
