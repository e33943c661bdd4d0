"""A member of a zip file from a stranger, unpacked no further than is asked, whatever its header says."""

from __future__ import annotations

import zipfile
import zlib

_STOPPABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing of which zipfile unpacks as much as is asked: of bzip2 and LZMA it unpacks a whole block, 4 GB of
zeros from one of 3 KB.  Office programs and exports use no other."""


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int | None = None) -> bytes:
    """The bytes of a member.

    Args:
        archive: the open file.
        member: one of its `infolist()`.
        most: bytes to stop after, so that one more tells that there are more; never more than the header says.

    Raises:
        zipfile.BadZipFile: packed in another way than by deflate or not at all, or it is not what its header says.
    """
    if member.compress_type not in _STOPPABLE:
        raise zipfile.BadZipFile
    try:
        with archive.open(member) as stream:
            return stream.read((member.file_size if most is None else min(member.file_size, most)) + 1)
    except zlib.error:
        raise zipfile.BadZipFile from None
