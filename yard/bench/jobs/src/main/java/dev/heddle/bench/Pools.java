package dev.heddle.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Pools of connections to a server, enough for all callers and workers. */
final class Pools {

    private static final int OTHERS = 4;

    private Pools() {}

    static HikariDataSource of(Postgres server) {
        var config = new HikariConfig();
        config.setJdbcUrl(server.url());
        config.setUsername(Postgres.USER);
        config.setPassword(Postgres.PASSWORD);
        config.setMaximumPoolSize(2 * JobQueue.AT_A_TIME + OTHERS);
        return new HikariDataSource(config);
    }
}
