from SCons.Script import Default, DefaultEnvironment

env = DefaultEnvironment()
env.Replace(
    AR="ar", AS="as", CC="gcc", CXX="g++", LINK="g++", RANLIB="ranlib", SIZETOOL="size", PROGNAME="program", PROGSUFFIX=""
)
Default(env.BuildProgram())
