"""What comes in from outside before it is money on a loan: bank files, their entries, requests of programs."""
