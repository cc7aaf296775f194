"""Files and data sets of points given their areas: in bounded memory, and gone on with after a kill."""

from gisgov.services.assigning_files.datasets import DatasetRun, assign_folder
from gisgov.services.assigning_files.files import assign_file
from gisgov.services.assigning_files.report import FileAssignment, FileRequest, UnplacedRow

__all__ = ["DatasetRun", "FileAssignment", "FileRequest", "UnplacedRow", "assign_file", "assign_folder"]
