"""Links to files: attachments of an article, never a part of its text."""

from __future__ import annotations

import re

# The kinds that Vietnamese portals attach to their news, with their registered media types (IANA).
FILE_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "odt": "application/vnd.oasis.opendocument.text",
}
_TYPES = "|".join(FILE_TYPES)
# The address of such a file, and a link to one in markup.
FILE_ADDRESS = re.compile(rf".\.(?:{_TYPES})(?:$|[?#])", re.IGNORECASE)
FILE_LINK = re.compile(rf'href="[^"]+\.(?:{_TYPES})["?#]', re.IGNORECASE)
# A file's name at the end of what is shown of it.
FILE_NAME = re.compile(rf"\w\.(?:{_TYPES})$", re.IGNORECASE)
