"""Where things sit: record to frozen geometry in millimetres, without matplotlib and without chance."""
