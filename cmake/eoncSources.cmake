# Run at build time, after eonc: SOURCES.cpp and SOURCES.S include whatever FOLDER/src has of either kind, as only eonc
# knows which files that are. An assembler file that has nothing to include is empty.
foreach(extension cpp S)
  file(GLOB files RELATIVE "${FOLDER}/src" "${FOLDER}/src/*.${extension}")
  list(SORT files)
  set(text "")
  foreach(file IN LISTS files)
    string(APPEND text "#include \"${FOLDER}/src/${file}\"\n")
  endforeach()
  set(before "none")
  if(EXISTS "${SOURCES}.${extension}")
    file(READ "${SOURCES}.${extension}" before)
  endif()
  if(NOT text STREQUAL before) # what is as it was is not compiled anew
    file(WRITE "${SOURCES}.${extension}" "${text}")
  endif()
endforeach()
