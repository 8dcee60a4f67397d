package dev.heddle.frameworks.shop;

import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.store.Bytes;
import java.sql.Connection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Orders in a database, each with a letter to its customer. */
@Service
public class Orders {

    private final JdbcTemplate jdbc;
    private final Jobs letters;

    Orders(JdbcTemplate jdbc, Jobs letters) {
        this.jdbc = jdbc;
        this.letters = letters;
    }

    /** Writes an order and submits its letter, or does neither. */
    @Transactional
    public void place(String id, String item) {
        jdbc.update("INSERT INTO orders (id, item) VALUES (?, ?)", id, item);
        JobSpec letter = JobSpec.of("confirm", Bytes.utf8(id)).withId("order " + id);
        jdbc.execute((Connection connection) -> letters.submit(connection, letter));
    }
}
