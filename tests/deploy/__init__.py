"""What runs the CMS in earnest: Nginx, the image, units, and the commands of the guides."""
