# find_package(eonc): the prefix is the folder of the npm package or of a clone, in CMAKE_PREFIX_PATH or as PATHS.
include("${CMAKE_CURRENT_LIST_DIR}/eonc.cmake")
