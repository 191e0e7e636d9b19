"""How dates are shown where a template does not say: as they are typed. Read by Django."""
