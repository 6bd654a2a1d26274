"""Opens a file as pages of lines and grids, whatever it is: PDF, text, workbook."""
