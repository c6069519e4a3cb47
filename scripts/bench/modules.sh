# Sourced by benchmarks that compile a few targets with swiftc, as SwiftPM does in release mode, without the rest of the
# package.

modules=()

# compile_module FOLDER NAME: compiles Sources/NAME into FOLDER; those that it imports come first.
compile_module() {
  swiftc "${swift_options[@]}" -I "$1" -parse-as-library -emit-module -emit-object -module-name "$2" \
    -emit-module-path "$1/$2.swiftmodule" -o "$1/$2.o" $(find "Sources/$2" -name '*.swift')
  modules+=("$1/$2.o")
}

# compile_program FOLDER NAME SOURCE…: compiles a program that imports them.
compile_program() {
  swiftc "${swift_options[@]}" -I "$1" -module-name "$2" "${modules[@]}" "${@:3}" -o "$1/$2"
}

swift_options=(-O -wmo -swift-version 6 -package-name tandem -enable-upcoming-feature ExistentialAny
  -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature InternalImportsByDefault)
