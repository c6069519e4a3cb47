"""Stands in for llama-cpp-python's build backend while pip downloads that package.

pip asks a source package's backend for the package's name and version, even if it only downloads it. The real backend is
not pinned by llama-cpp-python, and its answer is not needed: scripts/deps takes llama.cpp out of the verified archive.
"""
import os


def prepare_metadata_for_build_wheel(folder, settings=None):
    with open("PKG-INFO") as source:
        version, name, release = [source.readline() for _ in range(3)]  # Metadata-Version, Name, Version
    folder_name = f"{name.split()[1]}-{release.split()[1]}.dist-info"
    os.mkdir(os.path.join(folder, folder_name))
    with open(os.path.join(folder, folder_name, "METADATA"), "w") as sink:
        sink.writelines([version, name, release])
    return folder_name
