"""What a reading says happened: who does what to whom, how it is meant, with which figures."""
