"""LibreOffice Calc, driven headless: values typed into a workbook, recalculated, saved."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typist" script:language="StarBasic">
Sub Main(source As String, target As String, typed As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  handle = FreeFile
  Open typed For Input As handle
  Do While Not EOF(handle)
    Line Input #handle, entry
    parts = Split(entry, Chr(9))
    cell = doc.Sheets.getByName(parts(0)).getCellRangeByName(parts(1))
    If parts(2) = "number" Then
      cell.setFormula(parts(3))
    Else
      cell.setString(parts(3))
    End If
  Loop
  Close handle
  doc.calculateAll()
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName" : kind(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(ConvertToURL(target), kind())
  doc.close(True)
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Typist"/></library:library>
"""


def office(work: Path) -> list[str]:
    """The command of LibreOffice with a profile of its own; the test is skipped, and says so, without Calc."""
    command = shutil.which("soffice")
    calc = command and list(Path(command).resolve().parent.glob("libsclo.so"))
    if not calc:
        pytest.skip("LibreOffice Calc is not installed (libreoffice-calc-nogui)")
    return [str(command), f"-env:UserInstallation={(work / 'profil').as_uri()}", "--headless", "--norestore"]


def type_in(work: Path, source: Path, target: Path, typed: list[tuple[str, str, str | int]]) -> None:
    """Type values into cells (sheet, cell, value) of a workbook, let everything be recalculated, save as .xlsx."""
    command = office(work)
    if not (work / "profil").exists():
        subprocess.run([*command, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    folder = work / "profil" / "user" / "basic" / "Standard"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Typist.xba").write_text(_MODULE, encoding="utf-8")
    (folder / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    entries = work / "saisie.txt"
    lines = [
        f"{sheet}\t{cell}\t{'number' if isinstance(value, int) else 'text'}\t{value}" for sheet, cell, value in typed
    ]
    entries.write_text("\n".join(lines), encoding="utf-8")
    macro = f'macro:///Standard.Typist.Main("{source}","{target}","{entries}")'
    subprocess.run([*command, macro], check=True, capture_output=True, timeout=180)
    assert target.exists(), "LibreOffice wrote nothing"
