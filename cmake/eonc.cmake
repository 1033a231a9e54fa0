# eonc_add_model: compiles TensorFlow Lite models to a library, at build time.
#
#   eonc_add_model(<target> MODEL <file>... [NAME <prefix>] [OPTIONS <option>...])
#
# Adds the static library <target>, also called eonc::<target>. Its headers and sources are made by `eonc compile` when a
# model, an option or eonc itself has changed.
#   MODEL    .tflite files, relative to the current source folder; of several, each may have a prefix: kws=models/a.tflite
#   NAME     prefix of all symbols and of the header; the target's name unless told. Of several models it is that of what
#            they share, and each has a prefix of its own: the one before `=`, or its file name
#   OPTIONS  options of `eonc compile`, such as --input stream or --share-arena
#
#   eonc_add_model(kws MODEL kws.tflite)
#   target_link_libraries(firmware PRIVATE kws)
#
# Variables, all of the cache: EONC_NODE is the Node.js that runs eonc; EONC_COMMAND is the eonc to run: a script for
# Node.js, or a program; EONC_CMSIS_NN, when ON, makes networks compute with CMSIS-NN: the project's target cmsis-nn, or that
# in the folder CMSIS_NN_DIR.
cmake_minimum_required(VERSION 3.16)
include_guard(GLOBAL)

set(_EONC_ROOT "${CMAKE_CURRENT_LIST_DIR}/.." CACHE INTERNAL "")

# Sets EONC_NODE, or ends with what to do.
function(_eonc_find_node)
  find_program(EONC_NODE NAMES node nodejs DOC "Node.js 20 or newer, which runs eonc" NO_CMAKE_FIND_ROOT_PATH)
  if(NOT EONC_NODE)
    message(FATAL_ERROR "eonc needs Node.js 20 or newer, and there is none on PATH. "
      "Install it (https://nodejs.org, or `apt install nodejs`), or set EONC_NODE to the path of `node`.")
  endif()
  execute_process(COMMAND "${EONC_NODE}" --version OUTPUT_VARIABLE version RESULT_VARIABLE status ERROR_QUIET)
  string(REGEX MATCH "^v([0-9]+)" found "${version}")
  if(NOT status EQUAL 0 OR NOT found OR CMAKE_MATCH_1 LESS 20)
    string(STRIP "${version}" version)
    message(FATAL_ERROR "eonc needs Node.js 20 or newer: ${EONC_NODE} is ${version}. "
      "Install a newer one, or set EONC_NODE to the path of its `node`.")
  endif()
endfunction()

