package dev.heddle.frameworks.spring;

import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Greetings in a database. Plain Spring, which knows nothing of Heddle. */
@Repository
class Greetings {

    private final JdbcClient jdbc;

    Greetings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One greeting in a language, or an English one. */
    String in(Locale locale) {
        return jdbc.sql("SELECT text FROM greetings WHERE language IN (?, 'en') ORDER BY language = 'en' LIMIT 1")
                .param(locale.getLanguage())
                .query(String.class)
                .single();
    }

    /** Writes all of them or none. */
    @Transactional
    void replace(Locale locale, List<String> texts) {
        jdbc.sql("DELETE FROM greetings WHERE language = ?").param(locale.getLanguage()).update();
        for (String text : texts) {
            jdbc.sql("INSERT INTO greetings (language, text) VALUES (?, ?)")
                    .params(locale.getLanguage(), text)
                    .update();
        }
    }
}
