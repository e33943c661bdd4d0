"""What boards share: parts, trees, lists, the sections of the programme, the table of the criteria."""
