"""Make the golden spreadsheet of the tests: a table of demographics as a spreadsheet program saves it.

Writes Tests/RadiographsTests/Golden/chexpert_demo.xlsx. The patients are invented. Needs openpyxl.
"""

import pathlib

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

PATH = pathlib.Path(__file__).parents[2] / "Tests/RadiographsTests/Golden/chexpert_demo.xlsx"

book = Workbook()
sheet = book.active
sheet.append(["PATIENT", "GENDER", "AGE_AT_CXR", "PRIMARY_RACE", "ETHNICITY"])
sheet.append(["patient00001", "Female", 68, "White, non-Hispanic", "Non-Hispanic/Non-Latino"])
sheet.append(["patient00002", "Male", 0, "Black & <Tan>", None])
sheet.append(["patient00003", "Male", 20, CellRichText("As", TextBlock(InlineFont(b=True), "ian")),
              "Unknown"])
# A row is empty, and one begins in its second column.
sheet["B6"] = "Male"
sheet["D6"] = "Other"
book.save(PATH)