# Builds the compiler in a clone that has not been built, as FetchContent makes one.
function(_eonc_build_clone)
  get_filename_component(root "${_EONC_ROOT}" ABSOLUTE)
  find_program(EONC_NPM NAMES npm DOC "npm, which builds eonc in a clone" NO_CMAKE_FIND_ROOT_PATH)
  set(help "Run `npm ci` and `npm run build` in ${root}, or `npm install --global eonc`, or set EONC_COMMAND to an eonc.")
  if(NOT EONC_NPM)
    message(FATAL_ERROR "eonc has not been built in ${root}, and there is no npm on PATH. ${help}")
  endif()
  message(STATUS "Building eonc in ${root}")
  foreach(step ci "run;build")
    execute_process(COMMAND "${EONC_NPM}" ${step} WORKING_DIRECTORY "${root}" RESULT_VARIABLE status
      OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
      string(REPLACE ";" " " step "${step}")
      message(FATAL_ERROR "eonc cannot be built: `npm ${step}` in ${root} failed.\n${output}\n${help}")
    endif()
  endforeach()
endfunction()

# Sets EONC_COMMAND, or ends with what to do. The eonc beside this file comes first, then one in the project, then PATH.
function(_eonc_find_command)
  set(script "${_EONC_ROOT}/dist/src/cli/main.js")
  if(NOT EONC_COMMAND AND NOT EXISTS "${script}")
    find_program(EONC_COMMAND NAMES eonc HINTS "${CMAKE_SOURCE_DIR}/node_modules/.bin" DOC "eonc, a program or a script"
      NO_CMAKE_FIND_ROOT_PATH)
    if(NOT EONC_COMMAND AND EXISTS "${_EONC_ROOT}/package-lock.json")
      _eonc_build_clone()
    elseif(NOT EONC_COMMAND)
      message(FATAL_ERROR "There is no eonc. Run `npm install --global eonc` or `npm install eonc` in ${CMAKE_SOURCE_DIR}, "
        "or set EONC_COMMAND to its path.")
    endif()
  endif()
  if(NOT EONC_COMMAND)
    get_filename_component(script "${script}" ABSOLUTE)
    set(EONC_COMMAND "${script}" CACHE FILEPATH "eonc, a program or a script" FORCE)
  endif()
  if(NOT EXISTS "${EONC_COMMAND}")
    message(FATAL_ERROR "There is no eonc at EONC_COMMAND: ${EONC_COMMAND}. Correct it, or remove it from the cache.")
  endif()
endfunction()

# A prefix for symbols from any text.
function(_eonc_prefix text result)
  string(TOLOWER "${text}" prefix)
  string(REGEX REPLACE "[^a-z0-9]+" "_" prefix "${prefix}")
  string(REGEX REPLACE "^_|_$" "" prefix "${prefix}")
  if(NOT prefix MATCHES "^[a-z]")
    set(prefix "model_${prefix}")
  endif()
  set(${result} "${prefix}" PARENT_SCOPE)
endfunction()

# Lets a library of networks compute with the CMSIS-NN of the project, or with that in CMSIS_NN_DIR; ends with what to do
# where there is none.
option(EONC_CMSIS_NN "Networks that eonc has generated compute with CMSIS-NN" OFF)
function(_eonc_use_cmsis_nn target)
  if(NOT TARGET cmsis-nn)
    set(CMSIS_NN_DIR "" CACHE PATH "CMSIS-NN: the folder with its CMakeLists.txt")
    if(NOT EXISTS "${CMSIS_NN_DIR}/CMakeLists.txt")
      message(FATAL_ERROR "EONC_CMSIS_NN is ON, but there is no CMSIS-NN: CMSIS_NN_DIR is \"${CMSIS_NN_DIR}\". "
        "Set CMSIS_NN_DIR to a clone of https://github.com/ARM-software/CMSIS-NN, "
        "or add its target cmsis-nn to the project before ${target}, or set EONC_CMSIS_NN to OFF.")
    endif()
    add_subdirectory("${CMSIS_NN_DIR}" "${CMAKE_BINARY_DIR}/cmsis-nn" EXCLUDE_FROM_ALL)
  endif()
  # the size of a context depends on it, so that all who include a header see it
  target_compile_definitions(${target} PUBLIC EONC_CMSIS_NN)
  target_link_libraries(${target} PRIVATE cmsis-nn)
endfunction()

function(eonc_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAME" "MODEL;OPTIONS")
  # options may come from a list that is empty
  list(REMOVE_ITEM ARG_KEYWORDS_MISSING_VALUES OPTIONS)
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES OR NOT ARG_MODEL)
    message(FATAL_ERROR "usage: eonc_add_model(<target> MODEL <file>... [NAME <prefix>] [OPTIONS <option>...])")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT "CXX" IN_LIST languages)
    message(FATAL_ERROR "eonc_add_model makes C++: add CXX to the LANGUAGES of project()")
  endif()
  _eonc_find_node()
  _eonc_find_command()

  _eonc_prefix("${target}" name)
  if(ARG_NAME)
    set(name "${ARG_NAME}")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/eonc/${target}")
  list(LENGTH ARG_MODEL count)
  set(files)
  set(arguments)
  set(headers)
  foreach(entry IN LISTS ARG_MODEL)
    set(prefix "${name}")
    set(path "${entry}")
    if(entry MATCHES "^([A-Za-z0-9_]+)=(.+)$")
      set(prefix "${CMAKE_MATCH_1}")
      set(path "${CMAKE_MATCH_2}")
    elseif(count GREATER 1)
      get_filename_component(base "${entry}" NAME_WE)
      _eonc_prefix("${base}" prefix)
    endif()
    get_filename_component(path "${path}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    get_source_file_property(made "${path}" GENERATED)
    if(NOT EXISTS "${path}" AND NOT made)
      message(FATAL_ERROR "eonc_add_model(${target}): there is no model ${path}")
    endif()
    list(APPEND files "${path}")
    if(count EQUAL 1)
      set(name "${prefix}")
      list(APPEND arguments "${path}")
    else()
      list(APPEND arguments "${prefix}=${path}")
    endif()
    list(APPEND headers "${folder}/src/${prefix}.h")
  endforeach()

  set(eonc "${EONC_COMMAND}")
  if(EONC_COMMAND MATCHES "\\.[cm]?js$")
    set(eonc "${EONC_NODE}" "${EONC_COMMAND}")
  endif()
  set(command ${eonc} compile ${arguments} --name ${name} --target cmake --out "${folder}" --force ${ARG_OPTIONS})
  # Make does not look at commands: a file that changes with this one does it for both
  file(GENERATE OUTPUT "${folder}.command" CONTENT "${command}\n")
  set(gnu OFF)
  if(CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang|AppleClang|ARMClang)$" AND NOT MSVC)
    set(gnu ON)
  endif()
  set(sources "${folder}.cpp")
  if(gnu)
    # the C++ compiler builds assembler files as well, for the same processor
    list(APPEND sources "${folder}.S")
    set_source_files_properties("${folder}.S" PROPERTIES LANGUAGE CXX)
  endif()
  add_custom_command(
    OUTPUT "${folder}.stamp"
    BYPRODUCTS ${headers} "${folder}.cpp" "${folder}.S"
    COMMAND ${command}
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${folder}" "-DSOURCES=${folder}" -P "${_EONC_ROOT}/cmake/eoncSources.cmake"
    COMMAND "${CMAKE_COMMAND}" -E touch "${folder}.stamp"
    DEPENDS ${files} "${EONC_COMMAND}" "${folder}.command"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    COMMENT "Compiling ${target} with eonc"
    VERBATIM)
  add_custom_target(${target}_eonc DEPENDS "${folder}.stamp")
  set_source_files_properties(${sources} ${headers} PROPERTIES GENERATED TRUE)

  add_library(${target} STATIC ${sources} ${headers})
  add_library(eonc::${target} ALIAS ${target})
  add_dependencies(${target} ${target}_eonc)
  target_compile_features(${target} PRIVATE cxx_std_11)
  file(MAKE_DIRECTORY "${folder}/src")
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${folder}/src>)
  if(gnu)
    target_compile_options(${target} PRIVATE -ffunction-sections -fdata-sections -fno-exceptions -fno-rtti)
    target_link_libraries(${target} PRIVATE m)
  endif()
  if(EONC_CMSIS_NN)
    _eonc_use_cmsis_nn(${target})
  endif()
endfunction()
