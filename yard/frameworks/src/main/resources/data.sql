INSERT INTO greetings VALUES ('en', 'Hello'), ('fr', 'Bonjour');
