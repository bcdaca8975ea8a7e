"""Socialvolym: figures from Swedish municipalities' social-services reports, read, checked and told as volume trends."""
