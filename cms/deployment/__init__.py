"""What runs the CMS in earnest, filled in: Nginx, systemd, Docker Compose."""
