from SCons.Script import AlwaysBuild, Default, DefaultEnvironment

env = DefaultEnvironment()
env.Replace(
    AR="ar", AS="as", CC="gcc", CXX="g++", LINK="g++", RANLIB="ranlib", SIZETOOL="size", PROGNAME="program", PROGSUFFIX=""
)
program = env.BuildProgram()
AlwaysBuild(env.Alias("upload", program, env.VerboseAction("$SOURCE", "Running $SOURCE")))
Default(program)
