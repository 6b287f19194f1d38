"""What happens to bookings on the portal, noticed and kept for those who want to be told."""
