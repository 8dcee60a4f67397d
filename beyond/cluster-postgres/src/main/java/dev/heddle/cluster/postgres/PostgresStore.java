package dev.heddle.cluster.postgres;

import dev.heddle.cluster.sql.SqlSchema;
import dev.heddle.cluster.sql.SqlSession;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.SqlStore;
import dev.heddle.cluster.store.Store;
import java.util.Objects;

/**
 * A PostgreSQL that a company has already, 14 or later, as the place where the nodes of a cluster agree.
 *
 * <pre>{@code
 * PostgresStore store = PostgresStore.at("jdbc:postgresql://db.example.org/shop?sslmode=verify-full")
 *         .withUser("heddle", password);
 * }</pre>
 *
 * <p>The tables stand in a schema of their own, {@code heddle}, which the first session makes: the user needs the right
 * to create it, and none of a superuser. Where somebody must read it first, {@link #sql} is what is run. Clusters of
 * different names share the tables and nothing else.
 *
 * <p>With several hosts, name them all and {@code targetServerType=primary}: when a standby was promoted, the sessions
 * go on there. With asynchronous replication it may lack the last commits, also those that were answered: a session
 * that had seen them ends. With {@code synchronous_standby_names} nothing is lacking.
 *
 * <p>A session has three connections. Between them and the server there may be a pool that lends connections for
 * sessions, none that does so for transactions.
 *
 * <p>Threads: immutable, for any; sessions are opened in tasks. To test code that uses it, take the simulated store.
 */
public final class PostgresStore implements SqlStore {

    private final PostgresDialect dialect;

    private PostgresStore(PostgresDialect dialect) {
        this.dialect = dialect;
    }

    /**
     * A database by the URL of its driver.
     *
     * @throws IllegalArgumentException if it does not begin with {@code jdbc:postgresql:}
     */
    public static PostgresStore at(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("the URL of a PostgreSQL begins with jdbc:postgresql:");
        }
        return new PostgresStore(new PostgresDialect(url, "", "", "heddle"));
    }

    /** The same for a user, in place of the one in the URL. */
    public PostgresStore withUser(String name, String password) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(password, "password");
        return new PostgresStore(new PostgresDialect(dialect.url(), name, password, dialect.name()));
    }

    /**
     * The same with tables in another schema.
     *
     * @param name 1 to 40 small letters, digits and {@code _}, not a digit first
     */
    public PostgresStore withSchema(String name) {
        if (!name.matches("[a-z_][a-z0-9_]{0,39}")) {
            throw new IllegalArgumentException("a schema has 1 to 40 small letters, digits and _, not a digit first");
        }
        return new PostgresStore(new PostgresDialect(dialect.url(), dialect.user(), dialect.password(), name));
    }

    PostgresDialect dialect() {
        return dialect;
    }

    @Override
    public String sql() {
        return "create schema " + dialect.name() + ";\n" + new SqlSchema(dialect).sql();
    }

    @Override
    public void makeTables() {
        new SqlSchema(dialect).make();
    }

    @Override
    public Store open(SessionOptions options) {
        return SqlSession.open(dialect, options);
    }

    /** The server, the database and the user. */
    @Override
    public String toString() {
        return dialect.toString();
    }
}
