"""Reports: what data/raw holds of each report: models, loading, reading by hints, drafts."""
