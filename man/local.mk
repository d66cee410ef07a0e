# cutover.1, one page a command, cutover-findings.7 from the catalogue.
