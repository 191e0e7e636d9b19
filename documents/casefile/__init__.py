"""The casefile (inspectiedossier): what an employer may see of one sick report, to hand over."""
